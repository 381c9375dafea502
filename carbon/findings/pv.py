"""What does not add up in PV and storage: balances, plants and their months, yields."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from shlex import quote

from carbon import clearsky, pipeline, solar
from carbon.errors import About, Problem, counted
from carbon.inputs import ACTUAL, month_list, plants_of
from carbon.run import Run
from carbon.settings import OWN, PVPlant, Site
from carbon.solar import Yield


def balance(run: Run) -> Iterator[Problem]:
    """Self-use that rests on a guess, and more export than generation."""
    for scenario, site, year, generated, beyond, meters in pipeline.check(run.engine, "pv_balance"):
        if scenario != ACTUAL:
            continue
        if not meters:
            yield Problem(
                "pv-without-export-meter",
                "warning",
                f"all {generated:,.0f} kWh of PV at {site} in {year} are taken as self-used:"
                " no export is metered",
                remedy=f"carbon log --site {quote(site)} --activity pv_export --month {year}-01"
                " --quantity ... --unit kWh",
                about=[_grid(site, generated)],
            )
        if beyond:
            yield Problem(
                "pv-export-exceeds-generation",
                "error",
                f"{site} exported {beyond:,.0f} kWh more PV than it generated in {year}",
                remedy=f"carbon entries --site {quote(site)} --activity pv_export",
                about=[_grid(site, beyond)],
            )


def _grid(site: str, energy_kwh: Decimal) -> About:
    """PV is weighed as the electricity that the grid would have to give instead."""
    return About(site, activity="electricity", quantity=energy_kwh)


def identity(run: Run) -> Iterator[Problem]:
    """Months in which what is metered of PV does not add up, one finding a site and year."""
    rows = [row[1:] for row in pipeline.check(run.engine, "pv_identity") if row[0] == ACTUAL]
    for (site, year), found in groupby(sorted(rows), key=lambda row: row[:2]):
        months = [row[2:] for row in found]
        yield from _split(site, year, [row for row in months if row[6]])
        yield from _curtailed(site, year, [row for row in months if row[9] or row[8] < 0])


def _split(site: str, year: int, rows: list[tuple]) -> Iterator[Problem]:
    """Generation that is not the sum of its parts."""
    if rows:
        sums = [sum(column) for column in zip(*rows, strict=True)]
        _, generated, used, exported, loss, change, gap, *_ = sums
        yield Problem(
            "pv-does-not-add-up",
            "warning",
            f"PV at {site} in {year}: {generated:,.0f} kWh generated, but {used:,.0f} self-used +"
            f" {exported:,.0f} exported + {loss:,.0f} lost in storage {_signed(change)} in store"
            f" leave {gap:,.0f} kWh unexplained",
            where=f"{site}, {month_list([row[0] for row in rows])}",
            remedy=f"carbon entries --site {quote(site)} --activity pv_self_used; self-use counts"
            " as"
            " generation less export and change in store",
            about=[_grid(site, gap)],
        )


def _curtailed(site: str, year: int, rows: list[tuple]) -> Iterator[Problem]:
    """Potential that is not generation and curtailment."""
    if rows:
        sums = [sum(column) for column in zip(*rows, strict=True)]
        generated, potential, curtailed = sums[1], sums[7], sums[8]
        yield Problem(
            "pv-curtailment",
            "warning",
            f"PV at {site} in {year}: a potential of {potential:,.0f} kWh is not the"
            f" {generated:,.0f} generated {_signed(curtailed)} curtailed",
            where=f"{site}, {month_list([row[0] for row in rows])}",
            remedy=f"carbon entries --site {quote(site)} --activity pv_curtailed",
            about=[_grid(site, potential - generated - curtailed)],
        )


def _signed(value: Decimal) -> str:
    return f"{'-' if value < 0 else '+'} {abs(value):,.0f}"


def storage(run: Run) -> Iterator[Problem]:
    """Storage that gives more than it took, or is metered on one side only."""
    for row in sorted(pipeline.check(run.engine, "storage_balance")):
        scenario, site, year, source, charged, discharged, change, has_in, has_out = row
        if scenario != ACTUAL:
            continue
        what = f"storage charged from {source} at {site} in {year}"
        if has_in != has_out:
            side, lacking = ("charge", "discharge") if has_in else ("discharge", "charge")
            yield Problem(
                "storage-half-metered",
                "warning",
                f"{what} has its {side} metered and not its {lacking}: its loss is not known",
                remedy=f"carbon log --site {quote(site)} --activity storage_{lacking} --month"
                f" {year}-01"
                " --quantity ... --unit kWh",
            )
            continue
        yield Problem(
            "storage-gives-more-than-it-took",
            "warning",
            f"{what} gave {discharged:,.0f} kWh and {_signed(change)} in store, of"
            f" {charged:,.0f} kWh charged",
            remedy=f"carbon entries --site {quote(site)} --activity storage_change; a store that"
            " was"
            " emptied has a negative one",
            about=[_grid(site, discharged + change - charged)],
        )


def outside_plants(run: Run) -> Iterator[Problem]:
    """Generation before a plant was commissioned, after it was retired, or of no plant at all."""
    rows = run.rows(
        "select site, meter, month, sum(quantity) from activity_month where scenario = 'actual'"
        " and activity = 'pv_generation' and quantity <> 0 group by 1, 2, 3 order by 1, 2, 3"
    )
    places = run.settings.sites()
    for (site, meter), found in groupby(rows, key=lambda row: row[:2]):
        plants = plants_of(places[site], meter) if site in places else []
        lost = [row for row in found if not any(each.is_running(row[2]) for each in plants)]
        if site not in places or not lost:
            continue
        when = "while no plant of it runs" if plants else "on a meter that no [[site.pv]] names"
        yield Problem(
            "pv-outside-its-plant",
            "warning",
            f"PV at {meter or site} generated {sum(row[3] for row in lost):,.0f} kWh {when}",
            where=f"{site}, {month_list([row[2] for row in lost])}",
            looked_for="commissioned, retired and meter of [[site.pv]] in carbon.toml",
            remedy=f"mend [[site.pv]] of {site}, or carbon entries --site {quote(site)}"
            " --activity pv_generation",
            about=[_grid(site, sum((row[3] for row in lost), Decimal(0)))],
        )


def impossible_yield(run: Run) -> Iterator[Problem]:
    """More PV in a month than a plant at full power all day and night could make."""
    for site, months in _monthly(run).items():
        place = run.settings.sites()[site]
        beyond = [
            (month, energy, most)
            for month, energy in months.items()
            if (most := _capacity(place, month) * _hours(month)) and energy > most
        ]
        for month, energy, most in beyond:
            yield Problem(
                "pv-beyond-capacity",
                "error",
                f"PV at {site} generated {energy:,.0f} kWh in {month_list([month])}, more than"
                f" {_capacity(place, month):,.0f} kW could in all its hours ({most:,.0f} kWh)",
                where=f"{len(beyond)} such months at {site}",
                remedy=f"carbon entries --site {quote(site)} --activity pv_generation, or mend"
                " capacity_kw"
                " in carbon.toml",
                about=[_grid(site, energy - most)],
            )


def above_clear_sky(run: Run) -> Iterator[Problem]:
    """More PV than a sky without clouds could give, by plant and month, and by site and year."""
    told = set()
    monthly = [each for each in solar.monthly_yields(run) if each.is_above]
    for (site, meter), found in groupby(monthly, key=lambda each: (each.site, each.meter)):
        months = list(found)
        told |= {(site, each.year) for each in months}
        every = month_list([each.months[0] for each in months])
        yield _above(run, months[0], meter or site, month_list(months[0].months), every)
    for each in solar.yearly_yields(run):
        if each.is_above and (each.site, each.year) not in told:
            yield _above(run, each, each.site, str(each.year), month_list(each.months))


def _above(run: Run, each: Yield, who: str, when: str, every: str) -> Problem:
    place = run.settings.sites()[each.site]
    return Problem(
        "pv-above-clear-sky",
        "error",
        f"PV at {who} generated {each.generated_kwh:,.0f} kWh in {when}, more than"
        f" {each.capacity_kw:,.0f} kW could under a sky without clouds"
        f" ({each.ceiling_kwh:,.0f} kWh)",
        where=f"{each.site}, {every}",
        looked_for="; ".join(dict.fromkeys(str(place.plane(plant)) for plant in place.plants())),
        remedy=f"carbon entries --site {quote(each.site)} --activity pv_generation; mend its unit,"
        " or capacity_kw, tracking and the place of the site in carbon.toml",
        about=[_grid(each.site, each.generated_kwh - each.ceiling_kwh)],
    )


def unusual_yield(run: Run) -> Iterator[Problem]:
    """A whole year's yield far from the site's other years, or from other sites of its year."""
    yearly = solar.yearly_yields(run)
    for each in yearly:
        beside = solar.usual(each, yearly)
        if beside and beside.is_far:
            share = f", {each.share:.1%} of the clear sky" if each.share else ""
            yield Problem(
                "pv-yield",
                "warning",
                f"PV at {each.site} yielded {each.specific:,.1f} kWh/kW in {each.year}",
                where=f"{each.generated_kwh:,.0f} kWh from {each.capacity_kw:,.0f} kW{share}",
                looked_for=f"{beside.range()}: within a factor of {solar.UNUSUAL} of the median of"
                f" {beside.of}",
                remedy=f"carbon pv {each.year}; carbon entries --site {quote(each.site)} --activity"
                " pv_generation",
                about=[_grid(each.site, each.generated_kwh * (1 - 1 / beside.times))],
            )


def _monthly(run: Run) -> dict[str, dict[int, Decimal]]:
    """PV generated by site and month. [kWh]"""
    rows = run.rows(
        "select site, month, generated_kwh from pv_month where scenario = 'actual' order by 1, 2"
    )
    found: dict[str, dict[int, Decimal]] = {}
    for site, month, energy in rows:
        if site in run.settings.sites():
            found.setdefault(site, {})[month] = energy
    return found


def _capacity(place: Site, month: int) -> Decimal:
    """The capacity running in a month, 0 where that of some plant is not stated. [kW]"""
    running = [each.capacity_kw for each in place.plants() if each.is_running(month)]
    return Decimal(0) if None in running else sum(running, Decimal(0))


def _hours(month: int) -> int:
    return monthrange(month // 100, month % 100)[1] * 24


def bought_twice(run: Run) -> Iterator[Problem]:
    """A contract for PV behind the meter that would cover electricity of the grid as well."""
    sold = {
        place.name: plant.owner
        for place in run.settings.site
        for plant in place.pv
        if plant.owner != OWN
    }
    named = [each for each in run.instruments[ACTUAL] if each.kind == "PPA" and each.site in sold]
    for site, found in groupby(sorted(named, key=lambda each: each.site), lambda each: each.site):
        found = list(found)
        ids = [each.instrument_id for each in found]
        yield Problem(
            "ppa-behind-the-meter",
            "warning",
            f"{site} buys PV of {sold[site]} behind the meter, and a power purchase agreement of"
            " the site covers electricity of the grid",
            where=", ".join(ids[:4]),
            remedy=f"carbon withdraw {ids[0]} if it is about the PV on the roof: that is counted by"
            " its meter",
            about=[_grid(site, sum((each.energy_kwh for each in found), Decimal(0)))],
        )


def planned_surplus(run: Run) -> Iterator[Problem]:
    """PV of a plan that its site cannot use: exported or curtailed, said by measure."""
    for scenario in run.scenarios.values():
        measures = {each.name: each for each in scenario.measures}
        for name, months in run.surplus.get(scenario.name, {}).items():
            measure = measures[name]
            energy_kwh, site = sum(months.values()), measure.site[0]
            fate = "exported" if measure.surplus == "export" else "curtailed"
            yield Problem(
                "measure-pv-surplus",
                "note",
                f"measure {name!r} makes {round(energy_kwh):,} kWh that {site} cannot use in the"
                f" months, and that are {fate}",
                where=f"{scenario.file}, scenario {scenario.name}, {counted(len(months), 'month')}"
                f" from {month_list([min(months)])} to {month_list([max(months)])}",
                remedy="build less, or take the surplus as meant",
            )


def planned_yield(run: Run) -> Iterator[Problem]:
    """A stated yield of a plan that no sky could give."""
    places = run.settings.sites()
    for scenario in run.scenarios.values():
        for each in scenario.measures:
            place = places.get(each.site[0]) if each.kind == "pv" and each.site else None
            point = place.plane(PVPlant()) if place else None
            stated = each.specific_yield_kwh_per_kw if point else None
            if stated is None or not clearsky.is_installed():
                continue
            plane = each.plane(point)
            most = sum(clearsky.yield_in(plane, clearsky.YEAR * 100 + m) for m in range(1, 13))
            if stated > most:
                yield Problem(
                    "measure-above-clear-sky",
                    "error",
                    f"measure {each.name!r} states a yield of {stated:,.0f} kWh/kW, more than a sky"
                    f" without clouds could give ({most:,.0f} kWh/kW)",
                    where=f"{scenario.file}, scenario {scenario.name}",
                    looked_for=str(plane),
                    remedy="state what a plant there yields: carbon pv tells those of the book",
                )
