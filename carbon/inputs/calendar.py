"""The calendar: reporting years, factor years, and the cut-off each month stands under."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from carbon.engine import Row
from carbon.ledger.closings import Closing
from carbon.library import Library
from carbon.settings import Settings, Site

FIRST_YEAR, LAST_YEAR = 1990, 2060


def run_option(settings: Settings, cut_off: int, known_on: date) -> list[Row]:
    """The options of the run."""
    return [(cut_off, known_on, settings.policy.gwp, settings.policy.pv_in_energy)]


def month(
    settings: Settings, cut_off: int, closings: Mapping[int, Closing] | None = None
) -> Iterator[Row]:
    """The calendar: of each month its reporting year, and the cut-off it stands under."""
    closed = closings or {}
    for number, year in calendar(settings):
        if year in closed:
            yield (number, year, closed[year].policy, closed[year].cut_off)
        else:
            yield (number, year, "", cut_off)


def calendar(settings: Settings) -> Iterator[tuple[int, int]]:
    """Every month with its reporting year."""
    starts = settings.organisation.reporting_year_starts
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for number in range(year * 100 + 1, year * 100 + 13):
            yield number, reporting_year(number, starts)


def factor_month(settings: Settings, library: Library) -> Iterator[Row]:
    """The factor year of each month, in every calendar that a site goes by."""
    begins = {factor_calendar(settings, library, place) for place in settings.site}
    for begin in sorted(begins | {0}):
        for number, reporting in calendar(settings):
            year, of_year = divmod(number, 100)
            begun = year if of_year >= begin else year - 1
            yield (begin, number, begun if begin else reporting)


def factor_calendar(settings: Settings, library: Library, place: Site) -> int:
    """The month in which the factor years of a site begin, 0 where they follow its reports."""
    said = settings.policy.factor_year
    if said == "financial year":
        return library.year_starts(place.region)
    return 1 if said == "calendar year" else 0


def reporting_year(month: int, starts: int) -> int:
    """The reporting year of a month: named after the calendar year that holds most of its months,
    at a tie after the one it ends in.

    >>> reporting_year(202303, 4), reporting_year(202304, 4), reporting_year(202307, 7)
    (2022, 2023, 2024)
    """
    year, of_year = divmod(month, 100)
    begun = year if of_year >= starts else year - 1
    return begun + 1 if starts >= 7 else begun
