"""What PV plants yielded, beside the most that the sun could have given them.

`pv` gives a row for each site and year, or for each plant and month of one year: energy per
capacity, the clear-sky ceiling in the months with a figure, and the one as a part of the other.
The part can be compared between years, sites and parts of a year, which a yield cannot. A ceiling
is told where the site says where it lies and the extra `carbon[pv]` is installed; the rest of the
table needs neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from statistics import median
from typing import Any

from carbon import clearsky
from carbon.errors import CarbonError, counted
from carbon.inputs import plants_of
from carbon.run import Run
from carbon.settings import PVPlant, Site
from carbon.tables import Column, Table

# How far a year's yield may lie from the usual one before somebody should look. No standard says
# so: weather moves a year by some percent, a broken string or a wrong unit by a third and more.
UNUSUAL = Decimal("1.5")
LEAST = 2  # years or sites that make something usual
WHOLE = 12  # months

PV = (
    Column("year", "Year"),
    Column("site", "Site"),
    Column("meter", "Meter"),
    Column("month", "Month"),
    Column("capacity_kw", "Capacity", "kW", "number", 0),
    Column("generated_kwh", "Generated", "kWh", "number", 0),
    Column("specific_yield_kwh_per_kw", "Yield", "kWh/kW", "number", 1),
    Column("ceiling_kwh_per_kw", "Clear sky", "kWh/kW", "number", 1),
    Column("ceiling_share", "Reached", kind="share"),
    Column("remark", "Remark"),
)


@dataclass(frozen=True)
class Yield:
    """What the plants of a site, or those read on a meter, gave in some months."""

    site: str
    meter: str  # '' for the whole site
    year: int
    months: Sequence[int]
    generated_kwh: Decimal
    capacity_kw: Decimal | None  # in the mean of the months; None where a plant states none
    ceiling_kwh: Decimal | None  # under a clear sky; None where it is not known
    is_split: bool = False  # a part by days of an entry over several months

    @property
    def specific(self) -> Decimal | None:
        """Energy per capacity. [kWh/kW]"""
        return self.generated_kwh / self.capacity_kw if self.capacity_kw else None

    @property
    def share(self) -> Decimal | None:
        """The energy as a part of the clear-sky ceiling."""
        return self.generated_kwh / self.ceiling_kwh if self.ceiling_kwh else None

    @property
    def is_whole(self) -> bool:
        """Whether every month of the year has a figure, and all plants a capacity."""
        return len(self.months) == WHOLE and bool(self.capacity_kw)

    @property
    def is_above(self) -> bool:
        """Whether it is more than a clear sky could give, which cannot be."""
        return (
            bool(self.ceiling_kwh) and not self.is_split and self.generated_kwh > self.ceiling_kwh
        )


@dataclass(frozen=True)
class Usual:
    """What a year's yield is judged by: others of its kind, in the measure they share."""

    found: Decimal
    usual: Decimal
    of: str
    is_share: bool  # of the clear sky, else energy per capacity

    @property
    def is_far(self) -> bool:
        """Whether the year lies farther from the usual one than weather explains."""
        return not self.usual / UNUSUAL <= self.found <= self.usual * UNUSUAL

    @property
    def times(self) -> Decimal:
        """How many times the usual it is."""
        return self.found / self.usual

    def range(self) -> str:
        """The span that is usual, in words."""
        low, high = self.usual / UNUSUAL, self.usual * UNUSUAL
        if self.is_share:
            return f"{low:.0%} to {high:.0%} of the clear sky"
        return f"{low:,.0f} to {high:,.0f} kWh/kW"


def pv(run: Run, year: int = 0) -> Table:
    """Yield of PV: by site and year, or of one year by plant and month.

    Raises CarbonError where no PV generation is recorded, or none in that year.
    """
    yearly = yearly_yields(run)
    wanted = [each for each in yearly if not year or each.year == year]
    if not wanted:
        raise CarbonError(
            "no-figure",
            f"no PV generation is recorded{f' for {year}' if year else ''}",
            looked_for="entries of pv_generation",
            nearest=", ".join(str(each) for each in sorted({each.year for each in yearly})),
            remedy="carbon log --site SITE --activity pv_generation --month 2023-01 --quantity ..."
            " --unit kWh",
        )
    rows: list[dict[str, Any]] = []
    if year:
        for (site, meter), parts in groupby(
            [each for each in monthly_yields(run) if each.year == year],
            key=lambda each: (each.site, each.meter),
        ):
            months = list(parts)
            rows += [_row(each, "", each.months[0]) for each in months]
            rows.append(_row(_together(site, meter, year, months), ""))
    rows += [_row(each, _judged(each, yearly)) for each in wanted]
    columns = [each for each in PV if year or each.key not in ("meter", "month")]
    is_blocked = any(each.is_above for each in wanted)
    title = f"PV and the clear sky, {year}" if year else "PV and the clear sky"
    return Table("pv", title, columns, rows, _notes(run, wanted, year), "-", is_blocked)


def shown(table: Table) -> list[Table]:
    """The table for a window: the months of each plant by themselves, and the sites."""
    if not any(row.get("month") for row in table.rows):
        return [table]
    sites = [row for row in table.rows if row["month"] is None and row["meter"] is None]
    columns = [each for each in table.columns if each.key not in ("meter", "month")]
    whole = Table("pv", table.title, columns, sites, table.notes, table.missing, table.is_blocked)
    tables = [whole]
    drop = {"year", "site", "meter"}
    for (site, meter), rows in groupby(
        [row for row in table.rows if row["month"] or row["meter"]],
        key=lambda row: (row["site"], row["meter"]),
    ):
        columns = [each for each in table.columns if each.key not in drop]
        tables.append(Table("pv", meter or site, columns, list(rows), missing=table.missing))
    return tables


def _row(each: Yield, remark: str, month: int | None = None) -> dict[str, Any]:
    is_known = each.ceiling_kwh is not None and each.capacity_kw
    ceiling = each.ceiling_kwh / each.capacity_kw if is_known else None
    if each.is_above:
        remark = "error: above the clear sky"
    return {
        "year": each.year,
        "site": each.site,
        "meter": each.meter or None,
        "month": month,
        "capacity_kw": each.capacity_kw or None,
        "generated_kwh": each.generated_kwh,
        "specific_yield_kwh_per_kw": each.specific,
        "ceiling_kwh_per_kw": ceiling,
        "ceiling_share": each.share,
        "remark": remark or ("" if each.capacity_kw else "capacity_kw is not stated"),
    }


def _judged(each: Yield, yearly: Sequence[Yield]) -> str:
    """What a reader should know of a year of a site."""
    told = []
    if len(each.months) < WHOLE:
        told.append(f"{len(each.months)} of {counted(WHOLE, 'month')}")
    beside = usual(each, yearly)
    if beside and beside.is_far:
        told.append(f"{beside.times:.2f} times the usual, of {beside.of}")
    return "; ".join(told)


def _notes(run: Run, wanted: Sequence[Yield], year: int) -> list[str]:
    """What the ceiling is, of which planes, and how to get one where there is none."""
    notes = []
    places = run.settings.sites()
    used = [places[name] for name in dict.fromkeys(each.site for each in wanted)]
    lost = [place.name for place in used if place.latitude is None]
    if any(each.ceiling_kwh for each in wanted):
        planes = "; ".join(
            f"{place.name} {', '.join(_planes(place))}" for place in used if place.name not in lost
        )
        notes.append(
            "Clear sky: what the plane of the plant would give per kW without clouds and losses, in"
            f" the months with a figure: a bound, no forecast. {planes}."
        )
    if not clearsky.is_installed():
        notes.append(f"The ceiling of a clear sky is left out: {clearsky.EXTRA}.")
    if lost:
        notes.append(
            f"No ceiling for {', '.join(lost)}: say latitude and longitude of the site in"
            " carbon.toml."
        )
    if year:
        notes.append("The row without a month is all of them; without a meter, the site.")
    return notes


def _planes(place: Site) -> list[str]:
    return list(dict.fromkeys(str(place.plane(each)) for each in place.plants()))


def usual(each: Yield, yearly: Iterable[Yield]) -> Usual | None:
    """What a whole year is judged by: the site's other whole years, else other sites of it.

    Of the clear sky where all of them know it, so that sites far apart compare; None where there
    are too few.
    """
    if not each.is_whole:
        return None
    whole = [other for other in yearly if other.is_whole and other is not each]
    own = [other for other in whole if other.site == each.site]
    is_own = len(own) >= LEAST
    beside = own if is_own else [other for other in whole if other.year == each.year]
    if len(beside) < LEAST:
        return None
    is_share = all(other.ceiling_kwh for other in (each, *beside))
    figures = [other.share if is_share else other.specific for other in (each, *beside)]
    found, *others = figures
    if not all(others):
        return None
    of = "its other years" if is_own else "other sites of the year"
    return Usual(found, median(others), of, is_share)


def yearly_yields(run: Run) -> list[Yield]:
    """What the plants of each site gave by reporting year, in the order of site and year."""
    rows = run.rows(
        "select site, reporting_year, month, generated_kwh from pv_month"
        " where scenario = 'actual' order by 1, 2, 3"
    )
    places, found = run.settings.sites(), []
    for (site, year), months in groupby(
        (row for row in rows if row[0] in places), key=lambda row: row[:2]
    ):
        place = places[site]
        parts = [
            _month(place, "", year, row[2], row[3], [*_running(place.plants(), row[2])])
            for row in months
        ]
        found.append(_together(site, "", year, parts))
    return found


def monthly_yields(run: Run) -> list[Yield]:
    """What the plants read on each meter gave by month, in the order of site, meter and month.

    Meters that one plant names count together, under the names of all of them.
    """
    rows = run.rows(
        "select site, meter, month, reporting_year, sum(quantity) from activity_month"
        " where scenario = 'actual' and activity = 'pv_generation' group by 1, 2, 3, 4"
        " order by 1, 2, 3"
    )
    places = run.settings.sites()
    sums: dict[tuple[str, str, int, int], tuple[Decimal, Sequence[PVPlant]]] = {}
    for site, meter, month, year, quantity in rows:
        if site in places:
            plants = plants_of(places[site], meter)
            names = sorted({name for each in plants for name in each.meter}) or [meter]
            key = (site, ", ".join(filter(None, names)), month, year)
            sums[key] = (sums.get(key, (Decimal(0),))[0] + quantity, plants)
    split = _split(run)
    return [
        replace(
            _month(places[site], meter, year, month, energy, [*_running(plants, month)]),
            is_split=(site, month) in split,
        )
        for (site, meter, month, year), (energy, plants) in sorted(
            sums.items(), key=lambda each: each[0]
        )
    ]


def _split(run: Run) -> set[tuple[str, int]]:
    """Sites and months in which a figure is a part by days of a longer one, not of its own sun."""
    rows = run.rows(
        "select k.site, m.month from entry_month as m"
        " join entry_key as k on k.key_id = m.key_id cross join run_option as o"
        " left join superseded_entry as s on s.entry_id = m.entry_id and s.cut_off = o.cut_off"
        " where k.activity = 'pv_generation' and m.is_split and s.entry_id is null"
        " and m.batch_id <= o.cut_off"
    )
    return set(rows)


def _running(plants: Iterable[PVPlant], month: int) -> Iterator[PVPlant]:
    return (each for each in plants if each.is_running(month))


def _month(
    place: Site, meter: str, year: int, month: int, energy: Decimal, plants: Sequence[PVPlant]
) -> Yield:
    """A month of plants that run in it; their capacity is known where all state it."""
    capacities = [each.capacity_kw for each in plants]
    capacity = None if None in capacities else sum(capacities, Decimal(0))
    ceiling = None
    if capacity and place.latitude is not None and clearsky.is_installed():
        ceiling = sum(
            (each.capacity_kw * clearsky.yield_in(place.plane(each), month) for each in plants),
            Decimal(0),
        )
    return Yield(place.name, meter, year, [month], energy, capacity, ceiling)


def _together(site: str, meter: str, year: int, parts: Sequence[Yield]) -> Yield:
    """Months as one; what one of them does not know, the sum does not."""
    sizes = [each.capacity_kw for each in parts]
    ceilings = [each.ceiling_kwh for each in parts]
    return Yield(
        site,
        meter,
        year,
        [month for each in parts for month in each.months],
        sum((each.generated_kwh for each in parts), Decimal(0)),
        sum(sizes) / Decimal(len(sizes)) if all(sizes) else None,
        None if None in ceilings else sum(ceilings, Decimal(0)),
    )
