"""The organisation, and the companies between it and its sites."""

from __future__ import annotations

from pydantic import Field, model_validator

from carbon.fields import Approach, Controls, Name, Share
from carbon.settings.kinds import Month, Table


class Organisation(Table):
    """Who reports, by which approach, and from which month a year runs."""

    name: str = Field(
        min_length=1, description="What the organisation is called, at the head of every report."
    )
    consolidation: Approach = Field(
        "operational control", description="Which entities and sites count, and by which share."
    )
    reporting_year_starts: int = Field(
        1, ge=1, le=12, description="The month in which a reporting year begins. [month]"
    )
    sample: str = Field("", description="What a sample book says of its own figures.")
    boundary: str = Field(
        "", description="One sentence on the boundary, for the head of the report."
    )


class Stake(Table):
    """How much of an entity its holder has, and what it decides there."""

    owned: Share = Field(
        description=(
            "The part its holder has of the capital, or of the profit where the two differ. [1]"
        )
    )
    control: Controls = Field(
        ["none"],
        description=(
            "What the holder decides there, or a list of it. Stated for all but investments."
        ),
    )


class LaterStake(Stake):
    """A stake that replaces the one before it."""

    since: Month = Field(description="The first month of this stake.")


class Entity(Stake):
    """A company, joint venture or holding between the organisation and its sites."""

    name: Name = Field(description="What it is called; a site names it as its `entity`.")
    title: str = Field("", description="What it is called in reports, where that is longer.")
    held_by: str = Field(
        "", description="The entity that holds it; without it the organisation itself."
    )
    is_investment: bool = Field(
        False, description="A fixed asset investment counts in no approach."
    )
    stake: list[LaterStake] = Field(
        [], description="Later stakes, where what is owned or controlled changes."
    )
    note: str = Field("", description="Whatever an auditor should know.")

    @model_validator(mode="after")
    def _control_is_stated(self) -> Entity:
        for each in (self, *self.stake):
            if "control" not in each.model_fields_set and not self.is_investment:
                raise ValueError(
                    f"entity {self.name!r} lacks control: financial, joint, operational, both"
                    " (financial and operational) or none"
                )
        months = [each.since for each in self.stake]
        if months != sorted(set(months)):
            raise ValueError(f"the stakes of entity {self.name!r} follow one another by since")
        return self

    def stake_in(self, month: int) -> Stake:
        """The stake that holds in a month."""
        held = [each for each in self.stake if each.since <= month]
        return held[-1] if held else self
