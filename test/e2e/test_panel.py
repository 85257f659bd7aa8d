"""The Spark panel in a real JupyterLab: from nothing to a server and back, with and without a notebook."""
import json
import re
import time
import urllib.request

import psutil
import pytest
from playwright.sync_api import expect

from conftest import Runtime
from lab import Server, page_of
from panel import Panel

KERNEL = "Go (Spark)"
SLOW = "%%sql\nselect sum(id % 7) from range(0, 400000000000, 1, 64)"
pytestmark = pytest.mark.usefixtures("picture_of_a_failure")


PROFILES = """
[bundle.exact]
title = "Exact numbers"
about = "Errors where others round or return NULL."
profiles = ["def*"]
[bundle.exact.conf]
"spark.sql.ansi.enabled" = true
"spark.sql.shuffle.partitions" = 4

[bundle.elsewhere]
profiles = ["another"]
"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """A runtime folder, and so a Spark server, of this file alone: the panel stops and kills it."""
    own = Runtime()
    files = tmp_path_factory.mktemp("config") / "gospark/profiles.toml"
    files.parent.mkdir()
    files.write_text(PROFILES)
    own.env["XDG_CONFIG_HOME"] = str(files.parent.parent)
    yield own
    own.close()


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="module")
def lab(servers, tmp_path_factory, notebooks):
    server = Server(servers.env, tmp_path_factory.mktemp("jupyter"), notebooks)
    with page_of(server) as lab:
        lab.open()
        yield lab


@pytest.fixture(scope="module")
def panel(lab, faults):
    return Panel(lab)


def kernels(lab) -> list[str]:
    """The paths of the sessions that Jupyter has."""
    address = f"{lab.server.url}api/sessions"
    request = urllib.request.Request(address, headers={"Authorization": f"token {lab.server.token}"})
    with urllib.request.urlopen(request) as answer:
        return [one["path"] for one in json.load(answer)]


def until(what: str, condition, timeout: float = 30) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout} s: {what}"
        time.sleep(0.1)


def test_extension_is_loaded(lab, panel):
    expect(panel.item).to_contain_text("Spark not connected")
    panel.open()
    panel.reaches("not connected")
    expect(panel.root).to_contain_text("no notebook of Go (Spark) is in front")
    assert not kernels(lab), "a kernel was started although nobody asked anything"


def test_configure_without_a_notebook(lab, panel):
    panel.button("Configure…").click()
    expect(panel.root.get_by_role("combobox", name="Profile")).to_have_value("default")
    assert kernels(lab) == ["gospark-control"]
    panel.button("Add an option…").click()
    panel.root.locator(".gs-Options input").fill("shuffle partitions")
    option = panel.root.locator(".gs-Option", has_text="spark.sql.shuffle.partitions").first
    expect(option).to_contain_text("200")
    lab.shot("panel-options")
    assert panel.faults() == []
    option.click()
    value = panel.root.locator(".gs-Entry input")
    value.fill("many")
    expect(panel.root.locator(".gs-Entry")).to_contain_text("no whole number")
    lab.shot("panel-configuring")
    value.fill("8")
    expect(panel.root.locator(".gs-Entry .gs-remark")).to_have_count(0)


def test_bundles(lab, panel):
    bundles, review = panel.section("Bundles"), panel.section("Review")
    expect(bundles.get_by_role("checkbox")).to_have_count(1)  # the other one is for another profile
    expect(bundles).to_contain_text("Errors where others round")
    expect(review.locator("li")).to_have_count(1)
    exact = bundles.get_by_role("checkbox", name="Exact numbers")
    exact.focus()
    lab.page.keyboard.press("Space")
    expect(exact).to_be_checked()
    expect(review.locator("li", has_text="spark.sql.ansi.enabled")).to_contain_text("nothing → true bundle exact")
    expect(review.locator("li", has_text="spark.sql.shuffle.partitions")).to_contain_text("nothing → 8")
    expect(panel.root.locator(".gs-Entry")).to_contain_text("Overrides 4, which the bundle exact sets")
    bundles.locator("summary").click()
    expect(bundles.locator(".gs-Origins")).to_contain_text("spark.sql.shuffle.partitions 4")
    assert panel.faults() == []
    lab.shot("panel-bundles")


def test_start_by_the_panel_alone(lab, panel):
    panel.button("Start").click()
    panel.reaches("starting")
    expect(panel.root.locator(".gs-Phases li").first).to_be_visible()
    lab.shot("panel-starting")
    assert panel.faults() == []
    panel.reaches("connected")
    expect(panel.section("Sessions")).to_contain_text("the Spark panel")
    expect(panel.section("Server")).to_contain_text(re.compile(r"sc://127\.0\.0\.1:\d+"))
    lab.page.reload()
    lab.page.locator("#jupyterlab-splash").wait_for(state="detached")
    panel.open().reaches("connected")  # the page finds its kernel again
    panel.button("Disconnect").click()
    panel.reaches("not connected")
    until("the hidden kernel ends", lambda: not kernels(lab))


def test_follows_the_notebook(lab, panel):
    notebook = lab.new_notebook(KERNEL)
    expect(panel.root.locator(".gs-Header")).to_contain_text("Untitled.ipynb")
    panel.reaches("connected")
    notebook.run("%%sql\nselect 1")
    expect(panel.section("Sessions")).to_contain_text("Untitled.ipynb")
    expect(panel.section("Server")).to_contain_text("Memory")
    expect(panel.section("Server")).to_contain_text(  # it was started with others
        "spark.sql.ansi.enabled, spark.sql.shuffle.partitions"
    )
    panel.root.locator("summary", has_text="Ask in SQL").click()
    panel.button("Add to the notebook").click()
    snippet = notebook.panel.locator(".jp-Notebook-cell", has_text="square")
    expect(snippet).to_be_visible()
    lab.shot("panel-ready")
    lab.picture("panel", panel.root)
    assert panel.faults() == []
    snippet.locator(".cm-content").click()
    lab.page.keyboard.press("Shift+Enter")
    expect(snippet.locator("table").first.locator("tbody tr")).to_have_count(10)  # beside it stand those of the tabs


def test_settings_of_the_session(lab, panel):
    settings = panel.section("Settings")
    settings.locator("summary").click()
    expect(settings.locator(".gs-mod-fixed", has_text="spark.app.name")).to_be_visible()
    assert panel.faults() == []
    settings.get_by_role("searchbox").fill("broadcastTimeout")
    one = settings.locator("li", has_text="spark.sql.broadcastTimeout")
    one.get_by_role("button", name="spark.sql.broadcastTimeout is 300").click()
    one.get_by_role("textbox").fill("soon")
    expect(one).to_contain_text("is no")  # what its default looks like
    lab.page.keyboard.press("Enter")
    expect(one.get_by_role("alert")).to_contain_text("spark.sql.broadcastTimeout")  # what Spark says
    lab.shot("panel-settings")
    one.get_by_role("textbox").fill("77")
    lab.page.keyboard.press("Enter")
    expect(one.locator(".gs-value")).to_have_text("77")
    lab.notebook().run("%spark conf --unset spark.sql.broadcastTimeout")
    expect(one.locator(".gs-value")).to_have_text(re.compile("^300"))
    settings.locator("summary").click()


def test_sessions_of_all_notebooks(lab, panel):
    lab.new_notebook(KERNEL)
    panel.reaches("connected")
    expect(panel.section("Sessions").locator("li")).to_have_count(2)
    expect(panel.section("Sessions")).to_contain_text("Untitled1.ipynb")
    panel.button("Restart…").click()
    expect(lab.page.locator(".jp-Dialog")).to_contain_text("Untitled.ipynb")
    lab.shot("panel-restart")
    lab.page.locator(".jp-Dialog button.jp-mod-reject").click()


def test_log_follows(lab, panel):
    notebook = lab.notebook()
    panel.button("Log").click()
    log = lab.page.locator(".gs-LogPanel")
    expect(log.locator(".gs-Line").first).to_be_visible()
    log.get_by_placeholder("Show only lines with…").fill("no_such_table_anywhere")
    expect(log.get_by_role("status")).to_contain_text("0 of")
    notebook.run("%%sql\nselect * from no_such_table_anywhere")
    notebook.run("%%sql\nselect raise_error('no_such_table_anywhere')")
    expect(log.locator(".gs-Line").first).to_contain_text("no_such_table_anywhere")
    log.get_by_placeholder("Show only lines with…").fill("")
    log.get_by_role("button", name="Next error").click()
    expect(log.locator(".gs-mod-marked.gs-mod-level4")).to_be_visible()
    lab.shot("panel-log")
    with lab.page.expect_download() as download:
        log.get_by_role("button", name="Download").click()
    assert "no_such_table_anywhere" in download.value.path().read_text()
    lab.page.locator(".lm-TabBar-tab", has_text="Spark log").locator(".lm-TabBar-tabCloseIcon").click()


def test_cancel_an_operation_while_a_cell_runs(lab, panel):
    cell = lab.notebook().run(SLOW, wait=False)
    operation = panel.section("Operations").locator("li").first
    expect(operation).to_contain_text("select sum(id % 7)")
    expect(operation).to_contain_text("this notebook")
    expect(operation.get_by_role("progressbar")).to_be_visible()
    expect(panel.item).to_contain_text("1 runs")
    lab.shot("panel-operation")
    assert panel.faults() == []
    operation.get_by_role("button", name="Cancel").click()
    lab.notebook().wait(cell)
    expect(cell).to_contain_text(re.compile("cancel", re.I))
    expect(panel.section("Operations")).to_contain_text("Nothing runs.")


def test_cancel_an_operation_of_another_notebook(lab, panel):
    tab = lab.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab")
    tab.filter(has_text="Untitled.ipynb").click()
    other = lab.notebook()
    cell = other.run(SLOW, wait=False)
    tab.filter(has_text="Untitled1.ipynb").click()
    operation = panel.section("Operations").locator("li").first
    expect(operation).to_contain_text("Untitled.ipynb")
    operation.get_by_role("button", name="Cancel").click()
    expect(lab.page.locator(".jp-Dialog")).to_contain_text("not this notebook’s")
    panel.accept()
    expect(panel.section("Operations")).to_contain_text("Nothing runs.")
    tab.filter(has_text="Untitled.ipynb").click()
    other.wait(cell)
    expect(cell).to_contain_text(re.compile("cancel", re.I))
    tab.filter(has_text="Untitled1.ipynb").click()


def test_lost_and_reconnect(lab, panel, servers):
    [server] = json.loads(servers.gospark("server", "status", "--json").stdout)
    psutil.Process(server["pid"]).kill()
    panel.reaches("lost", timeout=10_000)
    expect(panel.root.get_by_role("alert")).to_be_visible()
    expect(panel.item).to_contain_text("Spark lost")
    lab.shot("panel-lost")
    assert panel.faults() == []
    panel.button("Reconnect").click()
    panel.reaches("connected")


def test_dark(lab, panel):
    lab.theme("JupyterLab Dark")
    panel.button("Log").click()
    expect(lab.page.locator(".gs-LogPanel .gs-Line").first).to_be_visible()
    lab.shot("panel-dark")
    assert panel.faults() == []


def test_stop(lab, panel, servers):
    panel.button("Stop…").click()
    panel.accept()
    panel.reaches("not connected")
    assert json.loads(servers.gospark("server", "status", "--json").stdout) == []


def test_connect_elsewhere(lab, panel):
    profile = panel.root.get_by_role("combobox", name="Profile")
    panel.button("Configure…").press("Enter")
    expect(profile).to_be_visible()
    lab.page.keyboard.press("Tab")  # the button is gone, and the keyboard still in the panel
    expect(profile).to_be_focused()
    panel.button("Back").press("Enter")
    panel.button("Configure…").click()
    elsewhere = panel.section("A server elsewhere")
    connect = elsewhere.get_by_role("button", name="Connect to it")
    address = elsewhere.get_by_role("textbox", name="Address")
    address.fill("http://far")
    expect(elsewhere).to_contain_text("Write sc://host:port")
    expect(connect).to_be_disabled()
    address.fill("sc://127.0.0.1:1")
    address.press("Enter")
    panel.reaches("failed")
    expect(panel.root.get_by_role("alert")).to_be_visible()
    expect(panel.button("Try again")).to_be_visible()
    assert panel.faults() == []
    lab.shot("panel-failed")


def test_configuration_in_the_notebook(lab, panel, notebooks):
    def kept() -> dict | None:
        lab.page.keyboard.press("Control+s")
        newest = max(notebooks.glob("*.ipynb"), key=lambda path: path.stat().st_mtime)
        try:
            return json.loads(newest.read_text())["metadata"].get("gospark")
        except ValueError:  # it is being written
            return {}

    lab.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", has_text="Untitled1.ipynb").click()
    panel.button("Configure…").click()
    panel.button("Add an option…").click()
    panel.root.locator(".gs-Options input").fill("shuffle partitions")
    panel.root.locator(".gs-Option", has_text="spark.sql.shuffle.partitions").first.click()
    value = panel.root.locator(".gs-Entry input")
    value.fill("8")
    exact = panel.section("Bundles").get_by_role("checkbox", name="Exact numbers")
    exact.check()
    stored = panel.section("In the notebook")
    expect(stored).to_contain_text("carries no configuration")
    stored.get_by_role("button", name="Keep this one").click()
    expect(stored).to_contain_text("carries this configuration")
    until("kept", lambda: kept() == {
        "version": 1, "profile": "default", "bundles": ["exact"], "conf": {"spark.sql.shuffle.partitions": "8"},
    })  # fmt: skip
    exact.uncheck()
    expect(stored.locator("li")).to_contain_text("bundles exact → those of the profile")
    exact.check()
    value.fill("9")
    expect(stored.locator("li")).to_contain_text("spark.sql.shuffle.partitions")
    expect(stored.locator("del")).to_have_text("8")
    expect(stored.locator("ins")).to_have_text("9")
    lab.shot("panel-stored")
    stored.get_by_role("button", name="Overwrite it").click()
    until("overwritten", lambda: (kept() or {}).get("conf") == {"spark.sql.shuffle.partitions": "9"})
    stored.get_by_role("button", name="Take it out").click()
    until("taken out", lambda: kept() is None)


def test_kernel_is_shut_down(lab, panel):
    lab.menu("Kernel", "Shut Down Kernel")
    expect(panel.root).to_contain_text("no notebook of Go (Spark) is in front")
    expect(panel.button("Start Spark")).to_be_enabled()


def test_nothing_went_wrong_in_the_page(faults):
    assert faults == []
