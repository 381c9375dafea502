"""Targets, figures published elsewhere, and what became of each reporting year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from carbon.aims import check_aim
from carbon.fields import Name
from carbon.performance import ORGANISATION
from carbon.settings.kinds import Table, Year

AimYear = Annotated[Year, Field(ge=1990, le=2100)]


class Target(Table):
    """A target. `line` says on which of the three lines it is judged."""

    name: Name = Field(description="What it is called.")
    kind: Literal["peak", "neutral", "net zero", "reduction", "budget", "ceiling"] = Field(
        description="What is to be reached."
    )
    year: AimYear = Field(description="The year by which; of a budget its last.")
    line: Literal["location", "market", "net"] | None = Field(
        None,
        description=(
            "On which of the three lines it is judged; without it `net` (after credits) for"
            " neutral, else `location`."
        ),
    )
    sites: list[str] = Field([], description="The sites it is about; without any all.")
    base_year: AimYear | None = Field(
        None, description="What a reduction is measured against; without it that of `[policy]`."
    )
    percent: Annotated[Decimal, Field(gt=0, le=100)] | None = Field(
        None, description="How much less than the base year a reduction asks for. [%]"
    )
    rate: Literal["", "1.5C", "WB2C"] = Field(
        "", description="Instead of `percent`: the linear annual rate of the SBTi."
    )
    pathway: dict[AimYear, Annotated[Decimal, Field(ge=0)]] = Field(
        {}, description="Instead of `percent`: what is left in each year. [1 of the base year]"
    )
    per: str = Field(
        "", description="A denominator, as revenue: the reduction is one of intensity."
    )
    since: AimYear | None = Field(None, description="The first year of a budget.")
    budget_t: Annotated[Decimal, Field(gt=0)] | None = Field(
        None, description="How much a budget allows from `since` to `year`. [t CO2e]"
    )
    yearly_t: dict[AimYear, Annotated[Decimal, Field(ge=0)]] = Field(
        {}, description="Instead of `budget_t`: what a budget allows in each year. [t CO2e]"
    )
    node: str = Field(
        ORGANISATION,
        description="Whose goals are the ceilings: all, a site, a department or a key area.",
    )
    metric: str = Field(
        "", description="What the goals of a ceiling are of: electricity, energy, emissions."
    )
    note: str = Field("", description="What the target says in full.")

    @model_validator(mode="after")
    def _says_what_its_kind_needs(self) -> Target:
        check_aim(self, set(self.model_fields_set))
        return self

    @property
    def judged_on(self) -> str:
        """The line of the verdict: after credits for neutrality, else location-based."""
        return self.line or ("net" if self.kind == "neutral" else "location")


class Published(Table):
    """A figure the organisation has published, kept beside the computed one, never forced."""

    year: Year = Field(description="The reporting year.")
    line: Literal["scope1", "scope2", "scope1+2"] = Field(description="What the figure is of.")
    mass_t: Decimal = Field(description="The figure as published. [t CO2e]")
    method: str = Field(description="The method it follows, or implies.")
    source: str = Field("", description="Where it was published.")


class Statement(Table):
    """What became of a reporting year: reviewed, approved, published, and by whom."""

    year: Year = Field(description="The reporting year.")
    status: Literal["draft", "reviewed", "approved", "published"] = Field(
        description="What became of it."
    )
    by: str = Field("", description="Who says so.")
    on: date | None = Field(None, description="The day of it.")
    note: str = Field("", description="What was special: an unusual year says so here.")
