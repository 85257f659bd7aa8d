"""Accessibility by axe-core: the rules of WCAG 2.1 AA and axe's best practices."""
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


OUTPUTS = (".gs-t", ".gs-s", ".gs-p", ".gs-e", ".gs-CellMonitor", ".vega-embed > :is(canvas, svg)")


def faults(page: Page, cell: Locator) -> list[str]:
    """What axe finds wrong with what a cell shows, one line each, with the element that it is about."""
    return look(page, cell, [output for output in OUTPUTS if cell.locator(output).count()])


def look(page: Page, part: Locator, inside: list[str] | None = None) -> list[str]:
    """What axe finds wrong with a part of the page, or with what is inside of it."""
    part.evaluate("e => e.setAttribute('data-axe', '')")  # of the part, as what is inside is replaced when it is updated
    try:
        shown = [f"[data-axe] {one}" for one in inside] if inside else ["[data-axe]"]
        found = Axe().run(page, context={"include": [[one] for one in shown]}, options=RULES).response
    finally:
        part.evaluate("e => e.removeAttribute('data-axe')")
    assert found["passes"], "axe looked at nothing"
    return [
        f"{rule['id']}: {node['html'][:200]}: {node['failureSummary']}" for rule in found["violations"] for node in rule["nodes"]
    ]
