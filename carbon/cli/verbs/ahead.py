"""Verbs that look ahead: nowcast, project, targets, neutrality, measures, plan, sensitivity."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from carbon.cli.verbs.shared import (
    AHEAD,
    SCREEN,
    Folder,
    Output,
    app,
    emit,
    form,
    put,
    put_all,
    terminal,
    worked_out,
    wrong,
)

if TYPE_CHECKING:
    from carbon.tables import Table

DRAWN = (".svg",)
DRAWS, SEED = 10_000, 2030  # of the sensitivity, whose module is loaded where it is used


@app.command(group=AHEAD, sort_key=12)
def nowcast(
    period: str = "",
    /,
    *,
    until: str = "",
    backtest: bool = False,
    folder: Folder = None,
    output: Output = SCREEN,
) -> int:
    """The running year to its end: so far, expected, and how sure that is.

    Parameters
    ----------
    period
        A reporting year; by default the running one.
    until
        The last month that counts as known, such as 2023-06: a past year as it stood then.
    backtest
        Also how good nowcasts of earlier years would have been.
    """
    from carbon.nowcast import shown

    tables = worked_out(
        folder, "looking to the end of the year", lambda book: book.nowcast(period, until, backtest)
    )
    put_all(shown(tables) if form(output) == "table" else tables, output)
    return int(tables[0].is_blocked)


@app.command(group=AHEAD, sort_key=13)
def project(*scenarios: str, folder: Folder = None, output: Output = SCREEN) -> None:
    """The years ahead under each scenario, side by side.

    Parameters
    ----------
    scenarios
        The scenarios; by default all of the book.
    """
    put(worked_out(folder, "projecting", lambda book: book.project(*scenarios)), output)


@app.command(group=AHEAD, sort_key=14)
def targets(
    *scenarios: str,
    odds: bool = False,
    draws: int | None = None,
    seed: int | None = None,
    folder: Folder = None,
    output: Output = SCREEN,
) -> None:
    """The verdict on each target: margin, gap and the pace still needed.

    Parameters
    ----------
    scenarios
        The scenarios; by default all of the book.
    odds
        Also the probability of each, by the draws of carbon sensitivity; it takes some seconds.
    draws
        How often all assumptions are drawn at once; by default 10,000. Asks for the odds as well.
    seed
        Of the random numbers; the same one gives the same odds. Asks for the odds as well.
    """
    from carbon.render.output import verdict_table

    if draws is None and (odds or seed is not None):
        draws = DRAWS
    first = SEED if seed is None else seed
    verdicts = worked_out(
        folder,
        "trying what may come otherwise" if draws is not None else "judging the targets",
        lambda book: book.targets(*scenarios, draws=draws, seed=first),
    )
    if form(output) == "table":
        emit(output, lambda console: terminal().print_verdicts(verdicts, console))
    else:
        put(verdict_table(verdicts), output)


@app.command(group=AHEAD, sort_key=14)
def neutrality(*asked: str, folder: Folder = None, output: Output = SCREEN) -> None:
    """Gross, covered by certificates, offset by credits, rest; and the units missing.

    Parameters
    ----------
    asked
        A reporting year, by default all from that of the neutrality target on; then scenarios, by
        default all of the book.
    """
    from carbon.neutrality import shown

    is_year = bool(asked) and asked[0].isdecimal()
    period, scenarios = (asked[0], asked[1:]) if is_year else ("", asked)
    tables = worked_out(
        folder, "drawing up the account", lambda book: book.neutrality(period, *scenarios)
    )
    put_all(shown(tables, is_year) if form(output) == "table" else tables, output)


@app.command(group=AHEAD, sort_key=15)
def measures(
    scenario: str, period: str = "", /, *, folder: Folder = None, output: Output = SCREEN
) -> None:
    """What each measure of a scenario does in a year: alone, in its order, and together.

    Parameters
    ----------
    scenario
        The scenario.
    period
        A planned year; by default that of the next target, else the horizon.
    """
    put_all(
        worked_out(folder, "projecting the measures", lambda book: book.measures(scenario, period)),
        output,
    )


@app.command(group=AHEAD, sort_key=16)
def plan(
    scenario: str,
    /,
    *,
    against: str = "",
    target: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    price: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    budget: Decimal | None = None,
    discount_rate: Decimal | None = None,
    gap: Decimal = Decimal("0.01"),
    time_limit: Decimal = Decimal(60),
    write: str = "",
    curve: Path | None = None,
    folder: Folder = None,
    output: Output = SCREEN,
) -> int:
    """Which measures of a scenario, from when, meet the targets at least cost.

    Parameters
    ----------
    scenario
        The scenario whose measures are chosen from; built and verified ones stay.
    against
        A scenario the plan is held against.
    target
        A target to plan for, may be repeated; by default all.
    price
        What a purchase costs where the file states no price: 'green certificates=30' (RMB per MWh
        of certificates, per t of credits); may be repeated.
    budget
        What may be paid in any year for which budget_rmb states nothing. [RMB]
    discount_rate
        A year, such as 0.05; by default the policy's.
    gap
        How far from the cheapest plan may be stopped, as a share of its cost.
    time_limit
        Of one solve. [s]
    write
        Write the plan down as a scenario of this name.
    curve
        Draw the marginal abatement cost into this file, an .svg.
    """
    from carbon.abatement import Asked
    from carbon.render.output import refuse

    if curve:
        refuse(curve, DRAWN)  # before the long way there
    asked = Asked(
        scenario,
        against,
        target,
        dict(_priced(each) for each in price),
        budget,
        discount_rate,
        gap,
        time_limit,
    )
    tables = worked_out(folder, "weighing the measures", lambda book: book.plan(asked, write))
    if curve:
        _draw(tables, scenario, curve)
    put_all(tables, output)
    return int(any(each.is_blocked for each in tables))


def _draw(tables: Sequence[Table], scenario: str, file: Path) -> None:
    """The curve of a plan written as a drawing; where there is no plan there is none."""
    from carbon.render.curve import svg
    from carbon.render.output import write

    for each in tables:
        if each.name == "abatement_cost":
            write(file, svg(each, f"{each.title}: {scenario}"), DRAWN)


@app.command(group=AHEAD, sort_key=17)
def sensitivity(
    scenario: str,
    /,
    *,
    target: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    draws: int = DRAWS,
    seed: int = SEED,
    folder: Folder = None,
    output: Output = SCREEN,
) -> None:
    """How often the targets hold, what moves them most, and where they turn.

    Parameters
    ----------
    scenario
        The scenario whose assumptions are taken to be off.
    target
        A target to ask of, may be repeated; by default all.
    draws
        How often all assumptions are drawn at once; by default 10,000.
    seed
        Of the random numbers; the same one gives the same shares.
    """
    put_all(
        worked_out(
            folder,
            "trying what may come otherwise",
            lambda book: book.sensitivity(scenario, target, draws, seed),
        ),
        output,
    )


def _priced(text: str) -> tuple[str, Decimal]:
    """A purchase and its price from 'NAME=RMB'."""
    name, _, number = text.rpartition("=")
    try:
        price = Decimal(number)
    except InvalidOperation:
        price = Decimal(0)
    if not name or not price.is_finite() or price <= 0:
        raise wrong(f"--price {text!r} is no purchase and price", "--price 'green certificates=30'")
    return name.strip(), price
