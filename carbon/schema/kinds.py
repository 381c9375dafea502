"""Kinds of columns, and what a relation is."""

from __future__ import annotations

from dataclasses import dataclass

TEXT = "varchar"
INT = "integer"
LONG = "bigint"
BOOL = "boolean"
DATE = "date"
TIME = "timestamp"
COUNT = "decimal(17, 0)"  # a sum of counts
QUANTITY = "decimal(17, 6)"  # of the canonical unit: the first rounding
COEFFICIENT = "decimal(20, 12)"  # grams per canonical unit: the second rounding
MULTIPLIER = "decimal(18, 12)"  # of a load: below a million, so that engines hold it in one word
SHARE = "decimal(13, 12)"  # 0 to 1
PRODUCT = "decimal(38, 18)"  # quantity times coefficient, and sums of it [g]

FOREVER = 999912  # the month of a site that has not left


@dataclass(frozen=True)
class Relation:
    """A relation: its name, what one row is, and its columns in order."""

    name: str
    grain: str
    columns: dict[str, str]


def relation(name: str, grain: str, **columns: str) -> Relation:
    """A relation, its columns in the order they are named."""
    return Relation(name, grain, columns)
