"""Verbs that look at what is recorded: report, inventory, explain, entries, check ..."""

from __future__ import annotations

from typing import Literal

from carbon.cli.verbs.shared import (
    LOOK,
    SCREEN,
    AnyYear,
    Folder,
    Output,
    app,
    book_in,
    emit,
    form,
    put,
    put_all,
    put_report,
    terminal,
    worked_out,
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
    answer = worked_out(folder, "computing the report", lambda book: book.report(scenarios))
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
    table = worked_out(
        folder,
        "computing the inventory",
        lambda book: book.inventory(period, by=tuple(by or ()), approach=approach),
    )
    put(table, output)
    return int(table.is_blocked)


@app.command(group=LOOK, sort_key=7)
def boundary(*, folder: Folder = None, output: Output = SCREEN) -> None:
    """Entities and sites: what counts of each under each approach, since when and why."""
    put_all(book_in(folder).boundary(), output)


@app.command(name="base-year", group=LOOK, sort_key=7)
def base_year(period: str = "", /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """The base year and the years since, as reported and recalculated for structure.

    Parameters
    ----------
    period
        Another base year than that of [policy] base_year, to try it.
    """
    put_all(worked_out(folder, "recalculating", lambda book: book.base_year(period)), output)


@app.command(group=LOOK, sort_key=7)
def chp(period: str, /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """What heat and power of a combined plant carry of its emissions, and the buyer's factor.

    Parameters
    ----------
    period
        A reporting year.
    """
    put(worked_out(folder, "computing the inventory", lambda book: book.chp(period)), output)


@app.command(group=LOOK, sort_key=8)
def instruments(period: AnyYear = "", /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """What covers the electricity bought, what each certificate or contract was used for."""
    from carbon.waterfall import shown

    tables = worked_out(folder, "matching instruments", lambda book: book.instruments(period))
    put_all(shown(tables) if form(output) == "table" else tables, output)


@app.command(group=LOOK, sort_key=10)
def checklist(period: str = "", /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """What each site says of each emission source, and whether its entries agree.

    Parameters
    ----------
    period
        A reporting year; by default the last one with figures.
    """
    put(worked_out(folder, "checking the sources", lambda book: book.checklist(period)), output)


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
    answer = worked_out(folder, "tracing", lambda book: book.explain(" ".join(figure)))
    if form(output) == "table":
        emit(output, lambda console: terminal().print_lines(answer.lines(), console))
    else:
        put(answer.table(), output)


@app.command(group=LOOK, sort_key=8.5)
def refrigerants(
    period: AnyYear = "", /, *, folder: Folder = None, output: Output = SCREEN
) -> None:
    """What leaked of each refrigerant by three methods, and which is counted."""
    put(
        worked_out(folder, "balancing refrigerants", lambda book: book.refrigerants(period)), output
    )


@app.command(group=LOOK, sort_key=9)
def uncertainty(
    period: str = "",
    /,
    *,
    draws: int = 0,
    seed: int = -1,
    folder: Folder = None,
    output: Output = SCREEN,
) -> None:
    """The 95 % range of every total, and what makes it unsure.

    Parameters
    ----------
    period
        A reporting year; by default all of them.
    draws
        How often the totals are drawn; 10,000 by default.
    seed
        Another seed draws other numbers; the same seed always the same.
    """
    if draws and not 100 <= draws <= 1_000_000:
        raise wrong("draws lie between 100 and 1,000,000", "carbon uncertainty 2023 --draws 10000")
    put_all(
        worked_out(folder, "drawing", lambda book: book.uncertainty(period, draws, seed)), output
    )


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


@app.command(group=LOOK, sort_key=9)
def coverage(period: str = "", /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """The days of a year by bill and meter: read, billed, estimated, missing.

    Parameters
    ----------
    period
        A reporting year; by default the last one.
    """
    from carbon.coverage import shown

    table = worked_out(folder, "looking at every day", lambda book: book.coverage(period))
    put(shown(table) if form(output) == "table" else table, output)


@app.command(group=LOOK, sort_key=11)
def acknowledge(finding: str, /, *, reason: str, folder: Folder = None) -> None:
    """Let a warning stand, with the reason, on the record.

    Parameters
    ----------
    finding
        Its id, as carbon check prints it.
    reason
        Why it is right as it is.
    """
    said = worked_out(folder, "checking", lambda book: book.acknowledge(finding, reason))
    print(said)


@app.command(group=LOOK, sort_key=10)
def claims(period: AnyYear = "", /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """What is claimed beside the inventory: avoided emissions, substitutions."""
    put(book_in(folder).claims(period), output)


@app.command(group=LOOK, sort_key=10)
def substitution(
    period: str,
    /,
    *,
    of: str,
    by: str,
    detail: str = "",
    claim_id: str = "",
    evidence: str = "",
    folder: Folder = None,
    output: Output = SCREEN,
) -> None:
    """What the trips of a year would have emitted, made otherwise; no inventory figure.

    Parameters
    ----------
    period
        A reporting year.
    of
        The activity the trips were recorded as: metro_travel.
    by
        The activity they are compared with: taxi.
    detail
        What the other activity needs to be told: average/petrol ...
    claim_id
        Record what was avoided as a claim of this id.
    evidence
        Where that stands, for the claim.
    """
    said = {"claim_id": claim_id, "evidence": evidence}
    table = worked_out(
        folder, "comparing", lambda book: book.substitution(period, of, by, detail, **said)
    )
    put(table, output)


@app.command(group=LOOK, sort_key=10)
def check(*, everything: bool = False, folder: Folder = None, output: Output = SCREEN) -> int:
    """Every finding on the data, with the command that mends it.

    Parameters
    ----------
    everything
        Those too that somebody has acknowledged.
    """
    from carbon.render.output import problem_table

    problems = worked_out(folder, "checking", lambda book: book.check(everything))
    if form(output) == "table":
        emit(output, lambda console: terminal().print_problems(problems, console))
    else:
        put(problem_table(problems), output)
    return int(any(problem.severity == "error" for problem in problems))


@app.command(group=LOOK, sort_key=11)
def energy(
    period: str = "",
    /,
    *,
    by_site: bool = False,
    folder: Folder = None,
    output: Output = SCREEN,
) -> None:
    """The energy sheet: MWh and standard coal by carrier, where electricity came from.

    Parameters
    ----------
    period
        A reporting year, with its sites; by default all of them.
    by_site
        Split the carriers by site too.
    """
    from carbon.energy import shown

    tables = worked_out(
        folder, "computing the energy sheet", lambda book: book.energy(period, by_site)
    )
    put_all(shown(tables, period) if form(output) == "table" else tables, output)


@app.command(group=LOOK, sort_key=12)
def pue(period: str = "", /, *, folder: Folder = None, output: Output = SCREEN) -> int:
    """The power usage effectiveness of data centres.

    Parameters
    ----------
    period
        A reporting year, month by month; by default every year as a whole.
    """
    table = worked_out(folder, "computing the PUE", lambda book: book.pue(period))
    put(table, output)
    return int(table.is_blocked)


@app.command(group=LOOK, sort_key=12)
def pv(period: str = "", /, *, folder: Folder = None, output: Output = SCREEN) -> int:
    """What PV yielded, beside what a clear sky could give.

    Parameters
    ----------
    period
        A reporting year, by plant and month; by default every year and site.
    """
    from carbon.solar import shown

    table = worked_out(folder, "following the sun", lambda book: book.pv(period))
    if form(output) == "table":
        put_all(shown(table), output)
    else:
        put(table, output)
    return int(table.is_blocked)


@app.command(group=LOOK, sort_key=13)
def meters(period: str = "", /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """The tree of meters: what each read, what its sub-meters leave, its calibration.

    Parameters
    ----------
    period
        A reporting year; by default the last one.
    """
    from carbon.meters import shown

    table = worked_out(folder, "reading the meters", lambda book: book.meters(period))
    put(shown(table) if form(output) == "table" else table, output)


@app.command(group=LOOK, sort_key=13)
def areas(period: str = "", /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """Energy by department and key area, adding up to the organisation.

    Parameters
    ----------
    period
        A reporting year, month by month; by default every year as a whole.
    """
    from carbon.meters import shown_areas

    table = worked_out(folder, "adding up the areas", lambda book: book.areas(period))
    if form(output) == "table":
        put_all(shown_areas(table), output)
    else:
        put(table, output)
