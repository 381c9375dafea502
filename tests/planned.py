"""What a plan multiplies and adds, row by row, for tests of measures."""

from __future__ import annotations

from carbon.scenarios import plan_additions, plan_index, plan_loads


def index_rows(scenario, keys, base_year, months):
    """One row per key and planned month: (scenario, key_id, month, base month, multiplier)."""
    loads, measures = plan_loads(scenario, keys)
    rows = plan_index(scenario, measures, base_year, months)
    return [
        (name, key_id, *planned)
        for name, key_id, measure_set in loads
        for _, number, *planned in rows
        if number == measure_set
    ]


def addition_rows(scenario, *known):
    """One row per place, planned month and unit: (scenario, place, month, unit, quantity)."""
    return [
        (scenario.name, place, month, unit, quantity)
        for place, at in plan_additions(scenario, *known).items()
        for (month, unit), quantity in at.items()
    ]
