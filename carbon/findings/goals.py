"""Goals that are exceeded and nobody works on, cases that are overdue, goals that do not add up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from carbon.cases import OPEN, REOPENED, cases, figures
from carbon.consumption import LINES
from carbon.errors import About, Problem, counted
from carbon.goals import Division, Goals, Line, divisions, goal_lines
from carbon.inputs import month_list
from carbon.run import Run
from carbon.units import convert


def goals(run: Run) -> Iterator[Problem]:
    """Every finding on goals and their cases; nothing where the book has no goal."""
    if not run.ledger.current("goal", run.cut_off):
        return
    found = goal_lines(run)
    for case in cases(run, found):
        if case.state in (OPEN, REOPENED):
            again = "again, after its case was closed" if case.state == REOPENED else "and no case"
            line = case.over[-1] if case.state == REOPENED else case.worst
            told = f"{again}" if case.state == REOPENED else f"{again} has an owner"
            more = f" ({counted(len(case.over), 'month')})" if len(case.over) > 1 else ""
            yield Problem(
                "goal-exceeded",
                "warning",
                f"{case.key.metric} of {case.key.node} is over its goal, {told}:"
                f" {figures(line)}{more}",
                remedy=f"carbon case update {case.word} --owner NAME --cause WHY --action WHAT"
                " --due DAY",
                file=line.row["file"],
                row=line.row["row"],
                **_stake(run, line),
            )
        elif case.is_overdue:
            yield Problem(
                "case-overdue",
                "warning",
                f"case {case.case_id} of {case.said('owner')} was due on {case.said('due_on')}",
                remedy=f"carbon case close {case.word}, or carbon case update {case.word}"
                " --due DAY",
            )
    yield from _divisions(found)


def _stake(run: Run, line: Line) -> dict[str, Any]:
    """What a month emits beyond its goal: of tonnes themselves, of an activity by what it emits.
    Energy in all has no factor of its own."""
    if line.metric in LINES:
        beyond = line.variance * convert(1, line.unit, "t")
        return {"mass_t": Decimal(beyond.numerator) / Decimal(beyond.denominator)}
    if line.metric not in run.library.methods:
        return {}
    unit = next(iter(run.library.methods[line.metric].units))
    beyond = line.variance * convert(1, line.unit, unit)
    quantity = Decimal(beyond.numerator) / Decimal(beyond.denominator)
    site = line.node if line.node in run.settings.sites() else ""
    span = {"first": line.month, "last": line.month}
    return {"about": [About(site, activity=line.metric, quantity=quantity, **span)]}


def _divisions(found: Goals) -> Iterator[Problem]:
    """Goals that are not the sum of those below them, a node and metric at a time."""
    groups: dict[tuple[str, str, str], list[Division]] = {}
    for each in divisions(found):
        groups.setdefault((each.node, each.metric, each.below), []).append(each)
    for (node, metric, below), several in groups.items():
        goal = sum(each.goal for each in several)
        sum_of = sum(each.sum_of for each in several)
        yield Problem(
            "goals-do-not-add-up",
            "warning" if sum_of > goal else "note",
            f"the {metric} goals of the {below} of {node} add up to {float(sum_of):,.1f}"
            f" {several[0].unit}, and its own to {float(goal):,.1f} {several[0].unit}, in"
            f" {month_list([each.month for each in several])}",
            remedy="carbon goals shows them side by side; carbon log goal ... --again changes one",
        )
