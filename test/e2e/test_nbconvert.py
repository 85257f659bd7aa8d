"""An executed notebook as a page and as a PDF, by nbconvert, in the same Chromium."""
import os
import pathlib
import re
import shutil
import subprocess

import nbformat
import pypdf
import pytest
from playwright.sync_api import expect, sync_playwright

from lab import FLAGS
from places import SHOTS, VENV

CELLS = [
    "%%sql\nSELECT id, id * id AS square, if(id % 2 = 0, 'even', NULL) AS kind FROM range(40, 43) ORDER BY id",
    'spark.Range(3, 6, 1).Select(F.Col("id"), F.Struct("id").As("more"))',
    "%%sql --plot bar id square\nSELECT id, id * id AS square FROM range(5)",
    "%%sql --profile\nSELECT id, concat('name ', id) AS name FROM range(100)",
    "%%sql\nSELECT nope FROM range(3)",
    "%spark jobs",
]


@pytest.fixture(scope="module")
def book(runtime, tmp_path_factory) -> pathlib.Path:
    cells = [nbformat.v4.new_code_cell(code, metadata={"tags": ["raises-exception"]}) for code in CELLS]
    kernel = {"kernelspec": {"name": "gospark", "language": "go", "display_name": "Go (Spark)"}}
    file = tmp_path_factory.mktemp("nbconvert") / "book.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), file)
    convert(runtime.env, file, "notebook", "--execute", "--inplace")
    return file


def convert(env: dict, file: pathlib.Path, to: str, *options: str) -> None:
    done = subprocess.run(
        [VENV / "bin/jupyter-nbconvert", "--to", to, *options, file], env=env, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def page():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["GOSPARK_BROWSER"], args=FLAGS)
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        page.route(re.compile(r"^https?:"), lambda route: route.abort())  # nbconvert's page wants MathJax from elsewhere
        yield page
        browser.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page(runtime, book, page, theme):
    convert(runtime.env, book, "html", f"--theme={theme}")
    page.goto(book.with_suffix(".html").as_uri())
    first, frame, chart = (page.locator(".jp-CodeCell").nth(n) for n in range(3))
    expect(first.locator(".gs-t tbody tr").first).to_contain_text("1600")
    first.locator("thead th", has_text="id").click()
    first.locator("thead th", has_text="id").click()
    expect(first.locator(".gs-t tbody tr").first).to_contain_text("1764")
    frame.locator("summary", has_text="Explain").click()
    expect(frame.get_by_text("== Physical Plan ==")).to_be_visible()
    expect(frame.locator("details[open]")).to_have_count(1)
    expect(chart.locator("img, svg").first).to_be_visible()
    expect(page.get_by_text("UNRESOLVED_COLUMN").first).to_be_visible()
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"nbconvert-{theme}.png", full_page=True)


def test_pdf(runtime, book, tmp_path):
    convert(runtime.env | browsers(tmp_path), book, "webpdf", *(["--disable-chromium-sandbox"] if os.getuid() == 0 else []))
    SHOTS.mkdir(exist_ok=True)
    shutil.copy(book.with_suffix(".pdf"), SHOTS / "nbconvert.pdf")
    text = "\n".join(p.extract_text() for p in pypdf.PdfReader(book.with_suffix(".pdf")).pages)
    for part in ("square", "1764", "null", "3 rows", "Preview", "UNRESOLVED_COLUMN", "100 rows, 2 columns"):
        assert part in text, f"{part!r} is not in\n{text}"
    assert "Copy CSV" not in text, "nobody can press a button on paper"


def browsers(folder: pathlib.Path) -> dict[str, str]:
    """nbconvert takes the browser that Playwright would download: here the one of the tests stands in its place."""
    env = {"PLAYWRIGHT_BROWSERS_PATH": str(folder)}
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: p.chromium.launch()"
    said = subprocess.run([VENV / "bin/python", "-c", ask], env=os.environ | env, capture_output=True, text=True, timeout=60, check=False).stderr
    wanted = pathlib.Path(re.search(rf"{re.escape(str(folder))}\S+", said)[0])
    wanted.parent.mkdir(parents=True)
    wanted.symlink_to(os.environ["GOSPARK_BROWSER"])
    return env
