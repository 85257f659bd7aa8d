"""The Spark panel, its tabs and the monitor in Notebook 7, whose page is another program than JupyterLab's."""
import re

import nbformat
import pytest
from playwright.sync_api import expect

import axe
from lab import Server, page_of
from panel import STARTED, Panel, work

pytestmark = pytest.mark.usefixtures("picture_of_a_failure")


@pytest.fixture(scope="module")
def lab(runtime, tmp_path_factory):
    root = tmp_path_factory.mktemp("notebooks")
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "gospark", "display_name": "Go (Spark)"}})
    nbformat.write(book, root / "a.ipynb")
    server = Server(runtime.env, tmp_path_factory.mktemp("jupyter"), root, program="jupyter-notebook")
    with page_of(server) as lab:
        yield lab


@pytest.fixture(scope="module")
def faults(lab):
    """Notebook 7.6.5 throws one error of its own, with and without the panel: only ours count."""
    seen: list[str] = []
    lab.page.on("pageerror", lambda error: seen.append(error.stack or str(error)))
    lab.page.on("console", lambda said: seen.append(said.text) if said.type == "error" else None)
    return seen


@pytest.fixture(scope="module")
def panel(lab, faults):
    lab.page.goto(f"{lab.server.url.rstrip('/')}/notebooks/a.ipynb?token={lab.server.token}")
    # The notebook takes the focus, and closes the palette, until it has its kernel.
    expect(lab.page.locator(".gs-ToolbarItem .gs-Dot.gs-mod-ready")).to_be_visible(timeout=STARTED)
    panel = Panel(lab)
    panel.open_by_the_palette()
    return panel


def test_panel(lab, panel):
    panel.reaches("connected")
    expect(panel.root.locator(".gs-Header")).to_contain_text("a.ipynb")
    expect(panel.section("Sessions")).to_contain_text(re.compile("a.ipynb"))
    assert panel.faults() == []
    lab.shot("panel-notebook7")


def test_catalog(lab, panel):
    panel.root.get_by_role("tab", name="Catalog").click()
    expect(panel.root.get_by_role("treeitem").first).to_contain_text("spark_catalog")
    assert panel.faults() == []
    panel.root.get_by_role("tab", name="Server").click()


def test_monitor(lab, panel):
    cell = lab.page.locator(".jp-Notebook-cell").first
    cell.locator(".cm-content").click()
    lab.page.keyboard.insert_text("%%sql\n" + work(8))
    lab.page.keyboard.press("Shift+Enter")
    fold = cell.locator(".gs-CellMonitor .gs-Run-fold")
    expect(fold).to_contain_text(re.compile("done.*9 tasks"), timeout=120_000)
    fold.click()
    assert axe.faults(lab.page, cell) == []
    cell.get_by_role("button", name="All cells").click()
    tab = lab.page.locator(".gs-MonitorPanel")
    expect(tab.locator(".gs-Run")).to_contain_text("9 tasks")
    expect(tab.locator(".gs-Run-words")).to_be_in_viewport()
    assert axe.look(lab.page, tab) == []
    lab.shot("monitor-notebook7")


def test_log(lab, panel):
    """Below the notebook, beside the monitor: the page has no other place for tabs."""
    panel.button("Log").click()
    expect(lab.page.locator(".gs-LogPanel .gs-Line").last).to_be_in_viewport()
    expect(lab.page.locator(".gs-MonitorPanel")).to_be_hidden()
    lab.shot("log-notebook7")


def test_nothing_went_wrong_in_the_page(faults):
    assert [fault for fault in faults if "labextensions/gospark" in fault] == []
