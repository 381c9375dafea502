"""Contracts for electricity: a power purchase agreement, and a supplier's own rate.

Both move the market-based line alone. Their factor stands in the contract, so a scenario states it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from carbon.records import Instrument
from carbon.scenarios.amounts import rounded
from carbon.scenarios.fields import Part, Words, number, said
from carbon.scenarios.kinds.power import Power, PowerByYear
from carbon.scenarios.loads import Imports, Load, nothing_bought
from carbon.settings import Month

Factor = Annotated[Decimal, Field(ge=0)]


class PPA(PowerByYear):
    """A power purchase agreement: so much a year of a plant's generation, with its attributes, over
    the grid or by a line of its own. What lies behind the meter of a site is PV of its own or of a
    third party instead, and is bought by no contract a second time."""

    EXAMPLE: ClassVar[str] = """\
site = "plant"
market = "CN"
energy_mwh = { 2024 = 600 }
factor_g_per_kwh = 0
"""
    WORKED: ClassVar[str] = (
        "Of 1,200 MWh bought in 2024 the contract covers 600 at 0 g/kWh; the other 600 take the "
        "residual mix, at 600 g/kWh 360 t market-based. Location-based nothing moves."
    )

    kind: Literal["ppa"] = said("Its kind.", ...)
    factor_g_per_kwh: Factor = number("The factor of the contract. [g CO2e/kWh]", ...)
    over: Literal["the grid", "a direct line"] = said("How it comes.", "the grid")

    def check(self) -> None:
        if len(self.site) > 1:
            raise ValueError(f"{self.who} of kind ppa is for one site, or for all of them")
        if self.over == "a direct line" and not self.site:
            raise ValueError(f"{self.who}: a direct line leads to one site; name it")

    @property
    def instrument_kind(self) -> str:
        return "PPA" if self.over == "the grid" else "direct_wire"

    def conveyed(self) -> Mapping[str, Any]:
        return {"factor_g_per_kwh": self.factor_g_per_kwh, "conveys_attribute": "yes"}


class Supplier(Power):
    """A supplier's own rate for a share of what a site buys, net of what it sold to others. What
    the site passes on, or the boundary does not count of it, is none of that."""

    WITHOUT: ClassVar = frozenset({"verified"})

    EXAMPLE: ClassVar[str] = """\
site = "plant"
market = "CN"
factor_g_per_kwh = 200
share = 0.5
start = "2024-07"
"""
    WORKED: ClassVar[str] = (
        "Of 100 MWh a month half is supplied at 200 g/kWh from July 2024 on: 300 MWh in 2024, "
        "60 t market-based; the other 900 MWh take the residual mix."
    )

    kind: Literal["supplier"] = said("Its kind.", ...)
    site: Words = said("Its one site.", ...)
    start: Month = said("The first month it is at work in.", ...)
    factor_g_per_kwh: Factor = number("The supplier's rate. [g CO2e/kWh]", ...)
    share: Part = number("Share of the site's electricity that it supplies. [1]", Decimal(1))

    def check(self) -> None:
        if len(self.site) > 1:
            raise ValueError(f"{self.who} of kind supplier stands at one site")
        if Fraction(self.share) * Fraction(self.delivery) > 1:
            raise ValueError(f"{self.who} would supply more than is bought")

    @property
    def instrument_kind(self) -> str:
        return "supplier_rate"

    def conveyed(self) -> Mapping[str, Any]:
        of = {"factor_g_per_kwh": self.factor_g_per_kwh, "conveys_attribute": "yes"}
        return {**of, "net_of_sold": "yes"}

    def instruments(
        self, scenario: str, years: range, imports: Imports = nothing_bought
    ) -> list[Instrument]:
        found = []
        for year in years:
            supplied = sum(
                (
                    energy * Fraction(self.share) * self.level_in(month)
                    for month, energy in imports(self.site[0], year).items()
                ),
                Fraction(0),
            )
            energy_kwh = rounded(supplied * self.delivered(year), 6)
            if energy_kwh > 0:
                found.append(self.instrument_for(scenario, year, energy_kwh))
        return found

    def touched(self, loads: Sequence[Load]) -> Sequence[Load]:
        return [load for load in loads if load.site in self.site and load.is_bill]
