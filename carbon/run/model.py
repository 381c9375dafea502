"""What a run is: its relations, and what fixes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from carbon.engine import Duck, Row
from carbon.inputs import ClosedSet, Supposed, Views
from carbon.ledger import Closing, Ledger
from carbon.library import Library
from carbon.records import Credit, Instrument
from carbon.scenarios import Scenario
from carbon.settings import Settings

CONSTANT = "@constant factors"  # ends the name of a shadow scenario


@dataclass(frozen=True)
class Run:
    """A carried-out computation. The relations of `schema.CALCULATED` stand in `engine`."""

    engine: Duck
    ledger: Ledger
    views: Views
    library: Library
    run_id: str
    setting_id: int
    cut_off: int
    last_actual_year: int  # the last complete reporting year, 0 where there is none
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    instruments: Mapping[str, Sequence[Instrument]] = field(default_factory=dict)  # by scenario
    credits: Mapping[str, Sequence[Credit]] = field(default_factory=dict)  # by scenario
    supposed: Sequence[Supposed] = ()
    loads: Mapping[int, Row] = field(default_factory=dict)  # what a measure sees, leaks below 0
    # By scenario, PV measure and month: what the site could not use of it up to its share. [kWh]
    surplus: Mapping[str, Mapping[str, Mapping[int, Fraction]]] = field(default_factory=dict)
    closings: Mapping[int, Closing] = field(default_factory=dict)  # by reporting year
    closed: Sequence[ClosedSet] = ()  # the factor sets closed years keep

    @property
    def settings(self) -> Settings:
        """The settings of today, or of the run that is repeated."""
        return self.views.now.settings

    @property
    def known_on(self) -> date:
        """The day up to which editions and claims are known."""
        return self.views.now.known_on

    def claimed_on(self, year: int) -> date:
        """The day a year's claims rest on; a closed year's is the one it was closed with."""
        return self.views.of(year).claimed_on(year)

    def gwp_set(self, year: int) -> str:
        """The GWP set a year is told in."""
        closing = self.closings.get(year)
        return closing.gwp_set if closing else self.settings.policy.gwp

    def rows(self, sql: str) -> list[Row]:
        """The rows of a query on this run's relations."""
        return self.engine.rows(sql)
