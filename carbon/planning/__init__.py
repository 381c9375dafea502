"""The cheapest choice: which measures, from which year, and what is bought beside them.

Numbers go in and a choice comes out; nothing here knows a book. `solve` puts a `Problem` to the
HiGHS solver as a mixed-integer program. `search` solves and lets a caller work out what the
choice really comes to, until the limits hold for that. `shadow_prices` says what a tonne more would
cost, `relaxations` which limits stand in the way where nothing fits.
"""

from __future__ import annotations

from carbon.planning.problem import (
    TOGETHER,
    Amount,
    Ceiling,
    Masses,
    Option,
    Peak,
    Problem,
    Purchase,
    Solution,
    Sum,
    linear,
    present_value,
    short_of,
)
from carbon.planning.relax import Relaxation, relaxations
from carbon.planning.search import Found, search
from carbon.planning.solve import shadow_prices, solve, solver

__all__ = [
    "TOGETHER",
    "Amount",
    "Ceiling",
    "Found",
    "Masses",
    "Option",
    "Peak",
    "Problem",
    "Purchase",
    "Relaxation",
    "Solution",
    "Sum",
    "linear",
    "present_value",
    "relaxations",
    "search",
    "shadow_prices",
    "short_of",
    "solve",
    "solver",
]
