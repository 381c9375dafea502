"""What a scenario supposes of revenue, staff and whatever else an intensity divides by."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from carbon.errors import UnitError
from carbon.scenarios.model import Denominator, Scenario
from carbon.scenarios.times import interpolated
from carbon.units import convert

Divisors = dict[int, dict[str, Fraction]]  # by year and site, '' for the organisation


def denominators_ahead(
    scenario: Scenario, metric: str, unit: str, last: int, told: Mapping[str, Fraction]
) -> Divisors:
    """What a scenario supposes of a denominator in each year after the last actual one.

    unit : what it is wanted in.
    told : what it was in the last actual year, by site. [unit]

    A change a year needs what was told of the year it starts from; values go on from that where it
    is known, else from the first year stated. Raises UnitError for a unit of another kind.
    """
    found: Divisors = {}
    for each in scenario.denominators:
        if each.metric != metric:
            continue
        stated = _stated(scenario, each, unit)
        for place in each.places:
            base = told.get(place)
            points = stated
            if base is not None:
                points = {last: base} | {at: value for at, value in stated.items() if at > last}
            for year in range(last + 1, scenario.horizon + 1):
                if each.annual_change is not None and base is not None:
                    grown = (1 + Fraction(each.annual_change)) ** (year - last)
                    found.setdefault(year, {})[place] = base * grown
                elif stated and year >= min(points):
                    found.setdefault(year, {})[place] = interpolated(points, year)
    return found


def _stated(scenario: Scenario, denominator: Denominator, unit: str) -> dict[int, Fraction]:
    """Its values, in another unit."""
    try:
        return {
            year: convert(quantity, denominator.unit, unit)
            for year, quantity in denominator.quantity.items()
        }
    except UnitError as fault:
        fault.where = fault.where or f"{scenario.file}, {denominator.who}"
        raise
