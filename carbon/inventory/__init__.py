"""The inventory as tables: totals by year, by site, by gas; how complete they are; what changed.

Everything here is read off the relation `total` (or `emission`) of a `Run` and printed as it is:
sums of what the SQL calculated, in tonnes. A year without data is a gap, never a 0.
"""

from __future__ import annotations

from carbon.inventory.beside import PER, coverage, intensity, outside
from carbon.inventory.breakdown import change, inventory_by, sites
from carbon.inventory.years import (
    INVENTORY,
    YearState,
    YearTotal,
    gaps,
    inventory_by_year,
    inventory_row,
    year_states,
    year_totals,
)

__all__ = [
    "INVENTORY",
    "PER",
    "YearState",
    "YearTotal",
    "change",
    "coverage",
    "gaps",
    "intensity",
    "inventory_by",
    "inventory_by_year",
    "inventory_row",
    "outside",
    "sites",
    "year_states",
    "year_totals",
]
