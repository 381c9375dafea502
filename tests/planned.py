"""What a plan multiplies, load by load, for tests of measures."""

from __future__ import annotations

from carbon.scenarios import plan_index, plan_loads


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
