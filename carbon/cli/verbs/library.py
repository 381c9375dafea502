"""Verbs on the factor library, and on the data as such: factors, sql."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

from carbon.cli.verbs.shared import (
    LIBRARY,
    OPTIONS,
    SCREEN,
    Folder,
    Output,
    app,
    book_in,
    catalogue_in,
    complain,
    emit,
    form,
    put,
    put_all,
    shortened,
    terminal,
    worked_out,
    working,
)

if TYPE_CHECKING:
    from rich.console import Console

factors = App(name="factors", help="The library of emission factors.", group=LIBRARY)
app.command(factors)
factors["--help"].group = OPTIONS


@factors.command(name="search")
def factors_search(
    *text: str,
    region: str = "",
    year: int = 0,
    unit: str = "",
    folder: Folder = None,
    output: Output = SCREEN,
) -> None:
    """Sets of factors that answer to all of these words, in English or Chinese, slips allowed.

    Parameters
    ----------
    text
        The words.
    region
        Only of this region, and of those above it.
    year
        Only valid in this year.
    unit
        Only those that can serve a quantity in this unit.
    """
    said = " ".join(text)
    table = catalogue_in(folder).factors_search(said, region=region, year=year, unit=unit)
    if form(output) == "table":
        from carbon.render.sheet import print_found

        emit(output, lambda console: print_found(table, console))
    else:
        put(table, output)


@factors.command(name="show")
def factors_show(set_id: str, /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """One set in full: as printed, derived, cited, with the years beside it.

    Parameters
    ----------
    set_id
        The set, as `carbon factors search` lists it; one withheld by its licence; a refrigerant
        (R-410A); or a gas (HFC-32) for its warming potentials.
    """
    found = catalogue_in(folder).factors_show(set_id)
    if hasattr(found, "rows"):
        put(found, output)
    elif form(output) == "table":
        from carbon.render.sheet import print_sheet

        emit(output, lambda console: print_sheet(found, console))
    else:
        put(found.table(), output)


@factors.command(name="diff")
def factors_diff(
    before: str, after: str, /, *, folder: Folder = None, output: Output = SCREEN
) -> None:
    """What two editions print differently; in a book, what the second does to each year.

    Parameters
    ----------
    before
        An edition of the library (desnz/2024, mee/national-statistic), or a file.
    after
        The one that follows it.
    """
    with working("comparing"):
        tables = catalogue_in(folder).factors_diff(before, after)
    if form(output) != "table":
        put_all(tables, output)
        return
    from carbon.render.sheet import print_changes

    moved, *effect = tables

    def draw(console: Console) -> None:
        print_changes(shortened(moved), console)
        for table in effect:
            terminal().print_table(table, console)

    emit(output, draw)


@factors.command(name="lint")
def factors_lint(file: Path, /, *, folder: Folder = None) -> int:
    """Every fault of an edition file of your own; in a book, what it would do to each year.

    Parameters
    ----------
    file
        The CSV file, with the columns of the library's editions.
    """
    from carbon.book import Book

    asked = catalogue_in(folder)
    problems = asked.factors_lint(file)
    for problem in problems:
        complain(problem)
    if any(problem.severity == "error" for problem in problems):
        return 1
    if not problems:
        print(f"{file}: no fault")
    if isinstance(asked, Book):
        put(asked.factors_try(file), SCREEN)
    return 0


@factors.command(name="copy")
def factors_copy(set_id: str, /, *, place: str = "", year: int = 0, folder: Folder = None) -> None:
    """An own edition from a set of the library, to state a measured heating value or density.

    Parameters
    ----------
    set_id
        The set, as `carbon factors search` lists it.
    place
        The site, meter or region it is for; without it, that of the set.
    year
        The one year it is for; without it, the years of the set.
    """
    book = book_in(folder)
    path = book.factors_copy(set_id, place=place, year=year)
    print(f"{path}: edit what was measured, then carbon factors lint {path}")


@factors.command(name="sources")
def factors_sources(*, used: bool = False, folder: Folder = None, output: Output = SCREEN) -> None:
    """Documents that values come from, with licence and attribution.

    Parameters
    ----------
    used
        Only those behind the inventory of the book.
    """
    table = book_in(folder).factors_used() if used else catalogue_in(folder).factors_sources()
    if form(output) == "table":
        from carbon.render.sheet import print_sources

        emit(output, lambda console: print_sources(table, console))
    else:
        put(table, output)


@factors.command(name="export")
def factors_export(to: Path, /, *, own: bool = False, folder: Folder = None) -> None:
    """The library as CSV tables with a Frictionless data package, licence per source.

    Parameters
    ----------
    to
        The folder to write into.
    own
        The book's own editions too.
    """
    files = catalogue_in(folder).factors_export(to, own=own)
    for path in files:
        print(path)


@app.command(group=LIBRARY, sort_key=15)
def sql(query: str, /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """A read-only query against the book.

    Parameters
    ----------
    query
        SQL text, in quotes.
    """
    put(worked_out(folder, "asking", lambda book: book.sql(query)), output)
