"""Where things are."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
QUICKSTART = EXAMPLES / "quickstart.ipynb"
GOSPARK = ROOT / "bin" / "gospark"
IMAGES = ROOT / "docs" / "images"
SHOTS = ROOT / "test" / "e2e" / "shots"
VENV = pathlib.Path(sys.prefix)
