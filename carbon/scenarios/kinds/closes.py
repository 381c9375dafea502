"""A site that closes, and where its work goes."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import ClassVar, Literal

from carbon.scenarios.fields import Positive, Words, number, said
from carbon.scenarios.kinds.base import Measure
from carbon.scenarios.loads import Ground, Load, Place
from carbon.settings import Month


class Closes(Measure):
    """The loads of a site end, from a month on or one by one over a ramp, and as much as is said
    of them goes to another site."""

    WITHOUT: ClassVar = frozenset({"life_years", "needs", "instead_of", "verified"})
    MULTIPLIES: ClassVar[bool] = True
    IS_GROWTH: ClassVar[bool] = True
    MOVES: ClassVar[bool] = True
    ENDS: ClassVar[bool] = True

    EXAMPLE: ClassVar[str] = """\
site = "plant"
start = "2024-07"
moves_to = "hall"
share = 0.8
"""
    WORKED: ClassVar[str] = (
        "A plant buys 1,000 MWh a month and a hall 3,000. From July 2024 on the plant buys "
        "nothing, and the hall 3,000 + 0.8 x 1,000 = 3,800 MWh."
    )

    kind: Literal["closes"] = said("Its kind.", ...)
    site: Words = said("The site that closes, or several.", ...)
    start: Month = said("The first month it is closed, or its loads begin to end.", ...)
    moves_to: str = said("The site its work goes to.", "")
    share: Positive | None = number("What of its loads goes there. [1]")

    def check(self) -> None:
        if bool(self.moves_to) != (self.share is not None):
            raise ValueError(f"{self.who}: moves_to needs the share that goes there")
        if self.moves_to in self.site:
            raise ValueError(f"{self.who} moves {self.moves_to} to itself")
        if self.delivery > 1:
            raise ValueError(f"{self.who} would close more than there is")

    def acts_on(self, load: Load) -> bool:
        return load.site in self.site

    def index(self, month: int, year: int, since: int) -> Fraction:
        return 1 - self.level_in(month)

    def goes_to(
        self, load: Load, unit: str, ground: Ground
    ) -> Iterable[tuple[Place, str, Fraction]]:
        if not self.moves_to or load.activity == "refrigerant":  # appliances stay behind
            return ()
        ground.stays(self.moves_to, self.start, self.name)
        return [(load.at(self.moves_to, ground), unit, Fraction(self.share))]
