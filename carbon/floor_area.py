"""Estimates by floor area: what an unmetered space uses, from a benchmark or from its building.

Each gives an amount and the sentence that says how it was made, which goes into the note of the
entry: nothing estimated stands in a ledger without its area, its figure and its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from carbon.errors import UsageError, nearest
from carbon.units import MJ_PER_KWH, convert

if TYPE_CHECKING:
    from carbon.library import FactorSet, Library

FAMILY = "benchmark"
MICRO = Decimal("0.000001")


@dataclass(frozen=True)
class Estimate:
    """What a space is estimated to use, and how."""

    activity: str
    quantity: Decimal
    unit: str
    note: str
    region: str = ""  # of the benchmark


def by_benchmark(
    library: Library, area: str, area_unit: str, name: str, statistic: str, days: int, of: int
) -> Estimate:
    """Area x benchmark of a year x share of the year.

    days, of : the days of the period, and of its year.

    Raises UsageError for a benchmark or statistic that the library does not have.
    """
    factors = _benchmark(library, name)
    if statistic not in factors.values:
        raise UsageError(
            "unknown-statistic",
            f"{name} prints no {statistic}",
            looked_for=", ".join(factors.values),
            nearest=nearest(statistic, factors.values),
            remedy="name one of them with --statistic",
        )
    printed = factors.values[statistic]
    meant = printed.measure
    square = _area(area, area_unit)  # [m2]
    energy = square * printed.number * meant.amount / MJ_PER_KWH  # [kWh/a]
    part = "" if days == of else f" x {days}/{of} days"
    return Estimate(
        activity=factors.topic.split("/")[1],
        quantity=_rounded(energy * days / of),
        unit="kWh",
        note=f"estimate: {area} {area_unit} x {printed} a year{part}; {statistic} of {name},"
        f" {factors.region}: {library.citation(name)}",
        region=factors.region,
    )


def by_share(
    activity: str, quantity: str, unit: str, area: str, whole: str, area_unit: str, occupied: str
) -> Estimate:
    """A tenant's part of what its building used: quantity x area / (whole area x occupied).

    Raises UsageError for an area or occupancy that cannot be.
    Source: WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 8.1.
    """
    mine, all_of_it = _area(area, area_unit), _area(whole, area_unit)
    let = _number(occupied, "--occupied")
    if not 0 < let <= 1 or mine > all_of_it * let:
        raise UsageError(
            "bad-share",
            f"{area} {area_unit} are more than the {whole} {area_unit} x {occupied} that are let"
            if 0 < let <= 1
            else f"the occupied share lies above 0 and at most at 1, unlike {occupied}",
            remedy="write 75 % as 0.75, and areas of the same building in the same unit",
        )
    used = _number(quantity, "--quantity")
    return Estimate(
        activity=activity,
        quantity=_rounded(used * mine / (all_of_it * let)),
        unit=unit,
        note=f"estimate: {quantity} {unit} of the building x {area} / ({whole} x {occupied})"
        f" {area_unit}",
    )


def _benchmark(library: Library, name: str) -> FactorSet:
    """The benchmark of this name. Raises UsageError where there is none."""
    known = {each.set_id for each in library.sets.values() if each.family == FAMILY}
    if name in known:
        return library.sets[name]
    raise UsageError(
        "unknown-benchmark",
        f"there is no benchmark {name!r}",
        nearest=nearest(name, known),
        remedy="carbon factors search benchmark lists them",
    )


def _area(text: str, unit: str) -> Fraction:
    """An area. [m2]"""
    square = convert(_number(text, "the area"), unit, "m2")
    if square <= 0:
        raise UsageError("bad-area", f"an area of {text} {unit} is none", remedy="write it above 0")
    return square


def _number(text: str, what: str) -> Fraction:
    try:
        return Fraction(Decimal(text.replace(",", "")))
    except (ArithmeticError, ValueError):
        raise UsageError(
            "bad-number", f"{what} {text!r} is no number", remedy="write it like 1250.5"
        ) from None


def _rounded(exact: Fraction) -> Decimal:
    """Rounded to the last decimal of a recorded quantity."""
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(MICRO, ROUND_HALF_UP)
