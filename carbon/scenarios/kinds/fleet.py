"""Vehicles that run on electricity instead of fuel."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from carbon.scenarios.fields import Part, Positive, Words, number, said
from carbon.scenarios.kinds.base import OnLoads
from carbon.scenarios.loads import Ground, Load, Place
from carbon.scenarios.mistakes import mistake
from carbon.settings import Month


class Fleet(OnLoads):
    """A share of a site's vehicles goes electric: their fuel leaves Scope 1, and the electricity
    that drives them as far enters Scope 2, on the bill of the site or at public chargers."""

    ONE_OF: ClassVar = (("kwh_per_100km", "kwh_per_l", "kwh_per_kg"),)
    MOVES: ClassVar[bool] = True

    EXAMPLE: ClassVar[str] = """\
site = "plant"
activity = "gasoline"
share = 0.5
l_per_100km = 7.5
kwh_per_100km = 15
charging_loss = 0.1
start = "2024-01"
"""
    WORKED: ClassVar[str] = (
        "Cars burn 900 L a month. Half of it, 450 L at 7.5 L/100 km, is 6,000 km; at 15 "
        "kWh/100 km they take 900 kWh, 900 / 0.9 = 1,000 kWh at the charger. Scope 1 loses "
        "450 L, Scope 2 gains 1,000 kWh."
    )

    kind: Literal["fleet"] = said("Its kind.", ...)
    activity: Words = said("The fuel, or `vehicle_distance`, it replaces.", ...)
    start: Month = said("The first month it is at work in.", ...)
    share: Part = number("Share of the fuel that is replaced. [1]", ...)
    kwh_per_100km: Positive | None = number("What the electric vehicles take. [kWh/100 km]")
    l_per_100km: Positive | None = number("What the vehicles they replace took. [L/100 km]")
    kwh_per_l: Positive | None = number("Electricity instead of a litre. [kWh/L]")
    kwh_per_kg: Positive | None = number("Electricity instead of a kilogram. [kWh/kg]")
    charging_loss: Annotated[Decimal, Field(ge=0, lt=1)] = number(
        "Share of what the charger reads that does not reach the battery. [1]", Decimal(0)
    )
    charging: Literal["site", "public"] = said("Where they are charged.", "site")

    def check(self) -> None:
        if self.l_per_100km and not self.kwh_per_100km:
            raise ValueError(f"{self.who}: l_per_100km goes with kwh_per_100km")
        if Fraction(self.share) * Fraction(self.delivery) > 1:
            raise ValueError(f"{self.who} would replace more than there is")

    def index(self, month: int, year: int, since: int) -> Fraction:
        return 1 - self.level_in(month) * Fraction(self.share)

    def goes_to(
        self, load: Load, unit: str, ground: Ground
    ) -> Iterable[tuple[Place, str, Fraction]]:
        place = Place(load.site, "", "public_charging", "")
        if self.charging == "site":
            place = ground.bill(load.site, self.name)
        return [(place, "kWh", self._kwh(unit, load, ground) / (1 - Fraction(self.charging_loss)))]

    def _kwh(self, unit: str, load: Load, ground: Ground) -> Fraction:
        """Electricity that drives as far as a unit of the load, at the battery. [kWh]"""
        known = {"L": self.kwh_per_l, "kg": self.kwh_per_kg}
        if self.kwh_per_100km:
            known["km"] = self.kwh_per_100km / 100
            if self.l_per_100km:
                known["L"] = Fraction(self.kwh_per_100km) / Fraction(self.l_per_100km)
        if known.get(unit) is None:
            needed = {"L": "kwh_per_l instead", "kg": "kwh_per_kg instead"}
            if self.kwh_per_100km:
                needed["L"] = "l_per_100km as well"
            raise mistake(
                ground.scenario,
                ground.file,
                f"replaces {load.activity} at {load.site} by {self.name!r}, which is recorded in "
                f"{unit}, and does not say how much electricity drives as far",
                load.activity,
                (),
                f"state {needed.get(unit, 'kwh_per_100km instead')}",
            )
        return Fraction(known[unit])
