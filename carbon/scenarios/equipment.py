"""Published efficiencies of equipment, which a scenario may name instead of a number.

`equipment.csv` holds them as printed. `efficiency` gives one as cold or heat for each unit of
electricity.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).with_name("equipment.csv")
# A ton of refrigeration is 12,000 Btu an hour, a Btu (IT) 1055.05585262 J. [kW]
KW_PER_TON = Fraction(12000) * Fraction("1055.05585262") / 3600 / 1000


class Published(NamedTuple):
    """A published efficiency. Grain: one row of the table."""

    equipment_id: str
    metric: str  # full-load or iplv
    efficiency: Fraction
    source: str


@cache
def equipment() -> dict[str, Published]:
    """Every published efficiency, by its id."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {
            row["equipment_id"]: Published(
                row["equipment_id"],
                row["metric"],
                KW_PER_TON / Fraction(row["value"]),
                f"{row['publisher']} {row['edition']}, {row['locator']}",
            )
            for row in rows
        }
