"""A site that opens: like another one, or with stated amounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from carbon.fields import Written
from carbon.scenarios.amounts import AMOUNTS, amount, rounded
from carbon.scenarios.fields import Amount, Monthly, Positive, Words, number, said
from carbon.scenarios.kinds.base import Added, Ahead, Measure
from carbon.scenarios.loads import PURCHASED, Ground, Load, Place
from carbon.settings import Month


class Opens(Measure):
    """A site of `carbon.toml` that has `joined` in a month ahead takes up work: its loads are those
    of a site it is like, scaled, or stated amounts of a year. What other measures do to the site it
    is like, they do to it as well; stated amounts are left as they are."""

    WITHOUT: ClassVar = frozenset({"life_years", "needs", "instead_of", "verified"})
    ONE_OF: ClassVar = (("like", "amounts_of_year"),)
    IS_GROWTH: ClassVar[bool] = True
    MOVES: ClassVar[bool] = True

    EXAMPLE: ClassVar[str] = """\
site = "new"
start = "2025-01"
like = "plant"
scale = 0.5
ramp_months = 12
"""
    WORKED: ClassVar[str] = (
        "A plant buys 1,000 MWh in a month. A site like it at 0.5, ramped up over 12 months, "
        "buys 1,000 x 0.5 / 12 = 41.7 MWh in its first month and 500 MWh from the twelfth on. "
        '`amounts_of_year = { electricity = "12 GWh" }` are 1,000 MWh a month.'
    )

    kind: Literal["opens"] = said("Its kind.", ...)
    site: Words = said("The site that opens.", ...)
    start: Month = said("The first month it works in.", ...)
    like: str = said("A site whose loads its own are like.", "")
    scale: Positive | None = number("Its loads over those of the site it is like. [1]")
    amounts_of_year: Annotated[dict[str, Amount], Written("activity = amount")] = number(
        'Amounts of a full year, as `{ electricity = "12 GWh" }`. [kWh, MJ, kg, L, m3]', {}
    )
    monthly_share: Monthly | None = number(
        "Share of each month in stated amounts, January first; a twelfth each, if none. [1]"
    )

    def check(self) -> None:
        if len(self.site) != 1:
            raise ValueError(f"{self.who} opens one site")
        if bool(self.like) != (self.scale is not None):
            raise ValueError(f"{self.who}: like needs its scale")
        if self.like in self.site:
            raise ValueError(f"{self.who}: {self.like} is like itself")
        if self.monthly_share and self.like:
            raise ValueError(f"{self.who}: monthly_share goes with amounts_of_year")
        if self.monthly_share and sum(self.monthly_share) != 1:
            raise ValueError(
                f"{self.who}: monthly_share adds up to {sum(self.monthly_share)}, not 1"
            )

    def check_amounts(self) -> None:
        for activity, text in self.amounts_of_year.items():
            amount(text, self._units(activity))

    @staticmethod
    def _units(activity: str) -> Sequence[str]:
        return ("kWh",) if activity in (*PURCHASED, "it_load") else (*AMOUNTS, "kWh")

    def in_month(self, month: int) -> Fraction:
        """The share of its amounts of a year."""
        shares = self.monthly_share
        part = Fraction(1, 12) if shares is None else Fraction(shares[month % 100 - 1])
        return part * self.level_in(month)

    def added(self, ahead: Ahead, base_year: int, ground: Ground) -> Added:
        ground.stays(self.site[0], self.start, self.name)
        for activity, text in self.amounts_of_year.items():
            unit, yearly = amount(text, self._units(activity))
            place = Place(self.site[0], "", activity, "")
            for month, part in self.more_in(ahead, base_year):
                yield place, month, unit, rounded(yearly * part, 6)

    def copies(self, load: Load) -> bool:
        return bool(self.like) and load.site == self.like

    def goes_to(
        self, load: Load, unit: str, ground: Ground
    ) -> Iterable[tuple[Place, str, Fraction]]:
        return [(load.at(self.site[0], ground), unit, Fraction(self.scale))]

    @property
    def acts_at(self) -> tuple[str, ...]:
        return (self.like,)

    def touched(self, loads: Sequence[Load]) -> Sequence[Load] | None:
        return [load for load in loads if load.site == self.like] if self.like else None
