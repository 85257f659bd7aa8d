"""Reads the HTML tables that the kernel shows."""
import re

from bs4 import BeautifulSoup


def first(html: str) -> list[tuple]:
    """The body of the first table: numbers as numbers, everything else as text."""
    return [tuple(value(cell) for cell in row) for row in grid(html, "tbody")]


def header(html: str) -> list[str]:
    return grid(html, "thead")[0]


def grid(html: str, part: str) -> list[list[str]]:
    table = BeautifulSoup(html, "html.parser").find("table")
    assert table is not None, f"no table in {html[:200]}"
    assert table.find("thead") and table.find("tbody"), "a table needs <thead> and <tbody>"
    rows = table.find(part).find_all("tr")
    return [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in rows]


def value(text: str) -> object:
    if re.fullmatch(r"[-−]?[\d,]*\.?\d+([eE][-+]?\d+)?", text):
        return float(text.replace(",", "").replace("−", "-"))
    return {"true": True, "false": False}.get(text, text)


def agree(got: list[tuple], want: list[tuple], within: float = 1e-9) -> None:
    """Asserts that two tables are the same; numbers may differ by within."""
    assert len(got) == len(want), f"{len(got)} rows, not {len(want)}: {got}"
    for number, (have, must) in enumerate(zip(got, want)):
        assert len(have) == len(must), f"row {number}: {have}, not {must}"
        for a, b in zip(have, must):
            same = abs(a - b) <= within if number_like(a) and number_like(b) else a == b
            assert same, f"row {number}: {have}, not {must}"


def number_like(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
