"""Where an organisation stands against its targets, judged from its years, actual and projected.

`judge` takes one target and the yearly figures of one scenario and gives a verdict: met, on
track, at risk, missed, not yet provable, or no data, with the reason in a sentence. `met` and
`missed` rest on actual, complete figures alone; what is only planned is never more than on track.
Each kind of target has a module. The rules, and a table of histories with their verdicts, stand in
`docs/targets.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from carbon.settings import Policy, Target
from carbon.targets.budget import budget
from carbon.targets.case import Case, case_of
from carbon.targets.ceiling import ceiling
from carbon.targets.figures import (
    CreditState,
    CreditUse,
    MonthFigure,
    Verdict,
    Word,
    YearFigure,
    credit_states,
    credit_use,
)
from carbon.targets.net_zero import net_zero
from carbon.targets.neutral import neutral
from carbon.targets.peak import peak
from carbon.targets.reduction import reduction

__all__ = [
    "CreditState",
    "CreditUse",
    "MonthFigure",
    "Verdict",
    "Word",
    "YearFigure",
    "credit_states",
    "credit_use",
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
