"""Emissions said to be avoided: a claim, beside every total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

from carbon.scenarios.amounts import rounded
from carbon.scenarios.fields import Path, Positive, number, said
from carbon.scenarios.kinds.base import Measure
from carbon.scenarios.loads import Load


class Avoided(Measure):
    """What is said to be avoided by doing a thing otherwise, as trips by metro instead of taxi: so
    many times so much. It is a claim: it is in no scope, no total and no target, and stands below
    the projection alone."""

    WITHOUT: ClassVar = frozenset(
        {"start", "ramp_months", "life_years", "needs", "instead_of", "verified"}
    )

    EXAMPLE: ClassVar[str] = """\
baseline = "trips by taxi"
times = { 2024 = 100000 }
kg_each = 0.5419
"""
    WORKED: ClassVar[str] = (
        "100,000 trips by metro x 0.5419 kg CO2, as printed for Guangzhou by the substitution "
        "method, are 54.19 t said to be avoided."
    )

    kind: Literal["avoided"] = said("Its kind.", ...)
    baseline: str = said("What it is compared with, as `by taxi`.", ...)
    times: Path = number("By year: how often, as trips. [1]", ...)
    kg_each: Positive = number("What is said to be avoided each time. [kg CO2e]", ...)

    @property
    def claims_t(self) -> Mapping[int, Decimal]:
        return {
            year: rounded(Fraction(often) * Fraction(self.kg_each) / 1000 * self.delivered(year), 6)
            for year, often in sorted(self.times.items())
        }

    def touched(self, loads: Sequence[Load]) -> None:
        return None
