"""The way from a base year to a reduction: what each year may emit on it.

The share allowed runs straight from one stated year to the next, and stays as it is after the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

from carbon.aims import SBTI_RATES
from carbon.settings import Target
from carbon.targets.figures import ZERO, YearFigure
from carbon.targets.words import exact, mass, number

GRAM = Decimal("0.000001")  # in a tonne: what an allowed mass is rounded to


@dataclass(frozen=True)
class Path:
    """What a reduction allows in each year, as a share of its base year."""

    target: Target
    base: YearFigure
    base_t: Decimal

    @property
    def points(self) -> dict[int, Fraction]:
        """The years it is stated for, from the base year on."""
        target, start = self.target, {self.base.year: Fraction(1)}
        if target.pathway:
            return start | {year: Fraction(share) for year, share in target.pathway.items()}
        percent = target.percent
        if percent is None:
            percent = min(SBTI_RATES[target.rate] * (target.year - self.base.year), Decimal(100))
        return start | {target.year: 1 - Fraction(percent) / 100}

    def share(self, year: int) -> Fraction:
        """The share allowed in a year, straight from one stated year to the next. [1]"""
        points = sorted(self.points.items())
        for (before, high), (after, low) in pairwise(points):
            if year <= after:
                return high + (low - high) * Fraction(max(year, before) - before, after - before)
        return points[-1][1]

    def level(self, figure: YearFigure) -> Decimal | None:
        """What a year may emit, None where its activity is not known. [t CO2e]"""
        allowed = self.share(figure.year) * Fraction(self.base_t)
        if self.target.per:
            if figure.divisor is None or not self.base.divisor:
                return None
            allowed *= Fraction(figure.divisor) / Fraction(self.base.divisor)
        grams = Decimal(round(allowed * 1_000_000))
        return (grams * GRAM).quantize(GRAM, ROUND_HALF_UP)

    def words(self, figure: YearFigure) -> str:
        """The level of a year in words: the 65.0 t that 30 % less than 2020 leaves."""
        less = exact(Decimal(1) - plain(self.share(figure.year)))
        level = mass(self.level(figure) or ZERO)
        if not self.target.per:
            return f"the {level} that {less} less than {self.base.year} leaves"
        told = f"{number(figure.divisor or ZERO)} {figure.divisor_unit}".strip()
        return (
            f"the {level} that {less} less per {self.target.per} than {self.base.year} leaves at"
            f" {told}"
        )

    def line(self) -> str:
        """What it runs along."""
        return "its pathway" if self.target.pathway else f"the straight line to {self.target.year}"

    @property
    def ends_t(self) -> Fraction:
        """What the target year may emit at the activity of the base year. [t CO2e]"""
        return self.points[self.target.year] * Fraction(self.base_t)


def plain(value: Fraction) -> Decimal:
    """A fraction as a decimal, to the digits a decimal has."""
    return Decimal(value.numerator) / Decimal(value.denominator)
