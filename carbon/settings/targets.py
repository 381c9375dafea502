"""Targets, figures published elsewhere, and what became of each reporting year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from carbon.fields import Name
from carbon.settings.kinds import Table


class Target(Table):
    """A target. `line` says on which of the three lines it is judged."""

    name: Name
    kind: Literal["peak", "neutral", "net zero"]
    year: Annotated[int, Field(ge=1990, le=2100)]
    line: Literal["location", "market", "net"] | None = None
    sites: list[str] = []  # a sub-boundary; empty for all
    note: str = ""

    @property
    def judged_on(self) -> str:
        """The line of the verdict: after credits for neutrality, else location-based."""
        return self.line or ("net" if self.kind == "neutral" else "location")


class Published(Table):
    """A figure the organisation has published, kept beside the computed one, never forced."""

    year: int
    line: Literal["scope1", "scope2", "scope1+2"]
    mass_t: Decimal
    method: str  # the method it follows, or implies
    source: str = ""


class Statement(Table):
    """What became of a reporting year: reviewed, approved, published, and by whom."""

    year: int
    status: Literal["draft", "reviewed", "approved", "published"]
    by: str = ""
    on: date | None = None
    note: str = ""  # an unusual year says so here
