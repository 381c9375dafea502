"""Refrigerating stations: the same cold from less electricity."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from carbon.errors import nearest
from carbon.fields import Written
from carbon.scenarios.equipment import equipment
from carbon.scenarios.fields import SOURCED, Positive, Words, number, said
from carbon.scenarios.kinds.efficiency import SubLoad
from carbon.settings import Month
from carbon.settings.reading import told

Curve = Annotated[
    Positive | Annotated[dict[int, Positive], Field(min_length=2)] | str,
    Written("number, load in percent = number, or name of a published efficiency"),
]


class Station(SubLoad):
    """A better refrigerating station makes the same cold: what it takes is what the old one took,
    times the old efficiency over the new. `from` and `to` are cold for each unit of electricity:
    one number (COP at full load, IPLV or a measured year's), a curve by load, or the name of a
    published one; curves are weighed by the cold that is made at each load, `cold_at`."""

    EXAMPLE: ClassVar[str] = """\
site = "plant"
sub_load = "chillers"
share = 0.3
from = { 100 = 5.0, 50 = 4.0 }
to = { 100 = 5.0, 50 = 8.0 }
cold_at = { 100 = 0.25, 50 = 0.75 }
start = "2024-01"
"""
    WORKED: ClassVar[str] = (
        "Chillers take 300 of 1,000 MWh. A COP of 6.0 instead of 4.8 leaves 300 x 4.8 / 6.0 = "
        "240 MWh. By the curves above a unit of cold took 0.25 / 5 + 0.75 / 4 = 0.2375 and "
        "takes 0.25 / 5 + 0.75 / 8 = 0.14375: 181.6 MWh are left."
    )

    kind: Literal["station"] = said("Its kind.", ...)
    activity: Words = said("Which activities.", ("electricity", "electricity_including_pv"))
    start: Month = said("The first month it is at work in.", ...)
    from_: Curve = Field(
        alias="from",
        description="The old efficiency: number, or `{ 100 = 5.1, 50 = 5.6 }`, or a name. [kW/kW]",
        json_schema_extra=SOURCED,
    )
    to: Curve = number("The new efficiency, said the same way. [kW/kW]", ...)
    cold_at: Annotated[
        dict[int, Annotated[Decimal, Field(ge=0)]], Written("load in percent = share")
    ] = number("Of curves: share of the year's cold that is made at each load. [1]", {})

    def check(self) -> None:
        super().check()
        curves = [each for each in (self.from_, self.to) if isinstance(each, Mapping)]
        if bool(curves) != bool(self.cold_at):
            raise ValueError(f"{self.who}: cold_at goes with curves by load, and only so")
        if self.cold_at and sum(self.cold_at.values()) != 1:
            raise ValueError(f"{self.who}: cold_at adds up to {sum(self.cold_at.values())}, not 1")
        for curve in curves:
            if set(curve) != set(self.cold_at):
                raise ValueError(
                    f"{self.who}: a curve has other loads than cold_at: "
                    f"{', '.join(map(str, sorted(curve)))} and "
                    f"{', '.join(map(str, sorted(self.cold_at)))}"
                )
        metrics = set()
        for each in (self.from_, self.to):
            if isinstance(each, str):
                if each not in equipment():
                    near = nearest(each, equipment())
                    raise told(
                        f"{self.who} names {each!r}, which is no published efficiency",
                        looked_for=f"one of the {len(equipment())} of equipment.csv",
                        near=near,
                        remedy=f"write {near!r}, or a number" if near else "write a number",
                    )
                metrics.add(equipment()[each].metric)
        if len(metrics) > 1:
            raise ValueError(f"{self.who} compares full load with IPLV: name the same of both")
        if Fraction(self.delivery) * (1 - self._full()) > 1:
            raise ValueError(f"{self.who} would save more than there is")

    def _taken(self, curve: object) -> Fraction:
        """What a unit of cold takes. [kW/kW]"""
        if isinstance(curve, Mapping):
            parts = self.cold_at.items()
            return sum(
                (Fraction(share) / Fraction(curve[load]) for load, share in parts), Fraction()
            )
        return 1 / (equipment()[curve].efficiency if isinstance(curve, str) else Fraction(curve))

    def _full(self) -> Fraction:
        return self._taken(self.to) / self._taken(self.from_)

    def index(self, month: int, year: int, since: int) -> Fraction:
        return 1 + self.level_in(month) * (self._full() - 1)
