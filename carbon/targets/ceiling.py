"""Monthly ceilings in Y: every month of a node and metric stays within its goal.

The goals are those the book records; a ceiling only makes a target of them. A month over its goal
is lost even where a bill is missing, since what is missing only adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from carbon.targets.case import Case
from carbon.targets.demand import Demand
from carbon.targets.figures import ZERO, MonthFigure, Verdict
from carbon.targets.words import exact, number, upper


def ceiling(case: Case) -> Verdict:
    """Every month of the year has a goal, a whole figure, and no more than the goal."""
    year, what = case.target.year, f"{case.target.metric} of {case.target.node}"
    goals = [each for each in case.months if each.ceiling is not None]
    if not goals:
        return case.verdict("no data", f"No goal is recorded for {what} in {year}.")
    beside: dict[str, Any] = {"facts": _facts(goals)}
    over = [each for each in goals if each.is_over]
    if over:
        worst = max(over, key=lambda each: (each.actual or ZERO) - (each.ceiling or ZERO))
        return case.verdict("missed", f"{_over(over, worst, len(case.months))}.", **beside)
    whole = [each for each in goals if each.actual is not None and not each.lacking]
    but = [
        *_months([each for each in case.months if each.ceiling is None], "has no goal"),
        *_months([each for each in goals if each.actual is None], "has no figure"),
        *(
            f"{_month(each.month)} lacks {each.lacking}"
            for each in goals
            if each.actual is not None and each.lacking
        ),
    ]
    figure = next((each for each in case.actual if each.year == year), None)
    if not but and case.policy.approval_needed and (figure is None or not figure.is_approved):
        but.append(f"{year} is not approved")
    count = f"{len(whole)} of {len(case.months)} months"
    if but:
        stands = f"{count} are within the ceiling" if whole else "no month has a whole figure"
        return case.verdict("not yet provable", f"{upper(stands)}, but {'; '.join(but)}.", **beside)
    tight = max(goals, key=lambda each: (each.actual or ZERO) / (each.ceiling or Decimal(1)))
    return case.verdict(
        "met",
        f"All {len(goals)} months are within the ceiling; the tightest, {_month(tight.month)}, "
        f"used {_of(tight)}.",
        **beside,
    )


def ceiling_asks(case: Case, years: Sequence[int]) -> Demand:
    """Nothing: a month is judged by what its bills and meters tell, never by a projection."""
    said = (
        f"the monthly goals of {case.target.metric} of {case.target.node} are judged by the bills"
        f" of the months of {case.target.year}, and years ahead are totals of emissions"
    )
    return Demand("", unasked=said)


def _facts(goals: Sequence[MonthFigure]) -> dict[str, Any]:
    """The months so far that have both goal and figure, added up."""
    both = [each for each in goals if each.actual is not None]
    return {
        "unit": goals[0].unit,
        "months": len(both),
        "months_over": sum(each.is_over for each in both),
        "ceiling": sum((each.ceiling or ZERO for each in both), ZERO),
        "actual": sum((each.actual or ZERO for each in both), ZERO),
    }


def _over(over: Sequence[MonthFigure], worst: MonthFigure, count: int) -> str:
    most, unit = worst.ceiling or ZERO, worst.unit
    beyond = f"{number((worst.actual or ZERO) - most)} {unit} above its {number(most)} {unit}"
    if len(over) == 1:
        return f"{_month(worst.month)} came out {beyond}"
    several = f"{len(over)} of {count} months are over"
    return f"{several}; the worst, {_month(worst.month)}, came out {beyond}"


def _of(month: MonthFigure) -> str:
    used, most = month.actual or ZERO, month.ceiling or ZERO
    share = f", {exact((used / most).quantize(Decimal('0.001')))} of it" if most else ""
    return f"{number(used)} of {number(most)} {month.unit}{share}"


def _months(months: Sequence[MonthFigure], verb: str) -> list[str]:
    """'3 months, from 2024-10, have no figure'."""
    if not months:
        return []
    if len(months) == 1:
        return [f"{_month(months[0].month)} {verb}"]
    return [f"{len(months)} months, from {_month(months[0].month)}, {verb.replace('has', 'have')}"]


def _month(month: int) -> str:
    return f"{month // 100}-{month % 100:02}"
