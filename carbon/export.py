"""The library as a Frictionless data package: tables as CSV, described, with licence per source.

`write` puts the printed values, their sources, regions, gases, GWPs and blends into a folder, with
a `datapackage.json` that says what every column means. A book's own editions are left out unless
asked for: they may be under another licence than the library's.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from carbon import __version__
from carbon.errors import UsageError
from carbon.library import Library

PACKAGE, NAME = "datapackage.json", "carbon-emission-factors"
PROFILE = "tabular-data-package"
FACTOR = {  # column: type and meaning
    "set_id": ("string", "The set the value belongs to: all that one table prints for one topic"),
    "edition": ("string", "Publisher and edition, the file the value stands in"),
    "topic": ("string", "What it is a factor of"),
    "region": ("string", "Where, by ISO 3166 where a code exists"),
    "series": ("string", "Which of several official values of one region and year"),
    "first_year": ("year", "First year it holds for"),
    "last_year": ("year", "Last year it holds for"),
    "accounting": ("string", "location, market or all"),
    "quantity": ("string", "The gas or property"),
    "value": ("string", "As printed"),
    "unit": ("string", "As printed"),
    "source_id": ("string", "The document"),
    "locator": ("string", "The place in the document"),
    "confidence": ("string", "high, medium or low"),
    "note": ("string", "What a user of the number must know"),
}
SOURCE = {
    "source_id": ("string", "Its name here"),
    "publisher": ("string", "Who published it"),
    "title": ("string", "The document"),
    "published_on": ("date", "First day of what published_as says"),
    "published_as": ("string", "Date as printed, empty where none was found"),
    "licence": ("string", "Licence of the values"),
    "redistribution": ("string", "yes, excerpt or no"),
    "attribution": ("string", "The text the licence wants"),
    "note": ("string", "Remarks"),
}
REGION = {
    "region": ("string", "Its code"),
    "name": ("string", "English name"),
    "name_zh": ("string", "Chinese name"),
    "level": ("string", "utility, province, state, grid, country, world"),
    "parent": ("string", "A region it directly lies in; one row for each"),
    "year_starts": ("integer", "Month in which the years of its grid factors begin"),
}
GAS = {
    "gas": ("string", "Its name here"),
    "name": ("string", "Readable name"),
    "is_in_scopes": ("boolean", "Whether it is of the Kyoto basket"),
    "kind": ("string", "Family of gases"),
}
GWP = {
    "gwp_set": ("string", "AR4, AR5, AR5-feedback or AR6"),
    "gas": ("string", "The gas"),
    "value": ("string", "Global warming potential over 100 years"),
}
BLEND = {
    "refrigerant": ("string", "Designation"),
    "gas": ("string", "A component"),
    "mass_share": ("number", "Its share of the mass"),
}


def write(known: Library, folder: Path, with_own: bool = False) -> list[Path]:
    """The package, written into a folder; gives its files.

    Raises UsageError where the folder holds a book, or a file of such a name that no earlier
    package describes.
    """
    if (folder / "carbon.toml").exists():
        raise UsageError(
            "out",
            f"{folder} holds a book",
            remedy="name another folder: carbon factors export library-package",
        )
    tables = {
        "factors": (FACTOR, _factors(known, with_own)),
        "sources": (SOURCE, _sources(known, with_own)),
        "regions": (REGION, _regions(known)),
        "gases": (GAS, ([g.gas, g.name, g.is_in_scopes, g.kind] for g in known.gases.values())),
        "gwp": (GWP, ([*key, _number(value)] for key, value in known.gwp.items())),
        "blends": (
            BLEND,
            ([n, gas, _number(s)] for n, each in known.blends.items() for gas, s in each.items()),
        ),
    }
    texts = {f"{name}.csv": _csv(fields, rows) for name, (fields, rows) in tables.items()}
    package = _package(known, {name: fields for name, (fields, _) in tables.items()}, with_own)
    texts[PACKAGE] = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    _refuse(folder, texts)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        part = folder / f"{name}.part"
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(folder / name)
    return [folder / name for name in texts]


def _refuse(folder: Path, names: Iterable[str]) -> None:
    """Nothing but an earlier package is replaced. Raises UsageError."""
    above = next(each for each in (folder, *folder.parents) if each.exists())
    mine = _written(folder)
    foreign = [folder / name for name in names if (folder / name).exists() and name not in mine]
    if not above.is_dir():
        foreign.insert(0, above)
    if foreign:
        raise UsageError(
            "out",
            f"{foreign[0]} stands in the way and is not replaced: no package was written there",
            where="\n".join(map(str, foreign[1:])),
            remedy="name another folder: carbon factors export library-package",
        )


def _written(folder: Path) -> set[str]:
    """The files of a package that was written into a folder before."""
    try:
        package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
        if package["name"] != NAME:
            return set()
        return {PACKAGE, *(each["path"] for each in package["resources"])}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _factors(known: Library, with_own: bool) -> Iterable[Sequence[object]]:
    for each in known.sets.values():
        if each.edition.startswith("own/") and not with_own:
            continue
        head = (each.set_id, each.edition, each.topic, each.region, each.series)
        head += (each.first_year, each.last_year, each.accounting)
        for part in each.printed:
            value = (part.quantity, part.value, part.unit, each.source_id)
            yield (*head, *value, part.locator, part.confidence, part.note)


def _sources(known: Library, with_own: bool) -> Iterable[Sequence[object]]:
    used = {row[-4] for row in _factors(known, with_own)}
    used |= {each.source_id for each in known.withheld.values()}
    for each in known.sources.values():
        if each.source_id in used:
            yield [getattr(each, name) for name in SOURCE]


def _regions(known: Library) -> Iterable[Sequence[object]]:
    for each in known.regions.values():
        for parent in each.parents or ("",):
            yield (each.region, each.name, each.name_zh, each.level, parent, each.year_starts)


def _number(value: Any) -> str:
    return f"{float(value):.12g}"


def _csv(fields: Mapping[str, object], rows: Iterable[Sequence[object]]) -> str:
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(fields)
    for row in rows:
        writer.writerow(str(cell).lower() if isinstance(cell, bool) else cell for cell in row)
    return held.getvalue()


def _package(
    known: Library, tables: Mapping[str, Mapping[str, tuple[str, str]]], with_own: bool
) -> dict[str, Any]:
    licences = sorted({str(row[5]) for row in _sources(known, with_own)})
    return {
        "profile": PROFILE,
        "name": NAME,
        "title": "Emission factors as printed, with source and licence of every value",
        "version": __version__,
        "id": known.digest,
        "description": "Licences differ by source: factors.source_id leads to sources.licence."
        " The values are facts as their publishers print them.",
        "licenses": [{"name": "by-source", "title": licence} for licence in licences],
        "sources": [
            {"title": f"{row[1]}, {row[2]}", "licence": row[5]}
            for row in map(list, _sources(known, with_own))
        ],
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [
                        {"name": field, "type": kind, "description": meaning}
                        for field, (kind, meaning) in fields.items()
                    ],
                    "missingValues": [""],
                    **_keys(name),
                },
            }
            for name, fields in tables.items()
        ],
    }


def _keys(name: str) -> dict[str, Any]:
    if name == "factors":
        reference = {"resource": "sources", "fields": "source_id"}
        return {"foreignKeys": [{"fields": "source_id", "reference": reference}]}
    primary = {"sources": "source_id", "gases": "gas", "gwp": ["gwp_set", "gas"]}
    return {"primaryKey": primary[name]} if name in primary else {}
