"""Amounts of a scenario: what '5.4 MW' or '1000 GJ' is, exactly.

A text goes in, a fraction comes out, and `rounded` makes a decimal of a fraction at the end.
Nothing is rounded in between, so that parts taken as differences of months close to the year.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from carbon import units
from carbon.errors import UnitError
from carbon.settings.reading import is_too_long

AMOUNTS = ("MJ", "kg", "L", "m3", "Nm3")  # what a saving of fuel is counted in


@lru_cache(maxsize=1024)
def amount(text: str, allowed: tuple[str, ...]) -> tuple[str, Fraction]:
    """'1000 GJ' in one of the allowed units: the unit, and how much of it."""
    number, name = parts(text)
    unit, factor = units.conversion(name, allowed)
    return unit, Fraction(number) * factor


def parts(text: str) -> tuple[Decimal, str]:
    """The number and the unit of an amount as written. Raises UnitError for what is none.

    >>> parts("5.4 MW")
    (Decimal('5.4'), 'MW')
    """
    number, _, name = text.strip().partition(" ")
    try:
        value = Decimal(number.replace(",", ""))
    except ArithmeticError:
        value = Decimal("NaN")
    if not value.is_finite() or is_too_long(value):
        raise UnitError(
            "not-an-amount",
            f"{text!r} is not a number and a unit",
            remedy="write it like '5.4 MW'",
        )
    return value, name.strip()


@lru_cache(maxsize=4096)
def fraction(number: Decimal) -> Fraction:
    """A stated number, which is asked for in every month."""
    return Fraction(number)


def rounded(value: Fraction, places: int) -> Decimal:
    """A fraction as a decimal, half away from zero.

    >>> rounded(Fraction(-5, 6), 3)
    Decimal('-0.833')
    """
    return Decimal(divided(value.numerator * 10**places, value.denominator)).scaleb(-places)


def divided(number: int, by: int) -> int:
    """A quotient as a whole number, half away from zero.

    >>> divided(-5, 2)
    -3
    """
    whole = (2 * abs(number) // by + 1) // 2
    return whole if number >= 0 else -whole


def whole(value: Decimal, places: int) -> int:
    """A decimal of no more places than that, counted in its last one.

    >>> whole(Decimal("1.5"), 3)
    1500
    """
    return int(value.scaleb(places))
