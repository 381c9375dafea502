"""Faults of the factor library: every row is looked at, and all faults are told together.

`lint` reads the files of the library as text, `lint_own` those of a book; both give problems and
never stop at the first. A set that would be completed in silence, or that stands in the way of
another one, is a fault here, so that no rule about sets has to be trusted to whoever adds one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from carbon.errors import FactorError, Problem, UnitError, nearest
from carbon.library.files import (
    COLUMNS,
    EDITION_COLUMNS,
    as_own,
    blend_row,
    listed,
    own_editions,
    read_folder,
    read_rows,
)
from carbon.library.model import WORLD, measure
from carbon.units import unit

SET_COLUMNS = (*EDITION_COLUMNS.split()[:7], "source_id")  # the same in every row of a set
GASES_OF_SETS = ("CO2", "CH4_fossil", "CH4_biogenic", "N2O", "CO2e", "CO2_biogenic")
QUANTITIES = (
    *GASES_OF_SETS,
    "heating_value",
    "carbon_content",
    "oxidised",
    "density",
    "standard_coal",
)
FAMILIES = ("electricity", "fuel", "refrigerant", "travel", "heat", "standard_coal")
ACCOUNTINGS = ("all", "location", "market")
CONFIDENCES = ("high", "medium", "low")  # low is never a default
LEVELS = ("utility", "province", "grid", "country", "world")
GWP_SETS = ("AR4", "AR5", "AR6")
REDISTRIBUTIONS = ("yes", "excerpt", "no")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")


def lint(folder: Path | None = None, own: Mapping[str, str] | None = None) -> list[Problem]:
    """Every fault in the library's files and the book's own editions; none where all is well."""
    texts, _ = read_folder(folder)
    faults: list[Problem] = []
    tables: dict[str, list[_Row]] = {}
    for name, columns in COLUMNS.items():
        tables[name] = _readable(texts[name], name, columns, faults)
    known = _Known.of(tables)
    faults += _lint_sources(tables["sources.csv"])
    faults += _lint_regions(tables["regions.csv"], known)
    faults += _lint_gwp(tables, known)
    faults += _lint_methods(tables["methods.csv"])
    faults += _lint_instruments(tables["instruments.csv"], known)
    rows = [_Row(each.file, each.number, blend_row(each.cells)) for each in tables["blends.csv"]]
    for name, text in sorted(texts.items()):
        if name.startswith("editions/"):
            if not text.startswith("# "):
                first = _Row(name, 1, {})
                faults.append(_fault("no-comment", f"{name} does not say what it holds", first))
            rows += _readable(text, name, EDITION_COLUMNS, faults)
    faults += _lint_sets(rows, known)
    faults += _lint_topics(tables["methods.csv"], rows)
    return faults + (lint_own(texts, own) if own else [])


@dataclass(frozen=True, slots=True)
class _Row:
    file: str
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True)
class _Known:
    """The words rows may refer to."""

    sources: Mapping[str, _Row]
    regions: frozenset[str] | None  # None where sites and meters count as regions, too
    gases: frozenset[str]

    @classmethod
    def of(cls, tables: Mapping[str, list[_Row]]) -> _Known:
        return cls(
            {row["source_id"]: row for row in tables["sources.csv"]},
            frozenset(row["region"] for row in tables["regions.csv"]),
            frozenset(row["gas"] for row in tables["gases.csv"]),
        )


def _readable(text: str, file: str, columns: str, faults: list[Problem]) -> list[_Row]:
    """The rows of a table as far as it can be read; where it cannot, a fault more."""
    rows: list[_Row] = []
    try:
        for number, cells in read_rows(text, file, columns):
            rows.append(_Row(file, number, cells))
    except FactorError as fault:
        number = int(fault.where.rpartition("row ")[2]) if "row " in fault.where else 0
        spot = _Row(file, number, {})
        faults.append(_fault(fault.code, fault.message, spot, fault.looked_for, fix=fault.remedy))
    return rows


def _fault(
    code: str, message: str, row: _Row, looked_for: str = "", near: str = "", fix: str = ""
) -> Problem:
    return Problem(
        code,
        "error",
        message,
        looked_for=looked_for,
        nearest=near,
        remedy=fix,
        file=row.file,
        row=row.number,
    )


def _word(row: _Row, column: str, allowed: Iterable[str], code: str) -> list[Problem]:
    """A fault where a cell holds none of the words allowed there."""
    said, allowed = row[column], list(allowed)
    if said in allowed:
        return []
    some = ", ".join(allowed) if len(allowed) <= 12 else ""
    close = nearest(said, allowed)
    return [
        _fault(
            code,
            f"{said!r} is no {column} the library knows",
            row,
            some,
            close,
            f"write {close!r}" if close else "",
        )
    ]


def _number(row: _Row, column: str) -> list[Problem]:
    """A fault where a cell is no plain number of zero or more, or zero without a reason."""
    said = row[column]
    if not _NUMBER.fullmatch(said) or said.startswith("-"):
        return [
            _fault(
                "bad-value",
                f"{said!r} is no {column} of zero or more",
                row,
                fix="write the number as printed, with a point and without blanks: 0.5703",
            )
        ]
    if not Decimal(said) and not row["note"]:
        return [
            _fault(
                "zero-without-reason",
                f"{column} is 0 and the note does not say why",
                row,
                fix="missing is missing, not 0: take the row out, or write why in the note",
            )
        ]
    return []


def _lint_sources(rows: Iterable[_Row]) -> list[Problem]:
    faults: list[Problem] = []
    for row in rows:
        for column, code in (
            ("publisher", "no-publisher"),
            ("title", "no-title"),
            ("licence", "no-licence"),
        ):
            if not row[column].strip():
                message = f"source {row['source_id']} states no {column}"
                faults.append(_fault(code, message, row))
        if not _is_date(row["published_on"]):
            message = f"{row['published_on']!r} is no date"
            faults.append(_fault("bad-date", message, row, fix="write it like 2024-04-12"))
        faults += _word(row, "redistribution", REDISTRIBUTIONS, "unknown-redistribution")
    return faults + _repeated(rows, "source_id")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _repeated(rows: Iterable[_Row], *columns: str) -> list[Problem]:
    """Rows whose key an earlier row has already."""
    seen: set[tuple[str, ...]] = set()
    faults: list[Problem] = []
    for row in rows:
        key = tuple(row[column] for column in columns)
        if key in seen:
            faults.append(_fault("repeated", f"{', '.join(key)} stands there twice", row))
        seen.add(key)
    return faults


def _lint_regions(rows: Iterable[_Row], known: _Known) -> list[Problem]:
    faults: list[Problem] = []
    for row in rows:
        faults += _word(row, "level", LEVELS, "unknown-level")
        if row["region"] != WORLD:
            faults += _word(row, "parent", known.regions or (), "unknown-region")
    return faults + _repeated(rows, "region", "parent")


def _lint_gwp(tables: Mapping[str, list[_Row]], known: _Known) -> list[Problem]:
    faults: list[Problem] = []
    for row in tables["gwp.csv"]:
        faults += _word(row, "gwp_set", GWP_SETS, "unknown-gwp-set")
        faults += _word(row, "gas", known.gases, "unknown-gas")
        faults += _word(row, "source_id", known.sources, "unknown-source")
        faults += _word(row, "confidence", CONFIDENCES, "unknown-confidence")
        faults += _number(row, "value")
    have = {(row["gwp_set"], row["gas"]) for row in tables["gwp.csv"]}
    for row in tables["gases.csv"]:
        faults += _word(row, "is_in_scopes", ("true", "false"), "bad-truth")
        for gwp_set in GWP_SETS:
            if (gwp_set, row["gas"]) not in have:
                message = f"{row['gas']} has no {gwp_set} value"
                faults.append(_fault("no-gwp", message, row))
    return (
        faults
        + _repeated(tables["gwp.csv"], "gwp_set", "gas")
        + _repeated(tables["gases.csv"], "gas")
    )


def _lint_methods(rows: Iterable[_Row]) -> list[Problem]:
    faults: list[Problem] = []
    taken: dict[str, str] = {}
    for row in rows:
        for column in ("is_detailed", "is_continuous"):
            faults += _word(row, column, ("true", "false"), "bad-truth")
        for each in listed(row["units"]):
            try:
                plain = unit(each)
            except UnitError as fault:
                faults.append(_fault("unknown-unit", fault.message, row))
                continue
            if plain.canonical != each:
                message = f"{each} is not canonical: {plain.canonical} is"
                faults.append(_fault("unknown-unit", message, row))
        for name in (row["activity"], *listed(row["names"])):
            if taken.setdefault(name.lower(), row["activity"]) != row["activity"]:
                message = f"{name!r} means {taken[name.lower()]} and {row['activity']}"
                faults.append(_fault("ambiguous-name", message, row))
    return faults + _repeated(rows, "activity")


def _lint_instruments(rows: Iterable[_Row], known: _Known) -> list[Problem]:
    faults: list[Problem] = []
    for row in rows:
        faults += _word(row, "source_id", known.sources, "unknown-source")
        faults += _number(row, "factor_g_per_kwh") if row["factor_g_per_kwh"] else []
        for market in listed(row["markets"]):
            if known.regions is not None and market not in known.regions:
                message = f"{market!r} is no market the library knows"
                faults.append(_fault("unknown-region", message, row))
    return faults + _repeated(rows, "kind")


def _lint_topics(methods: Iterable[_Row], rows: Iterable[_Row]) -> list[Problem]:
    """Activities that no set of the library could ever serve."""
    topics = {row["topic"] for row in rows}
    stems = {
        "/".join(topic.split("/")[:n]) for topic in topics for n in range(1, topic.count("/") + 1)
    }
    return [
        _fault(
            "topic-without-set",
            f"{row['activity']} takes its factor from {row['topic']}, of which there is no set",
            row,
        )
        for row in methods
        if row["topic"] and row["topic"] not in (stems if row["is_detailed"] == "true" else topics)
    ]


def _lint_sets(rows: Iterable[_Row], known: _Known) -> list[Problem]:
    """Faults of the rows of editions, of sets, and of sets that get in each other's way."""
    faults: list[Problem] = []
    sets: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        faults += _lint_row(row, known)
        sets[row["set_id"]].append(row)
    for several in sets.values():
        faults += _lint_set(several)
    firsts = [several[0] for several in sets.values()]
    return faults + _overlaps([row for row in firsts if not _lint_years(row)], known)


def _lint_row(row: _Row, known: _Known) -> list[Problem]:
    family = row["topic"].partition("/")[0]
    allowed = known.gases if family == "refrigerant" else QUANTITIES
    faults = _word(row, "quantity", allowed, "unknown-quantity")
    faults += _word(row, "source_id", known.sources, "unknown-source")
    faults += _word(row, "confidence", CONFIDENCES, "unknown-confidence")
    faults += _word(row, "accounting", ACCOUNTINGS, "unknown-accounting")
    if known.regions is not None:
        faults += _word(row, "region", known.regions, "unknown-region")
    if family not in FAMILIES:
        message = f"{row['topic']!r} belongs to no family of topics"
        faults.append(_fault("unknown-topic", message, row, ", ".join(FAMILIES)))
    if not row["locator"].strip():
        message = f"{row['set_id']} does not say where in its source {row['quantity']} stands"
        faults.append(_fault("no-locator", message, row))
    source = known.sources.get(row["source_id"])
    if source is not None and source["redistribution"] == "no":
        message = f"the licence of {row['source_id']} forbids to pass on its values"
        faults.append(
            _fault(
                "not-redistributable",
                message,
                row,
                fix="take the value out and say in docs/factors/gaps.md where to get it",
            )
        )
    return faults + _lint_years(row) + _lint_value(row) + _lint_unit(row)


def _lint_value(row: _Row) -> list[Problem]:
    """A fault where a value is no number, or out of the range of its quantity."""
    faults = _number(row, "value")
    if not _NUMBER.fullmatch(row["value"]):
        return faults
    number, quantity = Decimal(row["value"]), row["quantity"]
    if quantity == "oxidised" and number > 1:
        message = f"the oxidised share lies between 0 and 1, unlike {row['value']}"
        faults.append(_fault("bad-value", message, row, fix="write 98 % as 0.98"))
    if quantity in ("heating_value", "density") and not number:
        message = f"{quantity} cannot be 0"
        faults.append(_fault("bad-value", message, row))
    return faults


def _lint_years(row: _Row) -> list[Problem]:
    first, last = row["first_year"], row["last_year"]
    if first.isdecimal() and last.isdecimal() and 1900 <= int(first) <= int(last) <= 2200:
        return []
    message = f"the years {first} to {last} are not two years in order"
    return [_fault("bad-years", message, row, fix="write them like 2023 and 2025")]


def _lint_unit(row: _Row) -> list[Problem]:
    """A fault where a unit is unknown, or not one of its quantity."""
    try:
        meant = measure(row["unit"])
    except UnitError as fault:
        return [_fault("unknown-unit", fault.message, row, fault.looked_for)]
    family, quantity = row["topic"].partition("/")[0], row["quantity"]
    if family == "refrigerant" or quantity == "oxidised":
        wanted = "1"
    else:
        wanted = "MJ" if quantity == "heating_value" else "g"
    if meant.of == wanted:
        return []
    message = f"{row['unit']!r} is no unit of {quantity}"
    return [_fault("wrong-unit", message, row)]


def _lint_set(rows: list[_Row]) -> list[Problem]:
    """Faults of one set: rows that differ in what they share, and values it cannot do without."""
    row = rows[0]
    faults = _repeated(rows, "set_id", "quantity")
    for other in rows[1:]:
        differing = [column for column in SET_COLUMNS if other[column] != row[column]]
        if differing:
            message = f"the rows of {row['set_id']} differ in {', '.join(differing)}"
            faults.append(_fault("uneven-set", message, other))
    lacking = _lacking(row["topic"].partition("/")[0], rows)
    if lacking:
        message = f"{row['set_id']} lacks {lacking}"
        faults.append(_fault("incomplete-set", message, row))
    return faults


def _lacking(family: str, rows: list[_Row]) -> str:
    """What a set needs and has not; '' where it has all."""
    have = {row["quantity"] for row in rows}
    if family == "refrigerant":
        whole = sum(Decimal(row["value"]) for row in rows if _NUMBER.fullmatch(row["value"]))
        return "" if whole == 100 else f"{100 - whole} % of its mass"
    if family == "standard_coal":
        return "" if "standard_coal" in have else "standard_coal"
    if have & set(GASES_OF_SETS):
        return ""
    if family != "fuel":
        return "a gas: " + ", ".join(GASES_OF_SETS)
    return ", ".join(sorted({"carbon_content", "oxidised"} - have))


def _overlaps(firsts: list[_Row], known: _Known) -> list[Problem]:
    """Sets of the same series, place and year, of which none follows the other.

    A later edition may print the same year again: the newest one known at the run's date is taken.
    """
    faults: list[Problem] = []
    standing: dict[tuple[str, ...], _Row] = {}
    for row in firsts:
        source = known.sources.get(row["source_id"])
        published = source["published_on"] if source is not None else ""
        for year in range(int(row["first_year"]), int(row["last_year"]) + 1):
            key = (
                row["topic"],
                row["region"],
                row["series"],
                row["accounting"],
                str(year),
                published,
            )
            other = standing.setdefault(key, row)
            if other is not row:
                message = (
                    f"{row['set_id']} and {other['set_id']} both hold for {row['topic']}, "
                    f"{row['region']}, {row['series']}, {year}"
                )
                faults.append(_fault("overlap", message, row))
                break
    return faults


def lint_own(texts: Mapping[str, str], own: Mapping[str, str]) -> list[Problem]:
    """Faults of the book's own editions. Their regions may be sites and meters of the book."""
    faults: list[Problem] = []
    sources = _readable(texts["sources.csv"], "sources.csv", COLUMNS["sources.csv"], faults)
    if "sources.csv" in own:
        mine = _readable(own["sources.csv"], "factors/sources.csv", COLUMNS["sources.csv"], faults)
        faults += _lint_sources(mine)
        sources += [
            _Row(row.file, row.number, row.cells | {"redistribution": "yes"}) for row in mine
        ]
    gases = _readable(texts["gases.csv"], "gases.csv", COLUMNS["gases.csv"], faults)
    rows: list[_Row] = []
    for name, text in own_editions(own).items():
        found = _readable(text, f"factors/{name}", EDITION_COLUMNS, faults)
        rows += [_Row(row.file, row.number, as_own(row.cells)) for row in found]
    published = {
        row["set_id"]
        for name, text in texts.items()
        if name.startswith("editions/")
        for _, row in read_rows(text, name, EDITION_COLUMNS)
    }
    named = {row["source_id"]: row for row in sources}
    for row in rows:
        if row["set_id"] in published:
            message = f"{row['set_id']} is the name of a published set"
            faults.append(_fault("repeated", message, row, fix="give it a name of its own"))
        if row["source_id"].strip():
            stand_in = {"published_on": "1900-01-01", "redistribution": "yes"}
            named.setdefault(row["source_id"], _Row(row.file, row.number, stand_in))
    return faults + _lint_sets(rows, _Known(named, None, frozenset(row["gas"] for row in gases)))
