"""Less use for the same work: pumps, fans, chillers, drives, buildings."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from carbon.scenarios.fields import Part, Positive, Share, Words, number, said
from carbon.scenarios.kinds.base import OnLoads
from carbon.settings import Month


class SubLoad(OnLoads):
    """A measure on a load, or on a stated share of it."""

    sub_load: str = said("The part of the load it acts on, as `chillers`; its whole if none.", "")
    share: Part | None = number("Share of the sub-load in the load. [1]")

    def check(self) -> None:
        if bool(self.sub_load) != (self.share is not None):
            raise ValueError(f"{self.who}: a sub_load needs its share of the load")

    @property
    def part(self) -> tuple[str, Fraction] | None:
        return (self.sub_load, Fraction(self.share)) if self.share is not None else None


class Efficiency(SubLoad):
    """The same work with less: `gain` is more work for each unit, `cut` less use."""

    ONE_OF: ClassVar = (("gain", "cut"),)

    EXAMPLE: ClassVar[str] = """\
site = "plant"
activity = "electricity"
gain = 0.20
start = "2024-01"
"""
    WORKED: ClassVar[str] = (
        "Chillers take 10,000 MWh. 20 % more efficiency leaves 10,000 / 1.2 = 8,333 MWh, not "
        "8,000; 10 % less use of pumps on the same load then leaves 8,333 x 0.9 = 7,500 MWh. "
        "On a sub-load of 0.3 the gain leaves 0.7 + 0.3 / 1.2 = 0.95 of the load."
    )

    kind: Literal["efficiency"] = said("Its kind.", ...)
    activity: Words = said("Which activities.", ...)
    start: Month = said("The first month it is at work in.", ...)
    gain: Positive | None = number("More work for each unit: 0.20 is use / 1.2. [1]")
    cut: Share | None = number("Less use: 0.10 is use x 0.9. [1]")

    def check(self) -> None:
        super().check()
        if Fraction(self.delivery) * (1 - self._full()) > 1:
            raise ValueError(f"{self.who} would save more than there is")

    def _full(self) -> Fraction:
        return 1 / (1 + Fraction(self.gain)) if self.gain else 1 - Fraction(self.cut)

    def index(self, month: int, year: int, since: int) -> Fraction:
        return 1 + self.level_in(month) * (self._full() - 1)
