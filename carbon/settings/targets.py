"""Targets, figures published elsewhere, and what became of each reporting year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from carbon.fields import Name
from carbon.settings.kinds import Table, Year


class Target(Table):
    """A target. `line` says on which of the three lines it is judged."""

    name: Name = Field(description="What it is called.")
    kind: Literal["peak", "neutral", "net zero"] = Field(description="What is to be reached.")
    year: Year = Field(ge=1990, le=2100, description="The year by which.")
    line: Literal["location", "market", "net"] | None = Field(
        None,
        description=(
            "On which of the three lines it is judged; without it `net` (after credits) for"
            " neutral, else `location`."
        ),
    )
    sites: list[str] = Field([], description="The sites it is about; without any all.")
    note: str = Field("", description="What the target says in full.")

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
