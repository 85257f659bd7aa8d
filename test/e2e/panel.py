"""The Spark panel in JupyterLab's side bar."""
import re

from playwright.sync_api import Locator, expect

import axe
import layout
from lab import Lab

STARTED = 120_000  # a server on a busy machine
expect.set_options(timeout=30_000)  # Spark answers behind what is looked at


def work(tasks: int, milliseconds: int = 250) -> str:
    """SQL whose first stage has so many tasks; they take their time without costing the machine any."""
    sleep = f"java_method('java.lang.Thread', 'sleep', {milliseconds}L)"
    return f"select count(nap) from (select {sleep} as nap from range(0, {tasks}, 1, {tasks}))"


class Panel:
    """The panel; every look waits for what a person would see."""

    def __init__(self, lab: Lab):
        self.lab, self.page = lab, lab.page
        self.root: Locator = self.page.locator("#gospark-panel")
        self.item: Locator = self.page.locator(".gs-StatusItem")

    def open(self) -> "Panel":
        if not self.root.is_visible():
            self.item.locator("button").click()
        expect(self.root).to_be_visible()
        return self

    def open_by_the_palette(self) -> None:
        """Notebook 7 has no status bar."""
        self.page.locator(".lm-MenuBar-item", has_text="View").click()
        self.page.locator(".lm-Menu-item", has_text="Activate Command Palette").click()
        self.page.locator(".lm-CommandPalette-input:visible").fill("Open the Spark panel")
        self.page.locator(".lm-CommandPalette-item", has_text="Open the Spark panel").click()
        expect(self.root).to_be_visible()

    def reaches(self, word: str, timeout: float = STARTED) -> None:
        expect(self.root.locator(".gs-state")).to_have_text(word, timeout=timeout)

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=re.compile(f"^{re.escape(name)}$"))

    def section(self, title: str) -> Locator:
        """The one with a title that begins so; "Server" is not "Servers"."""
        heading = self.page.locator("h3", has_text=re.compile(f"^{re.escape(title)}(?![a-z])"))
        return self.root.locator("section").filter(has=heading)

    def faults(self) -> list[str]:
        """What is wrong with how the panel looks, for people with and without eyes."""
        return axe.look(self.page, self.root) + layout.faults(self.root)

    def accept(self) -> None:
        """Says yes in the dialog."""
        self.page.locator(".jp-Dialog button.jp-mod-warn, .jp-Dialog button.jp-mod-accept").last.click()
        self.page.locator(".jp-Dialog").wait_for(state="detached")
