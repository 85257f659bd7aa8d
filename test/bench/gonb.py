"""GoNB, the other Go kernel that compiles, built once from its module for the bench."""
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULES = {"github.com/janpfeifer/gonb": "v0.11.3", "golang.org/x/tools": "v0.52.0"}
PROGRAMS = {"gonb": "github.com/janpfeifer/gonb", "goimports": "golang.org/x/tools/cmd/goimports"}


def installed() -> dict[str, str]:
    """What to add to the environment so that Jupyter finds the kernel gonb, and gonb its goimports."""
    folder = ROOT / ".cache" / f"gonb-{MODULES['github.com/janpfeifer/gonb']}"
    spec = folder / "kernels" / "gonb" / "kernel.json"
    if not spec.exists():
        print("→ build GoNB (once, a minute or two)", file=sys.stderr)
        build(folder)
        spec.parent.mkdir(parents=True, exist_ok=True)
        argv = [str(folder / "gonb"), "--kernel", "{connection_file}", "--logtostderr=false", "--stderrthreshold=FATAL"]
        spec.write_text(json.dumps({"argv": argv, "display_name": "GoNB", "language": "go"}))
    return {"JUPYTER_PATH": str(folder), "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def build(folder: pathlib.Path) -> None:
    """Builds the programs in a module of their own: `go install` with a version asks proxies for more than some have."""
    module = folder / "module"
    module.mkdir(parents=True, exist_ok=True)
    wanted = "".join(f"require {path} {version}\n" for path, version in MODULES.items())
    (module / "go.mod").write_text(f"module bench\n\ngo 1.26\n\n{wanted}")
    for name, package in PROGRAMS.items():
        subprocess.run(["go", "build", "-mod=mod", "-o", str(folder / name), package], cwd=module, check=True)
