"""JupyterLab as a person meets it: a server of its own, and a page in Chromium."""
import contextlib
import json
import os
import pathlib
import re
import subprocess
import time
from collections.abc import Callable, Iterator

from playwright.sync_api import Locator, Page, Playwright, expect, sync_playwright

from places import IMAGES, SHOTS, VENV

# Chromium as root, without the connections that it would make on its own.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SETTINGS = {  # nothing asks or tells in the middle of a test
    "apputils-extension/notification.jupyterlab-settings": {
        "fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True,
    },
    "docmanager-extension/plugin.jupyterlab-settings": {"renameUntitledFileOnSave": False},
}  # fmt: skip


class Server:
    """One JupyterLab on a free port, with configuration of its own; config is for ServerApp."""

    def __init__(
        self, env: dict, folder: pathlib.Path, root: pathlib.Path, program: str = "jupyter-lab", config: dict | None = None,
        ours: dict | None = None,
    ):
        for file, settings in SETTINGS.items():
            path = folder / "config/lab/user-settings/@jupyterlab" / file
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(settings))
        (folder / "config/jupyter_server_config.json").write_text(json.dumps({"ServerApp": config or {}}))
        if ours:  # settings of our extension
            path = folder / "config/lab/user-settings/gospark/plugin.jupyterlab-settings"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(ours))
        self.runtime, self.log = folder / "runtime", folder / "lab.log"
        env = env | {
            "JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.runtime),
        }  # fmt: skip
        command = [VENV / "bin" / program, "--no-browser", "--ServerApp.port=0", f"--ServerApp.root_dir={root}"]
        if os.getuid() == 0:
            command.append("--allow-root")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, env=env, cwd=root, stdout=log, stderr=log)
        self.url, self.token = self.address()

    def address(self) -> tuple[str, str]:
        """The server publishes where it is in a file named after its process."""
        file, deadline = self.runtime / f"jpserver-{self.process.pid}.json", time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                info = json.loads(file.read_text())
                return info["url"], info["token"]
            except (FileNotFoundError, json.JSONDecodeError):
                time.sleep(0.1)
        self.close()
        raise TimeoutError(f"JupyterLab did not start:\n{self.log.read_text()}")

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Lab:
    """The page. Every wait is for something that a person would see."""

    def __init__(self, playwright: Playwright, server: Server):
        self.server = server
        self.browser = playwright.chromium.launch(executable_path=os.environ["GOSPARK_BROWSER"], args=FLAGS)
        self.page: Page = self.browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.set_default_timeout(60_000)

    def open(self, path: str = "/lab") -> None:
        self.page.goto(f"{self.server.url.rstrip('/')}{path}?token={self.server.token}")
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")

    def new_notebook(self, kernel: str) -> "Notebook":
        """Chooses a kernel in the launcher."""
        if not self.page.locator(".jp-LauncherCard:visible").count():
            self.page.locator(".lm-TabBar-addButton:visible").first.click()
        card = self.page.locator(f'.jp-LauncherCard[data-category="Notebook"][title^="{kernel}"]:visible')
        card.click()
        expect(card).to_have_count(0)  # before that the status bar tells of the notebook that was in front
        return self.notebook()

    def notebook(self) -> "Notebook":
        """The notebook in front, when its kernel is ready."""
        panel = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        # Only the status bar tells an idle kernel from one that is not connected yet, when cells run into the void.
        self.page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()
        return Notebook(self, panel)

    def menu(self, name: str, entry: str) -> None:
        self.page.locator(".lm-MenuBar-item", has_text=name).click()
        self.page.locator(".lm-Menu-item", has_text=re.compile(f"^{entry}$")).click()

    def shot(self, name: str) -> None:
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png")

    def picture(self, name: str, of: Locator) -> None:
        """A picture of a cell or panel for the documentation: in docs/images where `make pictures` asks for it."""
        folder = IMAGES if os.environ.get("GOSPARK_PICTURES") else SHOTS
        folder.mkdir(exist_ok=True)
        of.scroll_into_view_if_needed()
        self.page.mouse.move(0, 0)
        of.screenshot(path=folder / f"{name}.png")

    def theme(self, name: str) -> None:
        """Chooses a theme in the menu, and waits until the page has its colours."""
        self.page.locator(".lm-MenuBar-item", has_text="Settings").click()
        self.page.locator(".lm-Menu-item", has_text=re.compile("^Theme$")).hover()
        self.page.locator(".lm-Menu-item", has_text=re.compile(f"^{name}$")).click()
        body = self.page.locator("body")
        expect(body).to_have_attribute("data-jp-theme-name", name)
        expect(body).to_have_attribute("data-jp-theme-light", "false" if "Dark" in name else "true")
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")

    def close(self) -> None:
        self.browser.close()


@contextlib.contextmanager
def page_of(server: Server) -> Iterator[Lab]:
    """A page at a server, on which nothing is opened yet; both end with it."""
    try:
        with sync_playwright() as playwright:
            lab = Lab(playwright, server)
            yield lab
            lab.close()
    finally:
        server.close()


class Notebook:
    """The open notebook."""

    def __init__(self, lab: Lab, panel: Locator):
        self.lab, self.page, self.panel = lab, lab.page, panel

    def run(self, code: str, wait: bool = True) -> Locator:
        """Types code into the last cell and runs it with Shift+Enter; returns the cell."""
        cells = self.panel.locator(".jp-Notebook-cell")
        cell = cells.nth(cells.count() - 1)
        cell.locator(".cm-content").click()
        self.page.keyboard.insert_text(code)
        self.insist(cell, lambda: (cell.locator(".cm-content").click(), self.page.keyboard.press("Shift+Enter")))
        if wait:
            self.wait(cell)
        return cell

    def run_all(self) -> None:
        first = self.panel.locator(".jp-CodeCell").first
        self.insist(first, lambda: self.lab.menu("Run", "Run All Cells"))

    def insist(self, cell: Locator, act: Callable[[], object]) -> None:
        """Acts again where nothing happened: what is run before JupyterLab is connected is lost, or it asks for the
        kernel; it does so with ipykernel, too."""
        question = self.page.locator(".jp-Dialog button.jp-mod-accept")
        for _ in range(4):
            if question.count():
                question.click()
            act()
            try:
                expect(cell.locator(".jp-InputPrompt")).not_to_have_text("[ ]:", timeout=5_000)
                return
            except AssertionError:
                continue
        raise TimeoutError("the cell does not run")

    def wait(self, cell: Locator) -> None:
        """A cell that ended shows its number."""
        expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"), timeout=120_000)

    def button(self, name: str) -> None:
        """Presses one of the notebook's toolbar: interrupt, restart, restart-and-run."""
        self.panel.locator(f"[data-jp-item-name='{name}']").click()
