"""What energy is managed by: departments, quotas, and estimates until the bills come."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from carbon.fields import Name
from carbon.schema import FOREVER
from carbon.settings.kinds import FIRST, Month, Series, Table, listed, once

FillMethod = Literal["trend", "neighbours", "profile"]
FillMethods = Annotated[
    list[FillMethod], Field(min_length=1), BeforeValidator(listed), AfterValidator(once)
]
EMITTED = "t CO2e"  # the unit of a quota of emissions


class Area(Table):
    """A department (part of the organisation), or a key area (part of a department)."""

    name: Name = Field(description="What it is called.")
    title: str = Field("", description="What it is called in reports, where that is longer.")
    part_of: str = Field(
        "", description="The department it is part of; without it a department of the organisation."
    )
    holds: Series = Field([], description="Sites, or meters as `site/meter`.")


class Quota(Table):
    """What may be used, or emitted, in a month or a year: of a meter, a site, or all of them."""

    name: Name = Field(description="What it is called.")
    site: Series = Field([], description="The sites it is about, together; without any all.")
    meter: Series = Field([], description="The meters it is about, together; without any all.")
    activity: str = Field(
        "",
        description=(
            "What may be used; without it the quota is one of emissions, Scope 1+2 location-based."
        ),
    )
    quantity: Decimal = Field(gt=0, description="How much. [as `unit` says]")
    unit: str = Field(min_length=1, description="A unit of the activity, or `t CO2e`.")
    per: Literal["month", "year"] = Field(description="In what time.")
    since: Month = Field(
        FIRST, description="The first month it is in force; without it from the beginning."
    )
    until: Month | None = Field(None, description="The first month no longer in force.")
    source: str = Field("", description="Who set it.")

    @model_validator(mode="after")
    def _is_of_something(self) -> Quota:
        is_emission = self.unit == EMITTED
        if is_emission == bool(self.activity):
            raise ValueError(
                f"quota {self.name!r} is in 't CO2e', or names an activity: one of the two"
            )
        if is_emission and self.meter:
            raise ValueError(f"quota {self.name!r} is one of emissions, and of no meter")
        return self

    def holds(self, month: int) -> bool:
        """Whether it is in force in a month."""
        return self.since <= month < (self.until or FOREVER)


class Fill(Table):
    """Gaps that are filled with an estimate until the bill comes. Without one, missing is missing.

    Of several that mean a bill or meter the first counts. An empty list means all.
    """

    site: Series = Field([], description="The sites it is about; without any all.")
    meter: Series = Field([], description="The meters it is about; without any all.")
    activity: Series = Field([], description="The activities it is about; without any all.")
    method: FillMethods = Field(
        ["trend", "profile", "neighbours"],
        description="How a gap is estimated: the first that can.",
    )
    note: str = Field("", description="Why it may be filled.")

    def means(self, site: str, meter: str, activity: str) -> bool:
        """Whether it is about a bill or meter."""
        asked = ((self.site, site), (self.meter, meter), (self.activity, activity))
        return all(not said or name in said for said, name in asked)
