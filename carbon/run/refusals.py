"""What a plan may not say: what nobody can record, and less than nothing left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from carbon import pipeline, scenarios
from carbon.errors import BelowZero, SettingsError, nearest
from carbon.library import Library
from carbon.run.model import Run
from carbon.scenarios import Measure, Scenario


def refuse_unknown_site(planned: Scenario, known: Collection[str]) -> None:
    """A denominator of a site that is none serves no target. Raises SettingsError."""
    for denominator in planned.denominators:
        for name in denominator.site:
            if name not in known:
                raise SettingsError(
                    "scenario",
                    f"scenario {planned.name!r} has {denominator.who} of {name!r}, which is no"
                    " site",
                    where=planned.file,
                    nearest=nearest(name, known),
                    remedy="name sites of carbon.toml",
                )


def refuse_unknown_activity(planned: Scenario, known: Collection[str]) -> None:
    """A measure on what nobody can record would change nothing. Raises SettingsError."""
    for measure in planned.measures:
        for name in getattr(measure, "activity", ()):
            if name not in known:
                raise _unknown(planned, measure, name, "activity", known, "one of docs/columns.md")


def refuse_unknown_meter(planned: Scenario, meters: Iterable[tuple[str, str]]) -> None:
    """Nor may one act on a meter that its sites do not have, unless it brings one of its own.

    meters : site and name of meters, recorded keys and appliances. Raises SettingsError.
    """
    every = [(site, meter) for site, meter in meters if meter]
    for measure in planned.measures:
        known = {meter for site, meter in every if not measure.site or site in measure.site}
        for name in () if measure.BRINGS_METER else getattr(measure, "meter", ()):
            if name not in known:
                of = f"meter of {', '.join(measure.site)}" if measure.site else "meter"
                remedy = "one of carbon.toml, of a leak an appliance, or leave the meter out"
                raise _unknown(planned, measure, name, of, known, remedy)


def _unknown(
    planned: Scenario, measure: Measure, name: str, word: str, known: Collection[str], remedy: str
) -> SettingsError:
    near = nearest(name, known)
    return SettingsError(
        "scenario",
        f"scenario {planned.name!r} has {measure.name!r} act on {name!r}, which is no {word}",
        where=planned.file,
        nearest=near,
        remedy=f"write {near!r}" if near else f"write {remedy}",
    )


def refuse_unknown_refrigerant(known: Library, planned: Scenario, place: scenarios.Place) -> None:
    """A plan may not leak what the library has no factor of. Raises SettingsError."""
    if place.activity == "refrigerant" and f"refrigerant/{place.detail}" not in known.topics:
        names = [each.partition("/")[2] for each in known.topics if each.startswith("refrigerant/")]
        raise SettingsError(
            "scenario",
            f"scenario {planned.name!r} has a measure with refrigerant {place.detail!r}, which the"
            " library does not know",
            where=planned.file,
            nearest=nearest(place.detail, names),
            remedy="write it like R-32, or add a set of it to the book's factors",
        )


def refuse_below_zero(run: Run, wanted: Sequence[Scenario]) -> None:
    """A plan may not save more electricity than a site buys. Raises BelowZero."""
    files = {each.name: each.file for each in wanted}
    found = sorted(row for row in pipeline.check(run.engine, "negative_import") if row[0] in files)
    if found:
        scenario, site, year, _, energy_kwh = found[0]
        raise BelowZero(
            f"scenario {scenario} leaves {site} with less than no electricity in {year}",
            {row[0] for row in found},
            where=f"{files[scenario]}: {energy_kwh:,.0f} kWh in its months below zero",
            remedy="take back savings or self-used PV of its measures at that site",
        )


def refuse_less_than_nothing(
    run: Run, wanted: Sequence[Scenario], lowered: set[tuple[str, str, str]]
) -> None:
    """Nor more fuel or heat in a year than there is. Months may: fuel is bought now and then.

    lowered : scenario, site and activity of what measures take off. Raises BelowZero.
    """
    if not lowered:  # `emission` is worked out for who asks
        return
    files = {each.name: each.file for each in wanted}
    rows = run.rows(
        "select scenario, site, activity, reporting_year, cast(sum(co2e_g) as double) / 1e6"
        " from emission where line in ('scope1', 'scope2') and accounting <> 'market'"
        " group by 1, 2, 3, 4 having sum(co2e_g) < 0 order by 1, 2, 3, 4"
    )
    found = [row for row in rows if row[0] in files and tuple(row[:3]) in lowered]
    if found:
        scenario, site, activity, year, mass_t = found[0]
        raise BelowZero(
            f"scenario {scenario} leaves {site} with less than no {activity} in {year}",
            {row[0] for row in found},
            where=f"{files[scenario]}: {mass_t:,.1f} t CO2e, below zero",
            remedy="take back savings of its measures at that site, or record what it uses",
        )
