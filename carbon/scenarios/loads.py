"""What a measure acts on: the loads of the base year, and the bill that follows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from carbon.scenarios.mistakes import mistake

PURCHASED = ("electricity", "electricity_including_pv")
PHOTOVOLTAIC = (
    *("pv_generation", "pv_export", "pv_self_used", "pv_curtailed", "pv_potential"),
    *("storage_charge", "storage_discharge", "storage_change"),
)


class Load(NamedTuple):
    """A key of the ledger as a measure sees it; role '' is an unmetered bill."""

    site: str
    meter: str
    activity: str
    detail: str
    role: str

    @property
    def is_bill(self) -> bool:
        """True for electricity bought: sub-meters and chargers measure parts of it."""
        return self.activity in PURCHASED and self.role in ("", "grid_import")


class Place(NamedTuple):
    """Where a quantity is added; the ledger may have to make a key for it."""

    site: str
    meter: str
    activity: str
    detail: str


@dataclass(frozen=True)
class Ground:
    """The loads a scenario stands on."""

    scenario: str
    file: str
    loads: Sequence[Load]
    _bills: dict[str, Place] = field(default_factory=dict, compare=False, repr=False)

    def bill(self, site: str, measure: str) -> Place:
        """The bill a measure takes electricity off: one including PV, else the first by meter.

        Raises SettingsError at a site that buys none.
        """
        if site in self._bills:
            return self._bills[site]
        bills = [load for load in self.loads if load.site == site and load.is_bill]
        bills.sort(key=lambda load: (load.activity == "electricity", load.meter))
        if not bills:
            raise mistake(
                self.scenario,
                self.file,
                f"takes electricity off {site!r} by {measure!r}, which buys none",
                site,
                sorted({load.site for load in self.loads if load.is_bill}),
            )
        self._bills[site] = Place(*bills[0][:4])
        return self._bills[site]
