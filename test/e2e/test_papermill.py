"""papermill, installed beside the translator that teaches it Go."""
import json
import os
import pathlib
import subprocess
import tomllib

import nbformat
import pytest

import tables
from places import ROOT, VENV

SOURCE = ROOT / "packaging" / "papermill"
VALUES = """
text: "O'Neil \\"so\\" \\\\ é 😀\\nline two"
whole: -7
half: 0.5
large: 1.0e+300
ready: true
nothing: null
names: [UA, AA]
mixed: [1, 2.5]
nested: {a: [1, 2], b: [3]}
loose: [1, x, null, [true]]
empty: []
endless: .inf
"""
SHOWN = """fmt.Printf("%q %d %g %g %t %v ", text, whole, half, large, ready, nothing)
fmt.Printf("%q %v %v %v %d %g ", names, mixed, nested["a"][1]+nested["b"][0], loose[1], len(empty), endless)
fmt.Printf("%T %T %T %T", names, mixed, nested, empty)"""


@pytest.fixture(scope="module")
def papermill(runtime, tmp_path_factory):
    """Runs papermill where the translator is installed, as pip would lay it out."""
    site = tmp_path_factory.mktemp("site")
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text())["project"]
    info = site / f"gospark_papermill-{project['version']}.dist-info"
    info.mkdir()
    (site / "gospark_papermill.py").symlink_to(SOURCE / "gospark_papermill.py")
    points = [f"[{group}]\n" + "\n".join(f"{k} = {v}" for k, v in entries.items()) for group, entries in project["entry-points"].items()]
    (info / "entry_points.txt").write_text("\n".join(points))
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")

    def run(*arguments: str, path: str = str(site)) -> subprocess.CompletedProcess:
        env = runtime.env | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "PATH": f"{VENV / 'bin'}:{os.environ['PATH']}"}
        return subprocess.run(
            [VENV / "bin/papermill", *arguments], env=env, capture_output=True, text=True, timeout=300, check=False
        )

    return run


@pytest.fixture
def book(tmp_path) -> pathlib.Path:
    """A notebook with parameters: the smallest delay, and the carriers."""
    cells = [
        nbformat.v4.new_code_cell('low := 60 // minutes\nvar who []string = []string{"UA"} // carriers', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("%%sql\nSELECT id, :who AS who FROM range(100) WHERE id > :low ORDER BY id"),
    ]
    return written(tmp_path, cells)


def written(folder: pathlib.Path, cells: list) -> pathlib.Path:
    kernel = {"kernelspec": {"name": "gospark", "language": "go", "display_name": "Go (Spark)"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "in.ipynb")
    return folder / "in.ipynb"


def done(ran: subprocess.CompletedProcess, result: pathlib.Path) -> list:
    assert ran.returncode == 0, ran.stderr
    return nbformat.read(result, as_version=4).cells


def html(cell) -> str:
    return "\n".join(o.data["text/html"] for o in cell.outputs if "text/html" in o.get("data", {}))


def test_parameters_reach_sql(papermill, book, tmp_path):
    """Twice, since papermill replaces what it put in the first time."""
    first, second = tmp_path / "first.ipynb", tmp_path / "second.ipynb"
    cells = done(papermill(str(book), str(first), "-p", "low", "97"), first)
    assert cells[1].source == "// Parameters\nlow := 97\n"
    tables.agree(tables.first(html(cells[-1])), [(98, '["UA"]'), (99, '["UA"]')])
    cells = done(papermill(str(first), str(second), "-y", "{low: 98, who: [AA, DL]}"), second)
    assert len(cells) == 3
    tables.agree(tables.first(html(cells[-1])), [(99, '["AA", "DL"]')])


def test_every_kind_of_value(papermill, tmp_path):
    result = tmp_path / "out.ipynb"
    cells = done(papermill(str(written(tmp_path, [nbformat.v4.new_code_cell(SHOWN)])), str(result), "-y", VALUES), result)
    printed = "".join(o.text for o in cells[-1].outputs if o.output_type == "stream")
    text = json.dumps("O'Neil \"so\" \\ é 😀\nline two", ensure_ascii=False)
    assert printed == f'{text} -7 0.5 1e+300 true <nil> ["UA" "AA"] [1 2.5] 5 x 0 +Inf []string []float64 map[string][]int []interface {{}}'


def test_help_names_the_parameters(papermill, book):
    said = papermill("--help-notebook", str(book)).stdout
    assert "low" in said and "minutes" in said and "who: []string" in said and "carriers" in said, said


def test_a_whole_number_that_go_has_no_int_for(papermill, book, tmp_path):
    ran = papermill(str(book), str(tmp_path / "out.ipynb"), "-p", "low", str(2**63))
    assert ran.returncode != 0 and "hand it over as a string" in ran.stderr
