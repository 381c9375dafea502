"""A delimited text: its delimiter, its records, and the line each begins on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from carbon.errors import CarbonError
from carbon.readers.headings import recognised
from carbon.readers.words import Cell
from carbon.settings import ColumnMap

DELIMITERS = (",", ";", "\t", "|")
LOOKED_AT = 30  # lines among which a header is looked for
WIDEST = 16384  # columns, as many as Excel has
csv.field_size_limit(1 << 20)


def records(content: str, file: str, wanted: ColumnMap) -> Iterator[tuple[int, list[Cell]]]:
    """The records of a delimited text, each with the line it begins on."""
    delimiter = delimiter_of(content, wanted)
    reader = csv.reader(
        io.StringIO(content, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    line = 1
    try:
        for cells in reader:
            if len(cells) > WIDEST:
                raise _too_wide(file, line, len(cells))
            if not (line == 1 and _names_delimiter(cells, delimiter)):
                yield line, list(cells)
            line = reader.line_num + 1
    except csv.Error as fault:
        raise _broken(file, line, fault) from None


def delimiter_of(content: str, wanted: ColumnMap) -> str:
    """The delimiter that parts some early line into most headings, else into most cells."""
    if wanted.delimiter:
        return wanted.delimiter
    lines = [line for line in islice(_lines(content), LOOKED_AT) if line.strip()]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0].strip()[4]
    if wanted.header_row:
        lines = list(islice(_lines(content), wanted.header_row - 1, wanted.header_row)) or lines
    return max(DELIMITERS, key=lambda each: _headings(lines, each, wanted))


def _lines(content: str) -> Iterator[str]:
    return iter(io.StringIO(content[: 1 << 20], newline=None))


def _headings(lines: Sequence[str], delimiter: str, wanted: ColumnMap) -> tuple[int, int]:
    """The most headings in a line, then the cells of a middling line."""
    rows = [_cells(line, delimiter) for line in lines]
    most = max((recognised(row, wanted.columns.values()) for row in rows), default=0)
    return most, sorted(map(len, rows))[len(rows) // 2] if rows else 0


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []


def _names_delimiter(cells: Sequence[str], delimiter: str) -> bool:
    """Whether a line is Excel's `sep=;`."""
    return delimiter.join(cells).strip().lower() == f"sep={delimiter}"


def _too_wide(file: str, line: int, count: int) -> CarbonError:
    return CarbonError(
        "row-too-long",
        f"a row has {count:,} cells",
        where=f"{file}, row {line}",
        looked_for=f"at most {WIDEST:,} columns",
        remedy="check the delimiter: a line break may be missing",
    )


def _broken(file: str, line: int, fault: csv.Error) -> CarbonError:
    return CarbonError(
        "broken-quotes",
        f"the quotes of a row do not close: {fault}",
        where=f"{file}, row {line}",
        looked_for='cells such as "5"" pipe", with quotes inside doubled',
        remedy="mend the quotes of this row, or take them out",
    )
