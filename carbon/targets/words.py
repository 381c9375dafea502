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


def exact(share: Decimal) -> str:
    """A share with the decimals it has, two at most."""
    rounded = (share * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{rounded.normalize():,f} %"


def number(value: Decimal) -> str:
    """A quantity that is no mass: one decimal, none where it is whole."""
    return f"{value.quantize(Decimal('0.1'), ROUND_HALF_UP):,}".removesuffix(".0")


def span(first: int, last: int) -> str:
    """2021 to 2024."""
    return f"{first}" if first == last else f"{first} to {last}"


def listed(years: Sequence[int]) -> str:
    """2021, 2022 and 2023."""
    *most, last = [str(year) for year in years]
    return f"{', '.join(most)} and {last}" if most else last


def upper(text: str) -> str:
    """A sentence that begins with these words."""
    return text[0].upper() + text[1:]
