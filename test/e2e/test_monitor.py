"""The monitor of cells in a real JupyterLab: while they run, when they have ended, after a reload, in two windows."""
import re

import pytest
from playwright.sync_api import Locator, Page, expect

import axe
import layout
from conftest import Runtime
from lab import Notebook, Server, page_of
from panel import Panel, work

KERNEL = "Go (Spark)"
WORDS = "while it runs I go on"
ENDLESS = "%%sql\n" + work(2000, 1000)
pytestmark = pytest.mark.usefixtures("picture_of_a_failure")


@pytest.fixture(scope="module", autouse=True)
def patience():
    """What is looked at is Spark at work, on a machine that may have other work, too."""
    expect.set_options(timeout=120_000)
    yield
    expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def runtime_here():
    own = Runtime()
    yield own
    own.close()


@pytest.fixture(scope="module")
def lab(runtime_here, tmp_path_factory):
    server = Server(runtime_here.env, tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("notebooks"))
    with page_of(server) as lab:
        lab.open()
        yield lab


@pytest.fixture(scope="module")
def notebook(lab, faults) -> Notebook:
    notebook = lab.new_notebook(KERNEL)
    notebook.run("%%sql\n" + work(8))  # the first query of a server is slow
    return notebook


def monitor(cell: Locator) -> Locator:
    """What stands under a cell."""
    return cell.locator(".gs-CellMonitor")


def fold(cell: Locator) -> Locator:
    return monitor(cell).locator(".gs-Run-fold")


def cells(page: Page) -> Locator:
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell")


def save(notebook: Notebook) -> None:
    """Until Jupyter has the notebook. Its page may have more already: what a running cell shows changes all the time."""
    page = notebook.page
    with page.expect_response(lambda r: r.request.method == "PUT" and "/api/contents/" in r.url) as answer:
        page.keyboard.press("Control+S")
    assert answer.value.ok


def test_while_a_cell_runs(lab, notebook):
    cell = notebook.run("%%sql\n" + ";\n".join(work(tasks) for tasks in (20, 30, 40)), wait=False)
    expect(fold(cell)).to_have_attribute("aria-expanded", "true")
    expect(monitor(cell).locator(".gs-Run-line [role=progressbar]")).to_be_visible()
    expect(monitor(cell).locator(".gs-Load svg")).to_be_visible()
    expect(monitor(cell).locator("tr.gs-mod-operation").nth(1)).to_be_visible()
    expect(monitor(cell).locator("tr.gs-mod-stage").nth(1)).to_be_visible()
    lab.shot("monitor-running")
    assert layout.faults(monitor(cell)) == []
    expect(cell.locator(".jp-OutputArea .gs-work:visible")).to_have_count(0)
    notebook.wait(cell)
    expect(fold(cell)).to_have_attribute("aria-expanded", "false")
    expect(monitor(cell)).to_contain_text(re.compile(r"done.*6 jobs · 93 tasks"))
    expect(monitor(cell).get_by_role("button", name="Cancel")).to_have_count(0)
    lab.shot("monitor-folded")
    fold(cell).click()
    expect(monitor(cell).locator("tr.gs-mod-job").nth(5)).to_be_visible()
    expect(monitor(cell).locator(".gs-Run-foot")).to_contain_text("shuffled out")
    lab.shot("monitor-details")
    assert layout.faults(monitor(cell)) == []
    lab.picture("monitor", cell)
    assert not axe.faults(lab.page, cell)
    lab.theme("JupyterLab Dark")
    lab.page.locator("#jupyterlab-splash").wait_for(state="detached")
    lab.shot("monitor-details-dark")
    assert not axe.faults(lab.page, cell)
    lab.theme("JupyterLab Light")
    fold(cell).click()


def test_the_line_is_kept_for_other_front_ends(lab, notebook):
    """It is in the output, and seen where there is no monitor."""
    cell = cells(lab.page).nth(1)
    line = cell.locator(".jp-OutputArea .gs-work")
    expect(line).to_have_count(1)
    expect(line).to_be_hidden()
    cell.evaluate("e => e.classList.remove('gs-monitored')")
    expect(line).to_be_visible()
    cell.evaluate("e => e.classList.add('gs-monitored')")


def test_go_cell(lab, notebook):
    cell = notebook.run("spark.SQL(ctx, `" + work(37) + "`)", wait=False)
    expect(monitor(cell)).to_contain_text(re.compile(r"of 37 tasks"))
    notebook.wait(cell)
    expect(monitor(cell)).to_contain_text(re.compile(r"done.*38 tasks"))


def test_cancel(lab, notebook):
    cell = notebook.run(ENDLESS, wait=False)
    expect(monitor(cell)).to_contain_text("Spark runs")
    monitor(cell).get_by_role("button", name="Cancel", exact=True).click()
    notebook.wait(cell)
    expect(cell.locator(".jp-OutputArea")).to_contain_text("interrupted")
    expect(monitor(cell)).to_contain_text("cancelled")
    operation = notebook.run(ENDLESS, wait=False)
    monitor(operation).get_by_role("button", name="Cancel operation 1").click()
    notebook.wait(operation)
    expect(operation.locator(".jp-OutputArea")).to_contain_text(re.compile("cancel", re.I))
    expect(monitor(operation)).to_contain_text("failed")
    job = notebook.run(ENDLESS, wait=False)
    monitor(job).get_by_role("button", name=re.compile("Cancel job [0-9]+")).click()
    notebook.wait(job)
    expect(job.locator(".jp-OutputArea")).to_contain_text(re.compile("job [0-9]+ cancelled", re.I))
    expect(monitor(job)).to_contain_text("failed")


def test_menu_of_a_cell(lab, notebook):
    cell = notebook.run(ENDLESS, wait=False)
    expect(monitor(cell)).to_contain_text("Spark runs")
    cell.locator(".cm-content").click(button="right")
    item = lab.page.locator(".lm-Menu-item", has_text="Cancel what Spark does for this cell")
    lab.shot("monitor-menu")
    item.click()
    notebook.wait(cell)
    expect(monitor(cell)).to_contain_text("cancelled")
    cell.locator(".cm-content").click(button="right")
    expect(item).to_have_class(re.compile("lm-mod-disabled"))
    lab.page.locator(".lm-Menu-item", has_text="Open the Spark monitor").click()
    tab = lab.page.locator("#gospark-monitor-tab")
    expect(tab).to_contain_text("nothing runs")
    lab.page.keyboard.press("Escape")
    lab.page.locator(".lm-TabBar-tab", has_text="Spark monitor").locator(".lm-TabBar-tabCloseIcon").click()


def test_toolbar(lab, notebook):
    item = notebook.panel.locator(".gs-ToolbarItem")
    expect(item.locator(".gs-Dot.gs-mod-ready")).to_be_visible()
    cell = notebook.run(ENDLESS, wait=False)
    expect(item.get_by_role("progressbar")).to_be_visible()
    lab.shot("monitor-toolbar")
    item.get_by_role("button", name="Cancel").click()
    notebook.wait(cell)
    expect(item.get_by_role("progressbar")).to_have_count(0)
    panel = Panel(lab)
    item.locator(".gs-ToolbarState").click()
    expect(panel.root).to_be_visible()
    lab.page.locator(".jp-SideBar.jp-mod-left [data-id='gospark-panel']").click()
    expect(panel.root).to_be_hidden()


def test_many_small_tasks(lab, notebook):
    """The page answers while 10,000 tasks run, and has no element for any of them."""
    cell = notebook.run("%%sql\nselect sum(id % 7) from range(0, 1000000, 1, 10000)", wait=False)
    expect(monitor(cell).locator("tr.gs-mod-stage").first).to_be_visible()
    editor = notebook.panel.locator(".jp-Notebook-cell").last.locator(".cm-content")
    editor.click()
    lab.page.keyboard.type(WORDS)
    expect(editor).to_have_text(WORDS)
    expect(monitor(cell)).to_contain_text("Spark runs")  # still
    lab.shot("monitor-many-tasks")
    assert monitor(cell).evaluate("e => e.querySelectorAll('*').length") < 250
    notebook.wait(cell)
    expect(monitor(cell)).to_contain_text(re.compile("10\u202f00[0-9] tasks"))
    editor.click()
    lab.page.keyboard.press("Control+A")
    lab.page.keyboard.press("Delete")


def test_second_window(lab, notebook):
    save(notebook)
    cell = notebook.run(ENDLESS, wait=False)
    expect(monitor(cell)).to_contain_text("Spark runs")
    save(notebook)
    number = cells(lab.page).count() - 2
    other = lab.browser.new_page(viewport={"width": 1280, "height": 900})
    other.goto(f"{lab.server.url.rstrip('/')}/lab/workspaces/other/tree/Untitled.ipynb?token={lab.server.token}")
    there = cells(other).nth(number)
    there.scroll_into_view_if_needed()
    expect(monitor(there)).to_contain_text("Spark runs")
    lab.shot("monitor-first-window")
    monitor(there).get_by_role("button", name="Cancel", exact=True).click()
    expect(monitor(there)).to_contain_text("cancelled")
    expect(monitor(cell)).to_contain_text("cancelled")
    notebook.wait(cell)
    other.close()


def test_reload(lab, notebook):
    ended = cells(lab.page).count() - 2
    cell = notebook.run(ENDLESS, wait=False)
    expect(monitor(cell)).to_contain_text("Spark runs")
    save(notebook)
    lab.page.reload()
    cell = cells(lab.page).nth(ended + 1)
    cell.scroll_into_view_if_needed()
    expect(monitor(cell)).to_contain_text("Spark runs")
    expect(monitor(cells(lab.page).nth(ended))).to_contain_text("cancelled")
    lab.shot("monitor-reloaded")
    monitor(cell).get_by_role("button", name="Cancel", exact=True).click()
    expect(monitor(cell)).to_contain_text("cancelled")


def test_run_all(lab, faults):
    """Three cells that are asked for at once: each has its own work."""
    # After a reload JupyterLab brings the notebook of the address to the front once more, at any time later.
    lab.open("/lab/workspaces/all")
    notebook = lab.new_notebook(KERNEL)
    tasks = (21, 23, 27)
    for n in tasks:
        notebook.run("%%sql\n" + work(n))
    lab.menu("Kernel", "Restart Kernel and Clear Outputs of All Cells…")
    lab.page.locator(".jp-Dialog button.jp-mod-accept").click()
    lab.page.locator(".jp-Dialog").wait_for(state="detached")
    # The numbers go when the new kernel is there; the monitors and "Idle" are looked at too early before that.
    expect(cells(lab.page).first.locator(".jp-InputPrompt")).to_have_text("[ ]:")
    expect(notebook.panel.locator(".gs-CellMonitor")).to_have_count(0)
    notebook = lab.notebook()
    notebook.run_all()
    for at, n in enumerate(tasks):
        cell = cells(lab.page).nth(at)
        expect(monitor(cell)).to_contain_text(re.compile(f"done.* {n + 1} tasks"), timeout=120_000)
    lab.shot("monitor-run-all")


def test_tab_of_all_cells(lab, faults):
    notebook, cell = lab.notebook(), cells(lab.page).first
    fold(cell).click()
    monitor(cell).get_by_role("button", name="All cells").click()
    tab = lab.page.locator(".gs-MonitorPanel")
    expect(tab.locator(".gs-Run")).to_have_count(3)
    expect(tab.locator(".gs-Run").first).to_contain_text("28 tasks")
    running = notebook.run(ENDLESS, wait=False)
    expect(tab.locator(".gs-Run").first.locator("tr.gs-mod-stage").first).to_be_visible()
    lab.shot("monitor-tab")
    assert layout.faults(tab) == []
    lab.theme("JupyterLab Dark")
    expect(tab.locator(".gs-Run.gs-mod-running")).to_be_visible()
    lab.shot("monitor-dark")
    tab.get_by_role("button", name="Cancel", exact=True).click()
    expect(tab.locator(".gs-Run").first).to_contain_text("cancelled")
    expect(monitor(running)).to_contain_text("cancelled")


def test_nothing_went_wrong_in_the_page(faults):
    assert faults == []
