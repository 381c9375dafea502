"""The months ahead of a scenario: multipliers of the base year's months, and what is added to them.

`plan_index` gives the multiplier of each key and month, `plan_additions` the quantities that PV,
savings and recovered heat add, both relative to the base month. A measure that was already at work
in that month is in its figure, and is not counted again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from carbon.scenarios.amounts import capacity_kw, rounded, yearly_amount
from carbon.scenarios.effects import (
    PURCHASED,
    Load,
    acts_on,
    check_shares,
    effect_of,
    level_in,
    month_index,
    together,
)
from carbon.scenarios.model import Measure, Scenario, mistake


class Place(NamedTuple):
    """Where a quantity is added; the ledger may have to make a key for it."""

    site: str
    meter: str
    activity: str
    detail: str


IndexRow = tuple[str, int, int, int, Decimal]
AdditionRow = tuple[str, Place, int, str, Decimal]


def calendar(first_year: int, last_year: int) -> dict[int, int]:
    """Months and their reporting year, where that is the calendar year."""
    return {
        year * 100 + of_year: year
        for year in range(first_year, last_year + 1)
        for of_year in range(1, 13)
    }


def months_ahead(
    scenario: Scenario, base_year: int, months: Mapping[int, int]
) -> list[tuple[int, int, int]]:
    """The planned months: (month, its reporting year, its base month)."""
    base = {month % 100: month for month, year in months.items() if year == base_year}
    return [
        (month, year, base[month % 100])
        for month, year in sorted(months.items())
        if base_year < year <= scenario.horizon
    ]


def plan_index(
    scenario: Scenario,
    keys: Mapping[int, Sequence[str]],
    base_year: int,
    months: Mapping[int, int],
) -> list[IndexRow]:
    """What each base month is multiplied with. One row per key and planned month.

    keys : key_id -> (site, meter, activity, detail, role of the meter), of the base year
    base_year : the last actual reporting year, whose months are carried on
    months : month -> reporting year, the base year and all years up to the horizon

    Rows: (scenario, key_id, month, base month, multiplier at 12 places).
    """
    ahead = months_ahead(scenario, base_year, months)
    by_set: dict[tuple[str, ...], list[Decimal]] = {}
    rows: list[IndexRow] = []
    for key_id in sorted(keys):
        load = Load(*keys[key_id])
        acting = [measure for measure in scenario.measures if acts_on(measure, load)]
        check_shares(scenario, load, acting)
        names = tuple(measure.name for measure in acting)
        if names not in by_set:
            by_set[names] = [
                rounded(_multiplier(scenario, acting, month, year, before, base_year), 12)
                for month, year, before in ahead
            ]
        rows += [
            (scenario.name, key_id, month, before, multiplier)
            for (month, _, before), multiplier in zip(ahead, by_set[names], strict=True)
        ]
    return rows


def _multiplier(
    scenario: Scenario,
    acting: Sequence[Measure],
    month: int,
    year: int,
    before: int,
    base_year: int,
) -> Fraction:
    """What the measures do to a month, over what they did to its base month already."""
    now = together(acting, lambda each: effect_of(each, scenario.base_year, month, year))
    then = together(acting, lambda each: effect_of(each, scenario.base_year, before, base_year))
    if then == 0:
        raise mistake(
            scenario.name, scenario.file, f"leaves nothing to carry on from {before}", "cut", ()
        )
    return now / then


def plan_additions(
    scenario: Scenario,
    keys: Mapping[int, Sequence[str]],
    base_year: int,
    months: Mapping[int, int],
) -> list[AdditionRow]:
    """What PV, savings and recovered heat add to the planned months, beyond their base months.

    PV adds generation, its export, and takes the self-used rest off the site's bill; a bill that
    includes PV is left alone, since the import is derived from it.

    Rows: (scenario, place, month, unit, quantity at 6 places); quantities of 0 are left out.
    """
    loads = [Load(*key) for key in keys.values()]
    sums: dict[tuple[Place, int, str], Decimal] = {}
    for measure in scenario.measures:
        if measure.kind not in ("pv", "saving", "heat"):
            continue
        for month, _, before in months_ahead(scenario, base_year, months):
            for place, unit, quantity in _added(scenario, measure, loads, month, before):
                spot = (place, month, unit)
                sums[spot] = sums.get(spot, Decimal(0)) + quantity
    return [
        (scenario.name, place, month, unit, quantity)
        for (place, month, unit), quantity in sorted(sums.items())
        if quantity
    ]


def _added(
    scenario: Scenario, measure: Measure, loads: Sequence[Load], month: int, before: int
) -> list[tuple[Place, str, Decimal]]:
    site = measure.site[0]
    meter = measure.meter[0] if measure.meter else ""
    if measure.kind == "pv":
        made = _pv_kwh(measure, month) - _pv_kwh(measure, before)
        generated = rounded(made, 6)
        exported = rounded(made * (1 - Fraction(measure.self_use)), 6)
        added = [(Place(site, meter, "pv_generation", ""), "kWh", generated)]
        if measure.self_use < 1:
            added.append((Place(site, meter, "pv_export", ""), "kWh", exported))
        bill = _bill(scenario, measure, loads)
        if bill.activity == "electricity":
            added.append((bill, "kWh", exported - generated))
        return added
    unit, yearly = yearly_amount(measure)
    share = Fraction(measure.monthly_share[month % 100 - 1]) if measure.monthly_share else None
    in_month = yearly * (Fraction(1, 12) if share is None else share)
    saved = in_month * (level_in(measure, month) - level_in(measure, before))
    detail = measure.detail[0] if measure.detail else ""
    place = Place(site, meter, measure.activity[0], detail)
    if place.activity in PURCHASED and not meter:
        place = _bill(scenario, measure, loads)
    return [(place, unit, -rounded(saved, 6))]


def _pv_kwh(measure: Measure, month: int) -> Fraction:
    """Generation of a month. [kWh]"""
    level = level_in(measure, month)
    if level == 0:
        return Fraction(0)
    age = (month_index(month) - month_index(measure.start)) // 12
    yearly = capacity_kw(measure) * Fraction(measure.specific_yield_kwh_per_kw)
    kept = (1 - Fraction(measure.degradation)) ** age
    return yearly * kept * level * Fraction(measure.monthly_share[month % 100 - 1])


def _bill(scenario: Scenario, measure: Measure, loads: Sequence[Load]) -> Place:
    """The bill a measure takes electricity off: one including PV, else the first by meter."""
    bills = [load for load in loads if load.site == measure.site[0] and load.is_bill]
    bills.sort(key=lambda load: (load.activity == "electricity", load.meter))
    if not bills:
        raise mistake(
            scenario.name,
            scenario.file,
            f"takes electricity off {measure.site[0]!r} by {measure.name!r}, which buys none",
            measure.site[0],
            sorted({load.site for load in loads if load.is_bill}),
        )
    return Place(*bills[0][:4])
