"""JupyterLab in a real browser: the launcher, cells, tables, a second notebook, interrupt and restart."""
import re
import shutil

import pytest
from playwright.sync_api import expect

from lab import Server, page_of
from places import EXAMPLES

KERNEL = "Go (Spark)"
PICTURES = {
    "quickstart-top": "Go and Spark in one notebook",
    "quickstart-sql": "Ask in SQL",
    "quickstart-go": "Ask in Go",
    "quickstart-rows": "Bring rows into Go values",
    "quickstart-chart": "Show it",
    "quickstart-error": "When something is wrong",
}
pytestmark = pytest.mark.usefixtures("picture_of_a_failure")


@pytest.fixture(scope="module")
def lab(runtime, tmp_path_factory):
    root = tmp_path_factory.mktemp("notebooks")
    shutil.copy(EXAMPLES / "quickstart.ipynb", root)
    (root / "data").symlink_to(EXAMPLES / "data")
    server = Server(runtime.env, tmp_path_factory.mktemp("jupyter"), root)
    with page_of(server) as lab:
        lab.open()
        yield lab


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.new_notebook(KERNEL)


def test_launcher_has_the_kernel(lab):
    card = lab.page.locator(f'.jp-LauncherCard[data-category="Notebook"][title^="{KERNEL}"]')
    expect(card).to_be_visible()
    expect(card.locator("img.jp-Launcher-kernelIcon")).to_be_visible()
    lab.shot("launcher")


def test_go_cell(lab, notebook):
    cell = notebook.run('words := strings.Fields("go and spark")\nlen(words)')
    expect(cell.locator(".jp-OutputArea-executeResult")).to_contain_text("3")


def test_table(lab, notebook):
    cell = notebook.run("%%sql\nselect id, id * id as square, if(id = 2, null, 'x') as maybe from range(4) order by id")
    table = cell.locator(".jp-RenderedHTMLCommon table").first
    expect(table.locator("thead")).to_contain_text("square")
    expect(table.locator("tbody tr")).to_have_count(4)
    expect(table.locator("tbody tr").nth(3)).to_contain_text("9")
    number = table.locator("tbody tr").nth(3).locator("td").nth(1)
    assert number.evaluate("e => getComputedStyle(e).textAlign") in ("right", "end"), "numbers stand right"
    lab.shot("table")


def test_table_sorts_and_searches(lab, notebook):
    cell = notebook.run("%%sql\nselect id, if(id % 2 = 0, 'even', 'odd') as kind from range(9, 12) order by id")
    rows = cell.locator(".gs-t tbody tr:visible")
    cell.locator("thead th", has_text="id").click()
    cell.locator("thead th", has_text="id").click()
    expect(rows.first).to_contain_text("11")
    expect(cell.locator("thead th").first).to_have_attribute("aria-sort", "descending")
    cell.locator("input[type=search]").fill("even")
    expect(rows).to_have_count(1)
    expect(cell.get_by_role("status")).to_have_text("1 of 3")
    lab.shot("table-searched")


def test_chart(lab, notebook):
    cell = notebook.run("%%sql --plot bar kind n --agg sum\nselect id % 3 as kind, id as n from range(30)")
    expect(cell.locator(".vega-embed canvas, .vega-embed svg.marks").first).to_be_visible()
    lab.shot("chart")


def test_error_is_readable(lab, notebook):
    cell = notebook.run("%%sql\nselect * from nowhere")
    expect(cell).to_contain_text("TABLE_OR_VIEW_NOT_FOUND")
    expect(cell.locator("details")).not_to_have_attribute("open", "")
    lab.shot("error")


def test_interrupt_by_the_toolbar(lab, notebook):
    notebook.run("kept := 41")
    cell = notebook.run('fmt.Println("looping")\nfor {}', wait=False)
    expect(cell.locator(".jp-OutputArea")).to_contain_text("looping")
    notebook.button("interrupt")
    notebook.wait(cell)
    expect(notebook.run("kept + 1")).to_contain_text("42")


def test_completion(lab, notebook):
    editor = notebook.panel.locator(".jp-Notebook-cell").last.locator(".cm-content")
    editor.click()
    lab.page.keyboard.type("strings.ToUpp")
    lab.page.keyboard.press("Tab")
    expect(editor.or_(lab.page.locator(".jp-Completer-item")).filter(has_text="ToUpper").first).to_be_visible()
    lab.page.keyboard.press("Escape")
    editor.click()
    lab.page.keyboard.press("Control+A")
    lab.page.keyboard.press("Delete")


def test_second_notebook_shares_the_server(lab, notebook):
    first = notebook.run("%spark").inner_text()
    second = lab.new_notebook(KERNEL)
    second.run("%%sql\nselect 1")
    other = second.run("%spark").inner_text()
    lab.shot("second-notebook")
    server, session = r"127\.0\.0\.1:\d+", r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{8}"
    assert re.search(server, first)[0] == re.search(server, other)[0]
    assert re.search(session, first)[0] != re.search(session, other)[0]


def test_restart_forgets_variables(lab):
    notebook = lab.notebook()
    notebook.run("before := 1")
    notebook.button("restart")
    lab.page.locator(".jp-Dialog button.jp-mod-accept").click()
    lab.page.locator(".jp-Dialog").wait_for(state="detached")
    notebook = lab.notebook()
    expect(notebook.run("before")).to_contain_text("undefined")


def test_quickstart(lab):
    """Run All, to the last cell, and pictures of it."""
    lab.open("/lab/tree/quickstart.ipynb")
    notebook = lab.notebook()
    notebook.run_all()
    last = notebook.panel.locator(".jp-CodeCell").last
    last.scroll_into_view_if_needed()
    notebook.wait(last)
    expect(last).to_contain_text("4.3.0")
    lab.shot("quickstart-end")
    lab.page.locator(".jp-SideBar.jp-mod-left [data-id='filebrowser']").click()  # folds the side bar away
    for name, title in PICTURES.items():
        heading = notebook.panel.locator(".jp-RenderedMarkdown h1, .jp-RenderedMarkdown h2").filter(has_text=title)
        heading.evaluate("e => e.scrollIntoView()")
        expect(heading).to_be_in_viewport()
        lab.shot(name)
