"""The files of the factor library, and the rows that stand in them.

`read_folder` gives every CSV file of the library as text, `read_rows` the rows of one of them with
their line numbers. `load` makes a library of them and `lint` looks for faults; both read here, so
that what is checked is what is used.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from carbon.errors import FactorError, counted
from carbon.library.words import FIRST_YEAR, LAST_YEAR, WORLD

COLUMNS = {
    "sources.csv": (
        "source_id publisher title published_on published_as licence redistribution attribution "
        "where_found note"
    ),
    "regions.csv": "region name name_zh level parent year_starts",
    "gases.csv": "gas name is_in_scopes kind",
    "gwp.csv": "gwp_set gas value source_id locator confidence note",
    "blends.csv": "refrigerant gas mass_percent source_id locator confidence note",
    "chp.csv": "efficiencies heat_efficiency power_efficiency source_id locator confidence note",
    "fuel_blends.csv": (
        "blend fuel country component percent basis source_id locator confidence note"
    ),
    "methods.csv": (
        "activity method line category family topic is_detailed is_continuous units names"
    ),
    "instruments.csv": "kind order name names factor_g_per_kwh markets until source_id note",
    "criteria.csv": "criterion order rules name demand kinds except_kinds source_id locator note",
    "withheld.csv": (
        "withheld_id topic regions series first_year last_year accounting unit source_id "
        "where_to_get note"
    ),
}
OWN_SERIES = "own"
CELL = 131_072  # signs a cell may have; csv has a limit too, but any library may move it


def data_folder() -> Path:
    """Where the library stands: inside an installed package, else beside it in the checkout."""
    package = Path(__file__).parent.parent
    inside = package / "data" / "emission_factors"
    return inside if inside.is_dir() else package.parent / "emission_factors"


def read_folder(folder: Path | None) -> tuple[dict[str, str], str]:
    """Every CSV file of the library by its path, and the digest of them all.

    folder : None for the library that came with the program, which is read once.
    """
    return _read(folder) if folder else _shipped()


@cache
def _shipped() -> tuple[dict[str, str], str]:
    return _read(data_folder())


def _read(folder: Path) -> tuple[dict[str, str], str]:
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.csv")
    }
    lacking = [name for name in COLUMNS if name not in files]
    if lacking:
        raise FactorError(
            "no-library",
            f"the factor library lacks {', '.join(lacking)}",
            where=str(folder),
            remedy="install the program again, or name a folder that holds a whole library",
        )
    return {name: content.decode("utf-8") for name, content in files.items()}, digest_of(files)


def digest_of(files: Mapping[str, bytes]) -> str:
    """One digest over files in the order of their names; '' where there is none."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return total.hexdigest() if files else ""


def read_rows(text: str, file: str, columns: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of every row. Raises FactorError where the columns are others."""
    names = columns.split()
    for number, cells in read_cells(text, file, columns):
        yield number, dict(zip(names, cells, strict=True))


def read_cells(text: str, file: str, columns: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row, in the order of the columns."""
    lines = text.lstrip("\ufeff").splitlines()
    numbers = [n for n, line in enumerate(lines, 1) if line and line[0] != "#"]
    reader = csv.reader(lines[n - 1] for n in numbers)
    header, names = _next(reader, file, numbers) or [], columns.split()
    if header != names:
        wrong = sorted(set(names) ^ set(header))
        raise FactorError(
            "bad-header",
            f"{file} has other columns than it should: {', '.join(wrong) or 'another order'}",
            where=file,
            looked_for=", ".join(names),
            remedy="write the columns in this order",
        )
    while True:
        read = reader.line_num
        cells = _next(reader, file, numbers)
        if cells is None:
            return
        number = numbers[read]  # a cell of several lines makes a row of several
        if len(cells) != len(names):
            raise FactorError(
                "bad-row",
                f"{file} has {counted(len(cells), 'cell')} in row {number} where {len(names)} are"
                " needed",
                where=f"{file}, row {number}",
                remedy='put text with a comma in it between double quotes: "a, b"',
            )
        yield number, cells


def _next(reader: Any, file: str, numbers: Sequence[int]) -> list[str] | None:
    """The cells of the next row, None after the last."""
    read, found = reader.line_num, f"a cell of more than {CELL:,} signs"
    try:
        cells = next(reader, None)
    except csv.Error as fault:
        found = str(fault)
    else:
        if not cells or max(map(len, cells)) <= CELL:
            return cells
    raise FactorError(
        "bad-row",
        f"{file} has a row that cannot be read: {found}",
        where=f"{file}, row {numbers[read]}",
        remedy="look for a quote that is not closed",
    )


def blend_row(row: Mapping[str, str]) -> dict[str, str]:
    return {
        "set_id": f"refrigerant/{row['refrigerant']}",
        "topic": f"refrigerant/{row['refrigerant']}",
        "region": WORLD,
        "series": "composition",
        "first_year": str(FIRST_YEAR),
        "last_year": str(LAST_YEAR),
        "accounting": "all",
        "quantity": row["gas"],
        "value": row["mass_percent"],
        "unit": "mass percent",
        "source_id": row["source_id"],
        "locator": row["locator"],
        "confidence": row["confidence"],
        "note": row["note"],
    }


def as_own(row: dict[str, str]) -> dict[str, str]:
    return row | {"series": row["series"] or OWN_SERIES}


def own_sources(own: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows of the book's own `sources.csv`, where it has one."""
    text = own.get("sources.csv", "")
    return (
        [row for _, row in read_rows(text, "sources.csv", COLUMNS["sources.csv"])] if text else []
    )


def own_editions(own: Mapping[str, str]) -> dict[str, str]:
    return {name: own[name] for name in sorted(own) if name != "sources.csv"}


def listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
