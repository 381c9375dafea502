"""Faults of the factor library: every row is looked at, and all faults are told together.

`lint` reads the files of the library as text, `lint_own` those of a book; both give problems and
never stop at the first. A set that would be completed in silence, or that stands in the way of
another one, is a fault here, so that no rule about sets has to be trusted to whoever adds one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from carbon.errors import Problem, UnitError, nearest
from carbon.library.chp import lint_efficiencies
from carbon.library.files import (
    COLUMNS,
    as_own,
    blend_row,
    listed,
    own_editions,
    read_folder,
    read_rows,
)
from carbon.library.fuel_blends import lint_fuel_blends
from carbon.library.measure import GWP_SETS, measure
from carbon.library.rows import Known, Row, fault, number, readable, repeated, word
from carbon.library.set_faults import lint_sets
from carbon.library.words import CONFIDENCES, EDITION_COLUMNS, FACTORS, WORLD
from carbon.units import unit

ENERGY = "standard_coal/"  # taken beside the factor, to count what was used
LEVELS = ("utility", "province", "state", "grid", "country", "world")
NEEDED = ("AR6",)  # GWP sets in which a refrigerant must have a value
MAY = {"redistribution": "yes"}  # a book keeps what it is licensed to use
HEADER = ("# Source:", "# Licence:", "# Attribution:", "# Doubts:")
REDISTRIBUTIONS = ("yes", "excerpt", "no")


def lint(folder: Path | None = None, own: Mapping[str, str] | None = None) -> list[Problem]:
    """Every fault in the library's files and the book's own editions; none where all is well."""
    texts, _ = read_folder(folder)
    faults: list[Problem] = []
    tables: dict[str, list[Row]] = {}
    for name, columns in COLUMNS.items():
        tables[name] = readable(texts[name], name, columns, faults)
    known = Known.of(tables)
    faults += _lint_sources(tables["sources.csv"])
    faults += _lint_regions(tables["regions.csv"], known)
    faults += _lint_gwp(tables, known)
    faults += _lint_methods(tables["methods.csv"])
    faults += _lint_instruments(tables["instruments.csv"], known)
    kinds = {row["kind"] for row in tables["instruments.csv"]}
    faults += _lint_criteria(tables["criteria.csv"], known, kinds)
    faults += _lint_withheld(tables["withheld.csv"], known)
    rows = [Row(each.file, each.number, blend_row(each.cells)) for each in tables["blends.csv"]]
    for name, text in sorted(texts.items()):
        if name.startswith("editions/"):
            faults += _lint_header(name, text)
            rows += readable(text, name, EDITION_COLUMNS, faults)
    faults += lint_sets(rows, known)
    faults += _lint_topics(tables["methods.csv"], rows)
    faults += lint_efficiencies(tables["chp.csv"], known)
    topics = {row["topic"] for row in rows}
    faults += lint_fuel_blends(tables["fuel_blends.csv"], known, topics)
    published = {row["set_id"] for row in rows}
    return faults + (lint_own(texts, own, published) if own else [])


def _lint_header(name: str, text: str) -> list[Problem]:
    """What an edition must say of itself before its first row."""
    said = [line for line in text.splitlines() if line.startswith("#")]
    lacking = [start for start in HEADER if not any(line.startswith(start) for line in said)]
    if not said or said[0].startswith(HEADER):
        lacking.insert(0, "# and what it holds")
    message = f"{name} lacks {', '.join(lacking)} before its first row"
    return [fault("no-header", message, Row(name, 1, {}))] if lacking else []


def _lint_sources(rows: Iterable[Row]) -> list[Problem]:
    faults: list[Problem] = []
    for row in rows:
        for column, code in (
            ("publisher", "no-publisher"),
            ("title", "no-title"),
            ("licence", "no-licence"),
        ):
            if not row[column].strip():
                message = f"source {row['source_id']} states no {column}"
                faults.append(fault(code, message, row))
        if not _is_date(row["published_on"]):
            message = f"{row['published_on']!r} is no date"
            faults.append(fault("bad-date", message, row, fix="write it like 2024-04-12"))
        faults += word(row, "redistribution", REDISTRIBUTIONS, "unknown-redistribution")
    return faults + repeated(rows, "source_id")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _lint_regions(rows: Iterable[Row], known: Known) -> list[Problem]:
    faults: list[Problem] = []
    for row in rows:
        faults += word(row, "level", LEVELS, "unknown-level")
        if row["year_starts"] not in ("", *map(str, range(1, 13))):
            message = f"{row['year_starts']!r} is no month of a year"
            faults.append(fault("bad-month", message, row, fix="write 4 for April, or nothing"))
        if row["region"] != WORLD:
            faults += word(row, "parent", known.regions or (), "unknown-region")
    return faults + repeated(rows, "region", "parent")


def _lint_gwp(tables: Mapping[str, list[Row]], known: Known) -> list[Problem]:
    faults: list[Problem] = []
    for row in tables["gwp.csv"]:
        faults += word(row, "gwp_set", GWP_SETS, "unknown-gwp-set")
        faults += word(row, "gas", known.gases, "unknown-gas")
        faults += word(row, "source_id", known.sources, "unknown-source")
        faults += word(row, "confidence", CONFIDENCES, "unknown-confidence")
        faults += number(row, "value")
    have = {(row["gwp_set"], row["gas"]) for row in tables["gwp.csv"]}
    leaking = {row["gas"] for row in tables["blends.csv"]}
    for row in tables["gases.csv"]:
        faults += word(row, "is_in_scopes", ("true", "false"), "bad-truth")
        if row["kind"] in ("unsplit", "energy"):
            continue
        needed = NEEDED if row["gas"] in leaking else ()
        lacking = [name for name in needed if (name, row["gas"]) not in have]
        if not any((name, row["gas"]) in have for name in GWP_SETS):
            lacking = ["any"]
        if lacking:
            message = f"{row['gas']} has no {' or '.join(lacking)} value"
            faults.append(fault("no-gwp", message, row))
    return (
        faults
        + repeated(tables["gwp.csv"], "gwp_set", "gas")
        + repeated(tables["gases.csv"], "gas")
    )


def _lint_methods(rows: Iterable[Row]) -> list[Problem]:
    faults: list[Problem] = []
    taken: dict[str, str] = {}
    for row in rows:
        for column in ("is_detailed", "is_continuous"):
            faults += word(row, column, ("true", "false"), "bad-truth")
        for each in listed(row["units"]):
            try:
                plain = unit(each)
            except UnitError as found:
                faults.append(fault("unknown-unit", found.message, row))
                continue
            if plain.canonical != each:
                message = f"{each} is not canonical: {plain.canonical} is"
                faults.append(fault("unknown-unit", message, row))
        for name in (row["activity"], *listed(row["names"])):
            if taken.setdefault(name.lower(), row["activity"]) != row["activity"]:
                message = f"{name!r} means {taken[name.lower()]} and {row['activity']}"
                faults.append(fault("ambiguous-name", message, row))
    return faults + repeated(rows, "activity")


def _lint_instruments(rows: Iterable[Row], known: Known) -> list[Problem]:
    faults: list[Problem] = []
    for row in rows:
        faults += word(row, "source_id", known.sources, "unknown-source")
        faults += number(row, "factor_g_per_kwh") if row["factor_g_per_kwh"] else []
        for each in listed(row["until"]):
            if not re.fullmatch("[A-Z]{2} [0-9]{4}", each):
                message = f"{each!r} is no market with its last year"
                faults.append(fault("bad-until", message, row, fix="write it like CN 2024"))
        for market in (*listed(row["markets"]), *(each[:2] for each in listed(row["until"]))):
            if known.regions is not None and market not in known.regions:
                message = f"{market!r} is no market the library knows"
                faults.append(fault("unknown-region", message, row))
    return faults + repeated(rows, "kind")


def _lint_criteria(rows: Iterable[Row], known: Known, kinds: Collection[str]) -> list[Problem]:
    faults: list[Problem] = []
    for row in rows:
        faults += word(row, "source_id", known.sources, "unknown-source")
        faults += number(row, "order")
        for kind in (*listed(row["kinds"]), *listed(row["except_kinds"])):
            if kind not in kinds:
                message = f"{kind!r} is no kind of instrument"
                faults.append(fault("unknown-kind", message, row))
    return faults + repeated(rows, "criterion")


def _lint_withheld(rows: Iterable[Row], known: Known) -> list[Problem]:
    faults: list[Problem] = []
    for row in rows:
        faults += word(row, "source_id", known.sources, "unknown-source")
        for region in listed(row["regions"]):
            if known.regions is not None and region not in known.regions:
                message = f"{region!r} is no region the library knows"
                faults.append(fault("unknown-region", message, row))
        source = known.sources.get(row["source_id"])
        if source is not None and source["redistribution"] != "no":
            message = f"{row['withheld_id']} is withheld, but its source may be passed on"
            faults.append(fault("not-withheld", message, row, fix="make an edition of it"))
        try:
            measure(row["unit"])
        except UnitError as found:
            faults.append(fault("unknown-unit", found.message, row, found.looked_for))
        if not row["where_to_get"]:
            message = f"{row['withheld_id']} does not say where to get it"
            faults.append(fault("no-where", message, row))
    return faults + repeated(rows, "withheld_id")


# Topics that nobody publishes for all: the supplier states it, and the book brings it.
SUPPLIERS_OWN = ("cooling",)


def _lint_topics(methods: Iterable[Row], rows: Iterable[Row]) -> list[Problem]:
    """Activities that no set of the library could ever serve."""
    topics = {row["topic"] for row in rows}
    stems = {
        "/".join(topic.split("/")[:n]) for topic in topics for n in range(1, topic.count("/") + 1)
    }
    return [
        fault(
            "topic-without-set",
            f"{row['activity']} takes its factor from {row['topic']}, of which there is no set",
            row,
        )
        for row in methods
        if row["topic"]
        and row["topic"] not in (stems if row["is_detailed"] == "true" else topics)
        and row["topic"] not in SUPPLIERS_OWN
    ]


def untaken(texts: Mapping[str, str], own: Mapping[str, str]) -> list[Problem]:
    """Warnings of own sets whose topic no activity takes its factor from."""
    methods = [row for _, row in read_rows(texts["methods.csv"], "", COLUMNS["methods.csv"])]
    topics = {row["topic"] for row in methods if row["topic"]}
    stems = tuple(f"{row['topic']}/" for row in methods if row["is_detailed"] == "true")
    faults: dict[str, Problem] = {}
    for name, text in own_editions(own).items():
        for row in readable(text, f"factors/{name}", EDITION_COLUMNS, []):
            topic = row["topic"]
            is_factor = topic.partition("/")[0] in FACTORS and not topic.startswith(ENERGY)
            if not is_factor or topic in topics or topic.startswith(stems):
                continue
            message = (
                f"no activity takes its factor from {topic}, so {row['set_id']} serves nothing"
            )
            fix = "write the topic as carbon factors search tells it"
            told = fault("untaken-topic", message, row, near=nearest(topic, topics), fix=fix)
            faults.setdefault(row["set_id"], replace(told, severity="warning"))
    return [*faults.values()]


def lint_own(
    texts: Mapping[str, str], own: Mapping[str, str], published: Collection[str]
) -> list[Problem]:
    """Faults of the book's own editions. Their regions may be sites and meters of the book.

    published : the names of the library's sets, which no other set may take.
    """
    faults: list[Problem] = []
    sources = readable(texts["sources.csv"], "sources.csv", COLUMNS["sources.csv"], faults)
    if "sources.csv" in own:
        mine = readable(own["sources.csv"], "factors/sources.csv", COLUMNS["sources.csv"], faults)
        faults += _lint_sources(mine)
        sources += mine
    gases = readable(texts["gases.csv"], "gases.csv", COLUMNS["gases.csv"], faults)
    rows: list[Row] = []
    for name, text in own_editions(own).items():
        found = readable(text, f"factors/{name}", EDITION_COLUMNS, faults)
        rows += [Row(row.file, row.number, as_own(row.cells)) for row in found]
    named = {row["source_id"]: Row(row.file, row.number, row.cells | MAY) for row in sources}
    for row in rows:
        if row["set_id"] in published:
            message = f"{row['set_id']} is the name of a published set"
            faults.append(fault("repeated", message, row, fix="give it a name of its own"))
        if row["source_id"].strip():
            stand_in = {"published_on": "1900-01-01"} | MAY
            named.setdefault(row["source_id"], Row(row.file, row.number, stand_in))
    return faults + lint_sets(rows, Known(named, None, frozenset(row["gas"] for row in gases)))
