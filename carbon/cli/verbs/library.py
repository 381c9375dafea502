"""Verbs on the factor library, and on the data as such: factors, sql."""

from __future__ import annotations

from cyclopts import App

from carbon.cli.verbs.shared import (
    LIBRARY,
    OPTIONS,
    SCREEN,
    Folder,
    Output,
    app,
    book_in,
    put,
    working,
)

factors = App(name="factors", help="The library of emission factors.", group=LIBRARY)
app.command(factors)
factors["--help"].group = OPTIONS


@factors.command(name="search")
def factors_search(
    *text: str,
    region: str = "",
    year: int = 0,
    folder: Folder = None,
    output: Output = SCREEN,
) -> None:
    """Sets of factors whose name, topic or source holds these words.

    Parameters
    ----------
    text
        The words.
    region
        Only of this region, and of those above it.
    year
        Only valid in this year.
    """
    put(book_in(folder).factors_search(" ".join(text), region=region, year=year), output)


@factors.command(name="show")
def factors_show(set_id: str, /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """One set: every value as printed, with its source.

    Parameters
    ----------
    set_id
        The set, as `carbon factors search` lists it.
    """
    put(book_in(folder).factors_show(set_id), output)


@app.command(group=LIBRARY, sort_key=15)
def sql(query: str, /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """A read-only query against the book.

    Parameters
    ----------
    query
        SQL text, in quotes.
    """
    book = book_in(folder)
    with working("asking"):
        table = book.sql(query)
    put(table, output)
