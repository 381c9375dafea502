"""How far a target is missed, for many possible courses of the same years at once.

A gap is in t CO2e: above 0 the target is missed by it, at or below 0 it holds with so much to
spare. A peak needs a gap below 0, for a later year that is level, within the tolerance of the
policy, is no peak. The rule is what the target asks (`carbon.targets.demand`) of every year it is
judged by, the recorded ones too; the gap says nothing of proof, approval or hindsight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from carbon.settings import Policy, Target
from carbon.targets import Demand, YearFigure, demand
from carbon.targets.budget import yearly
from carbon.targets.case import Case, breaks_in, case_of

if TYPE_CHECKING:
    import numpy


@dataclass(frozen=True)
class Gauge:
    """A target with the years it is judged on.

    asked : what it asks of its years.
    years : those whose figures it takes, ascending; a base year is one of them.
    base_t : what the base year of `asked` is recorded with. [t CO2e]
    """

    target: Target
    asked: Demand
    years: tuple[int, ...] = ()
    base_t: float = 0.0

    @property
    def lacking(self) -> str:
        """Why there is no gap, or ''."""
        return self.asked.unasked

    @property
    def judged(self) -> tuple[int, ...]:
        """The years that may miss it, in the columns of `excess`; of a budget its last for all."""
        if self.asked.together is not None:
            return self.asked.over[-1:]
        return self.asked.summit.after if self.asked.summit else tuple(self.asked.each)

    def gap(self, values: numpy.ndarray) -> numpy.ndarray:
        """By how much the target is missed. [t CO2e], shape (courses,)

        values : shape (courses, years)
        """
        return self.excess(values).max(axis=1)

    def excess(self, values: numpy.ndarray) -> numpy.ndarray:
        """What each year that is judged has too much. [t CO2e], shape (courses, judged years)

        A level that is a share of the base year moves with that year's figure.
        """
        import numpy

        asked = self.asked
        if asked.together is not None:
            whole = self._of(values, asked.over).sum(axis=1, keepdims=True)
            return whole - float(asked.together)
        if asked.summit:
            highest = self._of(values, asked.summit.until).max(axis=1, keepdims=True)
            return self._of(values, asked.summit.after) - highest * float(asked.summit.share)
        levels = numpy.array([[float(most) for most in asked.each.values()]])
        if self.base_t:
            levels = levels * (self._of(values, (asked.base_year,)) / self.base_t)
        return self._of(values, tuple(asked.each)) - levels

    def _of(self, values: numpy.ndarray, years: Sequence[int]) -> numpy.ndarray:
        return values[:, [self.years.index(year) for year in years]]

    def holds(self, gaps: numpy.ndarray) -> numpy.ndarray:
        """Where it is not missed."""
        return gaps < 0 if self.asked.summit else gaps <= 0

    def keeps(self, gap: float) -> bool:
        return gap < 0 if self.asked.summit else gap <= 0


def gauge(
    target: Target, figures: Sequence[YearFigure], today: date, policy: Policy, scenario: str
) -> Gauge:
    """How a target is measured on the figures of a scenario; `lacking` says why it cannot be."""
    case = alike(case_of(target, figures, today, policy, scenario))
    if target.kind == "ceiling":
        return Gauge(target, demand(target, (), (target.year,), today=today, policy=policy))
    if not case.actual:
        return Gauge(target, Demand("", unasked="there is no actual year"))
    years = _judged(case)
    lacking = _lacking(case, years)
    if lacking:
        return Gauge(target, Demand("", unasked=lacking))
    # what is recorded of them is asked as if it were ahead; it is like for like already
    before = [replace(e, recalculated=None) for e in case.actual if e.year < years[0]]
    judged = [replace(each, kind="projected") for each in case.every if each.year in years]
    asked = demand(target, [*before, *judged], years, today=today, policy=policy)
    base = next((each for each in before if each.year == asked.base_year), None)
    if base is None:
        return Gauge(target, asked, years)
    return Gauge(target, asked, (base.year, *years), float(case.value(base, asked.line)))


def alike(case: Case) -> Case:
    """The case as its kind of target compares years: like for like, or as reported."""
    as_reported = case.target.kind in ("neutral", "budget")
    return case if as_reported else case.like_for_like()


def _judged(case: Case) -> tuple[int, ...]:
    """The years that a target judges: of a peak all since the last break, of a budget its own, of
    an intensity those whose denominator is told, of others the target's and all later ones."""
    target = case.target
    if target.kind == "peak":
        _, compared = breaks_in(case.actual)
        return tuple(each.year for each in [*compared, *case.projected])
    if target.kind == "budget":
        parts = yearly(target)
        return tuple(each.year for each in case.every if each.year in parts)
    later = [each for each in case.every if each.year >= target.year]
    told = [each for each in later if each.divisor] if target.per else later
    if told and told[0].year == target.year:
        later = told
    return tuple(each.year for each in later)


def _lacking(case: Case, years: Sequence[int]) -> str:
    """Why the years that are known do not tell whether a target is missed, or ''."""
    target = case.target
    if target.kind == "budget":
        lost = [str(year) for year in yearly(target) if year not in years]
        return f"{', '.join(lost)} of the budget is not known" if lost else ""
    if target.kind == "peak":
        is_seen = years[0] <= target.year < years[-1]
        return "" if is_seen else f"no years on both sides of {target.year} are known"
    if target.year in years:
        return ""
    last = case.every[-1].year
    return f"the figures end in {last}" if last < target.year else f"{target.year} has no figure"
