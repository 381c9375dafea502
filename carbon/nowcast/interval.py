"""How sure a nowcast is, by what nowcasts of earlier years were off at the same time of the year.

The error of a past nowcast is told as a share of the rest that it expected. Cuts of one year have
most of their error in common, so years count and cuts do not: the mean square of a year's errors,
averaged over the years, times Student's t of as many degrees of freedom as there are years.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import sqrt

from carbon.nowcast.methods import NEAR
from carbon.nowcast.year import Cut, Nowcast

LEVEL = Decimal("0.8")  # of the interval: four years in five should end inside it
FEWEST = 2  # years that tell how far a nowcast is off
# Student's t, one-sided 0.9, by degrees of freedom; NIST/SEMATECH e-Handbook, table 1.3.6.7.2
STUDENT = {2: 1.886, 3: 1.638, 4: 1.533, 5: 1.476}
# Certificates may cover all of a rest: market-based errors are shares of the location-based one.
SCALED_BY = {"market": "location", "total_market": "total_location"}


def shares(told: Nowcast, line: str) -> dict[Cut, float]:
    """By past cut: actual less nowcast, as a share of the rest that was expected."""
    found = {}
    for cut, (nowcast, actual) in told.past.items():
        rest = told.scale[cut][SCALED_BY.get(line, line)]
        if rest > 0:
            found[cut] = float((actual[line] - nowcast[line]) / rest)
    return found


def spread(off: Mapping[Cut, float], known: int, without: int = 0) -> float | None:
    """Half of the interval as a share of the rest; None where too few years tell it.

    without : a year that is left out.
    """
    years: dict[int, list[float]] = {}
    for cut, each in off.items():
        if cut.year != without and abs(cut.known - known) <= NEAR:
            years.setdefault(cut.year, []).append(each * each)
    if len(years) < FEWEST:
        return None
    mean = sum(sum(each) / len(each) for each in years.values()) / len(years)
    return STUDENT[len(years)] * sqrt(mean)


def bounds(told: Nowcast, line: str) -> tuple[Decimal | None, Decimal | None]:
    """The low and the high end of a line at the end of the year, never below what is there already
    where that cannot shrink. [t CO2e]"""
    half = spread(shares(told, line), min(told.cut.known, 11))
    by = SCALED_BY.get(line, line)
    rest = told.year_end[by] - told.so_far[by]
    if half is None or rest < 0:
        return None, None
    wide = rest * Decimal(str(round(half, 6)))
    low, end = told.year_end[line] - wide, told.year_end[line]
    return (max(low, told.so_far[line]) if line == by else max(low, Decimal(0))), end + wide


def is_inside(told: Nowcast, line: str, cut: Cut) -> bool | None:
    """Whether a past year ended inside the interval that the other years give its nowcast."""
    off = shares(told, line)
    half = spread(off, cut.known, without=cut.year)
    return None if half is None or cut not in off else abs(off[cut]) <= half
