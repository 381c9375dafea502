"""The glossary: every relation, what one row is, and what each column means.

A relation is declared once here. The engines create their tables from it, the readers
and the tests check their rows against it, and `docs/pipeline.md` is held to it.
Column names carry their unit (`mass_g`, `energy_kwh`); keys end in `_id`, dates in `_on`,
truths begin with `is_`. No column of a calculated relation is NULL: '' and 0 say "none".
"""

from __future__ import annotations

from carbon.schema.calculated import CALCULATED, FLOW_PART
from carbon.schema.inputs import INPUT
from carbon.schema.kinds import FOREVER, Relation
from carbon.schema.ledger import ADDED, LEDGER

__all__ = [
    "ADDED",
    "CALCULATED",
    "FLOW_PART",
    "FOREVER",
    "INPUT",
    "LEDGER",
    "RELATIONS",
    "Relation",
]

RELATIONS = LEDGER | INPUT | CALCULATED
