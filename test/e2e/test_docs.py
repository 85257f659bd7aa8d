"""The cells that the documentation's first pages tell a person to run."""
import re

import pytest

from frontend import FrontEnd
from places import EXAMPLES, ROOT

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def cells(page: str) -> list[str]:
    """The Go of a page, and the fences without a language, which are magics."""
    found = FENCE.findall((ROOT / "docs" / page).read_text())
    return [text for language, text in found if language in ("go", "")]


@pytest.mark.parametrize("page, number", [("start.md", 2), ("tutorial.md", 8)])
def test_cells_of(page, number, runtime):
    told = cells(page)
    assert len(told) == number
    with FrontEnd(runtime.env, EXAMPLES) as notebook:
        for cell in told:
            notebook.ok(cell)
