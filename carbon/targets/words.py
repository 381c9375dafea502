"""How a reason words its figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal


def mass(mass_t: Decimal) -> str:
    """A mass as printed: one decimal, half away from zero."""
    return f"{mass_t.quantize(Decimal('0.1'), ROUND_HALF_UP):,} t"


def signed(mass_t: Decimal) -> str:
    return f"{mass_t.quantize(Decimal('0.1'), ROUND_HALF_UP):+,} t"


def percent(share: Decimal) -> str:
    return f"{(share * 100).quantize(Decimal(1), ROUND_HALF_UP):,} %"


def listed(years: Sequence[int]) -> str:
    """2021, 2022 and 2023."""
    *most, last = [str(year) for year in years]
    return f"{', '.join(most)} and {last}" if most else last
