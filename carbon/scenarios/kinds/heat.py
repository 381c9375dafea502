"""Recovered heat, which a boiler need not make."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from carbon.scenarios.amounts import amount
from carbon.scenarios.fields import Amount, Part, number, said
from carbon.scenarios.kinds.saving import Taking


class Heat(Taking):
    """Heat that is recovered displaces the fuel a boiler would have burned for it."""

    EXAMPLE: ClassVar[str] = """\
site = "plant"
activity = "natural_gas"
heat = "1000 GJ"
boiler_efficiency = 0.90
start = "2024-01"
"""
    WORKED: ClassVar[str] = (
        "1,000 GJ of recovered heat displace 1,000 / 0.90 = 1,111 GJ of gas. By the factor of "
        "NDRC's guideline, 55.539 kg/GJ, that is 61.7 t CO2; by 56.1 kg/GJ of IPCC 2006 it "
        "would be 62.3 t."
    )

    kind: Literal["heat"] = said("Its kind.", ...)
    heat: Amount = number("Heat recovered in a full year, as `1000 GJ`. [MJ]", ...)
    boiler_efficiency: Part = number("Heat of the boiler from each unit of its fuel. [1]", ...)

    def yearly(self) -> tuple[str, Fraction]:
        return self.verified_amount(self.heat)

    def verified_amount(self, text: str) -> tuple[str, Fraction]:
        unit, heat = amount(text, ("MJ",))
        return unit, heat / Fraction(self.boiler_efficiency)
