"""The factor library: which published sets there are, and what each of them prints.

`load` reads the tables of `emission_factors/` and the book's own editions into a `Library`; `lint`
reads the same files row by row and tells every fault it finds. Values and units stay as printed:
people transcribe, `coefficient` derives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter, itemgetter
from pathlib import Path

from carbon.errors import FactorError
from carbon.library.chp import efficiencies
from carbon.library.faults import lint, lint_own
from carbon.library.files import (
    COLUMNS,
    as_own,
    blend_row,
    data_folder,
    digest_of,
    listed,
    own_editions,
    own_sources,
    read_cells,
    read_folder,
    read_rows,
)
from carbon.library.fuel_blends import FuelBlend, fuel_blends
from carbon.library.measure import Measure, measure
from carbon.library.model import (
    Criterion,
    FactorSet,
    Gas,
    Heading,
    Instrument,
    Library,
    Method,
    Potential,
    Printed,
    Region,
    Source,
    Withheld,
)
from carbon.library.words import CONFIDENCES, EDITION_COLUMNS, FIRST_YEAR, LAST_YEAR, WORLD

__all__ = [
    "COLUMNS",
    "EDITION_COLUMNS",
    "FIRST_YEAR",
    "LAST_YEAR",
    "WORLD",
    "Criterion",
    "FactorSet",
    "FuelBlend",
    "Gas",
    "Instrument",
    "Library",
    "Measure",
    "Method",
    "Printed",
    "Region",
    "Source",
    "Withheld",
    "data_folder",
    "lint",
    "load",
    "measure",
]

PLACE = {name: place for place, name in enumerate(EDITION_COLUMNS.split())}
SOURCE, CONFIDENCE = PLACE["source_id"], PLACE["confidence"]
PRINTED = itemgetter(*(PLACE[name] for name in Printed._fields))
ALWAYS = date(1900, 1, 1)  # an own record without a date of publication is known to every run


def load(folder: Path | None = None, own: Mapping[str, str] | None = None) -> Library:
    """The library, with the book's own editions added.

    folder : instead of the library that came with the program.
    own : file name -> text of the book's `factors/*.csv`.

    Raises FactorError for a table that cannot be read, and for the first fault of an own edition.
    """
    texts, digest = read_folder(folder)
    known = _published(digest, tuple(texts.items()))
    own = dict(own or {})
    if not own:
        return known
    faults = lint_own(texts, own, known.sets)
    if faults:
        first, more = faults[0], f" ({len(faults) - 1} more after it)" if len(faults) > 1 else ""
        raise FactorError(
            first.code,
            first.message + more,
            where=first.place(),
            looked_for=first.looked_for,
            nearest=first.nearest,
            remedy=first.remedy,
        )
    sources = known.sources | {row["source_id"]: _source(row) for row in own_sources(own)}
    sets = dict(known.sets)
    for name, text in own_editions(own).items():
        rows = [as_own(row) for _, row in read_rows(text, name, EDITION_COLUMNS)]
        for row in rows:
            sources.setdefault(row["source_id"], _own_source(row["source_id"]))
        cells = (list(row.values()) for row in rows)
        sets |= _sets(cells, f"own/{name.removesuffix('.csv')}", sources)
    own_digest = digest_of({name: text.encode() for name, text in own.items()})
    headings = known.headings | {
        f"own/{name.removesuffix('.csv')}": _heading(text)
        for name, text in own_editions(own).items()
    }
    return replace(known, sets=sets, sources=sources, headings=headings, own_digest=own_digest)


@lru_cache(maxsize=2)
def _published(digest: str, texts: tuple[tuple[str, str], ...]) -> Library:
    """The library as these files have it; read once, for as long as they stay the same."""
    held = dict(texts)
    tables = {
        name: [row for _, row in read_rows(held[name], name, COLUMNS[name])] for name in COLUMNS
    }
    sources = {row["source_id"]: _source(row) for row in tables["sources.csv"]}
    titles = {name: f"{each.publisher}, {each.title}" for name, each in sources.items()}
    sets = _blend_sets(tables["blends.csv"], sources)
    for name, text in held.items():
        if name.startswith("editions/"):
            cells = (row for _, row in read_cells(text, name, EDITION_COLUMNS))
            sets |= _sets(cells, name[9:-4], sources)
    blends: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for row in tables["blends.csv"]:
        blends[row["refrigerant"]][row["gas"]] = Fraction(row["mass_percent"]) / 100
    return Library(
        sets=sets,
        sources=sources,
        regions=_regions(tables["regions.csv"]),
        gases={row["gas"]: _gas(row) for row in tables["gases.csv"]},
        gwp={(row["gwp_set"], row["gas"]): Fraction(row["value"]) for row in tables["gwp.csv"]},
        potentials={
            (row["gwp_set"], row["gas"]): Potential(*(row[name] for name in Potential._fields))
            for row in tables["gwp.csv"]
        },
        headings={
            name[9:-4]: _heading(text)
            for name, text in held.items()
            if name.startswith("editions/")
        },
        blends=dict(blends),
        efficiencies=efficiencies(tables["chp.csv"], titles),
        fuel_blends=tuple(fuel_blends(tables["fuel_blends.csv"], titles)),
        methods={row["activity"]: _method(row) for row in tables["methods.csv"]},
        instruments={row["kind"]: _instrument(row) for row in tables["instruments.csv"]},
        criteria=sorted(map(_criterion, tables["criteria.csv"]), key=attrgetter("order")),
        withheld={row["withheld_id"]: _withheld(row) for row in tables["withheld.csv"]},
        digest=digest,
        own_digest="",
    )


def _heading(text: str) -> Heading:
    """What an edition holds, and its doubts."""
    said = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        said.append(line.removeprefix("#").strip())
    doubts = next((line for line in said if line.startswith("Doubts:")), "")
    return Heading(said[0] if said else "", doubts.removeprefix("Doubts:").strip())


def _sets(
    rows: Iterable[Sequence[str]], edition: str, sources: Mapping[str, Source]
) -> dict[str, FactorSet]:
    """The sets of one edition, from the cells of its rows."""
    grouped: dict[str, list[Sequence[str]]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(row)
    return {set_id: _set(several, edition, sources) for set_id, several in grouped.items()}


def _set(rows: list[Sequence[str]], edition: str, sources: Mapping[str, Source]) -> FactorSet:
    set_id, topic, region, series, first_year, last_year, accounting, *_ = rows[0]
    source_id = rows[0][SOURCE]
    return FactorSet(
        set_id=set_id,
        topic=topic,
        family=topic.partition("/")[0],
        region=region,
        series=series,
        accounting=accounting,
        first_year=int(first_year),
        last_year=int(last_year),
        published_on=sources[source_id].published_on,
        source_id=source_id,
        edition=edition,
        confidence=max({row[CONFIDENCE] for row in rows}, key=CONFIDENCES.index),
        printed=tuple(map(Printed._make, map(PRINTED, rows))),
    )


def _blend_sets(
    rows: Iterable[Mapping[str, str]], sources: Mapping[str, Source]
) -> dict[str, FactorSet]:
    """A set for each refrigerant: its composition, the same everywhere and in every year."""
    return _sets((list(blend_row(row).values()) for row in rows), "blends", sources)


def _own_source(source_id: str) -> Source:
    """The source of an own edition that describes it nowhere else than in its name."""
    return Source(
        source_id=source_id,
        publisher="own record",
        title=source_id,
        published_on=ALWAYS,
        published_as="",
        licence="own",
        redistribution="no",
        attribution="",
        where_found="the book's factors/",
        note="",
    )


def _source(row: Mapping[str, str]) -> Source:
    return Source(**(row | {"published_on": date.fromisoformat(row["published_on"])}))


def _gas(row: Mapping[str, str]) -> Gas:
    return Gas(row["gas"], row["name"], row["is_in_scopes"] == "true", row["kind"])


def _regions(rows: Iterable[Mapping[str, str]]) -> dict[str, Region]:
    """Regions; one with several parents has a row for each."""
    found: dict[str, Region] = {}
    for row in rows:
        known = found[row["region"]].parents if row["region"] in found else ()
        parents = known + ((row["parent"],) if row["parent"] else ())
        found[row["region"]] = Region(
            row["region"],
            row["name"],
            row["name_zh"],
            row["level"],
            parents,
            int(row["year_starts"] or 1),
        )
    return found


def _method(row: Mapping[str, str]) -> Method:
    truths = {name: row[name] == "true" for name in ("is_detailed", "is_continuous")}
    lists = {name: listed(row[name]) for name in ("units", "names")}
    return Method(**(row | truths | lists))


def _withheld(row: Mapping[str, str]) -> Withheld:
    numbers = {name: int(row[name]) for name in ("first_year", "last_year")}
    return Withheld(**(row | numbers | {"regions": listed(row["regions"])}))


def _instrument(row: Mapping[str, str]) -> Instrument:
    factor = row["factor_g_per_kwh"]
    return Instrument(
        **(
            row
            | {
                "order": int(row["order"]),
                "names": listed(row["names"]),
                "factor_g_per_kwh": Decimal(factor) if factor else None,
                "markets": listed(row["markets"]),
                "until": {each[:2]: int(each[3:]) for each in listed(row["until"])},
            }
        )
    )


def _criterion(row: Mapping[str, str]) -> Criterion:
    lists = {name: listed(row[name]) for name in ("rules", "kinds", "except_kinds")}
    return Criterion(**(row | {"order": int(row["order"])} | lists))
