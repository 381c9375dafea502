"""Another refrigerant: what leaked of the old one ends, and the new one leaks at its own rate."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from carbon.scenarios.amounts import amount, rounded
from carbon.scenarios.fields import Amount, Part, Share, Words, number, said
from carbon.scenarios.kinds.base import Added, Ahead, AtOneSite
from carbon.scenarios.loads import Ground, Load, Place
from carbon.scenarios.times import month_index
from carbon.settings import Month

LEAK = "refrigerant"  # the activity of a leak that is entered as one


class Refrigerant(AtOneSite):
    """From its start an appliance, or a share of a site's, runs on another refrigerant.

    The leak of the old one goes on without that share, whether it was entered or worked out from
    the register of appliances. The new charge leaks at its rate, a twelfth of it a month. What is
    not recovered of the old charge is lost in the first month.
    """

    WITHOUT: ClassVar = frozenset({"verified", "ramp_months"})
    MULTIPLIES: ClassVar[bool] = True

    EXAMPLE: ClassVar[str] = """\
site = "plant"
from = "R-410A"
to = "R-32"
charge = "70 kg"
leak_rate = 0.03
old_charge = "100 kg"
recovered = 0.9
start = "2024-04"
"""
    WORKED: ClassVar[str] = (
        "100 kg of R-410A at 5 % leaked 5 kg a year, 11,277.5 kg CO2e at a GWP of 2,255.5 (AR6). "
        "From April 2024 on 70 kg x 3 % / 12 = 0.175 kg of R-32 leak a month: 2.1 kg and, at 771, "
        "1,619.1 kg CO2e a year. Of the old charge 100 x (1 - 0.9) = 10 kg are lost in April 2024."
    )

    kind: Literal["refrigerant"] = said("Its kind.", ...)
    site: Words = said("Its one site.", ...)
    start: Month = said("The first month it is at work in.", ...)
    from_: str = Field(alias="from", description="The refrigerant that goes, as `R-410A`.")
    to: str = said("The refrigerant that comes, as `R-32`.", ...)
    charge: Amount = number("How much of the new one is filled in, as `70 kg`. [kg]", ...)
    leak_rate: Share = number("What of the new charge leaks in a year. [1/a]", ...)
    equipment: str = said("The appliance of the register; the whole site, if it says none.", "")
    share: Part = number("Share of what leaked that ends. [1]", Decimal(1))
    old_charge: Amount | None = number("How much of the old one is taken out. [kg]")
    recovered: Share | None = number("What of the old charge is recovered. [1]")

    def check(self) -> None:
        super().check()
        if self.from_ == self.to:
            raise ValueError(f"{self.who} replaces {self.to} by itself")
        if (self.old_charge is None) != (self.recovered is None):
            raise ValueError(f"{self.who}: old_charge and recovered go together")
        if Fraction(self.share) * Fraction(self.delivery) > 1:
            raise ValueError(f"{self.who} would stop more than leaks")

    def check_amounts(self) -> None:
        for text in filter(None, (self.charge, self.old_charge)):
            amount(text, ("kg",))

    def acts_on(self, load: Load) -> bool:
        is_here = load.site in self.site and (not self.equipment or load.meter == self.equipment)
        return is_here and load.activity == LEAK and load.detail == self.from_

    def index(self, month: int, year: int, since: int) -> Fraction:
        return 1 - Fraction(self.share) * self.level_in(month)

    def in_month(self, month: int) -> Fraction:
        """What leaks of the new refrigerant. [kg]"""
        charge = amount(self.charge, ("kg",))[1]
        return charge * Fraction(self.leak_rate) / 12 * self.level_in(month)

    def _lost(self, month: int) -> Fraction:
        """What is lost of the old one as it is taken out, all in the first month. [kg]"""
        if self.old_charge is None or month_index(month) != month_index(self.start):
            return Fraction(0)
        return amount(self.old_charge, ("kg",))[1] * (1 - Fraction(self.recovered))

    def added(self, ahead: Ahead, base_year: int, ground: Ground) -> Added:
        new, old = (Place(self.site[0], "", LEAK, of) for of in (self.to, self.from_))
        for month, come in self.more_in(ahead, base_year):
            yield new, month, "kg", rounded(come, 6)
        for month, year, _ in ahead:
            yield old, month, "kg", rounded(self._lost(month) * self.delivered(year), 6)

    def touched(self, loads: Sequence[Load]) -> Sequence[Load]:
        return [load for load in loads if self.acts_on(load)]
