"""What sites, departments and key areas used and emitted, month by month.

A metric is an activity (electricity, natural_gas ...) in its unit, `energy` in MWh, `standard_coal`
in tce, or emissions of Scope 1 and 2 in t CO2e. A node is the organisation, a site, a department or
a key area. `Consumption` knows every month of each, and which bills and meters a month still lacks:
a month that lacks one is not whole, and is never taken for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from carbon import estimates
from carbon.areas import UNASSIGNED, Standing
from carbon.energy import energy_mwh
from carbon.engine import sql_text
from carbon.errors import CarbonError, UsageError, nearest
from carbon.inputs import ACTUAL
from carbon.performance import ORGANISATION, TOTALS
from carbon.pipeline import check
from carbon.run import Run
from carbon.tables import tonnes

LINES = {  # of emissions: line and accounting in each
    "emissions": (("scope1", "all"), ("scope2", "location")),
    "scope1": (("scope1", "all"),),
    "scope2_location": (("scope2", "location"),),
    "scope2_market": (("scope2", "market"),),
}


class Spot(NamedTuple):
    """Where something was used: a site's bills (meter '') or one of its meters."""

    site: str
    meter: str
    department: str
    area: str


@dataclass(frozen=True)
class Series:
    """The months of one metric at one node, in `unit`."""

    node: str
    metric: str
    unit: str
    months: Mapping[int, Fraction]
    lacking: Mapping[int, Sequence[str]] = field(default_factory=dict)  # bills and meters a month
    filled: frozenset[int] = frozenset()  # months with an estimate in place of a bill

    def is_whole(self, month: int) -> bool:
        """Whether a month has a figure, and every one it should have."""
        return month in self.months and month not in self.lacking


@dataclass(frozen=True)
class Consumption:
    """Every figure of a run by metric, unit, spot and month; and what is missing."""

    sites: Sequence[str]
    areas: Mapping[str, str]  # name -> department it is part of, '' where it is one
    figures: Mapping[str, Mapping[str, Mapping[tuple[Spot, int], Fraction]]]
    gaps: Mapping[str, Sequence[tuple[Spot, int]]]  # by activity
    uncounted: Mapping[str, Sequence[tuple[Spot, int, str]]]  # by metric, for want of a factor
    filled: Mapping[str, Sequence[tuple[Spot, int]]]  # of the gaps, by activity

    def check_node(self, node: str) -> None:
        """Raises UsageError where there is no such node."""
        nodes = (ORGANISATION, *self.sites, *self.areas)
        if node in self.sites and node in self.areas:
            raise UsageError(
                "ambiguous-node",
                f"{node!r} is a site and an area of the book",
                remedy="give one of them another name in carbon.toml",
            )
        if node not in nodes:
            raise UsageError(
                "unknown-node",
                f"there is no site, department or key area {node!r}",
                looked_for=", ".join(nodes),
                nearest=nearest(node, nodes),
                remedy="name one of them",
            )

    def children(self, node: str) -> Iterator[tuple[str, Sequence[str]]]:
        """What a node is divided into: the organisation into its sites, and into departments."""
        if node == ORGANISATION:
            yield "sites", self.sites
            yield "departments", [name for name, part_of in self.areas.items() if not part_of]
        elif node in self.areas:
            yield "key areas", [name for name, part_of in self.areas.items() if part_of == node]

    def within(self, spot: Spot, node: str) -> bool:
        """Whether a spot belongs to a node."""
        if node == ORGANISATION:
            return True
        if node in self.areas:
            return node in (spot.department, spot.area)
        return spot.site == node

    def series(self, metric: str, node: str = ORGANISATION) -> Series:
        """A metric at a node. Raises UsageError for a metric or node there is none of."""
        self.check_node(node)
        if metric not in self.figures:
            raise UsageError(
                "unknown-metric",
                f"nothing is recorded as {metric!r}",
                looked_for=", ".join(self.figures),
                nearest=nearest(metric, self.figures),
                remedy="name an activity of the book, energy, standard_coal or emissions",
            )
        by_unit = self.figures[metric]
        here = {unit: months for unit in by_unit if (months := self._months(metric, unit, node))}
        if len(here) > 1:
            raise CarbonError(
                "two-units",
                f"{metric} at {node} is recorded in {' and in '.join(sorted(here))}, which do not"
                " add up",
                remedy="ask for energy, which counts both in MWh",
            )
        unit, months = next(iter(here.items()), (next(iter(by_unit)), {}))
        filled = self._gaps(self.filled, metric, node)
        return Series(
            node,
            metric,
            unit,
            months,
            self._lacking(metric, node),
            frozenset(m for _, m, _ in filled),
        )

    def _months(self, metric: str, unit: str, node: str) -> dict[int, Fraction]:
        found: dict[int, Fraction] = {}
        for (spot, month), quantity in self.figures[metric][unit].items():
            if self.within(spot, node):
                found[month] = found.get(month, Fraction(0)) + quantity
        return dict(sorted(found.items()))

    def _gaps(
        self, gaps: Mapping[str, Sequence[tuple[Spot, int]]], metric: str, node: str
    ) -> list[tuple[Spot, int, str]]:
        """Of gaps by activity, those that matter to a metric at a node."""
        names = [
            name for name in gaps if name == metric or (metric in TOTALS and name != "it_load")
        ]
        return [
            (spot, month, name)
            for name in names
            for spot, month in gaps[name]
            if self.within(spot, node)
        ]

    def _lacking(self, metric: str, node: str) -> dict[int, tuple[str, ...]]:
        found: dict[int, list[str]] = {}
        for spot, month, activity in self._gaps(self.gaps, metric, node):
            found.setdefault(month, []).append(f"{spot.meter or spot.site}, {activity}")
        for spot, month, activity in self.uncounted.get(metric, ()):
            if self.within(spot, node):
                lost = f"{spot.meter or spot.site}, {activity}: no factor"
                found.setdefault(month, []).append(lost)
        return {month: tuple(sorted(set(names))) for month, names in sorted(found.items())}


def consumption(run: Run) -> Consumption:
    """What a run knows of every metric, spot and month."""
    said = run.settings
    standing = said.standings()
    split = _splits(run) if said.area else {}
    figures: dict[str, dict[str, dict[tuple[Spot, int], Fraction]]] = {}

    def add(metric: str, unit: str, spot: Spot, month: int, amount: Fraction) -> None:
        found = figures.setdefault(metric, {}).setdefault(unit, {})
        found[spot, month] = found.get((spot, month), Fraction(0)) + amount

    def shared(site: str, meter: str, activity: str, month: int) -> Iterator[tuple[Spot, Fraction]]:
        """The spots a figure belongs to, each with its share of it."""
        parts = split.get((site, meter, activity, month))
        if parts is None:
            yield Spot(site, meter, *standing.get((site, meter), UNASSIGNED)), Fraction(1)
            return
        for area, share in parts.items():
            yield Spot(site, meter, *area), share

    for activity, unit, site, meter, month, quantity in run.rows(
        "select activity, unit, site, meter, month, sum(quantity) from activity_month"
        " where scenario = 'actual' and (activity <> 'electricity' or role = 'grid_import')"
        " group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5"
    ):
        for spot, share in shared(site, meter, activity, month):
            add(activity, unit, spot, month, Fraction(quantity) * share)
    for site, meter, activity, month, unit, of_site, quantity, grams in run.rows(
        "select site, meter, activity, month, unit, share, sum(quantity), sum(mass_g) from emission"
        " where scenario = 'actual' and line = 'energy' group by 1, 2, 3, 4, 5, 6"
        " order by 1, 2, 3, 4, 5, 6"
    ):
        coal = Fraction(tonnes(grams))
        mwh = energy_mwh(unit, quantity, of_site, coal)
        for spot, share in shared(site, meter, activity, month):
            add("energy", "MWh", spot, month, mwh * share)
            add("standard_coal", "tce", spot, month, coal * share)
    for site, meter, activity, month, line, accounting, grams in run.rows(
        "select site, meter, activity, month, line, accounting, sum(co2e_g) from emission"
        " where scenario = 'actual' and line in ('scope1', 'scope2') group by 1, 2, 3, 4, 5, 6"
        " order by 1, 2, 3, 4, 5, 6"
    ):
        metrics = [name for name, lines in LINES.items() if (line, accounting) in lines]
        for spot, share in shared(site, meter, activity, month):
            for metric in metrics:
                add(metric, "t", spot, month, Fraction(tonnes(grams)) * share)
    gaps: dict[str, list[tuple[Spot, int]]] = {}
    for site, meter, activity, month in run.rows(
        "select site, meter, activity, month from coverage_month where covered = 0"
        " order by 1, 2, 3, 4"
    ):
        spot = Spot(site, meter, *standing.get((site, meter), UNASSIGNED))
        gaps.setdefault(activity, []).append((spot, month))
    areas = {each.name: each.part_of for each in said.area}
    lost = _uncounted(run, standing)
    filled: dict[str, list[tuple[Spot, int]]] = {}
    for _, site, meter, activity, month, _ in estimates.filled(run):
        spot = Spot(site, meter, *standing.get((site, meter), UNASSIGNED))
        filled.setdefault(activity, []).append((spot, month))
    return Consumption(list(said.sites()), areas, figures, gaps, lost, filled)


def _splits(run: Run) -> dict[tuple[str, str, str, int], dict[Standing, Fraction]]:
    """How what counts on a meter in a month is shared out to areas: a sub-meter of another area
    takes its use along, and what it uses emits as its main does."""
    exact: dict[tuple[str, str, str, int], dict[Standing, Fraction]] = {}
    of_site: dict[tuple[str, str, str, int], dict[Standing, Fraction]] = {}
    for row in run.rows(sql_text("area_month")):
        site, meter, activity, month, _, department, area, quantity = row
        stands = Standing(department, area)
        for sums, key in (exact, meter), (of_site, ""):
            found = sums.setdefault((site, key, activity, month), {})
            found[stands] = found.get(stands, Fraction(0)) + Fraction(quantity)
    # A total that includes PV counts without meter: what its meters say shares it out.
    sums = of_site | {key: each for key, each in exact.items() if key[1] or min(each.values()) >= 0}
    return {
        key: {stands: each / whole for stands, each in found.items()}
        for key, found in sums.items()
        if (whole := sum(found.values())) > 0
    }


def _uncounted(
    run: Run, standing: Mapping[tuple[str, str], Standing]
) -> dict[str, list[tuple[Spot, int, str]]]:
    """What reaches no total for want of a factor, by metric."""
    lost = {tuple(row[1:7]) for row in check(run.engine, "flow_not_counted") if row[0] == ACTUAL}
    found: dict[str, list[tuple[Spot, int, str]]] = {}
    if not lost:
        return found
    for site, meter, month, activity, year, line, accounting, topic, place, unit in run.rows(
        "select distinct site, meter, month, activity, reporting_year, line, accounting, topic,"
        f" place, unit from flow where scenario = '{ACTUAL}' order by all"
    ):
        if (year, line, accounting, topic, place, unit) not in lost:
            continue
        spot = Spot(site, meter, *standing.get((site, meter), UNASSIGNED))
        metrics = [name for name, lines in LINES.items() if (line, accounting) in lines]
        for metric in ("energy", "standard_coal") if line == "energy" else metrics:
            found.setdefault(metric, []).append((spot, month, activity))
    return found
