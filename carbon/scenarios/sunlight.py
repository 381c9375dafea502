"""PV measures under the sun of their site: its history, its clear sky, or a file of its weather.

What a site knows of itself goes in as `Sun`; each PV measure whose months follow from it comes out
with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from carbon import clearsky, pvwatts
from carbon.clearsky import Plane
from carbon.errors import CarbonError, SettingsError
from carbon.scenarios.kinds import Measure
from carbon.scenarios.kinds.pv import PV
from carbon.scenarios.model import Scenario


class Sun(NamedTuple):
    """What is known of the sun at the sites of a book."""

    points: Mapping[str, Plane]  # where each site lies, of those that say so
    history: Callable[[str], Sequence[Fraction] | None]  # by month, of recorded plants [kWh/kW]
    weather: Callable[[str], str | None]  # the text of a file in the book


def lit(scenario: Scenario, sun: Sun) -> Scenario:
    """The scenario with the months of its PV known.

    Raises SettingsError where the history, the place or the file of a site is missing, UsageError
    where the extra `carbon[pv]` is.
    """
    return replace(
        scenario, measures=tuple(_lit(scenario, each, sun) for each in scenario.measures)
    )


def _lit(scenario: Scenario, measure: Measure, sun: Sun) -> Measure:
    if not isinstance(measure, PV) or not measure.needs_sun:
        return measure
    site, where = measure.site[0], f"{scenario.file}, {measure.who}"
    if measure.yield_:
        known = sun.history(site)
        if known is None:
            raise SettingsError(
                "no-history",
                f"{measure.who} goes by the history of {site}, which has no whole year of PV",
                where=where,
                looked_for="a reporting year with twelve months of pv_generation, and capacity_kw"
                " of each plant that ran in it",
                remedy="state specific_yield_kwh_per_kw and monthly_share instead",
            )
        return measure.under(known)
    if measure.weather:
        text = sun.weather(measure.weather)
        if text is None:
            raise SettingsError(
                "no-weather-file",
                f"{measure.who} goes by {measure.weather}, which is not in the book",
                where=where,
                looked_for="a file in the book's folder weather/, ending in .epw or .csv",
                remedy=f"put it there, and write weather = 'weather/{measure.weather}'",
            )
        try:
            return measure.under(pvwatts.monthly(text, measure.weather, measure.plane(ANYWHERE)))
        except CarbonError as fault:
            fault.where = fault.where or where
            raise
    if site not in sun.points:
        raise SettingsError(
            "no-place",
            f"{measure.who} takes the shape of a clear sky, and nobody says where {site} lies",
            where=where,
            looked_for=f"latitude and longitude of {site} in carbon.toml",
            remedy="say them there, or list the twelve shares",
        )
    return measure.under(clearsky.shares(measure.plane(sun.points[site])))


ANYWHERE = Plane(clearsky.NOWHERE, clearsky.NOWHERE)  # a weather file says where it was taken
