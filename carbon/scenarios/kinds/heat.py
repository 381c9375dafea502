"""Recovered heat, which a boiler need not make."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from carbon.scenarios.amounts import amount
from carbon.scenarios.fields import Amount, Part, number, said
from carbon.scenarios.kinds.saving import Taking


class Heat(Taking):
    """Heat that is recovered displaces the fuel a boiler would have burned for it."""

    kind: Literal["heat"] = said("Its kind.", ...)
    heat: Amount = number("Heat recovered in a full year, as `1000 GJ`. [MJ]", ...)
    boiler_efficiency: Part = number("Heat of the boiler from each unit of its fuel. [1]", ...)

    def yearly(self) -> tuple[str, Fraction]:
        return self.verified_amount(self.heat)

    def verified_amount(self, text: str) -> tuple[str, Fraction]:
        unit, heat = amount(text, ("MJ",))
        return unit, heat / Fraction(self.boiler_efficiency)
