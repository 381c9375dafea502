"""What may happen: the growth, measures and grids of a scenario, as exact rows for the years ahead.

A scenario file states differences on another (`based_on`). `resolve` reads them all; the `plan_`
functions turn measures into multipliers of the last actual year's months and leaks, quantities
added to them, certificates and credits; `grid_sets` gives the grid factors a scenario supposes.
The same SQL that computes an inventory then computes the years ahead, so that a projection can be
explained like any other figure.

Everything is worked out in fractions relative to the base month: a measure that was already at
work in that month is in its figure and is not counted again. Measures multiply in the order they
are stated; those on different sub-loads of one load act on their own share of it only.
"""

from __future__ import annotations

from carbon.scenarios.adding import additions, plan_additions
from carbon.scenarios.amounts import rounded
from carbon.scenarios.bought import Bought
from carbon.scenarios.denominators import denominators_ahead
from carbon.scenarios.kinds import KINDS, Area, Measure, Stage
from carbon.scenarios.loads import PHOTOVOLTAIC, PURCHASED, Load, Place
from carbon.scenarios.model import ACTUAL, Accounting, Denominator, File, Grid, Scenario
from carbon.scenarios.moves import Recorded
from carbon.scenarios.plan import (
    Index,
    IndexRow,
    LeakRow,
    LoadRow,
    plan_index,
    plan_leaks,
    plan_loads,
)
from carbon.scenarios.reading import resolve
from carbon.scenarios.remarks import findings, interactions, rivals
from carbon.scenarios.sunlight import Sun, lit
from carbon.scenarios.supply import GridFactor, grid_sets, plan_credits, plan_instruments
from carbon.scenarios.supposed import changed, numbers, spread
from carbon.scenarios.times import calendar, interpolated
from carbon.scenarios.verified import as_verified

__all__ = [
    "ACTUAL",
    "KINDS",
    "PHOTOVOLTAIC",
    "PURCHASED",
    "Accounting",
    "Area",
    "Bought",
    "Denominator",
    "File",
    "Grid",
    "GridFactor",
    "Index",
    "IndexRow",
    "LeakRow",
    "Load",
    "LoadRow",
    "Measure",
    "Place",
    "Recorded",
    "Scenario",
    "Stage",
    "Sun",
    "additions",
    "as_verified",
    "calendar",
    "changed",
    "denominators_ahead",
    "findings",
    "grid_sets",
    "interactions",
    "interpolated",
    "lit",
    "numbers",
    "plan_additions",
    "plan_credits",
    "plan_index",
    "plan_instruments",
    "plan_leaks",
    "plan_loads",
    "resolve",
    "rivals",
    "rounded",
    "spread",
]
