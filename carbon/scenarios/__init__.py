"""What may happen: the growth, measures and grids of a scenario, as exact rows for the years ahead.

A scenario file states differences on another (`based_on`). `resolve` reads them all; the `plan_`
functions turn measures into multipliers of the last actual year's months, quantities added to
them, certificates and credits; `grid_sets` gives the grid factors a scenario supposes. The same
SQL that computes an inventory then computes the years ahead, so that a projection can be
explained like any other figure.

Everything is worked out in fractions relative to the base month: a measure that was already at
work in that month is in its figure and is not counted again. Measures multiply in the order they
are stated; those on different sub-loads of one load act on their own share of it only.
"""

from __future__ import annotations

from carbon.scenarios.amounts import AMOUNTS, capacity_kw, rounded
from carbon.scenarios.effects import PHOTOVOLTAIC, PURCHASED, Load, acts_on, interpolated
from carbon.scenarios.model import (
    ACTUAL,
    ALWAYS,
    FIELDS,
    NUMBERS,
    Accounting,
    Area,
    File,
    Grid,
    Kind,
    Measure,
    Path,
    Positive,
    Scenario,
    Share,
    Sources,
    Stage,
    Status,
    Words,
)
from carbon.scenarios.plan import AdditionRow, IndexRow, Place, calendar, plan_additions, plan_index
from carbon.scenarios.reading import resolve
from carbon.scenarios.remarks import findings, interactions
from carbon.scenarios.supply import GridFactor, grid_sets, plan_credits, plan_instruments

__all__ = [
    "ACTUAL",
    "ALWAYS",
    "AMOUNTS",
    "FIELDS",
    "NUMBERS",
    "PHOTOVOLTAIC",
    "PURCHASED",
    "Accounting",
    "AdditionRow",
    "Area",
    "File",
    "Grid",
    "GridFactor",
    "IndexRow",
    "Kind",
    "Load",
    "Measure",
    "Path",
    "Place",
    "Positive",
    "Scenario",
    "Share",
    "Sources",
    "Stage",
    "Status",
    "Words",
    "acts_on",
    "calendar",
    "capacity_kw",
    "findings",
    "grid_sets",
    "interactions",
    "interpolated",
    "plan_additions",
    "plan_credits",
    "plan_index",
    "plan_instruments",
    "resolve",
    "rounded",
]
