"""The table of the form: a line a row, with last year, last month and this month beside."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich.text import Text
from textual.widgets import DataTable

from carbon.errors import visible
from carbon.form.filling import Form, Place
from carbon.form.page import Key, Line
from carbon.inputs import month_list

NAME, FIGURE, UNIT, STATE = 12, 12, 10, 9  # widths, of the name the least [characters]
SIGNS = {"error": "✗", "warning": "!", "note": "·"}
COLOURS = {"error": "red", "warning": "yellow"}


class Lines(DataTable[Text]):
    """The lines of a page. Keys stay with the fields, so it takes none."""

    can_focus = False

    def __init__(self, form: Form) -> None:
        super().__init__(id="lines", cursor_type="row", cell_padding=0)
        self.form = form
        self.waiting: set[Place] = set()  # lines on their way into the book
        self.faults: dict[Key, str] = {}  # why lines were refused, until they are typed into

    def fill(self, lines: Sequence[Line], at: Key | None, width: int) -> None:
        """All rows anew, the cursor on a line."""
        page = self.form.page
        self.clear(columns=True)
        name = max(NAME, width - 3 * FIGURE - UNIT - STATE - 2)
        self.add_column(Text(" Meter and activity"), width=name)
        for month in (page.last_year, page.last_month, page.month):
            self.add_column(Text(month_list([month]), justify="right"), width=FIGURE)
        self.add_column(Text(" Unit"), width=UNIT)
        self.add_column(Text("State"), width=STATE)
        for line in lines:
            self.add_row(*self._cells(line))
        keys = [each.key for each in lines]
        if at in keys:
            self.move_cursor(row=keys.index(at))

    def redraw(self, line: Line) -> None:
        """The row under the cursor, which is that of the line."""
        for column, cell in enumerate(self._cells(line)):
            self.update_cell_at(self.cursor_coordinate._replace(column=column), cell)

    def _cells(self, line: Line) -> list[Text]:
        form, page = self.form, self.form.page
        unit = line.shown_in(form.value(line, "unit"))
        figures = [figure(line, month, unit) for month in (page.last_year, page.last_month)]
        figures.append(self._typed(line) or figure(line, page.month, unit))
        name = Text(f" {visible(line.key.name)}", overflow="ellipsis", no_wrap=True)
        written = Text(f" {visible(unit)[: UNIT - 2]}")
        return [
            name,
            *(Text(each, justify="right") for each in figures),
            written,
            self._state(line),
        ]

    def _typed(self, line: Line) -> str:
        """The quantity that is typed, worked out where it is made of readings."""
        if not self.form.is_begun(line):
            return ""
        record = self.form.judge(line).record
        if record is not None:
            return fitted(record.quantity)
        return visible(self.form.value(line, "quantity"))[: FIGURE - 1]

    def _state(self, line: Line) -> Text:
        if self.form.place(line) in self.waiting:
            return Text("waiting")
        if self.form.is_begun(line):
            judged = self.form.judge(line)
            is_refused = judged.is_refused or line.key in self.faults
            worst = "error" if is_refused else "warning" if judged.warnings else ""
            said = f"{SIGNS.get(worst, '')} typed".strip()
            return Text(said, style=COLOURS.get(worst, ""))
        if self.form.recorded(line):
            return Text("recorded")
        return Text("in part" if self.form.page.month in line.months else "")


def figure(line: Line, month: int, unit: str) -> str:
    """What is recorded of a month; in another unit than the line's it says which."""
    found = line.figure(month, unit)
    if found is None:
        return "mixed units" if month in line.months else ""
    quantity, told = found
    return fitted(quantity) if told == unit else f"{fitted(quantity)} {told}"[: FIGURE - 1]


def fitted(quantity: Decimal) -> str:
    """A figure as wide as its column allows, with as many of its decimals as fit.

    >>> fitted(Decimal("1234.500000")), fitted(Decimal("12345678.123456"))
    ('1,234.5', '12,345,678')
    """
    for decimals in range(6, -1, -1):
        said = f"{quantity:,.{decimals}f}"
        said = said.rstrip("0").rstrip(".") if "." in said else said
        if len(said) < FIGURE:
            return said
    return f"{quantity:.4e}"
