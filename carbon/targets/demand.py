"""What a target asks of the years ahead, as numbers that anything can be held against.

Each kind of target says it beside its verdict, from the same years and the same base: recalculated
for structure where the verdict recalculates them, and back to the last break where it does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Summit:
    """Every year after stays below a share of the highest of the years until then. [t CO2e]"""

    known: Decimal | None  # the highest recorded year that compares
    until: tuple[int, ...]  # years ahead the highest may lie in
    after: tuple[int, ...]
    share: Decimal = Decimal(1)


@dataclass(frozen=True)
class Demand:
    """What a target asks of the years ahead on one line, or why it asks nothing. [t CO2e]"""

    line: str
    each: Mapping[int, Decimal] = field(default_factory=dict)  # the most of a year
    base_year: int = 0  # of whose figure `each` are shares; 0 where they are not
    together: Decimal | None = None  # the most of `over` in all
    over: tuple[int, ...] = ()
    summit: Summit | None = None
    unasked: str = ""  # why nothing is asked
    beside: str = ""  # what is asked and not all there is to it


def beyond(year: int, years: Sequence[int], line: str) -> Demand | None:
    """A target whose year the years ahead do not reach asks nothing of them."""
    if year <= years[-1]:
        return None
    return Demand(line, unasked=f"{year} lies after the horizon {years[-1]}")
