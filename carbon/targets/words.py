"""How a reason words its figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from carbon.settings import Target


def mass(mass_t: Decimal) -> str:
    """A mass as printed: one decimal, half away from zero, no minus before nothing.

    >>> mass(Decimal("-0.04")), mass(Decimal("-1234.56"))
    ('0.0 t', '-1,234.6 t')
    """
    return f"{mass_t.quantize(Decimal('0.1'), ROUND_HALF_UP) + 0:,} t"


def signed(mass_t: Decimal) -> str:
    return f"{mass_t.quantize(Decimal('0.1'), ROUND_HALF_UP) + 0:+,} t"


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


def aim(target: Target) -> str:
    """A target in a few words: reduction 50 % per revenue by 2030 on 2020."""
    if target.kind == "reduction":
        steps = ", ".join(f"{share:.0%} in {year}" for year, share in target.pathway.items())
        much = f"{target.percent} %" if target.percent else target.rate or f"to {steps}"
        per = f" per {target.per}" if target.per else ""
        return f"reduction {much}{per} by {target.year} on {target.base_year}"
    if target.kind == "budget":
        whole = target.budget_t or sum(target.yearly_t.values())
        return f"budget {whole} t, {target.since or min(target.yearly_t)} to {target.year}"
    return f"{target.kind} {target.year}"


def upper(text: str) -> str:
    """A sentence that begins with these words."""
    return text[0].upper() + text[1:]
