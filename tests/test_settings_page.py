"""The page of the settings says of every key what it means, and says it as the models do."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import Field

from carbon import demo, library
from carbon.inputs.policies import series_of
from carbon.settings import Settings, Table, read

DOCS = Path(__file__).parent.parent / "docs"
NUMBERS = ("number", "whole number", "0 to 1")  # how kinds of numbers begin


class Boiler(Table):
    title: str = ""
    power: int = Field(description="How strong it is.")
    power_kw: int = Field(description="How strong it is. [kW]")


class Untold(Table):
    boiler: list[Boiler]


@pytest.fixture(scope="module")
def page():
    spec = importlib.util.spec_from_file_location("list_settings", DOCS / "list_settings.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def written():
    return (DOCS / "settings.md").read_text(encoding="utf-8")


def silent(page, model=Settings) -> list[str]:
    """The tables and keys that do not say what they mean, or a number its unit."""
    found = []
    for place in page.tables(model):
        if not page.about(place.model).endswith("."):
            found.append(place.path)
        for key in page.keys(place):
            of = key.kind.rpartition(" = ")[2]
            if not key.meaning.endswith(".") or (of.startswith(NUMBERS) and not key.unit):
                found.append(f"{place.path}.{key.name}")
    return found


def rows(text: str) -> dict[tuple[str, str], list[str]]:
    """The cells of every key that a page lists, by table and key: ('site.meter', 'of')."""
    found, table = {}, ""
    for line in text.splitlines():
        if line.startswith("##"):
            table = line.strip("#`[] ").removesuffix(".NAME")
        elif table and line.startswith("| `"):
            key, *cells = line.strip("| ").split(" | ")
            found[table, key.strip("`")] = [cell.strip() for cell in cells]
    return found


def stated(tables: dict, headings: set[str], above: str = "") -> Iterator[tuple[str, str]]:
    """Every key of a file with its table, as deep as there are headings."""
    for key, value in tables.items():
        if above:
            yield above, key
        path = f"{above}.{key}".strip(".")
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and path in headings - {"site.sources"}:
                yield from stated(each, headings, path)


def test_the_page_is_what_the_models_say(page, written):
    assert written == page.page_text(), "run `python docs/list_settings.py`"


def test_every_table_and_key_says_what_it_means_and_every_number_its_unit(page):
    assert silent(page) == []


def test_a_key_that_says_nothing_and_a_number_without_a_unit_are_found(page):
    assert silent(page, Untold) == ["boiler", "boiler.title", "boiler.power"]


def test_a_type_that_the_page_has_no_word_for_is_refused(page):
    with pytest.raises(TypeError, match="odd"):
        page.kind(complex, [], "odd")


@pytest.mark.parametrize("sample", demo.NAMES)
def test_every_key_of_a_sample_stands_in_its_table(written, sample):
    listed = rows(written)
    found = set(stated(tomllib.loads(demo.settings_text(sample)), {table for table, _ in listed}))
    assert found - set(listed) == set()
    assert ("site", "region") in found


@pytest.mark.parametrize(
    ("table", "key", "cells"),
    [
        ("policy", "gwp", ['`"AR4"`, `"AR5"`, `"AR5-feedback"`, `"AR6"`', '`"AR6"`', ""]),
        ("policy", "control_tolerance", ["number, 0 to 1", "`0.005`", "1"]),
        ("policy", "fuel_energy", ['`"net"`, `"gross"`, or country = one of them', "", ""]),
        ("quota", "quantity", ["number, above 0", "**needed**", "as `unit` says"]),
        ("site.meter", "of", ["text", "", ""]),
        ("site.meter", "calibration_every", ['`"6 months"`, `"2 years"`', "", ""]),
        ("site.pv", "capacity_kw", ["number, above 0", "", "kW"]),
        ("entity.stake", "since", ['month, `"2023-07"`', "**needed**", ""]),
        ("target", "year", ["year, 1990 to 2100", "**needed**", ""]),
        ("target", "sites", ["list of texts", "", ""]),
        ("fuel_blend", "parts", ["name = number, above 0, to 100", "**needed**", "%"]),
        ("import", "words", ["name = (name = text)", "", ""]),
    ],
)
def test_a_row_says_how_a_key_is_written_its_default_and_its_unit(written, table, key, cells):
    assert rows(written)[table, key][:3] == cells


def test_a_country_without_a_policy_has_the_series_that_the_page_names(written):
    """Of a Chinese site, as the run itself sees it: series of no policy."""
    said = read('[organisation]\nname = "A"\n[[site]]\nname = "works"\nregion = "CN-ZJ"\n')
    (series,) = series_of(said, library.load(), "electricity", "CN")
    assert rows(written)["policy", "electricity"][1].startswith(f"CN = `{series}`;")


def test_every_page_and_heading_that_is_linked_is_there(page, written):
    headings = {page.anchor(line) for line in written.splitlines() if line.startswith("#")}
    for target in re.findall(r"\]\(([^)]+)\)", written):
        file, _, heading = target.partition("#")
        if file:
            text = (DOCS / file).read_text(encoding="utf-8")
            assert not heading or f"# {heading.replace('-', ' ')}" in text.lower(), target
        else:
            assert heading in headings, target
