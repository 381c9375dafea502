"""Equipment, service and stock of refrigerants as rows, and which method serves each year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbon.coefficient import rounded
from carbon.engine import Row
from carbon.inputs.calendar import FIRST_YEAR, LAST_YEAR, reporting_year
from carbon.inputs.leaks import LeakRate, leak_rate
from carbon.inputs.views import Views
from carbon.ledger import Ledger
from carbon.ledger.closings import Closing
from carbon.library import Library
from carbon.schema import FOREVER
from carbon.settings import Settings

NEAR = timedelta(days=31)  # how far from the edge of a year a stock may be counted for it
NOTHING = Decimal(0)
TABLES = ("equipment", "service", "refrigerant_stock")

Said = Mapping[str, Any]  # a row of the ledger


def refrigerants(
    ledger: Ledger,
    views: Views,
    library: Library,
    cut_off: int,
    closings: Mapping[int, Closing],
) -> dict[str, list[Row]]:
    """The input relations of refrigerants; a closed year has the rows it had at its closing."""
    starts = views.now.settings.organisation.reporting_year_starts
    spans = [*views.spans()]
    found: dict[str, list[Row]] = defaultdict(list)
    for year, until in [(0, cut_off), *((year, each.cut_off) for year, each in closings.items())]:
        view = views.of(year)
        equipment, service, stock = (ledger.current(table, until) for table in TABLES)

        def counts(number: int, year: int = year) -> bool:
            return number == year if year else number not in closings

        def is_of(row: Said, name: str, counts: Callable[[int], bool] = counts) -> bool:
            return counts(reporting_year(month_of(row[name]), starts))

        found["service_event"] += service_event(
            equipment, [row for row in service if is_of(row, "serviced_on")]
        )
        found["stock_event"] += stock_event([row for row in stock if is_of(row, "happened_on")])
        found["stock_count"] += [row for row in stock_count(stock, starts) if counts(row[2])]
        for span in spans:
            if span.view is view:
                said = view.settings
                found["appliance"] += appliance(said, library, equipment, service, span[1:])
    return {**found, "refrigerant_policy": refrigerant_policy(views), "even_share": [*even_share()]}


def service_event(equipment: Sequence[Said], service: Sequence[Said]) -> list[Row]:
    """Service events with the site and the refrigerant of their appliance."""
    holds = {each["equipment_id"]: each for each in equipment}
    return [
        (
            event["equipment_id"],
            holds[event["equipment_id"]]["site"],
            holds[event["equipment_id"]]["refrigerant"],
            event["event"],
            month_of(event["serviced_on"]),
            event["mass_kg"],
        )
        for event in service
        if event["equipment_id"] in holds
    ]


def appliance(
    settings: Settings,
    library: Library,
    equipment: Sequence[Said],
    service: Sequence[Said],
    span: tuple[int, int],
) -> list[Row]:
    """Appliances as a span of months sees them, with the leak rates of their kind.

    Where a dispose event is recorded, its month is when the appliance went; else the day it was
    retired. What was recovered in the reporting year of its retirement says what was left as well.
    """
    starts, places = settings.organisation.reporting_year_starts, settings.sites()
    events: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for each in service:
        events[each["equipment_id"]][each["event"]].append(month_of(each["serviced_on"]))
    rates: dict[tuple[str, str], LeakRate | None] = {}
    rows: list[Row] = []
    for each in equipment:
        key = (each["site"], each["kind"])
        if key not in rates:
            rates[key] = leak_rate(settings, library, places.get(each["site"]), each["kind"])
        happened = events[each["equipment_id"]]
        retired = month_of(each["retired_on"]) if each["retired_on"] else FOREVER
        gone = max(happened["dispose"], default=retired)
        recovered = {reporting_year(month, starts) for month in happened["recover"]}
        is_told = bool(happened["dispose"]) or (
            retired != FOREVER and reporting_year(retired, starts) in recovered
        )
        rows.append(
            (
                each["equipment_id"],
                each["site"],
                each["refrigerant"],
                each["charge_kg"],
                each["charged"],
                month_of(each["installed_on"]),
                min(happened["install"], default=0),
                gone,
                _whole_from(each["installed_on"]),
                _whole_until(each["retired_on"]) if each["retired_on"] else gone,
                is_told,
                *_shares(rates[key]),
                *span,
            )
        )
    return rows


def _shares(rate: LeakRate | None) -> tuple[Any, ...]:
    """Installation, annual and disposal leak, whether each is printed, and the set they are of."""
    found = (rate.installation, rate.annual, rate.disposal) if rate else (None, None, None)
    shares = (each or NOTHING for each in found)
    return (*shares, *(each is not None for each in found), rate.set_id if rate else "")


def stock_event(stock: Sequence[Said]) -> list[Row]:
    """Movements into and out of stocks."""
    return [
        (
            each["site"],
            each["refrigerant"],
            each["event"],
            month_of(each["happened_on"]),
            each["mass_kg"],
        )
        for each in stock
        if each["event"] != "count"
    ]


def stock_count(stock: Sequence[Said], starts: int) -> list[Row]:
    """What was counted nearest to either edge of a reporting year, at most `NEAR` from it.

    A count of the last day of a year and one of the first day of the next are equally near: the
    later one is taken, and of several of one day the one with the last id.
    """
    found: dict[tuple[str, str, int], tuple[tuple[timedelta, int], Said]] = {}
    for each in stock:
        if each["event"] == "count":
            day = each["happened_on"]
            away, year = min(_apart(day, edge, starts) for edge in _edges(day, starts))
            key = (each["site"], each["refrigerant"], year)
            rank = (away, -day.toordinal())
            if away <= NEAR and (key not in found or rank <= found[key][0]):
                found[key] = (rank, each)
    return [
        (site, refrigerant, year + later, edge, said["mass_kg"], said["stock_id"])
        for (site, refrigerant, year), (_, said) in found.items()
        for later, edge in ((0, "closing"), (1, "opening"))
    ]


def _edges(day: date, starts: int) -> list[date]:
    """The first days of the reporting years around a day."""
    return [date(year, starts, 1) for year in (day.year - 1, day.year, day.year + 1)]


def _apart(day: date, edge: date, starts: int) -> tuple[timedelta, int]:
    """How far a day is from the edge of a year, and the reporting year that ends there."""
    before = edge - timedelta(days=1)
    away = before - day if day <= before else day - edge
    return away, reporting_year(month_of(before), starts)


def refrigerant_policy(views: Views) -> list[Row]:
    """The methods that may serve each reporting year, in its own order of preference."""
    return [
        (year, method, preference)
        for year in range(FIRST_YEAR - 1, LAST_YEAR + 2)
        for preference, method in enumerate(views.of(year).settings.policy.refrigerant, start=1)
    ]


def even_share() -> Iterator[Row]:
    """What each of so many months has of an even whole."""
    for months in range(1, 13):
        for place in range(1, months + 1):
            before, until = Fraction(place - 1, months), Fraction(place, months)
            yield (months, place, rounded(before), rounded(until))


def month_of(day: date) -> int:
    return day.year * 100 + day.month


def _whole_from(installed_on: date) -> int:
    """The first month of which it ran every day."""
    return month_of(
        installed_on
        if installed_on.day == 1
        else installed_on + timedelta(days=32 - installed_on.day)
    )


def _whole_until(retired_on: date) -> int:
    """The first month of which it ran no longer every day; of a month's last day, the next."""
    return month_of(retired_on + timedelta(days=1))
