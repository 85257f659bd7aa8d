"""The catalog in the Spark panel: the tree, its search, names into cells, rows of a table."""
import re

import pytest
from playwright.sync_api import Locator, expect

import axe
from lab import Lab, Server, page_of
from panel import Panel

KERNEL = "Go (Spark)"
SLOW = "%%sql\nselect sum(id % 7) from range(0, 400000000000, 1, 64)"
NAMES = """%%sql
DROP SCHEMA IF EXISTS seen_by_tree CASCADE;
CREATE SCHEMA seen_by_tree;
CREATE TABLE seen_by_tree.flown (id INT, `left seat` STRING) USING parquet;
INSERT INTO seen_by_tree.flown VALUES (41, 'x'), (42, 'y');
CREATE VIEW seen_by_tree.counted AS SELECT count(*) AS n FROM range(3);
CREATE OR REPLACE TEMP VIEW `odd name` AS SELECT 1 AS one"""
pytestmark = pytest.mark.usefixtures("picture_of_a_failure")


@pytest.fixture(scope="module")
def lab(runtime, tmp_path_factory):
    server = Server(runtime.env, tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("notebooks"))
    with page_of(server) as lab:
        lab.open()
        yield lab


@pytest.fixture(scope="module")
def panel(lab, faults):
    panel = Panel(lab).open()
    panel.root.get_by_role("tab", name="Catalog").click()
    return panel


def row(panel: Panel, name: str) -> Locator:
    name = panel.page.locator(".gs-name", has_text=re.compile(f"^{re.escape(name)}$"))
    return panel.root.get_by_role("treeitem").filter(has=name)


def press(panel: Panel, *keys: str) -> None:
    for key in keys:
        panel.page.keyboard.press(key)


def last_cell(lab: Lab) -> Locator:
    """An empty cell at the end of the notebook, in which the cursor stands."""
    cell = lab.notebook().panel.locator(".jp-Notebook-cell").last
    cell.locator(".cm-content").click()
    lab.page.keyboard.press("Control+A")
    lab.page.keyboard.press("Delete")
    return cell


def test_without_a_session(lab, panel):
    expect(panel.root).to_contain_text("Tables and views are those of a session")
    expect(panel.button("Start Spark")).to_be_visible()
    assert panel.faults() == []
    lab.shot("catalog-without")


def test_tree_loads(lab, panel):
    notebook = lab.new_notebook(KERNEL)
    notebook.run(NAMES)
    expect(row(panel, "spark_catalog")).to_have_attribute("aria-expanded", "true")
    expect(row(panel, "odd name")).to_be_visible()
    row(panel, "seen_by_tree").click()
    expect(row(panel, "flown")).to_have_attribute("aria-level", "3")
    expect(row(panel, "counted")).to_have_attribute("title", re.compile("view"))


def test_keys(lab, panel):
    tree = panel.root.get_by_role("tree")
    row(panel, "seen_by_tree").click()  # closed
    expect(row(panel, "flown")).to_have_count(0)
    tree.focus()
    press(panel, "ArrowRight")
    expect(row(panel, "counted")).to_be_visible()
    press(panel, "ArrowRight")
    expect(row(panel, "counted")).to_have_attribute("aria-selected", "true")
    press(panel, "ArrowDown", "ArrowRight")
    expect(row(panel, "left seat")).to_contain_text("string")
    expect(row(panel, "id")).to_contain_text("int")
    press(panel, "ArrowRight", "ArrowDown")
    expect(row(panel, "left seat")).to_have_attribute("aria-selected", "true")
    press(panel, "ArrowLeft")
    expect(row(panel, "flown")).to_have_attribute("aria-selected", "true")
    assert panel.faults() == []
    lab.shot("catalog-tree")
    lab.picture("catalog", panel.root)


def test_enter_double_click_and_drag_write_names(lab, panel):
    cell = last_cell(lab)
    lab.page.keyboard.insert_text("%%sql\nselect ")
    row(panel, "left seat").dblclick()
    expect(cell.locator(".cm-content")).to_contain_text("select `left seat`")
    lab.page.keyboard.insert_text(" from ")
    row(panel, "flown").click()
    panel.root.get_by_role("tree").focus()
    press(panel, "Enter")
    expect(cell.locator(".cm-content")).to_contain_text("from seen_by_tree.flown")
    row(panel, "odd name").drag_to(cell.locator(".cm-line").last)
    expect(cell.locator(".cm-content")).to_contain_text("`odd name`")
    lab.shot("catalog-names")


def test_preview(lab, panel):
    flown = row(panel, "flown")
    flown.hover()
    flown.get_by_role("button", name="Preview").click()
    rows = lab.page.locator(".gs-Preview")
    expect(rows.locator("tbody tr")).to_have_count(2)
    expect(rows).to_contain_text("42")
    assert axe.look(lab.page, rows) == []
    lab.shot("catalog-preview")
    lab.page.locator(".lm-TabBar-tab", has_text="flown").locator(".lm-TabBar-tabCloseIcon").click()
    expect(rows).to_have_count(0)


def test_context_menu(lab, panel):
    row(panel, "counted").click(button="right")
    lab.page.locator(".lm-Menu-item", has_text="Preview rows").click()
    expect(lab.page.locator(".gs-Preview tbody")).to_contain_text("3")
    lab.page.locator(".lm-TabBar-tab", has_text="counted").locator(".lm-TabBar-tabCloseIcon").click()


def test_search(lab, panel):
    box = panel.root.locator(".gs-CatalogBar input")
    box.fill("own")
    expect(row(panel, "flown")).to_contain_text("spark_catalog.seen_by_tree")
    expect(row(panel, "seen_by_tree")).to_have_count(0)
    box.fill("seat")
    expect(row(panel, "left seat")).to_contain_text("seen_by_tree.flown")
    lab.shot("catalog-search")
    box.fill("no_such_name")
    expect(panel.root).to_contain_text("Nothing has “no_such_name” in its name")
    box.fill("")
    expect(row(panel, "spark_catalog")).to_be_visible()


def test_statements_reach_the_tree(lab, panel):
    last_cell(lab)
    lab.notebook().run("%%sql\nDROP VIEW seen_by_tree.counted; CREATE TABLE seen_by_tree.newer (a INT) USING parquet")
    expect(row(panel, "newer")).to_be_visible()
    expect(row(panel, "counted")).to_have_count(0)


def test_beside_a_running_cell(lab, panel):
    last_cell(lab)
    notebook = lab.notebook()
    cell = notebook.run(SLOW, wait=False)
    row(panel, "newer").locator(".gs-twisty").click()
    expect(row(panel, "a")).to_contain_text("int")
    notebook.button("interrupt")
    notebook.wait(cell)


def test_dark(lab, panel):
    lab.theme("JupyterLab Dark")
    row(panel, "flown").hover()
    row(panel, "flown").get_by_role("button", name="Preview").click()
    expect(lab.page.locator(".gs-Preview tbody tr")).to_have_count(2)
    assert panel.faults() == []
    lab.shot("catalog-dark")


def test_nothing_went_wrong_in_the_page(lab, faults):
    lab.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", has_text="Untitled.ipynb").click()  # the preview is in front
    last_cell(lab)
    lab.notebook().run("%sql DROP SCHEMA seen_by_tree CASCADE")
    assert faults == []
