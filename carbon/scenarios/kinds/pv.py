"""Photovoltaics of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar, Literal

from carbon.scenarios.amounts import amount, rounded
from carbon.scenarios.fields import Amount, Monthly, Positive, Share, Words, number, said
from carbon.scenarios.kinds.base import Added, AtOneSite
from carbon.scenarios.loads import Ground, Place
from carbon.scenarios.times import month_index
from carbon.settings import Month


class PV(AtOneSite):
    """A plant of one's own: generation, what of it is exported, and the self-used rest taken off
    the site's bill; a bill that includes PV is left alone, for its import is derived from it."""

    EXAMPLE: ClassVar[str] = """\
site = "plant"
capacity = "1.2 MW"
specific_yield_kwh_per_kw = 1000
monthly_share = [0.05, 0.06, 0.08, 0.09, 0.10, 0.10, 0.12, 0.11, 0.09, 0.08, 0.06, 0.06]
self_use = 0.75
start = "2024-01"
"""
    WORKED: ClassVar[str] = (
        "1,200 kW x 1,000 kWh/kW x 0.05 = 60,000 kWh are generated in January, a quarter of "
        "it, 15,000, exported, and 45,000 kWh less bought."
    )

    kind: Literal["pv"] = said("Its kind.", ...)
    site: Words = said("Its one site.", ...)
    start: Month = said("The first month it is at work in.", ...)
    meter: Words = said("The meter of its generation.", ())
    capacity: Amount = number(
        "Its capacity, as `5.4 MW`; an area such as `27000 m2` only with its power density. [kW]",
        ...,
    )
    power_density_w_per_m2: Positive | None = number("Capacity of an area. [W/m2]")
    specific_yield_kwh_per_kw: Positive = number("Generation a year when new. [kWh/kW]", ...)
    monthly_share: Monthly = number("Share of each month in a year, January first. [1]", ...)
    self_use: Share = number("Share that is used on site. [1]", Decimal(1))
    degradation: Share = number("What is lost each year. [1/a]", Decimal(0))

    @property
    def capacity_kw(self) -> Fraction:
        """Its capacity. [kW]

        An area counts only with a stated power density; without one its dimension is wrong.
        """
        if self.power_density_w_per_m2 is None:
            return amount(self.capacity, ("kW",))[1]
        area_m2 = amount(self.capacity, ("m2",))[1]
        return area_m2 * Fraction(self.power_density_w_per_m2) / 1000

    def check_amounts(self) -> None:
        for text in (*self.verified.values(),):
            self.verified_amount(text)
        _ = self.capacity_kw

    def verified_amount(self, text: str) -> tuple[str, Fraction]:
        return amount(text, ("kWh",))

    def in_month(self, month: int) -> Fraction:
        """Generation of a month. [kWh]"""
        level = self.level_in(month)
        if level == 0:
            return Fraction(0)
        age = (month_index(month) - month_index(self.start)) // 12
        yearly = _in_year(
            self.capacity_kw * Fraction(self.specific_yield_kwh_per_kw), self.degradation, age
        )
        return yearly * level * Fraction(self.monthly_share[month % 100 - 1])

    def added(
        self, month: int, year: int, before: int, base_year: int, ground: Ground
    ) -> Sequence[Added]:
        site = self.site[0]
        meter = self.meter[0] if self.meter else ""
        made = self.more_in(month, year, before, base_year)
        generated = rounded(made, 6)
        exported = rounded(made * (1 - Fraction(self.self_use)), 6)
        found = [(Place(site, meter, "pv_generation", ""), "kWh", generated)]
        if self.self_use < 1:
            found.append((Place(site, meter, "pv_export", ""), "kWh", exported))
        bill = ground.bill(site, self.name)
        if bill.activity == "electricity":
            found.append((bill, "kWh", exported - generated))
        return found


@lru_cache(maxsize=4096)
def _in_year(new: Fraction, degradation: Decimal, age: int) -> Fraction:
    """Generation of a whole year at an age, of a plant that makes so much when new. [kWh]"""
    return new * (1 - Fraction(degradation)) ** age
