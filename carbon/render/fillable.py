"""A template as an XLSX: sheets to type into, with lists to choose from, notes and checks.

The words of the book stand on a hidden sheet, to which the lists refer: a list that stands in the
cell itself ends at 255 characters. No text of the book ever becomes a formula. What a sheet checks
is a help to the person who types; `readers` trusts none of it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from carbon.errors import CarbonError
from carbon.layouts import NOT_READ, TEMPLATE, TEMPLATE_VERSION
from carbon.template import Choice, Heading, Page, Row, Template
from carbon.template.guide import contents, steps

MARK = f"{TEMPLATE} {TEMPLATE_VERSION}"
HEADER = 3  # the row of the headings, counted from 0
SPARE = 1000  # rows below those laid out that have lists as well
SHOWN = 20  # of which so many look as if to be typed into
DIGITS = 15  # that a cell holds of a number
LONGEST = 32_767  # characters of a cell
EARLIEST = date(1990, 1, 1)
LISTS, GUIDE = "Lists", "Read me"
LAST = 1_048_575  # row of a sheet

INK, PAPER, GIVEN, OLD, RULE = "#1F4E5F", "#FFFFFF", "#F3F5F6", "#EDEDED", "#8FA8B2"
NEEDED, TYPED = "#FFEFA8", "#FFFBEA"  # cells to type into: those that must be, those that may
PER_LINE = 104  # characters of a line of the guide


def as_xlsx(template: Template) -> bytes:
    """The workbook. Raises CarbonError for a name that no cell can hold."""
    held = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(held, options) as book:
        book.set_properties(
            {"title": f"{template.organisation}, {template.year}", "created": template.made_on}
        )
        _Written(book, template).write()
    return held.getvalue()


class _Written:
    """A workbook while it is written."""

    def __init__(self, book: Workbook, template: Template) -> None:
        self.book, self.template = book, template
        self.formats: dict[tuple, Any] = {}
        self.guide = book.add_worksheet(GUIDE)
        self.sheets = [book.add_worksheet(page.topic.title) for page in template.pages]
        self.lists = _Lists(book)

    def write(self) -> None:
        """Every sheet."""
        self._guide()
        for page, sheet in zip(self.template.pages, self.sheets, strict=True):
            self._page(page, sheet)
        self.lists.sheet.hide()

    def look(self, **said: Any) -> Any:
        """A format, each made once."""
        key = tuple(sorted(said.items()))
        if key not in self.formats:
            base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
            self.formats[key] = self.book.add_format(base | said)
        return self.formats[key]

    # The first sheet

    def _guide(self) -> None:
        """How to fill the workbook in, and what it holds."""
        sheet, template = self.guide, self.template
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 84)
        sheet.set_row(0, 24)
        title = f"{template.organisation}: what was used in {template.year}"
        put(sheet, 0, 0, title, self.look(bold=True, font_size=16, font_color=INK))
        put(sheet, 1, 0, f"{MARK} {NOT_READ}", self.look(font_size=8, font_color="#999999"))
        row = 3
        for name, text in steps(template):
            put(sheet, row, 0, name, self.look(bold=True))
            put(sheet, row, 1, text, self.look(text_wrap=True))
            sheet.set_row(row, 16 * (len(text) // PER_LINE + 1) + 2)
            row += 1
        row = self._table(row + 1, ("Sheet", "What it is for"), contents(template))
        sites = [(name, " · ".join(filter(None, more))) for name, *more in template.sites]
        self._table(row + 1, ("Site", "Title, region"), sites)
        _for_print(sheet, landscape=False)

    def _table(self, row: int, head: Sequence[str], lines: Sequence[tuple[str, str]]) -> int:
        """A small table of two columns; gives the row below it."""
        for at, text in enumerate(head):
            put(self.guide, row, at, text, self.look(bold=True, bottom=1, bottom_color=INK))
        for number, line in enumerate(lines, start=row + 1):
            for at, text in enumerate(line):
                put(self.guide, number, at, text, self.look(text_wrap=True))
            self.guide.set_row(number, 16 * (len(line[1]) // PER_LINE + 1))
        return row + 1 + len(lines)

    # A sheet to fill in

    def _page(self, page: Page, sheet: Any) -> None:
        """Title, headings, the rows laid out, and what may stand in each column."""
        sheet.set_row(0, 22)
        title = f"{page.topic.title}, {self.template.year}"
        put(sheet, 0, 0, title, self.look(bold=True, font_size=14, font_color=INK))
        put(sheet, 1, 0, page.topic.about, self.look(italic=True, font_color="#555555"))
        put(sheet, 2, 0, MARK, self.look(font_size=8, font_color="#999999"))
        sheet.set_row(HEADER, 32)
        for at, heading in enumerate(page.headings):
            self._heading(sheet, at, heading)
        before: Sequence[Any] = ()
        for number, row in enumerate(page.rows, start=HEADER + 1):
            of = [row.values.get(name) for name in LINE]
            self._row(sheet, number, page.headings, row, is_new=of != before)
            before = of
        below = HEADER + 1 + len(page.rows)
        for number in range(below, below + SHOWN):
            for at, heading in enumerate(page.headings):
                sheet.write_blank(number, at, None, self._cell(heading, is_open=heading.is_read))
        for at, heading in enumerate(page.headings):
            self._check(page, sheet, at, heading)
        self._compare(page, sheet)
        fixed = [at for at, each in enumerate(page.headings) if each.name in ("activity", "detail")]
        sheet.freeze_panes(HEADER + 1, max(fixed, default=0) + 1)
        if page.rows:
            sheet.autofilter(HEADER, 0, below - 1, len(page.headings) - 1)
        sheet.repeat_rows(HEADER)
        _for_print(sheet)

    def _heading(self, sheet: Any, at: int, heading: Heading) -> None:
        colour = INK if heading.is_needed else "#5B8796" if heading.is_read else "#9A9A9A"
        look = self.look(
            bold=heading.is_needed,
            font_color=PAPER,
            bg_color=colour,
            text_wrap=True,
            border=1,
            border_color=PAPER,
        )
        put(sheet, HEADER, at, heading.text, look)
        plain = self.look(num_format=FORMATS.get(heading.kind, "@"))
        sheet.set_column(at, at, heading.width, plain)
        need = "Needed. " if heading.is_needed else ""
        said = need + heading.says
        lines = len(said) // 38 + 2
        sheet.write_comment(
            HEADER, at, said, {"width": 260, "height": 18 * lines + 8, "author": "carbon"}
        )

    def _cell(self, heading: Heading, is_open: bool = False, **more: Any) -> Any:
        """How a cell of a column looks; one to be typed into is set off."""
        said: dict[str, Any] = {"num_format": FORMATS.get(heading.kind, "@")}
        if not heading.is_read:
            said |= {"font_color": "#666666", "bg_color": OLD, "italic": True}
            if heading.name == "before_unit":
                said |= {"num_format": "@", "align": "left", "indent": 1}
        if heading.name == "unit":
            said |= {"align": "left", "indent": 1}
        if is_open:
            colour = NEEDED if heading.is_needed else TYPED
            said |= {"bg_color": colour, "border": 1, "border_color": "#E3D9B0"}
        return self.look(**said | more)

    def _row(
        self, sheet: Any, number: int, headings: Sequence[Heading], row: Row, is_new: bool
    ) -> None:
        """A row laid out; a rule parts one line from the next."""
        rule = {"top": 1, "top_color": RULE} if is_new else {}
        for at, heading in enumerate(headings):
            value = row.values.get(heading.name)
            if heading.kind == "change" and row.values.get("before"):
                self._change(sheet, number, at, headings, self._cell(heading, **rule))
                continue
            is_open = heading.is_read and not row.is_recorded
            more: dict[str, Any] = rule
            if heading.name == "month" and row.values.get("start"):
                more = rule | {"bg_color": TYPED}  # its days are said otherwise
            if heading.is_given and value not in (None, ""):
                more, is_open = rule | {"bg_color": GIVEN}, False
            elif row.is_recorded and heading.is_read:
                more = rule | {"bg_color": GIVEN, "font_color": "#2E6B3E"}
            if not heading.is_read and isinstance(value, Decimal) and value == value.to_integral():
                more = more | {"num_format": "#,##0"}
            put(sheet, number, at, value, self._cell(heading, is_open, **more))

    def _change(
        self, sheet: Any, number: int, at: int, headings: Sequence[Heading], look: Any
    ) -> None:
        """The formula that compares a row with last year's: of ours, with no word of the book."""
        spot = _spots(headings, number)
        new, unit, old, old_unit = (spot[n] for n in ("quantity", "unit", "before", "before_unit"))
        both = f"ISNUMBER({new}),ISNUMBER({old}),EXACT({unit},{old_unit})"
        formula = f'=IF(AND({both}),IF({old}<>0,{new}/{old}-1,""),"")'
        sheet.write_formula(number, at, formula, look, "")

    # What a column may hold

    def _check(self, page: Page, sheet: Any, at: int, heading: Heading) -> None:
        """The lists and checks of a column, down to the last of the spare rows."""
        if not heading.is_read:
            return
        first, last = HEADER + 1, HEADER + len(page.rows) + SPARE
        if heading.name == "unit" and any(row.units for row in page.rows):
            first = self._units(page, sheet, at, heading)
        rule = self._rule(heading, page.headings, first)
        if rule:
            sheet.data_validation(first, at, last, at, rule)

    def _units(self, page: Page, sheet: Any, at: int, heading: Heading) -> int:
        """The units of the rows laid out, those of one list together; gives the row below them."""
        begun = HEADER + 1
        for number, row in enumerate(page.rows, start=HEADER + 1):
            following = page.rows[number - HEADER] if number - HEADER < len(page.rows) else None
            if following is None or tuple(following.units) != tuple(row.units):
                if row.units:
                    source = self.lists.range(row.units)
                    rule = _list_rule(heading, f"={source}", is_open=False)
                else:
                    rule = self._rule(heading, page.headings, begun)
                sheet.data_validation(begun, at, number, at, rule)
                begun = number + 1
        return begun

    def _rule(self, heading: Heading, headings: Sequence[Heading], row: int) -> dict[str, Any]:
        """What may stand in a column, from a row on; nothing where everything may."""
        choice = heading.choice
        if choice is not None and choice.of is not None:
            of = [at for at, each in enumerate(headings) if each.name == choice.by]
            if not of:
                return {}
            cell = xl_rowcol_to_cell(row, of[0], col_abs=True)
            return _list_rule(heading, self.lists.chosen(choice, cell), choice.is_open)
        if choice is not None:
            source = self.lists.range(choice.values)
            return _list_rule(heading, f"={source}", choice.is_open) if choice.values else {}
        return self._bounds(heading)

    def _bounds(self, heading: Heading) -> dict[str, Any]:
        """The numbers and days a column may hold."""
        first, last = self.template.first, self.template.last
        if heading.kind == "number":
            return _rule("decimal", ">=", 0, heading, "a number of zero or more", "stop")
        if heading.kind == "signed":
            text = "a number; below zero only for a credit note"
            return _rule("decimal", ">=", 0, heading, text, "warning")
        if heading.kind == "day":
            text = f"a day from {first} to {last}"
            return _rule("date", "between", (first, last), heading, text, "stop")
        if heading.kind == "any day":
            text = f"a day up to {last}, such as {first}"
            return _rule("date", "between", (EARLIEST, last), heading, text, "warning")
        return {}

    def _compare(self, page: Page, sheet: Any) -> None:
        """Marks quantities that are far from last year's."""
        at = next((at for at, each in enumerate(page.headings) if each.kind == "change"), None)
        if at is None or not page.rows:
            return
        cell = xl_rowcol_to_cell(HEADER + 1, at, col_abs=True)
        rule = {
            "type": "formula",
            "criteria": f"=AND(ISNUMBER({cell}),OR({cell}>0.5,{cell}<-0.5))",
            "format": self.book.add_format({"bg_color": "#F8D7C4", "font_color": "#9C2B00"}),
        }
        quantity = [at for at, each in enumerate(page.headings) if each.name == "quantity"]
        for column in (*quantity, at):
            sheet.conditional_format(HEADER + 1, column, HEADER + len(page.rows), column, rule)


LINE = (
    "site",
    "meter",
    "activity",
    "detail",
    "metric",
    "indicator",
    "equipment_id",
)  # what rows are of
FORMATS = {
    "number": "#,##0.00####",
    "signed": "#,##0.00####",
    "day": "yyyy-mm-dd",
    "any day": "yyyy-mm-dd",
    "change": "+0 %;-0 %;0 %",
}


class _Lists:
    """The hidden sheet of everything that may be chosen, each list once."""

    def __init__(self, book: Workbook) -> None:
        self.book, self.sheet = book, book.add_worksheet(LISTS)
        self.known: dict[tuple[str, ...], str] = {}
        self.groups: dict[int, str] = {}
        self.width = 0

    def range(self, values: Sequence[str]) -> str:
        """Where a list stands."""
        key = tuple(values)
        if key not in self.known:
            self.known[key] = self._column(key)
        return self.known[key]

    def chosen(self, choice: Choice, cell: str) -> str:
        """The formula of a list that goes by the word in another cell.

        A word is found by EXACT: MATCH and COUNTIF take * and ? in it for anything, and end at 255
        characters. What is not found leads to the blank cell above the list.
        """
        if id(choice.of) not in self.groups:
            self.groups[id(choice.of)] = self._group(choice.of or {})
        name = self.groups[id(choice.of)]
        place = f"SUMPRODUCT(EXACT({name}_word,{cell})*{name}_{{}})"
        return f"=OFFSET({name}_list,{place.format('from')},0,MAX(1,{place.format('count')}),1)"

    def _group(self, of: Mapping[str, Sequence[str]]) -> str:
        """Writes lists below one another, with where each begins; gives the stem of their names."""
        name = f"choice{len(self.groups) + 1}"
        filled = {word: list(values) for word, values in of.items() if values}
        begins, counts, stacked = [], [], []
        for values in filled.values():
            begins.append(len(stacked) + 1)
            counts.append(len(values))
            stacked += values
        for ending, values in (("word", list(filled)), ("from", begins), ("count", counts)):
            self._define(f"{name}_{ending}", self._column(values or [""]))
        top = self._column(["", *stacked]).partition(":")[0]
        self._define(f"{name}_list", top)
        return name

    def _define(self, name: str, where: str) -> None:
        self.book.define_name(name, f"={where}")

    def _column(self, values: Sequence[Any]) -> str:
        """Writes a column; gives its range."""
        at = self.width
        self.width += 1
        for number, value in enumerate(values):
            put(self.sheet, number, at, value, None)
        first = xl_rowcol_to_cell(0, at, row_abs=True, col_abs=True)
        last = xl_rowcol_to_cell(max(len(values), 1) - 1, at, row_abs=True, col_abs=True)
        return f"{LISTS}!{first}:{last}"


def put(sheet: Any, row: int, column: int, value: Any, look: Any) -> None:
    """Write a value as what it is: a text as a text, whatever it begins with.

    Raises CarbonError for a text that no cell can hold.
    """
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, look)
    elif isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > DIGITS:
        sheet.write_string(row, column, format(value.normalize(), "f"), look)
    elif isinstance(value, Decimal | int):
        sheet.write_number(row, column, float(value), look)
    elif len(value) > LONGEST:
        raise CarbonError(
            "name-too-long",
            f"{value[:40]!r}... has {len(value):,} characters",
            looked_for=f"at most {LONGEST:,}, as a cell of a workbook holds",
            remedy="shorten it in carbon.toml",
        )
    else:
        sheet.write_string(row, column, value, look)


def _spots(headings: Sequence[Heading], row: int) -> dict[str, str]:
    """The cells of a row by the names of their columns."""
    return {each.name: xl_rowcol_to_cell(row, at, col_abs=True) for at, each in enumerate(headings)}


def _list_rule(heading: Heading, source: str, is_open: bool) -> dict[str, Any]:
    kind = "information" if is_open else "stop"
    more = "another may be right too" if is_open else "or leave it blank"
    return {
        "validate": "list",
        "source": source,
        "error_type": kind,
        "error_title": heading.text[:32],
        "error_message": f"Choose one of the list: {more}.",
        "ignore_blank": True,
    }


def _rule(
    validate: str, criteria: str, bounds: Any, heading: Heading, wanted: str, kind: str
) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "validate": validate,
        "criteria": criteria,
        "error_type": kind,
        "error_title": heading.text[:32],
        "error_message": f"{heading.text} is {wanted}.",
        "ignore_blank": True,
    }
    if criteria == "between":
        return rule | {"minimum": bounds[0], "maximum": bounds[1]}
    return rule | {"value": bounds}


def _for_print(sheet: Any, landscape: bool = True) -> None:
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
