"""A file as a sheet: header, rows of cells, and the row numbers a person sees in it.

`read` takes a CSV, XLSX or Parquet file and says what it holds, without asking what it means. The
kind is told by the first bytes, not by the name. Nothing is repaired: a cell that a workbook shows
as an error or hides under a merge is kept as a fault, for it would look like an empty one.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from carbon.errors import CarbonError, Problem, nearest
from carbon.readers.faults import Faults
from carbon.readers.words import Cell, text
from carbon.settings import ColumnMap

DELIMITERS = (",", ";", "\t")
TYPED = frozenset((str, int, float, Decimal, date, datetime))  # a truth is no number
WHOLE_ROW = -1  # the column of a fault that spoils the row
CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
KINDS = "CSV, XLSX or Parquet"


class Row(NamedTuple):
    """A row and its number in the file, counting from 1; in Parquet, which has no header row, the
    number of the record."""

    number: int
    cells: list[Cell]


@dataclass
class Sheet:
    """A table as read. `broken` holds, by row and column, the cells whose value cannot be read."""

    file: str
    header: list[str]
    rows: list[Row]
    digest: str  # sha256 of the file's bytes
    broken: dict[int, dict[int, CarbonError]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)  # of the file as a whole


def read(path: str | Path, column_map: ColumnMap | None = None) -> Sheet:
    """The sheet a file holds. Raises CarbonError for a file that is none."""
    path = Path(path)
    file = path.name if path.is_absolute() else path.as_posix()
    data = _bytes(path, file)
    sheet = Sheet(file, [], [], hashlib.sha256(data).hexdigest())
    faults = Faults(file)
    wanted = column_map or ColumnMap()
    numbered = _reader(data, file)(data, path, sheet, wanted, faults)
    _fill(sheet, numbered)
    sheet.problems = faults.problems()
    return sheet


def _bytes(path: Path, file: str) -> bytes:
    """The file's bytes."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        beside = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
        raise CarbonError(
            "no-such-file",
            f"there is no file {file}",
            where=file,
            nearest=nearest(path.name, beside),
            remedy="name a file that exists",
        ) from None
    except IsADirectoryError:
        raise CarbonError(
            "is-a-folder",
            f"{file} is a folder",
            where=file,
            looked_for=f"a {KINDS} file",
            remedy="name the files in it",
        ) from None
    except OSError as fault:
        raise CarbonError(
            "unreadable-file",
            f"{file} cannot be read: {fault.strerror}",
            where=file,
            remedy="check that you may read it and that no other program holds it",
        ) from None


Numbered = Iterable[tuple[int, list[Cell]]]
Reader = Callable[[bytes, Path, Sheet, ColumnMap, Faults], Numbered]


def _reader(data: bytes, file: str) -> Reader:
    """The reader for a file, by its first bytes."""
    if not data.strip():
        raise _empty(file)
    if data.startswith(b"PK\x03\x04"):
        return _workbook
    if data.startswith(b"PAR1"):
        return _parquet
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise CarbonError(
            "not-a-table",
            f"{file} is an old Excel workbook (.xls) or is locked by a password",
            where=file,
            looked_for=f"a {KINDS} file",
            remedy="save it as .xlsx without a password",
        )
    return _csv


def _empty(file: str) -> CarbonError:
    return CarbonError(
        "empty-file",
        f"{file} holds no rows",
        where=file,
        looked_for="a header row and at least one row below it",
        remedy="check that the right file, and the right sheet of it, was saved",
    )


def _fill(sheet: Sheet, numbered: Numbered) -> None:
    """Header and rows of a sheet; blank rows are passed over."""
    filled = (Row(number, cells) for number, cells in numbered if not _is_blank(cells))
    first = next(filled, None)
    sheet.rows = list(filled)
    if first is None or not sheet.rows:
        raise _empty(sheet.file)
    sheet.header = [text(cell) for cell in first.cells]
    width = len(sheet.header)
    for row in sheet.rows:
        if len(row.cells) < width:
            row.cells.extend([""] * (width - len(row.cells)))
        elif not _is_blank(row.cells[width:]):
            sheet.broken[row.number] = {WHOLE_ROW: _too_long(width)}


def _is_blank(cells: Iterable[Cell]) -> bool:
    return all(cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def _too_long(width: int) -> CarbonError:
    return CarbonError(
        "row-too-long",
        f"a row has more cells than the header has columns ({width})",
        looked_for="as many cells as columns",
        remedy="put cells with a comma inside in quotes, and write numbers without thousands "
        "separators",
    )


# CSV


def _csv(data: bytes, path: Path, sheet: Sheet, wanted: ColumnMap, faults: Faults) -> Numbered:
    """The records of a delimited text, each with the line it begins on."""
    content = _decoded(data, sheet.file, faults)
    delimiter = _delimiter(content, wanted.header_row)
    lines = io.StringIO(content, newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    line = 1
    try:
        for cells in reader:
            if line >= wanted.header_row:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as fault:
        raise CarbonError(
            "broken-quotes",
            f"the quotes of a row do not close: {fault}",
            where=f"{sheet.file}, row {line}",
            looked_for='cells such as "5"" pipe", with quotes inside doubled',
            remedy="mend the quotes of this row, or take them out",
        ) from None


def _decoded(data: bytes, file: str, faults: Faults) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or GB18030."""
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            content = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if CONTROL.search(content) or content.startswith("%PDF"):
            break
        if encoding == "gb18030":
            faults.add(_other_encoding(), severity="note")
        return content
    raise CarbonError(
        "not-a-table",
        f"{file} is not a table: it holds bytes that are no text",
        where=file,
        looked_for=f"a {KINDS} file, CSV in UTF-8 or GB18030",
        remedy="export the table again as CSV (UTF-8) or .xlsx",
    )


def _other_encoding() -> CarbonError:
    return CarbonError(
        "encoding",
        "the file is not UTF-8 and was read as GB18030",
        remedy="if names look wrong, save it as CSV UTF-8",
    )


def _delimiter(content: str, header_row: int) -> str:
    """The delimiter that parts the header into most cells; a comma where none does."""
    lines = islice(io.StringIO(content, newline=None), header_row - 1, None)
    header = next((line for line in lines if line.strip()), "")
    return max(DELIMITERS, key=lambda each: len(next(csv.reader([header], delimiter=each), [])))


# XLSX


def _workbook(data: bytes, path: Path, sheet: Sheet, wanted: ColumnMap, faults: Faults) -> Numbered:
    """The rows of one sheet of a workbook, numbered as Excel does."""
    from python_calamine import CalamineError, CalamineWorkbook

    from carbon.readers import workbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        name = workbook.chosen(book, wanted.sheet, sheet.file, faults)
        found = book.get_sheet_by_name(name)
        values = found.to_python(skip_empty_area=False)
        sheet.broken = workbook.broken(data, name, found.merged_cell_ranges or [], len(values))
    except (CalamineError, workbook.NotAWorkbook):
        raise CarbonError(
            "not-a-table",
            f"{sheet.file} is not a workbook that can be read",
            where=sheet.file,
            looked_for=f"a {KINDS} file",
            remedy="open it in a spreadsheet and save it as .xlsx or CSV (UTF-8)",
        ) from None
    first = wanted.header_row
    return ((number, _cells(row)) for number, row in enumerate(values[first - 1 :], start=first))


def _cells(values: Iterable[object]) -> list[Cell]:
    """The values of a typed file; what is no number, date or text is kept as its text."""
    return [
        value if type(value) in TYPED else "" if value is None else str(value) for value in values
    ]


# Parquet


def _parquet(data: bytes, path: Path, sheet: Sheet, wanted: ColumnMap, faults: Faults) -> Numbered:
    """The records of a Parquet file, after one row with its column names."""
    import duckdb

    literally = re.sub(r"([\[*?])", r"[\1]", str(path))  # a path is no pattern
    source = "read_parquet($1, hive_partitioning = false)"
    offline = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    try:
        with duckdb.connect(config=offline) as con:
            described = con.execute(f"describe select * from {source}", [literally]).fetchall()
            columns = ", ".join(_column(name, kind) for name, kind, *_ in described)
            records = con.execute(f"select {columns} from {source}", [literally]).fetchall()
    except duckdb.Error:
        raise CarbonError(
            "not-a-table",
            f"{sheet.file} is a damaged Parquet file",
            where=sheet.file,
            looked_for=f"a {KINDS} file",
            remedy="export the table again",
        ) from None
    yield 0, [name for name, *_ in described]
    for number, record in enumerate(records, start=1):
        yield number, _cells(record)


def _column(name: str, kind: str) -> str:
    """A column in the form that loses nothing: only these types come through as they are."""
    quoted = '"' + name.replace('"', '""') + '"'
    if kind == "FLOAT":  # 0.1, not 0.10000000149: the shortest decimal that means it
        return f"cast(cast({quoted} as varchar) as double)"
    exact = ("VARCHAR", "DOUBLE", "DATE", "TIMESTAMP", "HUGEINT", "UHUGEINT", "BOOLEAN")
    if kind in exact or kind.startswith("DECIMAL") or kind.endswith(("INT", "INTEGER")):
        return quoted
    return f"cast({quoted} as varchar)"
