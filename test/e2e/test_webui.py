"""The whole extension below a hub's base URL, with the Web UI through jupyter-server-proxy; the built-in pages without."""
import contextlib
import re

import pytest
from playwright.sync_api import expect

import axe
from lab import Lab, Server, page_of
from panel import Panel, work

KERNEL = "Go (Spark)"
WITH = {"base_url": "/user/ada/"}
WITHOUT = {"jpserver_extensions": {"jupyter_server_proxy": False}}
QUERY = "%%sql\nselect id % 3 as k, count(*) as n from range(0, 1000, 1, 4) group by 1"


@pytest.fixture
def open_lab(request, runtime, tmp_path_factory):
    """JupyterLab with a configuration, the panel beside a notebook that has run a query, and what the page asks for."""

    def open_one(config: dict) -> tuple[Lab, Panel, list[str]]:
        server = Server(
            runtime.env, tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("notebooks"), config=config
        )
        lab = opened.enter_context(page_of(server))
        asked: list[str] = []
        lab.page.on("request", lambda request: asked.append(request.url))
        lab.open()
        lab.new_notebook(KERNEL).run(QUERY)
        opened.callback(lab.shot, "last-" + request.node.name)
        return lab, Panel(lab).open(), asked

    with contextlib.ExitStack() as opened:
        yield open_one


def test_below_a_hub(open_lab):
    """Everything that the extension draws, and asks for, is below the hub's base URL."""
    lab, panel, asked = open_lab(WITH)
    notebook = lab.notebook()
    panel.button("Web UI").click()
    frame = lab.page.frame_locator(".gs-WebUI iframe")
    expect(frame.locator("h3", has_text="Spark Jobs")).to_be_visible()
    assert "/user/ada/proxy/" in lab.page.locator(".gs-WebUI iframe").get_attribute("src")
    lab.shot("webui-jobs")
    for page, sight in {"Stages": "Completed Stages", "Environment": "Spark Properties", "SQL": "SQL Executions"}.items():
        frame.locator(".navbar a", has_text=page).first.click()
        expect(frame.locator("body")).to_contain_text(sight)
    frame.locator(".navbar a", has_text="Executors").click()
    expect(frame.locator("#active-executors-table tbody")).to_contain_text("driver")  # drawn by a script
    lab.shot("webui-executors")
    lab.page.locator(".lm-TabBar-tab", has_text="Spark Web UI").locator(".lm-TabBar-tabCloseIcon").click()
    cell = notebook.run("%%sql\n" + work(4))
    expect(cell.locator(".gs-CellMonitor")).to_contain_text(re.compile("done.*5 tasks"))
    expect(panel.section("Sessions")).to_contain_text("Untitled.ipynb")
    panel.root.get_by_role("tab", name="Catalog").click()
    expect(panel.root.get_by_role("treeitem").first).to_contain_text("spark_catalog")
    panel.root.get_by_role("tab", name="Server").click()
    panel.button("Log").click()
    expect(lab.page.locator(".gs-LogPanel .gs-Line").first).to_be_visible()
    lab.shot("hub-log")
    panel.button("Disconnect").click()
    panel.reaches("not connected")
    panel.button("Configure…").click()
    expect(panel.root.get_by_role("combobox", name="Profile")).to_have_value("default")
    panel.button("Start").click()
    panel.reaches("connected")
    assert lab.server.url.endswith(WITH["base_url"])
    assert [url for url in asked if not url.startswith((lab.server.url, "data:", "blob:"))] == []


def test_built_in_pages(open_lab):
    lab, panel, _ = open_lab(WITHOUT)
    panel.button("Web UI").click()
    pages = lab.page.locator(".gs-Pages")
    expect(pages).to_contain_text("pip install jupyter-server-proxy")
    expect(pages.locator("tbody tr").first).to_contain_text("this notebook")
    expect(pages.locator("tbody tr").first).to_contain_text("succeeded")
    assert axe.look(lab.page, pages) == []
    lab.shot("pages-jobs")
    pages.get_by_role("tab", name="Stages").click()
    expect(pages.locator("tbody tr").first).to_contain_text("complete")
    lab.shot("pages-stages")
    pages.get_by_role("tab", name="Executors").click()
    expect(pages.locator("tbody")).to_contain_text("driver")
    assert axe.look(lab.page, pages) == []
    pages.get_by_role("tab", name="SQL").click()
    expect(pages.locator("tbody tr").first).to_contain_text("completed")
    lab.theme("JupyterLab Dark")
    lab.shot("pages-sql-dark")
    pages.locator("tbody .gs-Link").first.click()
    expect(pages.locator("pre")).to_contain_text("Physical Plan")
    assert axe.look(lab.page, pages) == []
    lab.shot("pages-plan-dark")
    pages.get_by_role("button", name="All queries").click()
    expect(pages.locator("tbody tr").first).to_be_visible()
