"""Every module stands on a floor and imports only what lies below it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import carbon

HOUSE = Path(carbon.__file__).parent

# Packages count as one module. `carbon` itself gives only its version and the doors.
FLOORS = (
    (
        "errors",
        "schema",
        "units",
        "fields",
        "aims",
        "areas",
        "metering",
        "layouts",
        "performance",
        "settings",
        "records",
        "certificates",
        "gazetteer",
        "clearsky",
        "pvwatts",
        "connection",
    ),
    ("engine", "fusion"),
    ("readers", "ledger", "library", "coefficient", "scenarios", "planning", "floor_area"),
    ("inputs", "pedigree", "pipeline", "targets"),
    ("run",),
    (
        "tables",
        "abatement",
        "basis",
        "chp",
        "claims",
        "boundary",
        "base_year",
        "completeness",
        "inventory",
        "energy",
        "pue",
        "solar",
        "indicators",
        "consumption",
        "weather",
        "kpi",
        "goals",
        "cases",
        "leakage",
        "meters",
        "closing",
        "coverage",
        "estimates",
        "restating",
        "template",
        "catalogue",
        "editions",
        "export",
        "explain",
        "findings",
        "outlook",
        "pledges",
        "sensitivity",
        "uncertainty",
        "waterfall",
        "nowcast",
        "neutrality",
    ),
    ("render",),
    ("book", "demo", "form", "cli", "__init__"),
)
FLOOR = {module: number for number, modules in enumerate(FLOORS) for module in modules}

# Steps on one floor: who may read whom. Words may all raise errors.
SIDEWAYS = {
    *((module, "errors") for module in FLOORS[0]),
    ("settings", "schema"),
    ("settings", "clearsky"),
    ("pvwatts", "clearsky"),
    ("coefficient", "library"),
    ("chp", "tables"),
    ("settings", "aims"),
    ("settings", "areas"),
    ("settings", "metering"),
    ("settings", "fields"),
    ("settings", "performance"),
    ("performance", "fields"),
    ("performance", "units"),
    ("records", "performance"),
    ("indicators", "tables"),
    ("findings", "indicators"),
    ("consumption", "energy"),
    ("consumption", "estimates"),
    ("consumption", "tables"),
    ("goals", "consumption"),
    ("kpi", "consumption"),
    ("kpi", "inventory"),
    ("kpi", "tables"),
    ("kpi", "weather"),
    ("goals", "inventory"),
    ("goals", "tables"),
    ("cases", "goals"),
    ("cases", "inventory"),
    ("cases", "tables"),
    ("findings", "cases"),
    ("findings", "consumption"),
    ("findings", "goals"),
    ("neutrality", "base_year"),
    ("neutrality", "basis"),
    ("neutrality", "inventory"),
    ("neutrality", "outlook"),
    ("neutrality", "tables"),
    ("nowcast", "findings"),
    ("nowcast", "inventory"),
    ("nowcast", "tables"),
    ("abatement", "base_year"),
    ("abatement", "claims"),
    ("abatement", "inventory"),
    ("abatement", "outlook"),
    ("sensitivity", "base_year"),
    ("sensitivity", "inventory"),
    ("sensitivity", "outlook"),
    ("sensitivity", "tables"),
    ("sensitivity", "uncertainty"),
    ("abatement", "tables"),
    ("boundary", "tables"),
    ("base_year", "boundary"),
    ("completeness", "inventory"),
    ("completeness", "tables"),
    ("findings", "completeness"),
    ("outlook", "base_year"),
    ("outlook", "goals"),
    ("outlook", "pledges"),
    ("base_year", "inventory"),
    ("base_year", "tables"),
    ("boundary", "inventory"),
    ("floor_area", "library"),
    ("explain", "tables"),
    ("explain", "leakage"),
    ("leakage", "tables"),
    ("findings", "leakage"),
    ("findings", "estimates"),
    ("inventory", "tables"),
    ("energy", "tables"),
    ("pue", "tables"),
    ("solar", "tables"),
    ("findings", "solar"),
    ("pue", "inventory"),
    ("meters", "consumption"),
    ("meters", "tables"),
    ("findings", "meters"),
    ("inventory", "basis"),
    ("inventory", "estimates"),
    ("claims", "tables"),
    ("outlook", "claims"),
    ("findings", "basis"),
    ("explain", "basis"),
    ("restating", "tables"),
    ("restating", "basis"),
    ("restating", "closing"),
    ("restating", "inventory"),
    ("closing", "basis"),
    ("coverage", "tables"),
    ("catalogue", "tables"),
    ("editions", "tables"),
    ("editions", "inventory"),
    ("closing", "inventory"),
    ("findings", "restating"),
    ("findings", "tables"),
    ("findings", "base_year"),
    ("findings", "inventory"),
    ("outlook", "basis"),
    ("outlook", "tables"),
    ("outlook", "uncertainty"),
    ("uncertainty", "tables"),
    ("uncertainty", "leakage"),
    ("outlook", "catalogue"),
    ("outlook", "inventory"),
    ("outlook", "findings"),
    ("template", "completeness"),
    ("waterfall", "tables"),
    ("waterfall", "basis"),
    ("book", "demo"),
    ("book", "form"),
    ("cli", "form"),
    ("cli", "book"),
    ("__init__", "book"),
}


def module_of(path: Path) -> str:
    """The module or package that a file belongs to."""
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def imported(text: str) -> set[str]:
    """The modules of ours that a source imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module == "carbon":
            names = [f"carbon.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        elif isinstance(node, ast.ImportFrom):
            names = ["carbon.relative"]  # every import says its whole name
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("carbon.")}
    return found - {"__version__"}


def is_allowed(module: str, other: str) -> bool:
    if module == other or (module, other) in SIDEWAYS:
        return True
    return FLOOR.get(other, len(FLOORS)) < FLOOR[module]


SOURCES = sorted(HOUSE.rglob("*.py"))


def test_every_module_has_a_floor():
    assert {module_of(path) for path in SOURCES} == set(FLOOR)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_module_imports_only_lower_floors(path):
    module = module_of(path)
    wrong = {
        other
        for other in imported(path.read_text(encoding="utf-8"))
        if not is_allowed(module, other)
    }
    assert not wrong, f"{module} imports {sorted(wrong)}"


def test_the_page_on_decisions_lists_every_floor():
    page = (HOUSE.parent / "docs" / "decisions.md").read_text(encoding="utf-8")
    told = [
        {name.strip("/") for name in re.findall(r"`([a-z_]+/?)`", line.split("(reads")[0])}
        for line in page.splitlines()
        if re.match(r"\| \d ", line)
    ]
    assert [{*modules} - {"__init__"} for modules in FLOORS] == [names - {"sql"} for names in told]


def test_an_import_is_found_wherever_it_stands():
    text = """
import carbon.book
from carbon import ledger, __version__
def later():
    from carbon.render.chart import chart
if TYPE_CHECKING:
    from carbon.run import Run
from . import hidden
"""
    assert imported(text) == {"book", "ledger", "render", "run", "relative"}


@pytest.mark.parametrize(
    ("module", "other", "is_right"),
    [
        ("engine", "schema", True),
        ("schema", "engine", False),
        ("ledger", "readers", False),
        ("errors", "units", False),
        ("units", "errors", True),
        ("render", "book", False),
        ("readers", "readers", True),
        ("book", "unheard_of", False),
    ],
)
def test_only_what_lies_below_is_allowed(module, other, is_right):
    assert is_allowed(module, other) is is_right
