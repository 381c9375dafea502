"""A stated amount less in a year: a building's retrofit, a process that ends."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar, Literal

from carbon.scenarios.amounts import AMOUNTS, amount, rounded
from carbon.scenarios.fields import Amount, Monthly, Words, number, said
from carbon.scenarios.kinds.base import Added, Ahead, AtOneSite
from carbon.scenarios.loads import PHOTOVOLTAIC, PURCHASED, Ground, Load, Place
from carbon.settings import Month


class Taking(AtOneSite):
    """A measure that takes a yearly amount off an activity of a site."""

    site: Words = said("Its one site.", ...)
    start: Month = said("The first month it is at work in.", ...)
    activity: Words = said("The activity that is used less.", ...)
    meter: Words = said("The meter it is taken off; of electricity the bill, if none.", ())
    detail: Words = said("The detail of the activity.", ())
    monthly_share: Monthly | None = number(
        "Share of each month in a year, January first; a twelfth each, if none. [1]"
    )

    def yearly(self) -> tuple[str, Fraction]:
        """What it takes off in a full year: unit and quantity."""
        raise NotImplementedError

    def check_amounts(self) -> None:
        self.yearly()
        for text in self.verified.values():
            self.verified_amount(text)

    def in_month(self, month: int) -> Fraction:
        shares = self.monthly_share
        share = Fraction(1, 12) if shares is None else Fraction(shares[month % 100 - 1])
        return self.yearly()[1] * share * self.level_in(month)

    def added(self, ahead: Ahead, base_year: int, ground: Ground) -> Added:
        meter = self.meter[0] if self.meter else ""
        detail = self.detail[0] if self.detail else ""
        place = Place(self.site[0], meter, self.activity[0], detail)
        if place.activity in PURCHASED and not meter:
            place = ground.bill(place.site, self.name)
        unit, _ = self.yearly()
        for month, saved in self.more_in(ahead, base_year):
            yield place, month, unit, -rounded(saved, 6)

    def touched(self, loads: Sequence[Load]) -> Sequence[Load]:
        is_bill = self.activity[0] in PURCHASED and not self.meter
        return [
            load
            for load in super().touched(loads)
            if (load.is_bill if is_bill else load.activity in self.activity)
            and (not self.meter or load.meter in self.meter)
        ]


class Saving(Taking):
    """A stated amount less of an activity in a year."""

    EXAMPLE: ClassVar[str] = """\
site = "office"
activity = "electricity"
saving = "120 MWh"
start = "2024-07"
"""
    WORKED: ClassVar[str] = (
        "An office buys 40 MWh a month. A retrofit that saves 120 MWh a year leaves 40 - 120 "
        "/ 12 = 30 MWh."
    )

    kind: Literal["saving"] = said("Its kind.", ...)
    saving: Amount = number(
        "What it saves in a full year, as `166.6 MWh`. [kWh, MJ, kg, L, m3]", ...
    )

    def yearly(self) -> tuple[str, Fraction]:
        return self.verified_amount(self.saving)

    def verified_amount(self, text: str) -> tuple[str, Fraction]:
        is_power = self.activity[0] in (*PURCHASED, *PHOTOVOLTAIC)
        return amount(text, ("kWh",) if is_power else AMOUNTS)
