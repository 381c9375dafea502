"""Every method has a page, its SQL or the reason why it needs none, and a published example."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

import pytest

from carbon.pipeline import STEPS

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "methods").glob("[!R]*.md"))
SECTIONS = ["Equation", "Inputs", "Source", "Worked example", "Limits"]
HEAD = re.compile(r"^\| (methods|activities|SQL|examples) \| (.+) \|$", re.MULTILINE)


def heads(page: Path) -> dict[str, str]:
    """What the table at the top of a page says."""
    return dict(HEAD.findall(page.read_text(encoding="utf-8")))


def names(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def methods() -> list[dict[str, str]]:
    text = (ROOT / "emission_factors" / "methods.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if line[:1] != "#"))


def cited(page: Path) -> list[str]:
    """The publications that the tests of a page are marked with."""
    tests = ROOT / "tests" / f"test_method_{page.stem.replace('-', '_')}.py"
    if not tests.exists():
        return []
    return [
        mark.args[0].value
        for function in ast.walk(ast.parse(tests.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_")
        for mark in function.decorator_list
        if isinstance(mark, ast.Call)
        and ast.unparse(mark.func) == "published"
        and isinstance(mark.args[0], ast.Constant)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_its_sections_in_order(page):
    found = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert [section for section in found if section in SECTIONS] == SECTIONS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_names_its_methods_and_its_sql_or_why_it_has_none(page):
    said = heads(page)
    assert set(said) >= {"methods", "SQL"}
    assert names(said["methods"]) <= {row["method"] for row in methods()}
    files = {name for name in names(said["SQL"]) if name.endswith(".sql")}
    assert all((ROOT / "carbon" / "sql" / name).exists() for name in files)
    assert files or said["SQL"].startswith("none: ")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_carries_a_published_example_that_a_test_computes(page):
    found = cited(page)
    assert found
    text = " ".join(page.read_text(encoding="utf-8").split())
    assert [each for each in found if each not in text] == []


def test_every_activity_and_every_method_stands_on_a_page():
    told = [heads(page) for page in PAGES]
    on_pages = {name for said in told for name in names(said.get("activities", ""))}
    assert {row["activity"] for row in methods()} <= on_pages
    assert {row["method"] for row in methods()} <= {
        name for said in told for name in names(said["methods"])
    }


def test_every_flow_stands_on_a_page():
    told = {name for page in PAGES for name in names(heads(page)["SQL"])}
    assert {f"{file}.sql" for name, file in STEPS if name.startswith("flow_")} <= told
