"""The calendar: reporting years, factor years, and the cut-off each month stands under."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from carbon.engine import Row
from carbon.ledger.closings import Closing
from carbon.library import Library
from carbon.settings import Settings, Site

FIRST_YEAR, LAST_YEAR = 1990, 2060
WHOLE, SINGLE, FROM = "reporting years", "months", ", factor years from month "


def run_option(settings: Settings, cut_off: int, known_on: date) -> list[Row]:
    """The options of the run."""
    return [(cut_off, known_on, settings.policy.gwp)]


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


def months_in(settings: Settings, year: int) -> tuple[int, int]:
    """The first and last month of a reporting year."""
    months = [number for number, of in calendar(settings) if of == year]
    return min(months), max(months)


def factor_month(settings: Settings, calendars: Iterable[str]) -> Iterator[Row]:
    """The factor year of each month, in every calendar that a site goes by."""
    starts = settings.organisation.reporting_year_starts
    for name in sorted(set(calendars)):
        rule, _, begins = name.rpartition(FROM)
        for number, _ in calendar(settings):
            first = _first_month(number, starts) if rule == WHOLE else number
            year = _begun(first, int(begins))
            if rule == WHOLE and 0 < (int(begins) - starts) % 12 <= 6:
                year += 1  # most of its months, or at a tie its later half, lie in the next
            yield (name, number, year)


def factor_calendar(settings: Settings, library: Library, place: Site) -> str:
    """How the factor years of a site run: by its reporting years, each taking the factor year that
    holds most of it, or by months; from the month in which the country's factor years begin."""
    said = settings.policy.factor_year
    begins = 1 if said == "calendar year" else library.year_starts(place.region)
    return f"{WHOLE if said == 'reporting year' else SINGLE}{FROM}{begins}"


def _first_month(month: int, starts: int) -> int:
    """The month in which the reporting year of a month began."""
    return _begun(month, starts) * 100 + starts


def _begun(month: int, starts: int) -> int:
    """The calendar year in which the twelve months around a month began."""
    year, of_year = divmod(month, 100)
    return year if of_year >= starts else year - 1


def reporting_year(month: int, starts: int) -> int:
    """The reporting year of a month: named after the calendar year that holds most of its months,
    at a tie after the one it ends in.

    >>> reporting_year(202303, 4), reporting_year(202304, 4), reporting_year(202307, 7)
    (2022, 2023, 2024)
    """
    begun = _begun(month, starts)
    return begun + 1 if starts >= 7 else begun


def month_list(months: Sequence[int]) -> str:
    """Months as people write them: '2023-04, 2023-08 to 2023-10'."""
    spans: list[list[int]] = []
    for month in months:
        if spans and count_of(month) == count_of(spans[-1][-1]) + 1:
            spans[-1].append(month)
        else:
            spans.append([month])
    return ", ".join(
        dashed(span[0]) + (f" to {dashed(span[-1])}" if len(span) > 1 else "") for span in spans
    )


def months_between(first: int, last: int) -> str:
    """'2023-01 to 2023-12', or the one month."""
    return dashed(first) if first == last else f"{dashed(first)} to {dashed(last)}"


def count_of(month: int) -> int:
    """Months since the year 0, so that neighbours differ by 1."""
    return month // 100 * 12 + month % 100


def later(month: int, by: int) -> int:
    """The month so many months later.

    >>> later(202311, 3), later(202401, -1)
    (202402, 202312)
    """
    year, of_year = divmod(count_of(month) - 1 + by, 12)
    return year * 100 + of_year + 1


def dashed(month: int) -> str:
    """'2023-07'."""
    return f"{month // 100}-{month % 100:02}"
