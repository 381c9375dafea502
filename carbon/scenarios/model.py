"""What a scenario file may say: its measures and grids.

A file is read into `File` and fails where it says too little, too much or nothing of a source;
`Scenario` is a file with its base applied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from carbon.errors import nearest
from carbon.fields import Written
from carbon.scenarios.fields import NEEDED, Positive, Words, number, said
from carbon.scenarios.kinds import Measure, read
from carbon.scenarios.supposed import Supposed
from carbon.settings import METRICS, Name, Table

Accounting = Literal["location", "market"]
ACTUAL = "actual"  # the ledger's own name among the scenarios
BOTH: tuple[Accounting, ...] = ("location", "market")


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Grid(Supposed):
    """How the grid factor of a region goes on: by a yearly change, or by values."""

    region: str = said("The region, as `CN`.", NEEDED)
    accounting: Annotated[tuple[Accounting, ...], BeforeValidator(_listed), Field(min_length=1)] = (
        said("Which figures; both, if it says none.", BOTH)
    )
    annual_change: Annotated[Decimal, Field(gt=-1)] | None = number(
        "Change a year, compounding from the last actual year on. [1/a]"
    )
    g_per_kwh: Annotated[dict[int, Annotated[Decimal, Field(ge=0)]], Written("year = number")] = (
        number("By year: the factor, linear between the years stated. [g CO2e/kWh]", {})
    )
    source: Annotated[str, Field(min_length=3)] = said("Where it comes from.", NEEDED)

    @property
    def who(self) -> str:
        return f"grid {self.region!r}"

    @model_validator(mode="after")
    def _is_sound(self) -> Grid:
        if (self.annual_change is None) == (not self.g_per_kwh):
            raise ValueError(f"grid {self.region!r} states annual_change or g_per_kwh, one of them")
        self.check_spread()
        return self


class Denominator(Table):
    """How what an intensity divides by goes on: by a yearly change, or by values. What no scenario
    states is not supposed, and a target of it not judged ahead."""

    metric: str = said("What it is, as `revenue`; the `per` of a target.", NEEDED)
    site: Words = said("Of which sites; of the organisation, if it says none.", ())
    annual_change: Annotated[Decimal, Field(gt=-1)] | None = number(
        "Change a year, compounding from the last actual year on. [1/a]"
    )
    quantity: Annotated[dict[int, Positive], Written("year = number")] = number(
        "By year: what it comes to, linear between the years stated. [its unit]", {}
    )
    unit: str = said("The unit of its values, as `million RMB`.", "")
    source: Annotated[str, Field(min_length=3)] = said("Where it comes from.", NEEDED)

    @property
    def who(self) -> str:
        """How a message calls it."""
        return f"denominator {self.metric!r}"

    @property
    def places(self) -> tuple[str, ...]:
        """Its sites, '' for the organisation."""
        return self.site or ("",)

    @model_validator(mode="after")
    def _is_sound(self) -> Denominator:
        if self.metric not in METRICS:
            near = nearest(self.metric, METRICS)
            raise ValueError(f"{self.who} is none of {', '.join(METRICS)}; nearest: {near or '-'}")
        if (self.annual_change is None) == (not self.quantity):
            raise ValueError(f"{self.who} states annual_change or quantity, one of them")
        if bool(self.unit) != bool(self.quantity):
            raise ValueError(f"{self.who}: a unit goes with its quantity, and with nothing else")
        return self


class File(Table):
    """The whole of a scenario file."""

    name: Name = said("Its name.", NEEDED)
    title: str = said("What it is about, in a sentence.", "")
    based_on: str = said("Another scenario, of which this one states the differences.", "")
    base_year: int | None = said("The year that growth paths are relative to. [year]")
    horizon: Annotated[int, Field(ge=2000, le=2060)] | None = said("The last year. [year]")
    without: Words = said("Measures of the base that are left out.", ())
    note: str = said("Anything else.", "")
    budget_rmb: Annotated[dict[int, Annotated[Decimal, Field(ge=0)]], Written("year = number")] = (
        said("By year: what a plan may spend. [RMB]", {})
    )
    measure: tuple[Annotated[Measure, BeforeValidator(read)], ...] = said("What is done.", ())
    grid: tuple[Grid, ...] = said("How grid factors go on.", ())
    denominator: tuple[Denominator, ...] = said("How revenue, staff and the like go on.", ())

    @model_validator(mode="after")
    def _names_are_distinct(self) -> File:
        if self.name == ACTUAL:
            raise ValueError(f"{ACTUAL!r} is the ledger itself: give the scenario another name")
        if "@" in self.name:  # which marks what is worked out beside a scenario
            raise ValueError(f"a scenario has no @ in its name, unlike {self.name!r}")
        names = [measure.name for measure in self.measure]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two measures are named {name!r}")
        spots = [(each.metric, place) for each in self.denominator for place in each.places]
        for metric, place in spots:
            if spots.count((metric, place)) > 1:
                of = place or "the organisation"
                raise ValueError(f"two denominators say how {metric} of {of} goes on")
        return self


@dataclass(frozen=True)
class Scenario:
    """A scenario with its base applied: nothing is left to look up."""

    name: str
    title: str
    based_on: str
    base_year: int
    horizon: int
    measures: tuple[Measure, ...]
    grids: tuple[Grid, ...]
    file: str = ""
    budget_rmb: Mapping[int, Decimal] = field(default_factory=dict)  # by year
    denominators: tuple[Denominator, ...] = ()
