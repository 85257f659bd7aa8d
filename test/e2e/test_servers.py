"""Several profiles side by side: the servers of all of them in the panel, and two notebooks on two of them."""
import json
import re

import pytest
from playwright.sync_api import Locator, expect

from conftest import Runtime
from lab import Server, page_of
from panel import STARTED, Panel

KERNEL = "Go (Spark)"
pytestmark = pytest.mark.usefixtures("picture_of_a_failure")

PROFILES = """
default = "small"
[profile.small]
master = "local[1]"
[profile.small.conf]
"spark.driver.memory" = "512m"
[profile.wide]
master = "local[2]"
[profile.wide.conf]
"spark.driver.memory" = "512m"
[profile.failing]
java_home = "/nowhere"
[profile.cluster-of-the-department]
engine = "remote"
url = "sc://spark.example.org:443/;use_ssl=true"
"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    own = Runtime()
    files = tmp_path_factory.mktemp("config") / "gospark/profiles.toml"
    files.parent.mkdir()
    files.write_text(PROFILES)
    own.env["XDG_CONFIG_HOME"] = str(files.parent.parent)
    yield own
    own.gospark("server", "stop", "-f", "--profile", "wide")
    own.close()  # which stops the default one


@pytest.fixture(scope="module")
def lab(servers, tmp_path_factory):
    server = Server(servers.env, tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("notebooks"))
    with page_of(server) as lab:
        lab.open()
        yield lab


@pytest.fixture(scope="module")
def panel(lab, faults):
    return Panel(lab)


def server(panel: Panel, profile: str) -> Locator:
    return panel.section("Servers").locator("li").filter(has=panel.page.get_by_role("group", name=profile, exact=True))


def press(row: Locator, button: str) -> None:
    row.get_by_role("button", name=button, exact=True).click()


def in_use(panel: Panel) -> Locator:
    """The name of the server that the notebook in front uses."""
    return panel.section("Servers").locator("li", has_text="in use here").locator("strong")


def test_without_a_notebook(lab, panel):
    panel.open()
    expect(panel.section("Servers")).not_to_contain_text("small")
    panel.section("Servers").locator("summary").click()
    rows = panel.section("Servers").locator("li strong")
    expect(rows).to_have_text(["cluster-of-the-department", "default", "failing", "small", "wide"])
    small = server(panel, "small")
    expect(small).to_contain_text("stopped")
    press(small, "Start")
    expect(small).to_contain_text("starting")
    press(server(panel, "failing"), "Start")
    expect(server(panel, "failing")).to_contain_text(re.compile("failed.*/nowhere"))
    expect(small).to_contain_text(
        re.compile(r"running.*local\[1\] · Spark 4\..* · port \d+ · 0 sessions · \d+ MB · since \d"), timeout=STARTED
    )
    panel.reaches("not connected")  # it was started for nobody


def test_two_notebooks_on_two_servers(lab, panel):
    panel.root.get_by_role("button", name="Close").click()  # what was said of the failure
    lab.new_notebook(KERNEL)
    expect(in_use(panel)).to_have_text(["small"])  # its profile, whose server it joins
    lab.new_notebook(KERNEL)
    expect(panel.root.locator(".gs-Header")).to_contain_text("Untitled1.ipynb")
    press(server(panel, "wide"), "Use here")
    expect(in_use(panel)).to_have_text(["wide"], timeout=STARTED)
    panel.reaches("connected")
    expect(panel.section("Server")).to_contain_text("local[2]")
    for name in ["small", "wide"]:
        expect(server(panel, name)).to_contain_text("1 session ")
    expect(panel.section("Servers").locator("h3")).to_contain_text("2 running")
    panel.section("Servers").scroll_into_view_if_needed()
    assert panel.faults() == []
    lab.shot("servers")
    lab.picture("servers", panel.section("Servers"))
    lab.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", has_text="Untitled.ipynb").click()
    expect(in_use(panel)).to_have_text(["small"])
    expect(panel.section("Server")).to_contain_text("local[1]")
    assert lab.notebook().run("%spark").get_by_text("local[1]").count()


def test_log_of_another_server(lab, panel, servers):
    press(server(panel, "wide"), "Log")
    expect(lab.page.locator(".lm-TabBar-tab", has_text="Spark log: wide")).to_be_visible()
    [port] = [s["address"].split(":")[1] for s in json.loads(servers.gospark("server", "status", "--json").stdout)
              if s["profile"] == "wide"]  # fmt: skip
    log = lab.page.locator(".gs-LogPanel")
    log.get_by_placeholder("Show only lines with…").fill(f"server started at: 127.0.0.1:{port}")
    expect(log.locator(".gs-Line")).to_have_count(1)
    press(server(panel, "small"), "Log")
    expect(log.locator(".gs-Line")).to_have_count(0)
    lab.page.locator(".lm-TabBar-tab", has_text="Spark log: small").locator(".lm-TabBar-tabCloseIcon").click()


def test_stop_another_server(lab, panel, servers):
    press(server(panel, "wide"), "Stop…")
    expect(lab.page.locator(".jp-Dialog")).to_contain_text("Stop the Spark server of wide?")
    expect(lab.page.locator(".jp-Dialog")).to_contain_text("Untitled1.ipynb")
    panel.accept()
    expect(server(panel, "wide")).to_contain_text("stopped")
    panel.reaches("connected")
    servers.gospark("server", "stop", "-f", "--profile", "small")
    expect(server(panel, "small")).to_contain_text("stopped", timeout=2_000)


def test_dark(lab, panel):
    lab.theme("JupyterLab Dark")
    panel.section("Servers").scroll_into_view_if_needed()
    assert panel.faults() == []
    lab.shot("servers-dark")


def test_nothing_went_wrong_in_the_page(faults):
    assert faults == []
