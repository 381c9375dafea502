"""A data centre's facility beside its computers: its PUE."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from carbon.scenarios.fields import Path, Words, number, said
from carbon.scenarios.kinds.base import OnLoads
from carbon.scenarios.loads import Load
from carbon.scenarios.times import interpolated

Pue = Annotated[Decimal, Field(ge=1)]


class PUE(OnLoads):
    """A better PUE: the facility takes less for the same computers. It acts on the bills of a site
    and leaves the meters of its computers alone."""

    ONE_OF: ClassVar = (("to", "path"),)
    WITHOUT: ClassVar = frozenset({"activity", "detail"})

    EXAMPLE: ClassVar[str] = """\
site = "hall"
from = 1.30
to = 1.20
start = "2024-01"
"""
    WORKED: ClassVar[str] = (
        "30,000 MWh of computers take 39,000 MWh at 1.30 and 36,000 MWh at 1.20: 3,000 MWh "
        "less, and the meters of the computers read the same."
    )

    kind: Literal["pue"] = said("Its kind.", ...)
    site: Words = said("Which sites.", ...)
    from_: Pue = Field(
        alias="from",
        description="The PUE of the base year. [1]",
        json_schema_extra={"sourced": True},
    )
    to: Pue | None = number("The PUE once it is fully at work. [1]")
    path: Path = number("By year: the PUE, linear between the years stated. [1]", {})

    def check(self) -> None:
        if self.to is not None and self.start is None:
            raise ValueError(f"{self.who} of kind pue needs start")
        if self.path and self.stated() & {"start", "ramp_months", "life_years"}:
            raise ValueError(f"{self.who}: a path has its own years, and no start")
        if any(value < 1 for value in self.path.values()):
            raise ValueError(f"{self.who}: a PUE is never below 1")

    def acts_on(self, load: Load) -> bool:
        return load.is_bill and super().acts_on(load)

    def index(self, month: int, year: int, since: int) -> Fraction:
        was = Fraction(self.from_)
        if self.path:
            return interpolated({since: self.from_} | self.path, max(year, since)) / was
        return (was + self.level_in(month) * (Fraction(self.to) - was)) / was
