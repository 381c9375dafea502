"""A table in columns: figures to the right, words folded, shares as bars.

No figure is ever cut or folded: where columns do not fit, each row is a block of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Column as GridColumn
from rich.table import Table as Grid

from carbon.render.page import wrapped
from carbon.render.plain import Text
from carbon.tables import Column, Table, shown

GAP = 2  # blanks between columns
TEXT_LEAST = 11  # a column of words folds down to this width
BAR_LEAST = 12
PLAIN_KEYS = ("year", "month", "row", "id", "rank")  # numbers that are names
NUMBERS = ("count", "mass", "share", "number", "exact", "calendar")  # never folded
# A month of a calendar: a field of its colour where it is whole, the letter alone where a part is.
CALENDAR = {
    "M": "green",
    "B": "cyan",
    "C": "blue",
    "E": "yellow",
    "F": "bright_yellow",
    "U": "magenta",
    "-": "red",
}
EIGHTHS = " ▏▎▍▌▋▊▉"
PARTS = (
    ("█", "cyan"),
    ("▓", "cyan"),
    ("▒", "blue"),
    ("░", "yellow"),
    ("·", "dim"),
)  # of a bar of several shares


def grid(table: Table, room: int, has_bar: bool = False, gap: int = GAP) -> RenderableType:
    """The rows of a table in columns, or as blocks where the columns do not fit. [characters]

    has_bar : draws the shares as bars too, where there is room for them and for what their parts
        mean; several as parts of one bar.
    """
    columns = [column for column in table.columns if _says_something(column, table)]
    aside = shared_unit(table)
    heads = [(column.title, _unit(column) if not aside else "") for column in columns]
    cells = [
        [cell(row[column.key], column, table.missing) for column in columns] for row in table.rows
    ]
    figures = [_is_figure(column, table) for column in columns]
    widths = _fitted(figures, heads, cells, room, gap)
    if not widths:
        return _narrowed(table, columns, cells, room, gap)
    shares = [column.key for column in columns if column.kind == "share"]
    left = room - sum(widths) - gap * len(widths)
    laid = Grid(
        box=None, show_header=False, pad_edge=False, padding=(0, gap, 0, 0), collapse_padding=True
    )
    for width, is_number in zip(widths, figures, strict=True):
        laid.add_column(
            width=width, justify="right" if is_number else "left", overflow="fold", vertical="top"
        )
    key = _key_of_bars(columns) if len(shares) > 1 else ""
    if has_bar and shares and left >= max(BAR_LEAST, len(key)):
        laid.add_column(width=left, no_wrap=True)
        drawn = _bars([[row[key] for key in shares] for row in table.rows], left)
        heads.append((key, ""))
        cells = [[*line, text] for line, text in zip(cells, drawn, strict=True)]
    laid.add_row(*_head_cells(heads))
    for line in cells:
        laid.add_row(*map(_folded, line, laid.columns))
    return laid


def _folded(text: Text, column: GridColumn) -> Text:
    if text.spans:  # a bar
        return text
    return Text(wrapped(text.plain, column.width or 1), text.style)


def _narrowed(
    table: Table,
    columns: Sequence[Column],
    cells: Sequence[Sequence[Text]],
    room: int,
    gap: int,
) -> RenderableType:
    """A table too wide for its room: words that all rows share said once, else rows as blocks."""
    shared = [
        (column, cells[0][n].plain)
        for n, column in enumerate(columns)
        if not _is_figure(column, table) and len({line[n].plain for line in cells}) == 1
    ]
    if shared and len(cells) > 1:
        others = [column for column in columns if column not in [known for known, _ in shared]]
        said = ", ".join(f"{column.title.lower()} {value}" for column, value in shared)
        head = Text(f"In all rows: {said}", "dim")
        return Group(head, Text(), grid(replace(table, columns=others), room))
    return grid(table, room, gap=1) if gap > 1 else _blocks(columns, cells)


def _bars(shares: Sequence[Sequence[Any]], width: int) -> list[Text]:
    """A bar for each row: of its one share beside the largest, or of several up to the whole."""
    if len(shares[0]) == 1:
        top = max((float(share or 0) for (share,) in shares), default=0.0) or 1.0
        return [Text(bar(float(share or 0) / top, width), "cyan") for (share,) in shares]
    drawn = []
    for parts in shares:
        line, reach, done = Text(), 0.0, 0
        for share, (sign, style) in zip(parts, PARTS, strict=False):
            reach += float(share or 0)
            line.append(sign * (round(reach * width) - done), style)
            done = max(done, round(reach * width))
        drawn.append(line)
    return drawn


def _key_of_bars(columns: Sequence[Column]) -> str:
    """What the parts of a bar mean: '█ measured  ▒ estimated'."""
    names = [column.title.lower() for column in columns if column.kind == "share"]
    return "  ".join(f"{sign} {name}" for (sign, _), name in zip(PARTS, names, strict=False))


def cell(value: Any, column: Column, missing: str) -> Text:
    """A value as it is read: grouped digits, shares in percent, and a word for what is missing.

    >>> cell(Decimal("30573.55"), Column("total_t", "Total", "t CO2e", "mass"), "none").plain
    '30,573.6'
    >>> cell(None, Column("total_t", "Total", "t CO2e", "mass"), "not disclosed").plain
    'not disclosed'
    """
    if value is None:
        return Text(missing, "dim italic")
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if isinstance(value, int | Decimal | float | Fraction):
        return Text(_number(value, column))
    if column.kind == "calendar":
        return Text.assemble(*((sign, _shade(sign)) for sign in value))
    if column.kind == "picture":
        return Text.assemble((value, "cyan"))
    if column.key == "file":
        value = str(value).rpartition("/")[2]  # the folder would take a line of its own
    return Text(str(value).replace("\t", " "))


def _shade(sign: str) -> str:
    """The colour of a month."""
    colour = CALENDAR.get(sign.upper(), "")
    if not colour:
        return "dim"
    return f"bold {colour}" if sign.islower() else f"black on {colour}"


def bar(share: float, width: int, sign: str = "█") -> str:
    """A bar of eighths of a character; nothing at all only for nothing."""
    if share <= 0:
        return ""
    if sign != "█":
        return sign * max(round(share * width), 1)
    whole, part = divmod(max(round(min(share, 1.0) * width * 8), 1), 8)
    return "█" * whole + (EIGHTHS[part] if part else "")


def _number(value: int | Decimal | float | Fraction, column: Column) -> str:
    if column.key == "month" and isinstance(value, int):
        return f"{value // 100}-{value % 100:02}"
    exact = _decimal(value)
    if exact is None:
        return str(value)
    if column.kind == "text" or column.key.rpartition("_")[2] in PLAIN_KEYS:
        return format(exact, "f")
    if column.kind == "exact":
        return f"{exact.normalize():,f}"
    if column.kind == "share":
        exact *= 100
    decimals = 0 if column.kind == "count" else column.decimals
    sign = "+" if "change" in column.key and exact > 0 else ""
    return f"{sign}{shown(exact, decimals) + 0:,f}"  # + 0: no minus before nothing


def _decimal(value: int | Decimal | float | Fraction) -> Decimal | None:
    """The value as a decimal; None where it is not a finite number."""
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    return Decimal(value) if Decimal(value).is_finite() else None


def _is_figure(column: Column, table: Table) -> bool:
    """A column of figures, set to the right: by its kind, or because it holds nothing else."""
    values = [row[column.key] for row in table.rows if row[column.key] is not None]
    figures = (int, Decimal, float, Fraction)
    return column.kind in NUMBERS or (
        bool(values) and all(isinstance(value, figures) for value in values)
    )


def _says_something(column: Column, table: Table) -> bool:
    """A column of words that are all empty is left out, and one that says nothing is missing."""
    silent = ("", None) if not table.missing else ("",)
    return any(row[column.key] not in silent for row in table.rows)


def _unit(column: Column) -> str:
    return "%" if column.kind == "share" else column.unit


def is_by_year(table: Table) -> bool:
    """The inventory with one row a year: shown as in the report, with bars."""
    return table.name == "inventory" and {"status", "location_t"} <= {c.key for c in table.columns}


def shared_unit(table: Table) -> str:
    """The unit that all columns of figures share, said once beside the title; else nothing."""
    apart = ("share",) if is_by_year(table) else ()  # told with the year, not in a column
    figures = [each for each in table.columns if each.kind in NUMBERS and each.kind not in apart]
    units = {_unit(column) for column in figures}
    return units.pop() if len(units) == 1 else ""


def _head_cells(heads: Sequence[tuple[str, str]]) -> list[Text]:
    """Headings with the unit on a line of its own, set to the bottom by rich."""
    has_unit = any(unit for _, unit in heads)
    return [Text(f"{title}\n{unit}" if has_unit else title, "dim") for title, unit in heads]


def _fitted(
    are_figures: Sequence[bool],
    heads: Sequence[tuple[str, str]],
    cells: Sequence[Sequence[Text]],
    room: int,
    gap: int,
) -> list[int]:
    """A width for each column, at which no number is folded; empty where there is none."""
    least, words, whole, spoken = [], [], [], []
    for n, is_figure in enumerate(are_figures):
        title, unit = heads[n]
        texts = [line[n].plain for line in cells]
        word = max((_longest(re.split(r"[ \n]+", text)) for text in texts), default=0)
        least.append(
            max(_longest([*title.split(), unit]), word if is_figure else min(word, TEXT_LEAST))
        )
        words.append(max(least[n], word))
        whole.append(max(least[n], max((_longest(text.splitlines()) for text in texts), default=0)))
        spoken.append(max(whole[n], cell_len(title)))
    free = room - sum(least) - gap * (len(least) - 1)
    if free < 0:
        return []
    widths = list(least)
    for wanted in (words, whole, spoken):  # no word cut, then the cells, then the headings
        while free > 0 and (short := [n for n, w in enumerate(widths) if w < wanted[n]]):
            widths[min(short, key=lambda n: widths[n])] += 1
            free -= 1
    return widths


def _longest(words: Iterable[str]) -> int:
    return max((cell_len(word.strip(" ")) for word in words), default=0)


def _blocks(columns: Sequence[Column], cells: Sequence[Sequence[Text]]) -> RenderableType:
    """Each row as a block of lines, for windows too narrow for columns."""
    laid = Grid.grid(padding=(0, GAP, 0, 0))
    laid.add_column(style="dim", overflow="fold")
    laid.add_column(overflow="fold")
    for number, line in enumerate(cells):
        if number:
            laid.add_row()
        for column, text in zip(columns, line, strict=True):
            unit = _unit(column) if text.plain[-1:].isdigit() else ""
            if text.plain:
                laid.add_row(Text(column.title), text.append(f" {unit}" if unit else "", "dim"))
    return laid
