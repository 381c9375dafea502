"""The order of the relations is one in which each reads only what stands above it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from carbon.pipeline import CHECKS, STEPS
from carbon.schema import CALCULATED, INPUT, LEDGER

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def page():
    spec = importlib.util.spec_from_file_location("list_pipeline", DOCS / "list_pipeline.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_pipeline_says(page):
    assert (DOCS / "pipeline.md").read_text(encoding="utf-8") == page.page_text(), (
        "run `python docs/list_pipeline.py`"
    )


def test_every_relation_says_why_it_stands_where_it_stands(page):
    assert list(page.WHY) == [relation for relation, _ in STEPS]


def test_a_relation_reads_only_what_stands_above_it(page):
    above = set(INPUT) | set(LEDGER)
    for relation, file in STEPS:
        assert set(page.reads(file)) <= above, relation
        above.add(relation)


def test_a_check_reads_only_what_the_pipeline_derives(page):
    for name in CHECKS:
        assert set(page.reads(f"check/{name}")) <= set(INPUT) | set(CALCULATED), name


def test_every_calculated_relation_of_the_glossary_has_a_step():
    parts = {name for name, _ in STEPS if name.startswith("flow_")}
    assert {name for name, _ in STEPS} - parts == set(CALCULATED)


def test_nothing_is_derived_that_nothing_reads(page):
    read = {each for _, file in STEPS for each in page.reads(file)}
    read |= {each for name in CHECKS for each in page.reads(f"check/{name}")}
    answers = {"coverage_month", "hour_used", "coefficient_need", "emission", "total"}  # by Python
    assert {name for name, _ in STEPS} - read <= answers
