"""A file as sheets: header, rows of cells, and the row numbers a person sees in it.

`read_all` takes a file that was handed in and says what it holds, without asking what it means. The
kind is told by the first bytes, not by the name. Nothing is repaired: a cell that a workbook shows
as an error is kept as a fault, for it would look like an empty one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice, zip_longest
from pathlib import Path
from typing import NamedTuple

from carbon.errors import CarbonError, Problem, nearest
from carbon.readers import encodings, returned, several
from carbon.readers.faults import KINDS, Faults
from carbon.readers.headings import likely, recognised
from carbon.readers.several import ENOUGH
from carbon.readers.words import Cell, text
from carbon.settings import ColumnMap

TYPED = frozenset((str, int, float, Decimal, date, datetime))  # a truth is no number
WHOLE_ROW = -1  # the column of a fault that spoils the row
LARGEST = 1 << 29  # bytes of a file that is read
CELLS = 20_000_000  # of a table that is read
DEEPEST = 40  # rows among which a header is looked for
REMARK = re.compile(
    r"(?:注|备注|说明|制表|填表|审核|编制|数据来源)|(?:notes?|remarks?|source)\b|[*※]",
    re.IGNORECASE,
)


class Row(NamedTuple):
    """A row and its number in the file, counting from 1; in Parquet, which has no header row, the
    number of the record."""

    number: int
    cells: list[Cell]


@dataclass
class Sheet:
    """A table as read. `broken` holds, by row and column, the cells whose value cannot be read;
    `covered` those that hold nothing themselves and lie under a merge, filled with its value."""

    file: str
    header: list[str]
    rows: list[Row]
    digest: str  # sha256 of the file's bytes
    broken: dict[int, dict[int, CarbonError]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)  # of the file as a whole
    covered: dict[int, dict[int, CarbonError]] = field(default_factory=dict)
    name: str = ""  # of the sheet, where a file holds several that are read
    above: list[str] = field(default_factory=list)  # what stands above the header
    is_local: bool = False  # its numbers may be text, written as in the country of its maker
    is_template: bool = False  # the program laid it out, and somebody filled it in
    unfilled: int = 0  # rows of a template that nobody filled in

    @property
    def told(self) -> str:
        """The file, with the sheet where it has several, as a message calls it."""
        return f"{self.file}, sheet {self.name!r}" if self.name else self.file


@dataclass
class Raw:
    """A table before its header is found."""

    rows: Numbered
    name: str = ""
    broken: dict[int, dict[int, CarbonError]] = field(default_factory=dict)
    covered: dict[int, dict[int, CarbonError]] = field(default_factory=dict)
    is_local: bool = False
    hides_errors: bool = False  # a cell with an error looks blank
    has_names: bool = False  # its first row holds the names of columns, whatever they are


def one_row(fields: Mapping[str, str]) -> Sheet:
    """A line said field by field, as a sheet of one row, so that it is read like any other."""
    return Sheet("", list(fields), [Row(0, list(fields.values()))], "")


def read(path: str | Path, column_map: ColumnMap | None = None) -> Sheet:
    """The sheet a file holds, the first of several. Raises CarbonError for a file that is none."""
    first, *others = read_all(path, column_map)
    first.problems += [problem for other in others for problem in other.problems]
    return first


def read_all(path: str | Path, column_map: ColumnMap | None = None) -> list[Sheet]:
    """The sheets of a file that are read. Raises CarbonError for a file that holds none."""
    path = Path(path)
    file = path.name if path.is_absolute() else path.as_posix()
    data = _bytes(path, file)
    wanted = column_map or ColumnMap()
    faults = Faults(file)
    digest = hashlib.sha256(data).hexdigest()
    raws = _reader(data, file)(data, path, file, wanted, faults)
    found = [sheet for raw in raws if (sheet := sheet_of(raw, file, digest, wanted, faults))]
    sheets = several.read_together(found, column_map is not None, faults)
    if not sheets:
        raise _empty(file)
    sheets[0].problems = faults.problems()
    return sheets


def _bytes(path: Path, file: str) -> bytes:
    """The file's bytes."""
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise too_large(file, f"{path.stat().st_size >> 20:,} MiB", f"{LARGEST >> 20} MiB")
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


def too_large(file: str, size: str, limit: str) -> CarbonError:
    """The fault of a file that would fill the memory."""
    return CarbonError(
        "too-large",
        f"{file} is too large to be read: {size}",
        where=file,
        looked_for=f"at most {limit}",
        remedy="split it by year or site; for readings by the minute, sum them to months first",
    )


Numbered = Iterable[tuple[int, list[Cell]]]
Reader = Callable[[bytes, Path, str, ColumnMap, Faults], Iterable[Raw]]


def _reader(data: bytes, file: str) -> Reader:
    """The reader for a file, by its first bytes."""
    if not data.strip():
        raise _empty(file)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _workbook
    if data.startswith(b"PAR1"):
        return _parquet
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")):
        raise _web_page(file)
    if start.startswith((b"<?xml", b"<feed", b"<!doctype")) or b"espi" in data[:1000]:
        return _green_button
    return _csv


def _web_page(file: str) -> CarbonError:
    return CarbonError(
        "not-a-table",
        f"{file} is a web page, as some programs save under the name of a workbook",
        where=file,
        looked_for=f"a {KINDS} file",
        remedy="open it in a spreadsheet and save it as .xlsx or CSV (UTF-8)",
    )


def _empty(file: str) -> CarbonError:
    return CarbonError(
        "empty-file",
        f"{file} holds no rows",
        where=file,
        looked_for="a header row and at least one row below it",
        remedy="check that the right file, and the right sheet of it, was saved",
    )


def sheet_of(raw: Raw, file: str, digest: str, wanted: ColumnMap, faults: Faults) -> Sheet | None:
    """A table with its header found; blank rows are passed over. Nothing where there is none."""
    filled = (
        Row(number, cells)
        for number, cells in raw.rows
        if (raw.has_names or number >= (wanted.header_row or 0)) and not _is_blank(cells)
    )
    early = list(islice(filled, DEEPEST))
    mark = None if raw.has_names else returned.mark_of([row.cells for row in early], file)
    if not early or (mark and not mark.is_read):
        return None
    above = mark.at + 1 if mark else 0
    if above == len(early):
        return None
    known = wanted.header_row or raw.has_names
    at = above if known else above + _header(early[above:], wanted)
    rows = [*early[at + 1 :], *filled]
    heading = _heading(early[above:], at - above)
    if not mark:
        rows = _without_remarks(_without_repeats(rows, heading, faults), faults)
    sheet = Sheet(file, heading, rows, digest, raw.broken)
    sheet.name, sheet.covered, sheet.is_local = raw.name, raw.covered, raw.is_local
    if mark:
        rows = _filled_in(sheet)
    elif at:
        sheet.above = [text(cell) for row in early[:at] for cell in row.cells if text(cell)]
        faults.add(_header_found(sheet, early[: at + 1]), severity="note")
    width = len(sheet.header)
    for row in rows:
        if len(row.cells) < width:
            row.cells.extend([""] * (width - len(row.cells)))
        elif not _is_blank(row.cells[width:]):
            sheet.broken[row.number] = {WHOLE_ROW: _too_long(width)}
    if raw.hides_errors and any(_is_blank([cell]) for row in rows for cell in row.cells):
        faults.add(_unseen_errors(), severity="note")
    return sheet


def _filled_in(sheet: Sheet) -> list[Row]:
    """The rows of a template that somebody filled in; it has no others any more."""
    typed = returned.typed_columns(sheet.header)
    rows = [
        row
        for row in sheet.rows
        if returned.is_filled(row.cells, typed, sheet.broken.get(row.number, {}))
    ]
    sheet.is_template, sheet.unfilled = True, len(sheet.rows) - len(rows)
    sheet.rows = rows
    return rows


def _without_repeats(rows: list[Row], heading: list[str], faults: Faults) -> list[Row]:
    """The rows without those that repeat the header, as a printout does on every page."""
    repeats = {
        row.number
        for row in rows
        if text(row.cells[0]) == heading[0] and [text(cell) for cell in row.cells] == heading
    }
    for row in rows:
        if row.number in repeats:
            faults.add(_header_again(), row.number, row.cells, severity="note")
    return [row for row in rows if row.number not in repeats] if repeats else rows


def _without_remarks(rows: list[Row], faults: Faults) -> list[Row]:
    """The rows without the remarks below them."""
    while len(rows) > 1:
        filled = [text(cell) for cell in rows[-1].cells if text(cell)]
        if len(filled) != 1 or not REMARK.match(filled[0]):
            break
        faults.add(_remark(filled[0]), rows[-1].number, rows[-1].cells, severity="note")
        rows = rows[:-1]
    return rows


def _header_again() -> CarbonError:
    return CarbonError("header-again", "a row repeats the header and was not read")


def _remark(said: str) -> CarbonError:
    return CarbonError("remark", f"a remark below the table is not read: {said[:60]!r}")


def _unseen_errors() -> CarbonError:
    return CarbonError(
        "unseen-errors",
        "some cells are blank, and in a workbook of this kind a formula that failed looks so too",
        remedy="where a blank cell should hold something, save the workbook as .xlsx, which tells",
    )


def _header(early: list[Row], wanted: ColumnMap) -> int:
    """Which row is the header: the first with the most headings, if the first row has few."""
    cells = [[text(cell) for cell in row.cells] for row in early]
    counts = [recognised(row, wanted.columns.values()) for row in cells]
    if max(counts, default=0) < ENOUGH and not wanted.columns:
        counts = [likely(row) for row in cells]
    if not counts or max(counts) < ENOUGH:
        return 0
    at = 0 if counts[0] >= ENOUGH else counts.index(max(counts))
    while at + 1 < len(counts) and counts[at + 1] > counts[at]:
        at += 1  # a header of two rows: the lower one says more
    return at


def _heading(early: list[Row], at: int) -> list[str]:
    """The headings of a row; one left blank is that of the row right above it."""
    heading = [text(cell) for cell in early[at].cells]
    if at and early[at - 1].number == early[at].number - 1:
        upper = [text(cell) for cell in early[at - 1].cells]
        return [own or above for own, above in zip_longest(heading, upper, fillvalue="")]
    return heading


def _header_found(sheet: Sheet, rows: list[Row]) -> CarbonError:
    above = "; ".join(sheet.above)
    above = above if len(above) <= 80 else above[:79] + "…"
    return CarbonError(
        "header-found",
        f"the header is row {rows[-1].number}; what stands above it is not read: {above!r}",
        remedy="where another row is the header, say header_row = ... in a column map",
    )


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


def _csv(data: bytes, path: Path, file: str, wanted: ColumnMap, faults: Faults) -> Iterable[Raw]:
    """The records of a delimited text."""
    from carbon.readers import delimited

    content = encodings.decoded(data, file, wanted.encoding, faults)
    is_local = delimited.delimiter_of(content, wanted) != ","
    return [Raw(delimited.records(content, file, wanted), is_local=is_local)]


# Workbooks


def _workbook(
    data: bytes, path: Path, file: str, wanted: ColumnMap, faults: Faults
) -> Iterable[Raw]:
    """The sheets of a workbook that are shown, their rows numbered as Excel does."""
    from carbon.readers import workbook

    for each in workbook.sheets(data, file, wanted.sheet, faults):
        rows = ((number, _cells(row)) for number, row in enumerate(each.values, start=1))
        yield Raw(rows, each.name, each.broken, each.covered, True, each.hides_errors)


# Green Button


def _green_button(
    data: bytes, path: Path, file: str, wanted: ColumnMap, faults: Faults
) -> Iterable[Raw]:
    """What the meters of a Green Button file counted, a month a row."""
    from carbon.readers import greenbutton

    return [Raw(greenbutton.rows(data, file, wanted, faults), has_names=True)]


def _cells(values: Iterable[object]) -> list[Cell]:
    """The values of a typed file; what is no number, date or text is kept as its text."""
    return [
        value if type(value) in TYPED else "" if value is None else str(value) for value in values
    ]


# Parquet


def _parquet(
    data: bytes, path: Path, file: str, wanted: ColumnMap, faults: Faults
) -> Iterable[Raw]:
    """The records of a Parquet file, after one row with its column names."""
    return [Raw(_records(path, file), has_names=True)]


def _records(path: Path, file: str) -> Numbered:
    import duckdb

    literally = re.sub(r"([\[*?])", r"[\1]", str(path))  # a path is no pattern
    source = "read_parquet($1, hive_partitioning = false)"
    offline = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    try:
        with duckdb.connect(config=offline) as con:
            described = con.execute(f"describe select * from {source}", [literally]).fetchall()
            columns = ", ".join(_column(name, kind) for name, kind, *_ in described)
            (count,) = con.execute(f"select count(*) from {source}", [literally]).fetchone()
            if count * len(described) > CELLS:
                raise too_large(file, f"{count:,} records", f"{CELLS:,} cells")
            records = con.execute(f"select {columns} from {source}", [literally]).fetchall()
    except duckdb.Error:
        raise CarbonError(
            "not-a-table",
            f"{file} is a damaged Parquet file",
            where=file,
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
