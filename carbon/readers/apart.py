"""Workbooks of other kinds than XLSX, read in a process of their own.

XLS and XLSB are binary, and a damaged one can make the library that reads them ask for all the
memory there is, which ends the process. So it is another process that asks, with a bound and a
time limit; if it dies, the file is one that cannot be read. What it read comes back as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

MEMORY = 2 << 30  # bytes
SECONDS = 60


class Failed(Exception):
    """A workbook that could not be read."""


@dataclass
class Page:
    """One sheet, as the other process read it."""

    name: str
    is_shown: bool
    rows: int
    columns: int
    values: list[list[Any]]
    merged: list[Any]


def pages(data: bytes, most: int) -> list[Page]:
    """The sheets of a workbook, their cells only where there are at most so many. Raises Failed."""
    command = [sys.executable, "-P", __file__, str(most)]  # without the package: it starts faster
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS, env=here, check=True
        )
        return [
            Page(**{**each, "values": _cells(each["values"])}) for each in json.loads(done.stdout)
        ]
    except (OSError, subprocess.SubprocessError, ValueError, TypeError, KeyError) as fault:
        raise Failed from fault


def _cells(rows: Iterable[Iterable[Any]]) -> list[list[Any]]:
    return [[_cell(value) if isinstance(value, dict) else value for value in row] for row in rows]


def _cell(value: dict[str, str]) -> date:
    """A day, or a day with its time."""
    if "day" in value:
        return date.fromisoformat(value["day"])
    return datetime.fromisoformat(value["moment"])


def main() -> None:
    """The other process: a workbook on standard input, its sheets on standard output."""
    _bound()
    import io

    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    most = int(sys.argv[-1])
    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    found = []
    for each in book.sheets_metadata:
        if each.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(each.name)
        rows, columns = sheet.total_height, sheet.total_width
        is_held = rows * columns <= most
        values = sheet.to_python(skip_empty_area=False) if is_held else []
        found.append(
            {
                "name": each.name,
                "is_shown": each.visible == SheetVisibleEnum.Visible,
                "rows": rows,
                "columns": columns,
                "values": values,
                "merged": sheet.merged_cell_ranges or [],
            }
        )
    json.dump(found, sys.stdout, default=_told)


def _bound() -> None:
    """Bounds the memory of this process, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _told(value: object) -> object:
    """A value that JSON has no form for."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return str(value)


if __name__ == "__main__":
    main()
