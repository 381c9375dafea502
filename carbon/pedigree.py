"""How sure a figure is, where nobody measured that: scores of data quality become a spread.

A pedigree gives five indicators a score from 1 (best) to 5, and each score an uncertainty factor;
with a basic factor for the kind of figure they make the square of a geometric standard deviation,
GSD2. The figure is log-normal around its value: 95 % of it lie between value / GSD2 and
value x GSD2. The factors are reference figures of the library; which score a quality of an entry or
the fit of a factor set has is said here.

Source: WRI/WBCSD, GHG Protocol, Quantitative Inventory Uncertainty; the indicators are those of
Weidema and Wesnaes (1996).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from carbon.library import Library

INDICATORS = (
    "reliability",
    "completeness",
    "temporal-correlation",
    "geographical-correlation",
    "further-technological-correlation",
)
# Reliability of what was recorded: a bill rests on a verified meter; a reading of one's own on a
# measurement that nobody verified; a calculation in part on estimates; what says nothing, and what
# the program filled in by itself, is taken as the worst.
RELIABILITY = {
    "billed": 1,
    "metered": 2,
    "weighed": 2,
    "calculated": 3,
    "estimated": 4,
    "unstated": 5,
    "filled": 5,
}
PUBLISHED = 2  # the reliability of an official factor: verified, partly by assumptions
AGES = ((3, 1), (6, 2), (10, 3), (15, 4))  # younger than so many years: temporal score
OLDEST = 5
OWN_AREA, LARGER_AREA = 1, 2  # geographical scores
BASIC = {"CH4": "ch4-combustion", "N2O": "n2o-combustion"}  # topics of basic factors, by gas
OTHER_BASIC = "other-activities-default"
TRAVEL_BASIC = "transport-services"
BASIC_SERIES = {"ch4-combustion": "ecoinvent-2007", "n2o-combustion": "ecoinvent-2007"}


def gsd2(factors: Iterable[float]) -> float:
    """The square of the geometric standard deviation of independent uncertainty factors. [1]

    >>> gsd2([1.0, 1.0]), round(gsd2([1.2, 1.5]), 4)
    (1.0, 1.5598)
    """
    return math.exp(math.sqrt(sum(math.log(each) ** 2 for each in factors)))


def temporal(age: int) -> int:
    """The temporal score of a factor of so many years before its use."""
    return next((score for years, score in AGES if abs(age) < years), OLDEST)


@dataclass(frozen=True)
class Pedigree:
    """The uncertainty factors of one published matrix."""

    series: str
    factors: Mapping[tuple[str, int], float]  # (indicator, score)
    basics: Mapping[str, float]  # topic -> factor

    def spread(self, basic: str, **scores: int) -> float:
        """GSD2 of a kind of figure with these scores; an indicator left out scores 1."""
        named = {name.replace("_", "-"): score for name, score in scores.items()}
        found = [self.factors[name, named.get(name, 1)] for name in INDICATORS]
        return gsd2([self.basics[basic], *found])


def pedigree(library: Library, series: str) -> Pedigree:
    """The matrix of a series, and the basic factors, as the library carries them."""
    factors = {
        (indicator, score): _value(library, f"pedigree/{indicator}/score-{score}", series)
        for indicator in INDICATORS
        for score in range(1, 6)
    }
    basics = {
        name: _value(library, f"basic/{name}", BASIC_SERIES.get(name, "ghg-protocol-2013"))
        for name in (*BASIC.values(), OTHER_BASIC, TRAVEL_BASIC)
    }
    return Pedigree(series, factors, basics)


def matrices(library: Library) -> list[str]:
    """The series that carry a whole matrix."""
    return sorted(
        each.series for each in library.topics.get("uncertainty/pedigree/reliability/score-5", ())
    )


def _value(library: Library, topic: str, series: str) -> float:
    sets = library.topics[f"uncertainty/{topic}"]
    found = next(each for each in sets if each.series == series)
    return float(found.values["uncertainty"].value)
