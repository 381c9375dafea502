"""The months ahead of a scenario: multipliers of the base year's months, and what is added to them.

`plan_index` gives the multiplier of each key and month, `plan_additions` the quantities that PV,
savings and recovered heat add, both relative to the base month. A measure that was already at work
in that month is in its figure, and is not counted again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from carbon.scenarios.amounts import rounded
from carbon.scenarios.kinds import Measure
from carbon.scenarios.loads import Ground, Load, Place
from carbon.scenarios.mistakes import mistake
from carbon.scenarios.model import Scenario
from carbon.scenarios.times import months_ahead
from carbon.scenarios.together import check_shares, together

IndexRow = tuple[str, int, int, int, Decimal]
AdditionRow = tuple[str, Place, int, str, Decimal]


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
    ahead = months_ahead(scenario.horizon, base_year, months)
    by_set: dict[tuple[str, ...], list[Decimal]] = {}
    rows: list[IndexRow] = []
    for key_id in sorted(keys):
        load = Load(*keys[key_id])
        acting = [measure for measure in scenario.measures if measure.acts_on(load)]
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
    since = scenario.base_year
    now = together(acting, lambda each: each.effect(month, year, since))
    then = together(acting, lambda each: each.effect(before, base_year, since))
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
    ground = Ground(scenario.name, scenario.file, [Load(*key) for key in keys.values()])
    ahead = months_ahead(scenario.horizon, base_year, months)
    sums: dict[tuple[Place, int, str], Decimal] = {}
    for measure in scenario.measures:
        for month, year, before in ahead:
            for place, unit, quantity in measure.added(month, year, before, base_year, ground):
                spot = (place, month, unit)
                sums[spot] = sums.get(spot, Decimal(0)) + quantity
    return [
        (scenario.name, place, month, unit, quantity)
        for (place, month, unit), quantity in sorted(sums.items())
        if quantity
    ]
