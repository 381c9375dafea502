"""Where an organisation stands against its targets, judged from its years, actual and projected.

`judge` takes one target and the yearly figures of one scenario and gives a verdict: met, on
track, at risk, missed, not yet provable, or no data, with the reason in a sentence. `met` and
`missed` rest on actual, complete figures alone; what is only planned is never more than on track.
`demand` gives what the same target asks of years ahead as numbers, for a plan to keep to.
Each kind of target has a module. The rules, and a table of histories with their verdicts, stand in
`docs/targets.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from carbon.errors import UsageError, nearest
from carbon.settings import Policy, Target
from carbon.targets.budget import budget, budget_asks
from carbon.targets.case import Case, case_of
from carbon.targets.ceiling import ceiling, ceiling_asks
from carbon.targets.demand import Demand, Summit
from carbon.targets.figures import (
    Chance,
    CreditState,
    CreditUse,
    MonthFigure,
    Verdict,
    Word,
    YearFigure,
    credit_states,
    credit_use,
)
from carbon.targets.net_zero import net_zero, net_zero_asks
from carbon.targets.neutral import neutral, neutral_asks
from carbon.targets.peak import peak, peak_asks
from carbon.targets.reduction import reduction, reduction_asks

__all__ = [
    "Chance",
    "CreditState",
    "CreditUse",
    "Demand",
    "MonthFigure",
    "Summit",
    "Verdict",
    "Word",
    "YearFigure",
    "chosen",
    "credit_states",
    "credit_use",
    "demand",
    "judge",
]

KINDS: Mapping[str, Callable[[Case], Verdict]] = {
    "peak": peak,
    "neutral": neutral,
    "net zero": net_zero,
    "reduction": reduction,
    "budget": budget,
    "ceiling": ceiling,
}
ASKS: Mapping[str, Callable[[Case, Sequence[int]], Demand]] = {
    "peak": peak_asks,
    "neutral": neutral_asks,
    "net zero": net_zero_asks,
    "reduction": reduction_asks,
    "budget": budget_asks,
    "ceiling": ceiling_asks,
}
BASED = ("reduction", "net zero")  # asked of years ahead as a part of one before them


def chosen(known: Sequence[Target], names: Sequence[str], lacking: str) -> list[Target]:
    """The targets of a book that are named; all of them where none is.

    lacking : what is said of a book without any.

    Raises UsageError for a name that is none of them, and where there are none.
    """
    of = {each.name: each for each in known}
    for name in names:
        if name not in of:
            raise UsageError(
                "unknown-target",
                f"there is no target {name!r}",
                looked_for=", ".join(of) or "a [[target]] in carbon.toml",
                nearest=nearest(name, of),
                remedy="name one of them, or leave --target out for all",
            )
    if not known:
        raise UsageError(
            "no-target",
            lacking,
            where="carbon.toml",
            remedy="add a [[target]] with name, kind and year",
        )
    return [each for each in known if not names or each.name in names]


def judge(
    target: Target,
    figures: Sequence[YearFigure],
    *,
    today: date,
    policy: Policy,
    scenario: str,
    months: Sequence[MonthFigure] = (),
) -> Verdict:
    """The verdict on a target under a scenario.

    figures : one per year; a projected year that has an actual figure is left aside.
    today : a target year is over once this day lies after it.
    months : of a ceiling, each month of its year.
    """
    case = case_of(target, figures, today, policy, scenario, months)
    if not case.actual and target.kind != "ceiling":
        return case.verdict("no data", "There is no actual year to judge from.")
    return KINDS[target.kind](case)


def demand(
    target: Target,
    figures: Sequence[YearFigure],
    years: Sequence[int],
    *,
    today: date,
    policy: Policy,
) -> Demand:
    """What a target asks of years ahead, from the actual years and by the rules of its verdict.

    years : ascending; one that is running has an actual figure, and is asked as if it were ahead.
    """
    case = case_of(target, figures, today, policy, "")
    actual = [each for each in case.actual if each.year < years[0]]
    if not actual and target.kind in BASED:
        return Demand(target.judged_on, unasked="there is no actual year to go on from")
    return ASKS[target.kind](replace(case, actual=actual), years)
