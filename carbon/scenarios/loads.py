"""What a measure acts on: the loads of the base year, and the bill that follows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
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

    @property
    def is_use(self) -> bool:
        """True for what a site uses, each once: no part of another meter, and no generation."""
        if self.activity in PHOTOVOLTAIC or self.activity == "it_load":
            return False
        return self.role in ("", "grid_import")

    def at(self, site: str, ground: Ground) -> Place:
        """The same use at another site: on its bill, where it has one."""
        if self.activity in PURCHASED:
            bills = ground.bills(site)
            return Place(*bills[0][:4]) if bills else Place(site, "", "electricity", "")
        return Place(site, "", self.activity, self.detail)


class Place(NamedTuple):
    """Where a quantity is added; the ledger may have to make a key for it."""

    site: str
    meter: str
    activity: str
    detail: str


Buying = Callable[[str, int], Fraction]  # what a site buys in a planned month [kWh]
Imports = Callable[[str, int], Mapping[int, Fraction]]  # ... in the months of a year [kWh]


def nothing_bought(site: str, year: int) -> Mapping[int, Fraction]:
    """Where nobody knows what is bought."""
    return {}


@dataclass
class Ground:
    """The loads a scenario stands on, and the stay of each site: its first month, and the first no
    longer."""

    scenario: str
    file: str
    loads: Sequence[Load]
    sites: Mapping[str, tuple[int, int]] | None = None
    bought: Buying | None = None  # as the measures so far leave it
    surplus: dict[str, dict[int, Fraction]] = field(default_factory=dict)  # by measure and month
    _bills: dict[str, Place] = field(default_factory=dict, compare=False, repr=False)

    def bills(self, site: str) -> list[Load]:
        """The bills of a site: one including PV, else by meter."""
        bills = [load for load in self.loads if load.site == site and load.is_bill]
        return sorted(bills, key=lambda load: (load.activity == "electricity", load.meter))

    def bill(self, site: str, measure: str) -> Place:
        """The bill a measure takes electricity off, or adds it to: the first.

        Raises SettingsError at a site that buys none.
        """
        if site in self._bills:
            return self._bills[site]
        bills = self.bills(site)
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

    def knows(self, site: str, measure: str) -> None:
        """Raises SettingsError for a site that is not in the book, where its sites are known."""
        if self.sites is not None and site not in self.sites:
            says = f"names {site!r} in {measure!r}, which is no site of carbon.toml"
            raise mistake(self.scenario, self.file, says, site, sorted(self.sites))

    def stays(self, site: str, month: int, measure: str) -> None:
        """Raises SettingsError where a site is not within the boundary from a month on: what it
        used then would count nowhere."""
        if self.sites is None:
            return
        self.knows(site, measure)
        first, left = self.sites[site]
        if not first <= month < left:
            stay = f"joins in {_month(first)}" if month < first else f"left in {_month(left)}"
            raise mistake(
                self.scenario,
                self.file,
                f"brings loads to {site!r} by {measure!r} from {_month(month)}, "
                f"but by carbon.toml it {stay}: they would count nowhere",
                "start",
                (),
            )


def _month(month: int) -> str:
    return f"{month // 100}-{month % 100:02d}"
