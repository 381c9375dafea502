"""Views: the settings a month is seen through, today's or those its year was closed with.

A closed year keeps the settings version and the day of knowledge it was closed with, so that a
site renamed, sold or shared differently since leaves it alone. `Views` gives the view of a year,
and the spans of months that each view holds for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from carbon.inputs.calendar import calendar
from carbon.schema import FOREVER
from carbon.settings import Settings, Site

BEGINNING = 190001  # the first month there is


@dataclass(frozen=True)
class View:
    """Settings, and the day up to which editions and claims are known."""

    settings: Settings
    known_on: date

    def claimed_on(self, year: int) -> date:
        """The day a year's claims rest on: of its approval or publication, else of knowledge."""
        statement = self.settings.statements().get(year)
        is_claimed = statement is not None and statement.status in ("approved", "published")
        return (statement.on if is_claimed else None) or self.known_on


class Span(NamedTuple):
    """Months that one view holds for."""

    view: View
    first_month: int
    left_month: int  # the first month after it

    def clipped(self, first_month: int, left_month: int) -> tuple[int, int] | None:
        """The part of a stay that lies in the span, None where there is none."""
        first, left = max(first_month, self.first_month), min(left_month, self.left_month)
        return (first, left) if first < left else None


@dataclass(frozen=True)
class Views:
    """Today's view, and that of each closed year."""

    now: View
    closed: Mapping[int, View] = field(default_factory=dict)  # by reporting year

    def of(self, year: int) -> View:
        """The view of a reporting year."""
        return self.closed.get(year, self.now)

    def places(self) -> dict[str, Site]:
        """Every site by name: today's, and those that only closed years know of, which follow the
        policies of their country."""
        gone = {
            place.name: place.model_copy(update={"electricity": []})
            for view in self.closed.values()
            for place in view.settings.site
        }
        return gone | self.now.settings.sites()

    def spans(self) -> Iterator[Span]:
        """All months in order, parted where the view changes."""
        begun, current = BEGINNING, self.now
        for month, year in calendar(self.now.settings) if self.closed else ():
            view = self.of(year)
            if view is not current:
                if month > begun:
                    yield Span(current, begun, month)
                begun, current = month, view
        yield Span(current, begun, FOREVER)
