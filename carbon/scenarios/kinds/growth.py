"""Growth of loads, by a rate or along a path."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from carbon.scenarios.fields import Path, number, said
from carbon.scenarios.kinds.base import OnLoads
from carbon.scenarios.loads import PHOTOVOLTAIC, Load
from carbon.scenarios.times import interpolated


class Growth(OnLoads):
    """Loads grow, or shrink, by a rate a year or along a path. PV grows only where it is named."""

    ONE_OF: ClassVar = (("rate", "path"),)
    WITHOUT: ClassVar = frozenset({"ramp_months", "life_years", "needs", "instead_of", "verified"})
    IS_GROWTH: ClassVar[bool] = True

    EXAMPLE: ClassVar[str] = """\
site = "hall"
activity = ["electricity", "it_load"]
path = { 2024 = 2, 2026 = 3 }
"""
    WORKED: ClassVar[str] = (
        "A hall buys 3,000 MWh in June 2023. Along `{ 2024 = 2, 2026 = 3 }` it buys 6,000, "
        "7,500 and 9,000 MWh in the Junes of 2024 to 2026. By a rate of 0.05 a load is 1.05 "
        "times its base in the first year and 1.1025 times in the second."
    )

    kind: Literal["growth"] = said("Its kind.", ...)
    rate: Annotated[Decimal, Field(gt=-1)] | None = number("Growth a year, compounding. [1/a]")
    path: Path = number("By year: index on the base year, linear between the years stated. [1]", {})

    def check(self) -> None:
        if self.path and self.start:
            raise ValueError(f"{self.who}: a path has its own years, and no start")

    def acts_on(self, load: Load) -> bool:
        if not self.activity and load.activity in PHOTOVOLTAIC:
            return False
        return super().acts_on(load)

    def index(self, month: int, year: int, since: int) -> Fraction:
        if self.start and month < self.start:
            return Fraction(1)
        if self.path:
            return interpolated({since: Decimal(1)} | self.path, max(year, since))
        begun = self.start // 100 - 1 if self.start else since
        return (1 + Fraction(self.rate)) ** max(year - begun, 0)
