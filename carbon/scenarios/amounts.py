"""Amounts of a scenario: what '5.4 MW' or '1000 GJ' is, exactly.

A measure goes in; its capacity or what it takes off in a full year comes out as a fraction, and
`rounded` makes a decimal of a fraction at the end. Nothing is rounded in between, so that parts
taken as differences of months close to the year.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from carbon.errors import UnitError
from carbon.scenarios.effects import PHOTOVOLTAIC, PURCHASED
from carbon.scenarios.model import Measure

AMOUNTS = ("MJ", "kg", "L", "m3", "Nm3")  # what a saving of fuel is counted in


def capacity_kw(measure: Measure) -> Fraction:
    """The capacity of a PV measure. [kW]

    An area counts only with a stated power density; without one its dimension is wrong.
    """
    if measure.power_density_w_per_m2 is None:
        return _amount(measure.capacity, ("kW",))[1]
    area_m2 = _amount(measure.capacity, ("m2",))[1]
    return area_m2 * Fraction(measure.power_density_w_per_m2) / 1000


def yearly_amount(measure: Measure) -> tuple[str, Fraction]:
    """What a saving or recovered heat takes off in a full year: unit and quantity."""
    if measure.kind == "heat":
        unit, heat = _amount(measure.heat, ("MJ",))
        return unit, heat / Fraction(measure.boiler_efficiency)
    bought = measure.activity[0] in (*PURCHASED, *PHOTOVOLTAIC)
    return _amount(measure.saving, ("kWh",) if bought else AMOUNTS)


def _amount(text: str, allowed: Sequence[str]) -> tuple[str, Fraction]:
    """'1000 GJ' in one of the allowed units: the unit, and how much of it."""
    from carbon import units  # pint is heavy, and a plan without amounts needs none

    number, _, name = text.strip().partition(" ")
    try:
        value = Fraction(Decimal(number.replace(",", "")))
    except (ArithmeticError, ValueError):
        raise UnitError(
            "not-an-amount",
            f"{text!r} is not a number and a unit",
            remedy="write it like '5.4 MW'",
        ) from None
    unit, factor = units.conversion(name.strip(), allowed)
    return unit, value * factor


def rounded(value: Fraction, places: int) -> Decimal:
    """A fraction as a decimal, half away from zero.

    >>> rounded(Fraction(-5, 6), 3)
    Decimal('-0.833')
    """
    scaled = abs(value) * 10**places
    whole = int(scaled + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)
