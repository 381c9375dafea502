"""Pumps and fans whose speed follows the flow."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from carbon.fields import Written
from carbon.scenarios.fields import Share, Words, number, said
from carbon.scenarios.kinds.efficiency import SubLoad
from carbon.settings import Month


class Drives(SubLoad):
    """Pumps and fans are slowed down instead of throttled. By the affinity law the power of a pump
    falls with the cube of its flow: half the flow takes an eighth. Where part of the head is
    static, the exponent is smaller."""

    EXAMPLE: ClassVar[str] = """\
site = "plant"
sub_load = "pumps"
share = 0.1
hours_at = { 100 = 0.5, 50 = 0.5 }
start = "2024-01"
"""
    WORKED: ClassVar[str] = (
        "Pumps take 100 MWh at full speed. Half the hours at half the flow take 0.5 x 1 + 0.5 "
        "x 0.5^3 = 0.5625: 56.25 MWh are left."
    )

    kind: Literal["drives"] = said("Its kind.", ...)
    activity: Words = said("Which activities.", ("electricity", "electricity_including_pv"))
    start: Month = said("The first month it is at work in.", ...)
    hours_at: Annotated[dict[int, Share], Written("flow in percent = share")] = number(
        "Share of the running hours at each flow. [1]", ...
    )
    power_before: Annotated[dict[int, Share], Written("flow in percent = share")] = number(
        "What the throttled pump takes at each flow, of its full power; all of it if none. [1]", {}
    )
    exponent: Annotated[Decimal, Field(ge=1, le=3)] = number(
        "Power goes with the flow to this power. [1]", Decimal(3)
    )
    drive_loss: Annotated[Decimal, Field(ge=0, lt=1)] = number(
        "Share of the power that the drive loses. [1]", Decimal(0)
    )

    def check(self) -> None:
        super().check()
        if sum(self.hours_at.values()) != 1:
            raise ValueError(
                f"{self.who}: hours_at adds up to {sum(self.hours_at.values())}, not 1"
            )
        if any(not 0 <= flow <= 100 for flow in self.hours_at):
            raise ValueError(f"{self.who}: a flow is a percentage of the full one, 0 to 100")
        if self.power_before and set(self.power_before) != set(self.hours_at):
            raise ValueError(f"{self.who}: power_before has other flows than hours_at")
        if not self._before():
            raise ValueError(f"{self.who}: the pump took nothing before")
        if Fraction(self.delivery) * (1 - self._full()) > 1:
            raise ValueError(f"{self.who} would save more than there is")

    def _before(self) -> Fraction:
        return sum(
            (
                Fraction(share) * Fraction(self.power_before.get(flow, Decimal(1)))
                for flow, share in self.hours_at.items()
            ),
            Fraction(),
        )

    def _full(self) -> Fraction:
        after = sum(
            (Fraction(share) * self._power(flow) for flow, share in self.hours_at.items()),
            Fraction(),
        )
        return after / (1 - Fraction(self.drive_loss)) / self._before()

    def _power(self, flow: int) -> Fraction:
        """The share of the full power at a flow; exact for whole exponents."""
        if self.exponent == int(self.exponent):
            return Fraction(flow, 100) ** int(self.exponent)
        return Fraction((Decimal(flow) / 100) ** self.exponent) if flow else Fraction(0)

    def index(self, month: int, year: int, since: int) -> Fraction:
        return 1 + self.level_in(month) * (self._full() - 1)
