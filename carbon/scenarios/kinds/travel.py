"""Trips made otherwise: by metro instead of taxi, by rail instead of air."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

from carbon.scenarios.fields import Part, Positive, Words, number, said
from carbon.scenarios.kinds.base import OnLoads
from carbon.scenarios.loads import Ground, Load, Place
from carbon.settings import Month


class Travel(OnLoads):
    """A share of the distance of one way of travelling goes to another, in Scope 3, which is in
    no target. Where the library has no factor for the other way, its distance is a flow without a
    factor, which is missing and not 0: then the kind `avoided` serves."""

    MOVES: ClassVar[bool] = True

    EXAMPLE: ClassVar[str] = """\
activity = "taxi"
share = 0.4
to_activity = "metro_travel"
distance_ratio = 1.1
start = "2024-01"
"""
    WORKED: ClassVar[str] = (
        "Of 2,000 passenger-km by taxi 0.4 go to the metro: 1,200 are left, and 800 x 1.1 = "
        "880 go by metro."
    )

    kind: Literal["travel"] = said("Its kind.", ...)
    activity: Words = said("The way of travelling that is left, as `taxi`.", ...)
    start: Month = said("The first month it is at work in.", ...)
    share: Part = number("Share of the distance that goes another way. [1]", ...)
    to_activity: str = said("The other way, as `metro_travel`; counted in the same unit.", ...)
    to_detail: str = said("The detail of the other way, as `international`.", "")
    distance_ratio: Positive = number("Its distance for each unit of the old. [1]", Decimal(1))

    def check(self) -> None:
        if self.to_activity in self.activity and self.to_detail in (self.detail or ("",)):
            raise ValueError(f"{self.who} goes from {self.to_activity} to {self.to_activity}")
        if Fraction(self.share) * Fraction(self.delivery) > 1:
            raise ValueError(f"{self.who} would shift more than there is")

    def index(self, month: int, year: int, since: int) -> Fraction:
        return 1 - self.level_in(month) * Fraction(self.share)

    def goes_to(
        self, load: Load, unit: str, ground: Ground
    ) -> Iterable[tuple[Place, str, Fraction]]:
        place = Place(load.site, "", self.to_activity, self.to_detail)
        return [(place, unit, Fraction(self.distance_ratio))]
