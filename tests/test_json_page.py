"""What docs/json.md promises of every table: its name, and keys that end in their unit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import carbon

HOUSE = Path(carbon.__file__).parent
PAGE = HOUSE.parent / "docs" / "json.md"
ON_SCREEN = {"legend", "preview"}  # tables that no machine is handed
ENDINGS = {
    "t CO2e": ("_t",),
    "t": ("_t",),
    "tce": ("_t",),
    "kg": ("_kg",),
    "kg CO2e": ("_kg",),
    "g": ("_g",),
    "g per unit": ("_g",),
    "MWh": ("_mwh",),
    "kWh": ("_kwh",),
    "kg/kWh": ("_kg_per_kwh",),
    "days": ("_days",),
    "%": ("share",),
    "± %": ("share",),
}


def called(name: str, text: str) -> Iterator[list[object]]:
    """The constant arguments of every call of a class, None for those that are worked out."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
            given = [*node.args, *(each.value for each in node.keywords if each.arg == "unit")]
            yield [each.value if isinstance(each, ast.Constant) else None for each in given]


def built() -> set[str]:
    """The names of all tables that the program makes."""
    texts = [path.read_text(encoding="utf-8") for path in HOUSE.rglob("*.py")]
    return {str(given[0]) for text in texts for given in called("Table", text) if given[0]}


def misnamed(text: str) -> list[str]:
    """Keys of columns that do not end in the unit said beside them."""
    return [
        str(key)
        for key, _, *rest in called("Column", text)
        if key and rest and rest[0] in ENDINGS and not str(key).endswith(ENDINGS[rest[0]])
    ]


def test_every_table_is_named_on_the_page_and_no_other():
    section = PAGE.read_text(encoding="utf-8").partition("## Tables")[2].partition("\n- ")[0]
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == built() - ON_SCREEN


def test_a_key_ends_in_its_unit():
    texts = [path.read_text(encoding="utf-8") for path in HOUSE.rglob("*.py")]
    assert [key for text in texts for key in misnamed(text)] == []


def test_a_key_that_hides_its_unit_is_found():
    text = 'Column("energy", "Energy", "MWh"), Column("mass_t", "Mass", "t CO2e", "mass")'
    assert misnamed(text) == ["energy"]
