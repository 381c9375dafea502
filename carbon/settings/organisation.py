"""The organisation, and the companies between it and its sites."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from carbon.fields import Approach, Controls, Name, Share
from carbon.settings.kinds import Month, Table


class Organisation(Table):
    """Who reports, by which approach, and from which month a year runs."""

    name: Annotated[str, Field(min_length=1)]
    consolidation: Approach = "operational control"
    reporting_year_starts: Annotated[int, Field(ge=1, le=12)] = 1  # month
    sample: str = ""  # what a sample book says of its own figures
    boundary: str = ""  # one sentence for the head of the report


class Stake(Table):
    """How much of an entity its holder has, and what it decides there."""

    owned: Share  # of the capital, or of the profit where the two differ
    control: Controls = ["none"]  # of the holder over the entity


class LaterStake(Stake):
    """A stake that replaces the one before it."""

    since: Month


class Entity(Stake):
    """A company, joint venture or holding between the organisation and its sites."""

    name: Name
    title: str = ""
    held_by: str = ""  # another entity; '' the organisation itself
    is_investment: bool = False  # a fixed asset investment: in no approach
    stake: list[LaterStake] = []
    note: str = ""

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
