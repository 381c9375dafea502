"""Refrigerants: years without a record, leaks below zero, missing evidence, double counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from shlex import quote

from carbon import pipeline
from carbon.errors import About, Problem, counted, nearest
from carbon.inputs import months_in
from carbon.inputs.leaks import known_rows, leak_rate
from carbon.inputs.words import NOT_ASKED
from carbon.leakage import results
from carbon.run import Run

SOURCES = {"SF6": "switchgear_sf6"}  # of the checklist of a site; any other gas is a refrigerant


def counted_twice(run: Run) -> Iterator[Problem]:
    """Entries of a refrigerant beside service records or a balance of the same year."""
    for site, refrigerant, year, method in sorted(
        pipeline.check(run.engine, "refrigerant_counted_twice")
    ):
        activity = "sf6" if refrigerant == "SF6" else "refrigerant"
        first, last = months_in(run.settings, year)
        yield Problem(
            "service-and-entry",
            "warning",
            f"{refrigerant} at {site} leaks in {year} by {method} and by an entry: both count",
            remedy=f"carbon entries --site {quote(site)} --activity {activity}, then carbon"
            " withdraw one",
            about=[About(site, "", activity, first=first, last=last)],
        )


def without_record(run: Run) -> Iterator[Problem]:
    """Appliances of which no year, or no more than a part of its evidence, is recorded."""
    excluded = {
        (place.name, source)
        for place in run.settings.site
        for source, state in place.sources.items()
        if state in NOT_ASKED
    }
    rows = [
        row
        for row in sorted(pipeline.check(run.engine, "refrigerant_without_record"))
        if (row[0], SOURCES.get(row[1], "refrigerants")) not in excluded
    ]
    masses = _masses(run) if rows else {}
    for (site, refrigerant), several in groupby(rows, key=itemgetter(0, 1)):
        silent, unused = [], []
        for *_, year, appliances, services, counts in several:
            (unused if services or counts else silent).append((year, appliances))
        if silent:
            years = [year for year, _ in silent]
            found = [
                masses[site, refrigerant, y] for y in years if (site, refrigerant, y) in masses
            ]
            yield replace(
                _silent(site, refrigerant, years, silent[-1][1]),
                mass_t=sum(found, Decimal(0)) if found else None,
            )
        for year, _ in unused:
            yield replace(
                _unused(run, site, refrigerant, year),
                mass_t=masses.get((site, refrigerant, year)),
            )


def silent_sources(run: Run) -> set[tuple[str, str]]:
    """Sites and sources of their checklist whose appliances are told to lack a record."""
    rows = pipeline.check(run.engine, "refrigerant_without_record")
    return {(row[0], SOURCES.get(row[1], "refrigerants")) for row in rows}


def _masses(run: Run) -> dict[tuple[str, str, int], Decimal]:
    """The most that any method makes of a site, refrigerant and year. [t CO2e]"""
    found: dict[tuple[str, str, int], Decimal] = {}
    for each in results(run):
        if each.scopes_g is not None:
            key = (each.site, each.refrigerant, each.year)
            found[key] = max(found.get(key, Decimal(0)), abs(each.scopes_g).scaleb(-6))
    return found


def _silent(site: str, refrigerant: str, years: list[int], appliances: int) -> Problem:
    told = f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])
    return Problem(
        "refrigerant-not-recorded",
        "warning",
        f"{counted(appliances, 'appliance')} with {refrigerant} at {site}, and no service, stock"
        f" or entry in {told}: what leaked is missing, not 0",
        looked_for="service events, counts of stock, entries of the activity refrigerant",
        remedy="carbon log service ... --event top-up (--mass 0 where nothing was needed), or add"
        " 'screening' to refrigerant under [policy] for an estimate",
    )


def _unused(run: Run, site: str, refrigerant: str, year: int) -> Problem:
    allowed = run.views.of(year).settings.policy.refrigerant
    lacks = [
        f"{each.method}: {each.missing}"
        for each in results(run, year)
        if (each.site, each.refrigerant) == (site, refrigerant) and each.method in allowed
    ]
    return Problem(
        "refrigerant-not-counted",
        "warning",
        f"what is recorded of {refrigerant} at {site} in {year} counts nowhere: no method of"
        " [policy] refrigerant has its evidence",
        where="\n".join(lacks),
        remedy="record what is missing, or allow another method under [policy]",
    )


def below_zero(run: Run) -> Iterator[Problem]:
    """A balance below zero, which is carried and not cut off."""
    for each in results(run):
        if each.mass_kg is not None and each.mass_kg < 0:
            used = "counted as it is" if each.is_used else "not the one that is used"
            yield Problem(
                "refrigerant-below-zero",
                "warning" if each.is_used else "note",
                f"{each.refrigerant} at {each.site} leaks {each.mass_kg.normalize():,f} kg in"
                f" {each.year} by {each.method}: less than nothing, {used}",
                looked_for="purchases and top-ups not recorded, counts or charges that are wrong",
                remedy=f"carbon refrigerants {each.year}, then record what is missing",
                mass_t=None if each.scopes_g is None else abs(each.scopes_g).scaleb(-6),
            )


def incomplete(run: Run) -> Iterator[Problem]:
    """A simplified balance that is used and lacks the installing or disposal of a unit."""
    for each in results(run):
        if each.is_used and each.missing:
            yield Problem(
                "refrigerant-incomplete",
                "warning",
                f"{each.refrigerant} at {each.site} in {each.year}, {each.method}: not recorded is"
                f" {each.missing}",
                remedy="carbon log service ... --event install, or --event dispose with the mass"
                " that was recovered",
                mass_t=None if each.scopes_g is None else abs(each.scopes_g).scaleb(-6),
            )


def install_not_counted(run: Run) -> Iterator[Problem]:
    """Install events of appliances that were charged by their maker, or it is not said where."""
    for equipment_id, charged in run.rows(
        "select distinct e.equipment_id, a.charged from service_event as e"
        " join appliance as a on a.equipment_id = e.equipment_id and e.month >= a.first_month"
        " and e.month < a.end_month where e.event = 'install' and a.charged <> 'site' order by 1, 2"
    ):
        why = "it is said to come charged" if charged else "nothing says where it was charged"
        yield Problem(
            "install-not-counted",
            "note",
            f"the install record of {equipment_id} counts nowhere: {why}",
            remedy="import the appliance again with charged = site where it was filled on site",
        )


def unknown_kind(run: Run) -> Iterator[Problem]:
    """Kinds of equipment that screening is asked for and has no leak rates of."""
    if "screening" not in run.settings.policy.refrigerant:
        return
    places = run.settings.sites()
    kinds = {(row["site"], row["kind"]) for row in run.ledger.current("equipment", run.cut_off)}
    for site, kind in sorted(kinds):
        place = places.get(site)
        if place is not None and leak_rate(run.settings, run.library, place, kind) is None:
            rows = known_rows(run.settings, run.library, place)
            yield Problem(
                "no-leak-rate",
                "warning",
                f"no leak rates of {kind!r} at {site}: it cannot be screened",
                looked_for=", ".join(rows),
                nearest=nearest(kind.replace(" ", "-"), rows),
                remedy=f'[policy.equipment_kind] "{kind}" = "ROW", or another series under'
                " [policy.leak]",
            )
