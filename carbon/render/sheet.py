"""Factor sets on the terminal: a list of those found, and one in full with its years as bars."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid

from carbon.catalogue import Sheet, WithheldSheet
from carbon.errors import counted
from carbon.render.grid import bar
from carbon.render.page import INDENT, page_of, section, trimmed, wrapped
from carbon.render.plain import Text
from carbon.tables import Table

BAR = 30  # the longest bar [characters]
LABEL = 12  # the column of names [characters]


def print_found(table: Table, console: Console) -> None:
    """Sets of a search: name and first value on a line, what it is of on the next."""
    with trimmed(console):
        section(console, table.title)
        for row in table.rows:
            console.print(Text(f"  {row['set_id']}", "bold"), width=page_of(console))
            said = [row["topic"], row["region"], row["years"], row["series"], row["confidence"]]
            console.print(Text(f"    {row['printed']}"), width=page_of(console))
            told = " · ".join(f"{part}" for part in said if part)
            console.print(Padding(Text(told, "dim"), (0, 0, 0, 4)), width=page_of(console))
        for note in table.notes:
            console.print(Text(f"  · {note}", "dim"), width=page_of(console))
        console.print()


def print_changes(table: Table, console: Console) -> None:
    """Values that two editions print differently: what it is of, then before and after."""
    with trimmed(console):
        section(console, table.title)
        what = ""
        for row in table.rows:
            spot = [row["topic"], row["region"], row["series"]]
            said = " · ".join(spot + [row["accounting"]] * (row["accounting"] != "all"))
            if said != what:
                what = said
                _show(Text(said), console)
            before, after = (_printed_or_none(row[key]) for key in ("before", "after"))
            share = row["change_share"]
            moved = "" if share is None else f"  {share * 100:+.1f} %"
            years = "" if row["years"] == "any" else f" {row['years']}:"
            line = f"{row['quantity']}{years} {before} -> {after} {row['unit']}{moved}"
            inside = page_of(console) - INDENT - 2
            _show(Text(wrapped(line, inside), "dim"), console, INDENT + 2)
        for note in table.notes:
            _show(Text(f"· {note}", "dim"), console)
        console.print()


def _printed_or_none(value: Decimal | None) -> str:
    return "none" if value is None else f"{value:f}"


def print_sources(table: Table, console: Console) -> None:
    """Documents one below the other, each with its licence and the attribution it wants."""
    with trimmed(console):
        section(console, table.title)
        publisher = ""
        for row in table.rows:
            if row["publisher"] != publisher:
                publisher = row["publisher"]
                _show(Text(publisher, "bold"), console)
            count = counted(row["values"], "value") if row["values"] else "withheld"
            _show(Text(f"{row['title']}"), console, INDENT + 2)
            said = f"{row['source_id']} · published {row['published']} · {count} · {row['licence']}"
            _show(Text(said, "dim"), console, INDENT + 4)
            if row["attribution"] and not row["attribution"].startswith("Source: "):
                _show(Text(f"say: {row['attribution']}", "dim"), console, INDENT + 4)
        for note in table.notes:
            _show(Text(f"· {note}", "dim"), console)
        console.print()


def print_sheet(sheet: Sheet | WithheldSheet, console: Console) -> None:
    """A set in full; of one withheld by its licence, where to get it and the file to make."""
    with trimmed(console):
        if isinstance(sheet, WithheldSheet):
            _withheld(sheet, console)
        else:
            _factors(sheet, console)
        console.print()


def _factors(sheet: Sheet, console: Console) -> None:
    """Printed values, what one unit emits and why, the source, the licence, the years beside it."""
    section(console, sheet.factors.set_id)
    facts = [
        ("is", sheet.headline),
        ("published", sheet.citation),
        ("CH4, N2O", sheet.second),
        ("licence", sheet.source.licence),
        ("attribution", sheet.source.attribution),
        ("confidence", sheet.factors.confidence),
        ("used by", ", ".join(sheet.activities) or "no activity; by its name only"),
        ("edition", sheet.heading.holds if sheet.heading else ""),
        ("doubts", sheet.heading.doubts if sheet.heading else ""),
        ("of source", sheet.source.note),
    ]
    _facts(facts, console)
    console.print()
    _show(Text("As printed", "bold"), console)
    _show(_printed(sheet), console, INDENT + 2)
    notes = dict.fromkeys(part.note for part in sheet.factors.printed if part.note)
    for note in notes:
        _show(Text(f"· {note}", "dim"), console, INDENT + 2)
    if sheet.derived:
        console.print()
        _show(Text(f"Derived, GWP {sheet.gwp}", "bold"), console)
        for what, equation in sheet.derived:
            if what:
                _show(Text(what), console, INDENT + 2)
            _show(Text(equation, "dim"), console, INDENT + 4)
    if len(sheet.neighbours) > 1:
        _neighbours(sheet, console)


def _printed(sheet: Sheet) -> Grid:
    """The values as printed, each place in the document told once."""
    laid = Grid.grid(padding=(0, 2, 0, 0))
    laid.add_column(no_wrap=True)
    laid.add_column(justify="right", no_wrap=True)
    laid.add_column(overflow="fold", no_wrap=True)
    laid.add_column(overflow="fold", ratio=1)
    before = ""
    for part in sheet.factors.printed:
        where = part.locator if part.locator != before else ""
        before = part.locator
        unit = "" if part.unit == "1" else part.unit
        laid.add_row(Text(part.quantity), Text(part.value), Text(unit), Text(where, "dim"))
    return laid


def _withheld(sheet: WithheldSheet, console: Console) -> None:
    section(console, f"{sheet.withheld.withheld_id}: withheld by its licence")
    _facts(sheet.facts, console)
    console.print()
    for line in sheet.file.splitlines():
        console.print(Text(f"    {line}"), soft_wrap=True)


def _facts(facts: Sequence[tuple[str, str]], console: Console) -> None:
    """What is said of a set, a name and a text a line."""
    said = Grid.grid(padding=(0, 2, 0, 0))
    said.add_column(width=LABEL, no_wrap=True)
    said.add_column(overflow="fold")
    for name, text in ((name, text) for name, text in facts if text):
        said.add_row(Text(name, "dim"), Text(text))
    _show(said, console)


def _show(what: Text | Grid, console: Console, indent: int = INDENT) -> None:
    console.print(Padding(what, (0, 0, 0, indent)), width=page_of(console))


def _neighbours(sheet: Sheet, console: Console) -> None:
    """The same topic, place and series, year by year."""
    console.print()
    per = sheet.per.replace("_", " ")
    head = f"Years of the series {sheet.factors.series}, g CO2e per {per}"
    _show(Text(head, "bold"), console)
    top = max(grams for _, grams in sheet.neighbours) or Decimal(1)
    for other, grams in sheet.neighbours:
        here = other.set_id == sheet.factors.set_id
        line = Text(f"{other.first_year}  {_four_digits(grams):>9}  ", "bold" if here else "")
        line.append(f"{bar(float(grams / top), BAR):<{BAR}}", "cyan")
        line.append(" ◀ this one" if here else "", "bold")
        _show(line, console, INDENT + 2)


def _four_digits(grams: Decimal) -> str:
    """A number of at least four significant digits, without an exponent."""
    places = max(0, 3 - grams.adjusted()) if grams else 0
    return f"{grams:,.{places}f}"
