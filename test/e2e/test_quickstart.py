"""`make demo` and its notebook: every number against pandas."""
import os
import re
import subprocess

import nbformat
import pytest

import expected
import tables
from places import QUICKSTART, ROOT

HALF = 0.0500001  # numbers rounded to one place


@pytest.fixture(scope="module")
def demo():
    """Runs make demo as a person does; returns what it printed and the notebook that it left."""
    done = subprocess.run(
        ["make", "--no-print-directory", "demo"], cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    executed = nbformat.read(ROOT / "build" / "demo" / "quickstart.ipynb", as_version=4)
    return done.stdout, {cell.id: cell for cell in executed.cells}


def html(cell) -> str:
    return "\n".join(o.data["text/html"] for o in cell.outputs if "text/html" in o.get("data", {}))


def printed(cell) -> str:
    return "".join(o.text for o in cell.outputs if o.output_type == "stream")


def numbers(text: str) -> list[float]:
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text)]


def test_is_committed_clean():
    notebook = nbformat.read(QUICKSTART, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "gospark"
    for cell in notebook.cells:
        assert cell.cell_type != "code" or (not cell.outputs and cell.execution_count is None), cell.id


@pytest.mark.parametrize(
    "cell, within",
    [("count", 0), ("airlines", HALF), ("window", 0), ("frame", 1e-9), ("weather", HALF), ("parameter", 0)],
)
def test_tables(demo, cell, within):
    tables.agree(tables.first(html(demo[1][cell])), getattr(expected, cell)(), within)


def test_go_rows(demo):
    assert numbers(printed(demo[1]["rows"]))[0] == expected.rows()


def test_go_numbers(demo):
    lines = printed(demo[1]["compute"]).splitlines()
    assert [numbers(line)[1] for line in lines[:3]] == expected.quantiles()
    for got, want, digits in zip(numbers(lines[3]), expected.line(), (2, 3, 3)):
        assert abs(got - want) <= 0.51 * 10**-digits


def test_go_stream(demo):
    compared, worst = numbers(printed(demo[1]["distance"]))
    want, most = expected.distance()
    assert compared == want and abs(worst - most) <= HALF


def test_chart(demo):
    spec = next(o.data[k] for o in demo[1]["chart"].outputs for k in o.get("data", {}) if "vegalite" in k)
    got = [(bar["hour"], bar["minutes late"]) for bar in spec["data"]["values"]]
    tables.agree(got, expected.chart(), HALF)


def test_error_is_short_and_helps(demo):
    error = next(o for o in demo[1]["error"].outputs if o.output_type == "error")
    assert error.ename.startswith("UNRESOLVED_COLUMN")
    assert "dep_delay" in error.evalue + "\n".join(error.traceback), "Spark's suggestion is missing"


def test_says_where_it_is(demo):
    assert "4.3.0" in str(demo[1]["where"].outputs)


def test_demo_prints_results(demo):
    text, _ = demo
    for part in ("336776", "Frontier Airlines Inc.", "# Go and Spark in one notebook", "%%sql"):
        assert part in text.replace(",", ""), f"make demo does not print {part!r}"
