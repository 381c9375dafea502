"""The checklist: what each site says of each emission source, and whether its entries agree.

`checklist` gives one row per site and source: those the site states, and those a site of its kind
usually has. What is excluded adds up to a share of Scope 1 and 2, held against the materiality.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from carbon.errors import CarbonError, counted
from carbon.inputs import ACTUAL, months_in, standings
from carbon.inventory import year_totals
from carbon.library import Library
from carbon.run import Run
from carbon.settings import Settings, Site, Source
from carbon.tables import Column, Table, tonnes

SERVICE, SF6_SERVICE = "service", "service of SF6"  # what service events are called here
NO_ENTRY, HAS_ENTRIES, NO_ACTIVITY = "no entry", "has entries", "no activity carries it"
NOT_STATED = "not stated"


@dataclass(frozen=True)
class Kind:
    """A source of the list: what records it, and the kinds of sites that usually have it."""

    name: str
    sites: frozenset[str]
    categories: frozenset[str] = frozenset()  # of methods.csv
    activities: frozenset[str] = frozenset()

    def records(self, library: Library) -> frozenset[str]:
        """The activities that may record it."""
        return self.activities | {
            name for name, each in library.methods.items() if each.category in self.categories
        }


def _kind(name: str, sites: str, categories: str = "", activities: str = "") -> Kind:
    return Kind(
        name,
        *(frozenset(filter(None, words.split(", "))) for words in (sites, categories, activities)),
    )


EVERYWHERE = "office, plant, data centre, warehouse, shop, other"
KINDS = (
    _kind("electricity", EVERYWHERE, "purchased electricity"),
    _kind("heat", "office, plant, shop", "purchased heat and steam"),
    _kind("boilers", "office, plant", "stationary combustion"),
    _kind(
        "generators",
        "plant, data centre",
        "",
        "diesel, gasoline_generator, natural_gas, lpg, fuel_oil",
    ),
    _kind("canteen_gas", "plant", "", "natural_gas, lpg, lng, other_coal_gas"),
    _kind("vehicles", "office, plant, warehouse", "mobile combustion"),
    _kind("refrigerants", EVERYWHERE, "", f"refrigerant, {SERVICE}"),
    _kind("switchgear_sf6", "plant, data centre", "", f"sf6, {SF6_SERVICE}"),
    _kind("fire_suppression", "data centre", "", f"refrigerant, {SERVICE}"),
    _kind("wastewater_methane", "plant"),
    _kind("process", "plant", "process emissions"),
)
LISTED = {each.name: each for each in KINDS}
CHECKLIST = (
    Column("site", "Site"),
    Column("source", "Source"),
    Column("state", "State"),
    Column("recorded", "Recorded"),
    Column("finding", "Finding"),
    Column("reason", "Reason"),
    Column("estimated_t", "Estimate", "t CO2e", "mass"),
    Column("share", "Share", "%", "share", decimals=2),
)


@dataclass(frozen=True)
class Item:
    """What a site says of a source in a year, and what its entries say."""

    site: str
    source: str
    said: Source | None  # None where the site says nothing
    months: int  # with a figure
    finding: str  # '' where both agree


def items(run: Run, year: int) -> list[Item]:
    """The checklist of a year, by the settings it is seen through."""
    settings, recorded = run.views.of(year).settings, _recorded(run, year)
    span = months_in(settings, year)
    return [
        each
        for place in settings.site
        if _is_inside(settings, place, *span)
        for each in _of_site(run.library, place, recorded.get(place.name, {}))
    ]


def _is_inside(settings: Settings, place: Site, first: int, last: int) -> bool:
    """Whether a site counts in Scope 1 and 2 in some month from a first to a last one."""
    return any(
        each.share and not each.treatment and each.first_month <= last and each.left_month > first
        for each in standings(settings, place)
    )


def _recorded(run: Run, year: int) -> dict[str, dict[str, set[int]]]:
    """Months with a figure other than 0, by site and activity, and months with any."""
    rows = run.engine.con.execute(
        "select site, activity, month, max(case when quantity <> 0 then 1 else 0 end)"
        " from activity_month where scenario = 'actual' and reporting_year = $year group by all"
        " union all select e.site, case when e.refrigerant = 'SF6' then $sf6 else $service end,"
        " e.month, 1 from service_event as e join month as m on m.month = e.month"
        " where m.reporting_year = $year and e.event = 'top-up'"
        " union all select r.site, case when r.refrigerant = 'SF6' then $sf6 else $service end,"
        " r.month, 1 from refrigerant_month as r join month as m on m.month = r.month"
        " where m.reporting_year = $year",
        {"year": year, "sf6": SF6_SERVICE, "service": SERVICE},
    ).fetchall()
    found: dict[str, dict[str, set[int]]] = {}
    for site, activity, month, is_any in rows:
        months = found.setdefault(site, {}).setdefault(activity, set())
        months.add(month if is_any else -month)
    return found


def _of_site(library: Library, place: Site, recorded: Mapping[str, set[int]]) -> Iterator[Item]:
    expected = [each.name for each in KINDS if place.kind in each.sites]
    names = list(
        dict.fromkeys([*(n for n in LISTED if n in place.sources), *expected, *place.sources])
    )
    names.sort(key=lambda name: list(LISTED).index(name) if name in LISTED else len(LISTED))
    carried = {name: LISTED[name].records(library) for name in names if name in LISTED}
    for name in names:
        said = place.sources.get(name)
        months = {m for each in carried.get(name, ()) for m in recorded.get(each, ())}
        claimed = {
            activity
            for other in carried
            if other != name and _may_have(place.sources.get(other))
            for activity in carried[other]
        }
        own = {each for each in carried.get(name, ()) if each not in claimed}
        has_own = any(month > 0 for each in own for month in recorded.get(each, ()))
        finding = _finding(said, name in carried and bool(carried[name]), months, has_own)
        yield Item(place.name, name, said, len({abs(month) for month in months}), finding)


def _may_have(said: Source | None) -> bool:
    """Whether entries may belong to a source: it is reported, or nothing is said of it."""
    return said is None or said.state == "reported"


def _finding(said: Source | None, is_recordable: bool, months: set[int], has_own: bool) -> str:
    if said is None:
        return NOT_STATED
    if said.state == "reported":
        if not is_recordable:
            return NO_ACTIVITY
        return "" if months else NO_ENTRY
    return HAS_ENTRIES if has_own else ""


@dataclass(frozen=True)
class Exclusions:
    """What is left out of a year, beside what is in it."""

    estimated_t: Decimal
    scope12_t: Decimal  # reported, location-based
    excluded: Sequence[Item]

    @property
    def share(self) -> Decimal | None:
        """Of Scope 1+2 as reported. [1]"""
        return self.estimated_t / self.scope12_t if self.scope12_t else None

    @property
    def unknown(self) -> list[Item]:
        """Exclusions without an estimate, whose share cannot be told."""
        return [each for each in self.excluded if each.said and each.said.estimated_t is None]

    def share_of(self, item: Item) -> Decimal | None:
        """The share of one exclusion."""
        known = item.said.estimated_t if item.said else None
        return None if known is None or not self.scope12_t else known / self.scope12_t


def exclusions(run: Run, year: int, listed: Sequence[Item]) -> Exclusions:
    """The exclusions of a year."""
    total = year_totals(run).get((ACTUAL, year))
    excluded = [each for each in listed if each.said and each.said.state == "excluded"]
    estimated = [each.said.estimated_t or Decimal(0) for each in excluded if each.said]
    scope12 = tonnes(total.gross_location_g) if total else Decimal(0)
    return Exclusions(sum(estimated, Decimal(0)), scope12, excluded)


def year_in(run: Run, asked: int) -> int:
    """A year that has figures: the one asked for, else the last. Raises CarbonError for others."""
    years = sorted(year for (scenario, year) in year_totals(run) if scenario == ACTUAL)
    if not years or (asked and asked not in years):
        raise CarbonError(
            "no-figure",
            f"nothing is recorded for {asked or 'any year'}, so there is nothing to check",
            nearest=", ".join(map(str, years)),
            remedy="carbon import FILE... or carbon log",
        )
    return asked or years[-1]


def checklist(run: Run, year: int) -> Table:
    """The checklist of a year as a table."""
    listed = items(run, year)
    left_out = exclusions(run, year, listed)
    rows = [_row(each, left_out) for each in listed]
    return Table(
        "checklist", f"Sources, {year}", CHECKLIST, rows, _notes(run, year, listed, left_out), ""
    )


def _row(item: Item, left_out: Exclusions) -> dict[str, Any]:
    is_excluded = item in left_out.excluded
    return {
        "site": item.site,
        "source": item.source,
        "state": item.said.state if item.said else NOT_STATED,
        "recorded": counted(item.months, "month") if item.months else "",
        "finding": item.finding if item.said else "",
        "reason": item.said.reason if item.said else "",
        "estimated_t": item.said.estimated_t if item.said and is_excluded else None,
        "share": left_out.share_of(item) if is_excluded else None,
    }


def _notes(run: Run, year: int, listed: Sequence[Item], left_out: Exclusions) -> list[str]:
    stated = sum(each.said is not None for each in listed)
    notes = [f"{stated} of {len(listed)} sources are stated."]
    if left_out.excluded:
        notes.append(told(run, year, left_out))
    if left_out.unknown:
        notes.append(
            f"{len(left_out.unknown)} excluded without an estimate: their share is not known."
        )
    return notes


def told(run: Run, year: int, left_out: Exclusions) -> str:
    """What the exclusions of a year come to, in a sentence."""
    limit = run.views.of(year).settings.policy.materiality
    share = "no share can be told" if left_out.share is None else f"{left_out.share * 100:.1f} %"
    return (
        f"Excluded in {year}: {left_out.estimated_t.normalize():,f} t CO2e, {share} of the"
        f" {left_out.scope12_t:,.1f} t of Scope 1+2 location-based; materiality"
        f" {(limit * 100).normalize():f} %."
    )
