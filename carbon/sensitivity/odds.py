"""In which share of joint draws a target holds, with what is assumed and what was recorded off at
once.

Every assumption has a distribution whose median is the plan and whose 95 % range is its low and
high value: two halves of a normal one. A start is in time in half of the draws, and else late by
any delay alike. Every error has its log-normal one, and each of all these a stream of random
numbers of its own name: the same seed gives the same share. The share is told with the interval
that so many draws leave it. Some of the draws the engine projects as well, and how far the response
is off there is told beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from carbon.errors import UsageError
from carbon.scenarios import Scenario
from carbon.sensitivity import errors
from carbon.sensitivity.assumptions import Assumption, with_values
from carbon.sensitivity.courses import Courses
from carbon.sensitivity.gaps import Gauge
from carbon.sensitivity.projected import Engine
from carbon.targets import YearFigure
from carbon.uncertainty import HALF_RANGE, NORMAL, normals

if TYPE_CHECKING:
    import numpy

MOST_DRAWS = 1_000_000
CHECKED = 15  # draws that the engine projects as well
GRAM = 6  # digits of a tonne to which figures are judged, so that no order of additions tells
Measured = tuple[Gauge, Sequence[YearFigure]]


@dataclass(frozen=True)
class Reach:
    """A figure and where 95 % of its draws lie. [t CO2e]"""

    planned: float
    low: float
    high: float


@dataclass(frozen=True)
class Margin:
    """What a peak is above the runner-up."""

    year: int
    runner_up: int
    reach: Reach

    @property
    def is_inside(self) -> bool:
        """Whether no difference at all lies in its 95 % range."""
        return self.reach.low <= 0


@dataclass(frozen=True)
class Odds:
    """How often a target holds.

    share : of the draws [1]
    low, high : where it may be, with 95 %, for so many draws; never a point, also at 0 and 1. [1]
    """

    share: float
    low: float
    high: float
    gap: Reach
    margin: Margin | None = None


@dataclass(frozen=True)
class Drawn:
    """The draws of a scenario: how often each target holds, and what credits the rest needs."""

    odds: Mapping[str, Odds] = field(default_factory=dict)  # by target
    needed: Mapping[int, Reach] = field(default_factory=dict)  # by year [t]


def refuse(draws: int, seed: int, verb: str) -> None:
    """Raises UsageError for a number of draws that means nothing, and for what is no seed."""
    for option, value, least, most in (
        ("--draws", draws, 100, MOST_DRAWS),
        ("--seed", seed, 0, 2**63),
    ):
        if not least <= value <= most:
            raise UsageError(
                "usage",
                f"{option} {value} is out of range",
                looked_for=f"{least} to {most}",
                remedy=f"carbon {verb} --help",
            )


def drawn(
    courses: Courses,
    measured: Sequence[Measured],
    rest: Mapping[int, float],
    draws: int,
    seed: int,
) -> Drawn:
    """The draws of a scenario.

    rest : by year, planned credits that cover whatever is left. [t]
    """
    import numpy

    values = drawn_values(courses.response.known, draws, seed)
    off = errors.drawn(courses.errors, courses.sources, draws, seed)
    ahead = courses.ahead(values, off)
    found = {}
    for gauge, figures in measured:
        series = numpy.round(courses.of(gauge, figures, ahead, off), GRAM)
        planned = plan_of(courses, gauge, figures)
        gaps, gap = gauge.gap(series), float(gauge.gap(planned)[0])
        share = float(gauge.holds(gaps).mean())
        found[gauge.target.name] = Odds(
            share,
            *interval(share, draws),
            _reach(gap, gaps),
            _margin(gauge, planned, series),
        )
    needed = {}
    for year, mass in rest.items():
        place = courses.response.years.index(year)
        others = ahead.credits_t[:, place] - mass
        left = numpy.maximum(ahead.totals[(), "market"][:, place] - others, 0)
        needed[year] = _reach(mass, left)
    return Drawn(found, needed)


def interval(share: float, draws: int) -> tuple[float, float]:
    """The 95 % interval of a share of independent draws; those of a Latin hypercube lie nearer.

    Source: Wilson (1927), Probable Inference, the Law of Succession, and Statistical Inference,
    Journal of the American Statistical Association 22, 209 to 212: the score interval.

    >>> [round(each, 6) for each in interval(0, 10_000)]
    [0.0, 0.000384]
    """
    weight = HALF_RANGE**2 / draws
    middle = (share + weight / 2) / (1 + weight)
    reach = math.sqrt(share * (1 - share) * weight + weight**2 / 4) / (1 + weight)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def plan_of(courses: Courses, gauge: Gauge, figures: Sequence[YearFigure]) -> numpy.ndarray:
    """The years of a target as planned, one course. [t CO2e]"""
    import numpy

    values = numpy.array([[float(each.planned) for each in courses.response.known]])
    none = numpy.ones((1, len(courses.sources)))
    return numpy.round(courses.of(gauge, figures, courses.ahead(values, none), none), GRAM)


def drawn_values(known: Sequence[Assumption], draws: int, seed: int) -> numpy.ndarray:
    """Values of assumptions, shape (draws, assumptions); none beyond what means something."""
    import numpy

    below = numpy.vectorize(NORMAL.cdf, otypes=[float])
    normal = normals([f"assumption {each.name}" for each in known], draws, seed)
    values = numpy.empty_like(normal)
    for place, each in enumerate(known):
        low, planned, high = float(each.low), float(each.planned), float(each.high)
        if each.is_late:  # in time, or any delay alike
            values[:, place] = high * numpy.maximum(1 - 2 * below(normal[:, place]), 0)
            continue
        away = normal[:, place] / HALF_RANGE
        reach = numpy.where(away < 0, planned - low, high - planned)
        values[:, place] = numpy.clip(planned + away * reach, float(each.least), float(each.most))
    return values


def _reach(planned: float, values: numpy.ndarray) -> Reach:
    import numpy

    low, high = numpy.quantile(values, (0.025, 0.975))
    return Reach(planned, float(low), float(high))


def _margin(gauge: Gauge, planned: numpy.ndarray, series: numpy.ndarray) -> Margin | None:
    """Of a peak that holds: the top up to its year, against the highest other year as planned."""
    import numpy

    if not gauge.asked.summit or gauge.gap(planned)[0] >= 0:
        return None
    top, second = numpy.argsort(-planned[0], kind="stable")[:2]
    apart = series[:, top] - series[:, second]
    reach = _reach(float(planned[0, top] - planned[0, second]), apart)
    return Margin(gauge.years[top], gauge.years[second], reach)


def misfit(
    engine: Engine, scenario: Scenario, courses: Courses, draws: int, seed: int
) -> tuple[float, int]:
    """How far the response is off where the engine projects joint draws: the largest difference in
    any year ahead, of the gross figure of the year; and in how many draws. [1]"""
    import numpy

    known = courses.response.known
    if not known:
        return 0.0, 0
    values = drawn_values(known, draws, seed)[:CHECKED]
    exact = [
        {each.name: each.whole(Decimal(repr(float(v)))) for each, v in zip(known, row, strict=True)}
        for row in values
    ]
    projected = engine.project(
        [with_values(scenario, each, known, scenario.name) for each in exact]
    )
    asked = numpy.array([[float(each[one.name]) for one in known] for each in exact])
    asked = asked.reshape(len(exact), len(known))
    ahead = courses.response.ahead(asked, numpy.ones((len(exact), len(courses.response.sources))))
    worst, checked = 0.0, 0
    for row, each in enumerate(projected):
        if each is None:
            continue
        checked += 1
        for sites in courses.response.boundaries:
            for column, year in enumerate(courses.response.years):
                truth = dict(zip(("location", "market"), each.of(sites, year), strict=True))
                gross = float(truth["location"]) or 1.0
                for line, mass in truth.items():
                    ours = ahead.totals[sites, line][row, column]
                    worst = max(worst, abs(ours - float(mass)) / gross)
    return float(worst), checked
