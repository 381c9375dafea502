"""How far a target is missed, for many possible courses of the same years at once.

A gap is in t CO2e: above 0 the target is missed by it, at or below 0 it holds with so much to
spare. A peak needs a gap below 0, for a later year that is level, within the tolerance of the
policy, is no peak. The rules are those of `carbon.targets`, which alone gives verdicts; the gap
says nothing of proof, approval or hindsight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from carbon.settings import Policy, Target
from carbon.targets import YearFigure
from carbon.targets.budget import yearly
from carbon.targets.case import Case, breaks_in, case_of
from carbon.targets.path import Path

if TYPE_CHECKING:
    import numpy

MEASURED = ("peak", "neutral", "reduction", "budget")


@dataclass(frozen=True)
class Gauge:
    """A target with the years it is judged on.

    base_year : of a reduction, else 0.
    allowed : of a reduction, what each year may emit as a share of its base year. [1]
    """

    target: Target
    years: tuple[int, ...]
    lacking: str = ""  # why there is no gap
    base_year: int = 0
    allowed: tuple[float, ...] = ()
    whole: float = 0.0  # of a budget [t CO2e]
    tolerance: float = 0.0  # of a peak

    def gap(self, values: numpy.ndarray) -> numpy.ndarray:
        """By how much the target is missed. [t CO2e], shape (courses,)

        values : shape (courses, years)
        """
        import numpy

        years, due = numpy.array(self.years), self.target.year
        if self.target.kind == "neutral":
            return values[:, years >= due].max(axis=1)
        if self.target.kind == "budget":
            return values.sum(axis=1) - self.whole
        if self.target.kind == "peak":
            level = values[:, years <= due].max(axis=1) * (1 - self.tolerance)
            return values[:, years > due].max(axis=1) - level
        base = values[:, self.years.index(self.base_year)]
        over = values - base[:, None] * numpy.array(self.allowed)
        return over[:, years >= due].max(axis=1)

    def holds(self, gaps: numpy.ndarray) -> numpy.ndarray:
        """Where it is not missed."""
        return gaps < 0 if self.target.kind == "peak" else gaps <= 0

    def keeps(self, gap: float) -> bool:
        return gap < 0 if self.target.kind == "peak" else gap <= 0


def gauge(
    target: Target, figures: Sequence[YearFigure], today: date, policy: Policy, scenario: str
) -> Gauge:
    """How a target is measured on the figures of a scenario; `lacking` says why it cannot be."""
    if target.kind not in MEASURED:
        return Gauge(target, (), f"yearly totals of Scope 1+2 do not judge {target.kind}")
    case = alike(case_of(target, figures, today, policy, scenario))
    series = _series(case)
    years = tuple(each.year for each in series)
    if not case.actual:
        return Gauge(target, years, "there is no actual year")
    if target.kind == "budget":
        return _budget(case, years)
    if target.kind == "peak":
        if not [year for year in years if year <= target.year] or years[-1] <= target.year:
            return Gauge(target, years, f"no years on both sides of {target.year} are known")
        return Gauge(target, years, tolerance=float(policy.peak_tolerance))
    if target.year not in years:
        return Gauge(target, years, f"the figures end in {years[-1]}")
    if target.kind == "neutral":
        return Gauge(target, years)
    return _reduction(case, series)


def alike(case: Case) -> Case:
    """The case as its kind of target compares years: like for like, or as reported."""
    return case.like_for_like() if case.target.kind in ("peak", "reduction") else case


def _series(case: Case) -> list[YearFigure]:
    """The years a target is judged on; of a peak those since the last break."""
    if case.target.kind != "peak":
        return case.every
    _, compared = breaks_in(case.actual)
    return compared + case.projected


def _budget(case: Case, years: Sequence[int]) -> Gauge:
    parts = yearly(case.target)
    within = tuple(year for year in years if year in parts)
    lost = [str(year) for year in parts if year not in within]
    lacking = f"{', '.join(lost)} of the budget is not known" if lost else ""
    return Gauge(case.target, within, lacking, whole=float(sum(parts.values())))


def _reduction(case: Case, series: Sequence[YearFigure]) -> Gauge:
    target, years = case.target, tuple(each.year for each in series)
    base_year = case.policy.base_year_of(target)
    base = next((each for each in case.actual if each.year == base_year), None)
    if base is None or case.value(base) <= 0:
        return Gauge(target, years, f"the base year {base_year} has no figure")
    if target.per:
        return Gauge(target, years, f"no {target.per} is supposed for the years ahead")
    path = Path(target, base, case.value(base))
    allowed = tuple(float(path.share(year)) for year in years)
    return Gauge(target, years, base_year=base_year, allowed=allowed)
