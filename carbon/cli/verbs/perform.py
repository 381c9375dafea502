"""Verbs on performance: indicators, goals and cases of over-consumption."""

from __future__ import annotations

from cyclopts import App

from carbon.cli.verbs.shared import (
    LOOK,
    OPTIONS,
    SCREEN,
    Folder,
    Output,
    app,
    book_in,
    form,
    put,
    put_all,
    worked_out,
)


@app.command(group=LOOK, sort_key=12)
def indicators(*years: str, site: str = "", folder: Folder = None, output: Output = SCREEN) -> None:
    """Water, packaging, waste, exhaust: by year, with change and intensity.

    Parameters
    ----------
    years
        Reporting years; by default all of them.
    site
        Only of this site; by default the whole organisation.
    """
    from carbon.indicators import SHOWN, shown

    table = worked_out(folder, "adding up", lambda book: book.indicators(years, site=site))
    tables = shown(table, len(years) or SHOWN) if form(output) == "table" else [table]
    put_all(tables, output) if len(tables) > 1 else put(tables[0], output)


@app.command(group=LOOK, sort_key=12)
def goals(
    period: str = "", /, *, node: str = "", folder: Folder = None, output: Output = SCREEN
) -> None:
    """Energy goals and what they came to, by node and month.

    Parameters
    ----------
    period
        A reporting year; by default the last one that has a goal.
    node
        Only of this site, department or key area, or of the organisation.
    """
    from carbon.goals import shown

    table = worked_out(folder, "comparing", lambda book: book.goals(period, node=node))
    put(shown(table) if form(output) == "table" else table, output)


@app.command(group=LOOK, sort_key=12)
def kpi(
    metric: str,
    /,
    *,
    per: str,
    window: str,
    node: str = "organisation",
    common: bool = False,
    folder: Folder = None,
    output: Output = SCREEN,
) -> None:
    """Use or emissions per person, revenue or area, against the same months a year before.

    Parameters
    ----------
    metric
        electricity, natural_gas ..., energy, standard_coal, emissions, scope1 ...
    per
        people, revenue, floor_area, it_energy or output.
    window
        Months (2023-08..2023-12), one month, or a reporting year.
    node
        A site, department or key area; by default the whole organisation.
    common
        Compare only the months that are whole in both years.
    """
    table = worked_out(
        folder, "comparing", lambda book: book.kpi(metric, per, window, node=node, common=common)
    )
    put(table, output)


case = App(name="case", help="Cases of over-consumption: months over their goal.", group=LOOK)
app.command(case)
case["--help"].group = OPTIONS


@case.command(name="list")
def case_list(
    case_id: str = "",
    /,
    *,
    everything: bool = False,
    folder: Folder = None,
    output: Output = SCREEN,
) -> None:
    """Cases that are not done, with who works on them; or one case with its events.

    Parameters
    ----------
    case_id
        A case, as the list names it.
    everything
        Those too that are done.
    """
    from carbon.cases import shown

    tables = worked_out(
        folder, "looking at goals", lambda book: book.case_list(case_id, everything=everything)
    )
    tables = shown(tables) if form(output) == "table" else tables
    put_all(tables, output) if len(tables) > 1 else put(tables[0], output)


@case.command(name="update")
def case_update(
    case_id: str,
    /,
    *,
    owner: str = "",
    cause: str = "",
    action: str = "",
    due: str = "",
    note: str = "",
    folder: Folder = None,
) -> None:
    """Say who works on a case, what caused it, what is done about it, and by when.

    Parameters
    ----------
    case_id
        A case, as `carbon case list` names it.
    owner
        Who works on it.
    cause
        Why more was used.
    action
        What is done about it.
    due
        The day it is due (2024-09-30).
    note
        Anything else.
    """
    said = {"owner": owner, "cause": cause, "action": action, "due": due, "note": note}
    print(book_in(folder).case_update(case_id, **said))


@case.command(name="close")
def case_close(
    case_id: str,
    /,
    *,
    cause: str = "",
    action: str = "",
    note: str = "",
    folder: Folder = None,
) -> None:
    """Close a case whose cause and action are known; the months after it judge the effect.

    Parameters
    ----------
    case_id
        A case, as `carbon case list` names it.
    cause
        Why more was used, where no update has said it.
    action
        What was done about it, where no update has said it.
    note
        Anything else.
    """
    print(book_in(folder).case_close(case_id, cause=cause, action=action, note=note))
