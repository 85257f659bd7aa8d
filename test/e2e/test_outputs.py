"""What cells show, in a real browser: tabs, both themes, accessibility, and outputs that JupyterLab does not trust."""
import re

import nbformat
import pytest
from playwright.sync_api import Locator, expect

import axe
from frontend import FrontEnd
from lab import Lab, Server, page_of
from places import EXAMPLES

FLIGHTS = """csv := spark.Read().Option("header", true).Option("inferSchema", true).Option("nullValue", "NA")
errors.Join(csv.CSV("data/flights.csv").CreateOrReplaceTempView(ctx, "flights"), csv.CSV("data/airlines.csv").CreateOrReplaceTempView(ctx, "airlines"))"""
AIRLINES = """%%sql
SELECT name AS airline, count(*) AS flights, avg(dep_delay) AS late, max(time_hour) AS last
FROM flights JOIN airlines USING (carrier) GROUP BY name ORDER BY late DESC"""
LATE = """late := spark.Table("flights").
	Filter(F.Col("dep_delay").Gt(60)).
	GroupBy("carrier").
	Agg(F.Count("*").As("flights"), F.Struct("carrier", F.Max("dep_delay").As("worst")).As("most")).
	OrderBy(F.Desc("flights"))

late"""
CELLS = {
    "sql": AIRLINES,
    "dataframe": LATE,
    "chart": "%%sql --plot line month dep_delay --color origin --agg avg\nSELECT * FROM flights",
    "profile": "%%sql --profile\nSELECT carrier, dep_delay, distance, time_hour FROM flights",
    "error": "%%sql\nSELECT carrier, avg(delay)\nFROM flights GROUP BY carrier",
    "jobs": "%spark jobs",
    "status": "%spark",
}
LONG = "%%sql\nSELECT max(hash(id)) AS most FROM range(0, 20000000000, 1, 400)"  # a minute at least
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    (folder / "data").symlink_to(EXAMPLES / "data")
    return folder


@pytest.fixture(scope="module")
def lab(runtime, root, tmp_path_factory):
    server = Server(runtime.env, tmp_path_factory.mktemp("jupyter"), root, ours={"monitor": "off"})
    with page_of(server) as lab:
        lab.open()
        yield lab


@pytest.fixture(scope="module")
def notebook(lab):
    notebook = lab.new_notebook("Go (Spark)")
    lab.page.locator(".jp-SideBar.jp-mod-left [data-id='filebrowser']").click()  # folds the side bar away
    return notebook


@pytest.fixture(scope="module")
def cells(notebook) -> dict[str, Locator]:
    """One cell of each kind, run."""
    expect(notebook.run(FLIGHTS).locator(".jp-OutputArea")).not_to_contain_text("rror")
    return {name: notebook.run(code) for name, code in CELLS.items()}


def tab(cell: Locator, name: str) -> Locator:
    return cell.locator("details.gs-tab > summary", has_text=name)


def test_tabs_open_one_at_a_time(lab, cells):
    cell = cells["dataframe"]
    cell.scroll_into_view_if_needed()
    rows = cell.get_by_role("table").filter(has_text="UA")
    expect(rows).to_be_visible()
    tab(cell, "Schema").click()
    expect(cell.get_by_role("table").filter(has_text="nullable").locator("tbody tr")).to_have_count(5)
    expect(rows).not_to_be_visible()
    expect(cell.locator("input[type=search]")).not_to_be_visible()
    tab(cell, "Explain").focus()
    lab.page.keyboard.press("Enter")
    expect(cell.get_by_text("== Physical Plan ==")).to_be_visible()
    expect(cell.locator("details[open]")).to_have_count(1)
    tab(cell, "Profile").click()
    expect(cell.get_by_text(".Profile()")).to_be_visible()
    tab(cell, "Preview").click()
    expect(rows).to_be_visible()
    lab.picture("dataframe", cell)


def test_tabs_of_sql_say_what_to_type(cells):
    cell = cells["sql"]
    tab(cell, "Explain").click()
    expect(cell.get_by_text("%%sql --explain=formatted")).to_be_visible()
    tab(cell, "Preview").click()
    expect(cell.locator(".gs-tabs .gs-tools")).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
def test_accessible_in_both_themes(lab, cells, theme):
    lab.theme(THEMES[theme])
    found = {}
    try:
        for name, cell in cells.items():
            output = cell.locator(".jp-Cell-outputArea")
            output.scroll_into_view_if_needed()
            if name == "chart":
                expect(output.locator(".vega-embed canvas, .vega-embed svg.marks").first).to_be_visible()
            lab.shot(f"{name}-{theme}")
            found[name] = axe.faults(lab.page, cell)
            if theme == "light" and name in ("sql", "chart", "profile", "jobs", "error"):
                lab.picture(name, cell)
        tabs_of(lab, cells["dataframe"], theme, found, ("Schema", "Explain", "Profile", "Preview"))
        tabs_of(lab, cells["jobs"], theme, found, ("Timeline", "Tasks", "Executors", "Jobs"))
    finally:
        lab.theme(THEMES["light"])
    assert not any(found.values()), found


def tabs_of(lab: Lab, cell: Locator, theme: str, found: dict, names: tuple) -> None:
    """Looks at every tab; the last one stays."""
    for name in names:
        tab(cell, name).click()
        cell.scroll_into_view_if_needed()
        lab.shot(f"tab-{name.lower()}-{theme}")
        if theme == "light" and name in ("Schema", "Explain", "Timeline"):
            lab.picture(name.lower(), cell)
        found[f"tab {name}"] = axe.faults(lab.page, cell)


@pytest.mark.parametrize("theme", THEMES)
def test_progress_in_both_themes(lab, notebook, cells, theme):
    lab.theme(THEMES[theme])
    cell = notebook.run(LONG, wait=False)
    try:
        cell.scroll_into_view_if_needed()
        bar = cell.get_by_role("progressbar")
        expect(cell.locator(".gs-facts")).to_contain_text(re.compile(r"\b[1-9]\d*/400 tasks"), timeout=60_000)
        lab.shot(f"progress-{theme}")
        if theme == "light":
            lab.picture("progress", cell)
        found = axe.faults(lab.page, cell)
        expect(bar).to_be_visible()
    finally:
        notebook.button("interrupt")
        notebook.wait(cell)
        lab.theme(THEMES["light"])
    assert not found


def test_untrusted_outputs(runtime, root, lab):
    """In a notebook that came from elsewhere JupyterLab takes scripts and styles away: rows show, tabs open."""
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "gospark", "display_name": "Go (Spark)"}})
    with FrontEnd(runtime.env, root) as kernel:
        shown = kernel.ok("%%sql\nSELECT id, named_struct('square', id * id) AS more FROM range(40, 43)").mime("text/html")[-1]
    output = nbformat.v4.new_output("execute_result", {"text/html": shown}, execution_count=1)
    book.cells.append(nbformat.v4.new_code_cell("elsewhere", outputs=[output], execution_count=1))
    nbformat.write(book, root / "untrusted.ipynb")
    lab.open("/lab/tree/untrusted.ipynb")
    cell = lab.page.locator(".jp-CodeCell", has_text="elsewhere")
    expect(cell.get_by_role("table").first.locator("tbody tr")).to_have_count(3)
    assert "<style>" in shown and cell.locator("style, script").count() == 0, "JupyterLab trusts it"
    expect(cell.get_by_text("nullable")).not_to_be_visible()
    tab(cell, "Schema").click()
    expect(cell.get_by_text("nullable")).to_be_visible()
    expect(cell.get_by_text("square", exact=True)).to_be_visible()
    tab(cell, "Explain").click()
    expect(cell.get_by_text("%%sql --explain=formatted")).to_be_visible()
    lab.shot("untrusted")
