"""Verbs that look at what is recorded: report, inventory, explain, entries, check."""

from __future__ import annotations

from typing import Literal

from carbon.cli.verbs.shared import (
    LOOK,
    SCREEN,
    Folder,
    Output,
    app,
    book_in,
    emit,
    form,
    put,
    put_report,
    put_several,
    terminal,
    working,
    wrong,
)


@app.command(group=LOOK, sort_key=6)
def report(*scenarios: str, folder: Folder = None, output: Output = SCREEN) -> int:
    """The whole picture: inventory, targets, projection, sites, gaps.

    Parameters
    ----------
    scenarios
        The scenarios to look ahead with; by default all of the book.
    """
    book = book_in(folder)
    with working("computing the report"):
        answer = book.report(scenarios)
    put_report(answer, output)
    return int(answer.inventory.is_blocked)


@app.command(group=LOOK, sort_key=7)
def inventory(
    period: str = "",
    /,
    *,
    by: list[Literal["site", "category", "activity", "gas", "month"]] | None = None,
    approach: str = "",
    folder: Folder = None,
    output: Output = SCREEN,
) -> int:
    """Totals by scope: location-based, market-based, after credits.

    Parameters
    ----------
    period
        A reporting year; by default all of them.
    by
        What to split by; may be given more than once.
    approach
        Another consolidation approach, from the same ledger: equity share, financial control,
        operational control.
    """
    book = book_in(folder)
    with working("computing the inventory"):
        table = book.inventory(period, by=tuple(by or ()), approach=approach)
    put(table, output)
    return int(table.is_blocked)


@app.command(group=LOOK, sort_key=7)
def boundary(*, folder: Folder = None, output: Output = SCREEN) -> None:
    """Entities and sites: what counts of each under each approach, since when and why."""
    put_several(book_in(folder).boundary(), output)


@app.command(name="base-year", group=LOOK, sort_key=7)
def base_year(period: str = "", /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """The base year and the years since, as reported and recalculated for structure.

    Parameters
    ----------
    period
        Another base year than that of [policy] base_year, to try it.
    """
    book = book_in(folder)
    with working("recalculating"):
        tables = book.base_year(period)
    put_several(tables, output)


@app.command(group=LOOK, sort_key=10)
def checklist(period: str = "", /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """What each site says of each emission source, and whether its entries agree.

    Parameters
    ----------
    period
        A reporting year; by default the last one with figures.
    """
    book = book_in(folder)
    with working("checking the sources"):
        table = book.checklist(period)
    put(table, output)


@app.command(group=LOOK, sort_key=8)
def explain(*figure: str, folder: Folder = None, output: Output = SCREEN) -> None:
    """One figure down to its bills.

    Parameters
    ----------
    figure
        What to explain: scope2-location 2022, scope1 2022 SITE, entry 17 ...
    """
    if not figure:
        raise wrong("no figure is named", "carbon explain scope2-location 2022")
    book = book_in(folder)
    with working("tracing"):
        answer = book.explain(" ".join(figure))
    if form(output) == "table":
        emit(output, lambda console: terminal().print_lines(answer.lines(), console))
    else:
        put(answer.table(), output)


@app.command(group=LOOK, sort_key=9)
def entries(
    *,
    site: str = "",
    activity: str = "",
    meter: str = "",
    since: str = "",
    until: str = "",
    everything: bool = False,
    folder: Folder = None,
    output: Output = SCREEN,
) -> None:
    """What the ledger holds.

    Parameters
    ----------
    site
        Only of this site.
    activity
        Only of this activity.
    meter
        Only of this meter.
    since
        Only from this month or day on.
    until
        Only up to this month or day.
    everything
        Superseded and withdrawn entries too.
    """
    table = book_in(folder).entries(
        site=site, activity=activity, meter=meter, since=since, until=until, everything=everything
    )
    put(table, output)


@app.command(group=LOOK, sort_key=10)
def check(*, folder: Folder = None, output: Output = SCREEN) -> int:
    """Every finding on the data, with the command that mends it."""
    from carbon.render.output import problem_table

    book = book_in(folder)
    with working("checking"):
        problems = book.check()
    if form(output) == "table":
        emit(output, lambda console: terminal().print_problems(problems, console))
    else:
        put(problem_table(problems), output)
    return int(any(problem.severity == "error" for problem in problems))
