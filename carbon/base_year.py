"""The base year beside itself recalculated: what structure alone does to the series since.

`as_if_always` gives the settings as they would be had the organisation always been what it is
now: what was acquired or taken in is there from its beginning, what was divested or given away
never was. A trial run with them is set beside the reported series; nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from carbon.boundary import BEGINNING
from carbon.coefficient import rounded
from carbon.errors import CarbonError, UsageError, counted
from carbon.inputs import months_in, share_in
from carbon.run import Run
from carbon.schema import FOREVER
from carbon.settings import Entity, Settings, Site
from carbon.tables import Column, Table, tonnes

METHODS = {"location": "location-based", "market": "market-based"}
CAME, WENT = ("acquired", "insourced"), ("divested", "outsourced")
SERIES = (
    Column("method", "Scope 1+2"),
    Column("year", "Year", kind="text"),
    Column("reported_t", "Reported", "t CO2e", "mass"),
    Column("recalculated_t", "Recalculated", "t CO2e", "mass"),
    Column("change_t", "Change", "t CO2e", "mass"),
    Column("change_share", "Change", "%", "share"),
    Column("note", "Note"),
)
MOVES = (
    Column("site", "Site"),
    Column("month", "From"),
    Column("reason", "Because"),
    Column("location_change_t", "Location", "t CO2e", "mass"),
    Column("market_change_t", "Market", "t CO2e", "mass"),
    Column("note", "Base year"),
)


class Move(NamedTuple):
    """A change of structure: a site or entity that came, went, or changed hands."""

    name: str
    month: int
    reason: str
    sites: tuple[str, ...]  # whose figures it moves


@dataclass(frozen=True)
class Gross:
    """Scope 1+2 by method, year and site, and what is recorded of each site. [g]"""

    grams: Mapping[tuple[str, int], Mapping[str, Decimal]]
    recorded: frozenset[tuple[str, int]]  # site, year
    gaps: Mapping[tuple[str, int], int]  # months that lack a running bill, by site and year

    def of(self, method: str, year: int, sites: Sequence[str] | None = None) -> Decimal:
        """The sum of a year, of all sites or of some. [g]"""
        found = self.grams.get((method, year), {})
        chosen = [found[each] for each in (found if sites is None else sites) if each in found]
        return sum(chosen, Decimal(0))


def gross(run: Run) -> Gross:
    """Scope 1+2 of a run."""
    grams: dict[tuple[str, int], dict[str, Decimal]] = {}
    for year, site, line, accounting, mass_g in run.rows(
        "select reporting_year, site, line, accounting, sum(co2e_g) from total"
        " where scenario = 'actual' and line in ('scope1', 'scope2') group by all order by all"
    ):
        for method in METHODS if line == "scope1" else (accounting,):
            of_year = grams.setdefault((method, year), {})
            of_year[site] = of_year.get(site, Decimal(0)) + mass_g
    rows = run.rows(
        "select distinct site, reporting_year from activity_month where scenario = 'actual'"
        " union select distinct r.site, m.reporting_year from refrigerant_month as r"
        " join month as m on m.month = r.month"
        " union select distinct s.site, m.reporting_year from service_event as s"
        " join month as m on m.month = s.month"
    )
    gaps = run.rows(
        "select site, reporting_year, count(distinct month) from coverage_month"
        " where covered = 0 group by all"
    )
    return Gross(grams, frozenset(rows), {(site, year): months for site, year, months in gaps})


def base_years(settings: Settings, asked: int) -> dict[str, int]:
    """The base year of each method: the one asked for, else those of the policy.

    Raises UsageError where there is none.
    """
    found = dict.fromkeys(METHODS, asked) if asked else dict(settings.policy.base_year)
    if not found:
        raise UsageError(
            "no-base-year",
            "no base year is set",
            looked_for="[policy] base_year in carbon.toml",
            remedy="write base_year = 2021, or name one: carbon base-year 2021",
        )
    return found


def first_years(reported: Gross) -> dict[str, int]:
    """The first year of each method that has figures. Raises CarbonError where there is none."""
    known = [year for _, year in reported.grams]
    if not known:
        raise CarbonError("no-figure", "nothing of Scope 1 and 2 is recorded")
    return {
        method: min(year for each, year in reported.grams if each == method) for method in METHODS
    }


def refuse_empty(reported: Gross, base: Mapping[str, int]) -> None:
    """Raises CarbonError for a base year without figures."""
    known = sorted({year for _, year in reported.grams})
    for method, year in base.items():
        if (method, year) not in reported.grams:
            raise CarbonError(
                "no-figure",
                f"nothing of Scope 1 and 2 is recorded for {year}, so it is no base year",
                where=METHODS[method],
                looked_for=f"reporting year {year}",
                nearest=", ".join(map(str, known)),
                remedy="name a year that has figures",
            )


def moves(settings: Settings, first_month: int, last_month: int) -> list[Move]:
    """Changes of structure after a first month and up to a last one, and sites once omitted."""
    every = [
        *(each for place in settings.site for each in _moves_of(place)),
        *(each for entity in settings.entity for each in _stake_moves(settings, entity)),
    ]
    return [
        each
        for each in sorted(every, key=lambda move: (move.month, move.name))
        if each.month <= last_month and (each.month > first_month or each.reason == "omitted")
    ]


def _moves_of(place: Site) -> Iterator[Move]:
    if not place.in_boundary:
        return
    if place.joined_because in (*CAME, "omitted"):
        yield Move(place.name, place.joined, place.joined_because, (place.name,))
    if place.left and place.left_because in WENT:
        yield Move(place.name, place.left, place.left_because, (place.name,))


def _stake_moves(settings: Settings, entity: Entity) -> Iterator[Move]:
    below = tuple(each.name for each in settings.site if entity.name in _chain(settings, each))
    before = entity
    approach = settings.organisation.consolidation
    for stake in entity.stake if below else ():
        months = (stake.since - 1, stake.since)
        then, now = (share_in(settings, entity.name, approach, month) for month in months)
        if then == now:
            before = stake
            continue
        reason = (
            f"stake {_percent(before.owned)}, {' and '.join(before.control)}, to"
            f" {_percent(stake.owned)}, {' and '.join(stake.control)}"
        )
        yield Move(entity.name, stake.since, reason, below)
        before = stake


def _percent(share: Fraction | Decimal) -> str:
    return f"{(rounded(Fraction(share)) * 100).normalize():f} %"


def _chain(settings: Settings, place: Site) -> Iterator[str]:
    """The entities above a site."""
    known, entity = settings.entities(), place.entity
    while entity:
        yield entity
        entity = known[entity].held_by


def is_recalculated(settings: Settings, move: Move) -> bool:
    """What was outsourced and is reported in Scope 2 or 3 all along recalculates nothing."""
    place = settings.sites().get(move.name)
    is_shifted = move.reason in ("outsourced", "insourced")
    return not (place is not None and is_shifted and place.is_reported_elsewhere)


def as_if_always(settings: Settings, found: Sequence[Move], last_month: int) -> Settings:
    """The settings of an organisation that always was what it is in the last month."""
    counted = [move for move in found if is_recalculated(settings, move)]
    came = {move.name for move in counted if move.reason in CAME}
    went = {move.name for move in counted if move.reason in WENT}
    sites = []
    for place in settings.site:
        changed: dict[str, Any] = {}
        if place.name in came:
            changed["joined"] = place.exists_since or BEGINNING
        if place.name in went:
            changed["in_boundary"] = False
        sites.append(place.model_copy(update=changed))
    entities = [_newest(entity, last_month) for entity in settings.entity]
    return settings.model_copy(update={"site": sites, "entity": entities})


def _newest(entity: Entity, last_month: int) -> Entity:
    """An entity that always had the stake of a month."""
    stake = entity.stake_in(last_month)
    later = [each for each in entity.stake if each.since > last_month]
    return entity.model_copy(
        update={"owned": stake.owned, "control": stake.control, "stake": later}
    )


@dataclass(frozen=True)
class Comparison:
    """The reported series, the same recalculated, and the changes of structure between them."""

    settings: Settings
    base: Mapping[str, int]  # by method
    last_year: int
    found: Sequence[Move]
    reported: Gross
    trial: Gross
    closed: frozenset[int]

    @property
    def moved(self) -> list[str]:
        """The sites whose figures a change of structure moves."""
        every = {
            site
            for move in self.found
            if is_recalculated(self.settings, move)
            for site in move.sites
        }
        return sorted(every)

    def recalculated(self, method: str, year: int, sites: Sequence[str] = ()) -> Decimal:
        """A year as the trial has it, of all or some sites; of a closed one only what moved. [g]"""
        key = (method, year)
        known = {*self.reported.grams.get(key, ()), *self.trial.grams.get(key, ())}
        wanted = set(sites) or known
        if year not in self.closed:
            return self.trial.of(method, year, sorted(wanted))
        still = self.reported.of(method, year, sorted(wanted - set(self.moved)))
        return still + self.trial.of(method, year, sorted(wanted & set(self.moved)))

    def effect(self, method: str, sites: Sequence[str]) -> Decimal:
        """What some sites add to or take from the base year. [g]"""
        year = self.base[method]
        return self.trial.of(method, year, sites) - self.reported.of(method, year, sites)

    def is_known(self, method: str, sites: Sequence[str]) -> bool:
        """Whether anything is recorded of some sites in the base year: missing is not 0."""
        year = self.base.get(method, 0)
        return bool(
            {(site, year) for site in sites} & {*self.trial.recorded, *self.reported.recorded}
        )

    def lacking(self, year: int) -> list[str]:
        """Moved sites of which nothing is recorded in a year they may have existed in."""
        first, last = months_in(self.settings, year)
        return [
            place.name
            for place in as_if_always(self.settings, self.found, last).site
            if place.name in self.moved
            and place.in_boundary
            and place.joined <= last
            and first < (place.left or FOREVER)
            and (place.name, year) not in self.trial.recorded
        ]

    def like_for_like(self, year: int, sites: Sequence[str] = ()) -> tuple[Decimal, Decimal] | None:
        """A year as if the organisation had always been what it is now, location- and market-based;
        None where nothing or not enough is recorded for that, or a part of it is gone. [t]"""
        gone = {move.name for move in self.found if move.reason in WENT}
        if gone & set(sites) or year < min(self.base.values()) or self.missing(year):
            return None
        location, market = (tonnes(self.recalculated(each, year, sites)) for each in METHODS)
        return location, market

    def missing(self, year: int) -> list[str]:
        """What the recalculated figure of a year lacks, in words."""
        lacking = self.lacking(year)
        said = [f"without {', '.join(lacking)}: nothing is recorded"] if lacking else []
        return said + [
            f"{site} lacks {counted(self.trial.gaps[site, year], 'month')}"
            for site in self.moved
            if (site, year) in self.trial.gaps and site not in lacking
        ]

    def size(self, method: str) -> Decimal | None:
        """All changes of structure beside the base year, none set off against another. [1]"""
        whole = self.reported.of(method, self.base[method])
        parts = [abs(self.effect(method, [site])) for site in self.moved]
        return sum(parts, Decimal(0)) / whole if whole else None


def tables(compared: Comparison) -> list[Table]:
    """The two series, and each change of structure with what it does to the base year."""
    rows = [
        _row(compared, method, year)
        for method, base in compared.base.items()
        for year in range(base, compared.last_year + 1)
    ]
    found = [_move_row(compared, move) for move in compared.found]
    title = "Base year and series, as reported and recalculated for structure"
    return [
        Table("base_year", title, SERIES, rows, _notes(compared), "no data"),
        Table("structure", "Changes of structure, and what they move", MOVES, found, (), ""),
    ]


def _row(compared: Comparison, method: str, year: int) -> dict[str, Any]:
    is_known = (method, year) in compared.reported.grams
    anew = compared.recalculated(method, year)
    before = compared.reported.of(method, year)
    said = ["base year"] if year == compared.base[method] else []
    said += ["closed"] if year in compared.closed else []
    said += compared.missing(year)
    return {
        "method": METHODS[method],
        "year": year,
        "reported_t": tonnes(before) if is_known else None,
        "recalculated_t": tonnes(anew) if is_known else None,
        "change_t": tonnes(anew - before) if is_known else None,
        "change_share": (anew - before) / before if before else None,
        "note": "; ".join(said),
    }


def _move_row(compared: Comparison, move: Move) -> dict[str, Any]:
    is_counted = is_recalculated(compared.settings, move)
    moved = {
        f"{method}_change_t": tonnes(compared.effect(method, move.sites))
        if is_counted and compared.is_known(method, move.sites)
        else None
        for method in METHODS
    }
    return {
        "site": move.name,
        "month": move.month if move.month != BEGINNING else None,
        "reason": move.reason,
        **moved,
        "note": _move_note(compared, move),
    }


def _move_note(compared: Comparison, move: Move) -> str:
    if not is_recalculated(compared.settings, move):
        return "reported in Scope 2 or 3 all along"
    others = [
        other.reason
        for other in compared.found
        if other != move
        and set(other.sites) & set(move.sites)
        and is_recalculated(compared.settings, other)
    ]
    if others:
        return f"one change together with: {', '.join(others)}"
    if move.reason == "omitted":
        return "an error: every year under control is restated"
    years = sorted(set(compared.base.values()))
    lacking = [str(year) for year in years if move.name in compared.lacking(year)]
    if lacking:
        return f"nothing is recorded for {', '.join(lacking)}"
    place = compared.settings.sites().get(move.name)
    begins = place.exists_since if place and move.reason in CAME else None
    if begins and all(months_in(compared.settings, year)[1] < begins for year in years):
        return "did not exist yet"
    return ""


def _notes(compared: Comparison) -> list[str]:
    notes = [_verdict(compared, method) for method in compared.base]
    lacking = sorted(
        {site for year in set(compared.base.values()) for site in compared.lacking(year)}
    )
    if lacking:
        notes.append(
            f"Of {', '.join(lacking)} nothing is recorded in the base year, so the recalculated"
            " figure lacks it: import its bills of before it joined, or say exists_since if it was"
            " not there yet."
        )
    years = sorted(year for year in compared.closed if year >= min(compared.base.values()))
    if years and compared.moved:
        notes.append(
            f"Closed years stand ({', '.join(map(str, years))}): of their sites only"
            f" {', '.join(compared.moved)} is computed anew, with today's factors."
        )
    return [*notes, "Nothing is overwritten: both series stand."]


def _verdict(compared: Comparison, method: str) -> str:
    """Whether the base year is recalculated, in a sentence."""
    limit = compared.settings.policy.base_year_threshold
    year, size = compared.base[method], compared.size(method)
    head = f"{METHODS[method].capitalize()}, base year {year}:"
    if not compared.moved:
        return f"{head} no change of structure since."
    if size is None:
        return f"{head} it has no emissions to measure changes by."
    told = f"changes of structure move {size * 100:.1f} %, threshold {_percent(limit)}"
    if size > limit:
        return f"{head} {told}. The recalculated base year and series are to be reported."
    if compared.missing(year):
        return f"{head} {told}, but figures are missing, so it cannot be judged."
    return f"{head} {told}. It stands; later changes count together with these."
