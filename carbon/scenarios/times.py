"""Months and years ahead: which month goes on from which, and paths between stated years."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction


def calendar(first_year: int, last_year: int) -> dict[int, int]:
    """Months and their reporting year, where that is the calendar year."""
    return {
        year * 100 + of_year: year
        for year in range(first_year, last_year + 1)
        for of_year in range(1, 13)
    }


def months_ahead(
    horizon: int, base_year: int, months: Mapping[int, int]
) -> list[tuple[int, int, int]]:
    """The planned months: (month, its reporting year, its base month)."""
    base = {month % 100: month for month, year in months.items() if year == base_year}
    return [
        (month, year, base[month % 100])
        for month, year in sorted(months.items())
        if base_year < year <= horizon
    ]


def month_index(month: int) -> int:
    return month // 100 * 12 + month % 100 - 1


def interpolated(points: Mapping[int, Decimal | Fraction], year: int) -> Fraction:
    """The value of a path in a year: linear between its years, level before and after them.

    >>> interpolated({2022: Decimal(1), 2024: Decimal(3)}, 2023)
    Fraction(2, 1)
    """
    before = max((known for known in points if known <= year), default=min(points))
    after = min((known for known in points if known >= year), default=max(points))
    low, high = Fraction(points[before]), Fraction(points[after])
    if before == after:
        return low
    return low + (high - low) * Fraction(year - before, after - before)
