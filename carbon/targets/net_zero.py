"""Net zero by Y: a milestone that Scope 1+2 can rule out, but never show."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from carbon.targets.case import Case, breaks_in
from carbon.targets.demand import Demand, beyond
from carbon.targets.figures import Verdict, YearFigure
from carbon.targets.words import mass, percent

NET_ZERO_REDUCTION = Decimal("0.9")  # of Scope 1+2 and of Scope 3


def net_zero(case: Case) -> Verdict:
    """A milestone: Scope 1+2 can rule it out once its year is there, but never show it."""
    case = case.like_for_like()
    year, last = case.target.year, case.actual[-1]
    breaks, compared = breaks_in(case.actual)
    base, goal = _goal(compared)
    reduction = base.location_t - last.location_t
    share = reduction / base.location_t if base.location_t else None
    facts = {
        "base_year": base.year,
        "base_gross_location_t": base.location_t,
        "last_year": last.year,
        "last_gross_location_t": last.location_t,
        "reduction_share": share,
        "goal_t": goal,
    }
    gap = last.location_t - goal
    beside: dict[str, Any] = {
        "facts": facts,
        "gap_t": gap if gap > 0 else None,
        "required_pace_t": gap / (year - last.year) if gap > 0 and last.year < year else None,
        "caveats": ["cannot be judged from Scope 1+2", *(["not comparable"] if breaks else [])],
    }
    wanted = percent(NET_ZERO_REDUCTION)
    stands = f"{mass(last.location_t)} in {last.year}"
    if last is not base:
        less = f"{percent(abs(share))} {'below' if reduction >= 0 else 'above'}" if share else "as"
        stands += f", {less} {base.year}"
    late = [
        each for each in compared if each.year >= year and each.is_complete and each is not base
    ]
    failed = [each for each in late if each.location_t > goal]
    if failed and not breaks:
        return case.verdict(
            "missed",
            f"{failed[0].year} closed at {mass(failed[0].location_t)} of Scope 1+2, above the "
            f"{mass(goal)} that {wanted} less than {base.year} leaves.",
            **beside,
        )
    return case.verdict(
        "not yet provable",
        f"Scope 1+2 cannot judge net zero: it needs {wanted} less on Scope 3 as well, and removals "
        f"for the rest. Scope 1+2 stands at {stands}; {wanted} less would leave {mass(goal)}.",
        **beside,
    )


def net_zero_asks(case: Case, years: Sequence[int]) -> Demand:
    """A tenth of the base year's Scope 1+2 in the target year and every later one."""
    year = case.target.year
    _, compared = breaks_in(case.like_for_like().actual)
    base, goal = _goal(compared)
    return beyond(year, years, "location") or Demand(
        "location",
        dict.fromkeys((each for each in years if each >= year), goal),
        base.year,
        beside="Scope 3 and the removals for the rest are beyond it",
    )


def _goal(compared: Sequence[YearFigure]) -> tuple[YearFigure, Decimal]:
    """The first complete of the years that compare, and what may be left of it. [t CO2e]"""
    base = next((each for each in compared if each.is_complete), compared[0])
    return base, base.location_t * (1 - NET_ZERO_REDUCTION)
