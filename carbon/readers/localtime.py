"""Local time: which day an instant belongs to where a meter hangs.

A Green Button file says its distance from UTC and how daylight saving begins and ends, as rules
packed into 32 bits; a column map may name a time zone instead. The rules were read from the schema
of ESPI (`DstRuleType`): seconds, hours, day of the week, day of the month, which of them, month.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Protocol

from carbon.errors import CarbonError
from carbon.settings import ColumnMap, time_zone

NEVER = 0xFFFFFFFF
EPOCH = datetime(1970, 1, 1)


class Zone(Protocol):
    """Where it is which day."""

    def day(self, instant: int) -> date:
        """The local day of an instant [s of UTC]."""

    def midnight(self, day: date) -> int:
        """The instant at which a local day begins [s of UTC]."""


class Named:
    """A time zone by its name."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone

    def day(self, instant: int) -> date:
        return (
            (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant))
            .astimezone(self.zone)
            .date()
        )

    def midnight(self, day: date) -> int:
        return int(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp())


class Ruled:
    """A distance from UTC, with daylight saving by two rules."""

    def __init__(self, offset: int, saving: int, begins: int, ends: int) -> None:
        """offset, saving : [s]; begins, ends : rules of 32 bits."""
        self.offset, self.saving, self.begins, self.ends = offset, saving, begins, ends
        self.days: dict[int, date] = {}
        self.spans: dict[int, tuple[int, int]] = {}

    def day(self, instant: int) -> date:
        hour = instant // 900  # no clock is changed within a quarter of an hour
        if hour not in self.days:
            self.days[hour] = (EPOCH + timedelta(seconds=self._local(hour * 900))).date()
        return self.days[hour]

    def midnight(self, day: date) -> int:
        standard = int((datetime(day.year, day.month, day.day) - EPOCH).total_seconds())
        early = standard - self.offset - self.saving
        return early if self._local(early) == standard else standard - self.offset

    def _local(self, instant: int) -> int:
        standard = instant + self.offset
        if not self.saving or NEVER in (self.begins, self.ends):
            return standard
        year = (EPOCH + timedelta(seconds=standard)).year
        if year not in self.spans:
            self.spans[year] = (_moment(self.begins, year), _moment(self.ends, year) - self.saving)
        first, last = self.spans[year]
        is_saving = first <= standard < last if first < last else not last <= standard < first
        return standard + (self.saving if is_saving else 0)


def _moment(rule: int, year: int) -> int:
    """When a rule holds in a year, by the clock on the wall [s since 1970].

    >>> EPOCH + timedelta(seconds=_moment(0x360E2000, 2023))
    datetime.datetime(2023, 3, 12, 2, 0)
    >>> EPOCH + timedelta(seconds=_moment(0xB40E2000, 2023))
    datetime.datetime(2023, 11, 5, 2, 0)
    """
    seconds, hours = rule & 0xFFF, rule >> 12 & 0x1F
    weekday, day = rule >> 17 & 0x7, rule >> 20 & 0x1F
    which, month = rule >> 25 & 0x7, rule >> 28 & 0xF
    if which == 0:
        found = date(year, month, day)
    elif which == 1:
        found = _on_or_after(date(year, month, day), weekday)
    elif which == 7:
        following = date(year + month // 12, month % 12 + 1, 1)
        found = _on_or_after(following - timedelta(days=7), weekday)
    else:
        found = _on_or_after(date(year, month, 1), weekday) + timedelta(weeks=which - 2)
    return (found - date(1970, 1, 1)).days * 86_400 + hours * 3600 + seconds


def _on_or_after(day: date, weekday: int) -> date:
    """The first such weekday (Monday is 1) on a day or after it."""
    if not 1 <= weekday <= 7:
        raise ValueError("no weekday")
    return day + timedelta(days=(weekday - day.isoweekday()) % 7)


def zone_of(entries: Any, wanted: ColumnMap, file: str) -> Callable[[Any], Zone]:
    """The local time of each usage point: as the map says, else as the file says."""
    if wanted.time_zone:
        named = Named(time_zone(wanted.time_zone))
        return lambda point: named
    said = [each for each in entries if each.kind == "LocalTimeParameters"]
    if not said:
        raise CarbonError(
            "time-zone-missing",
            f"{file} does not say its local time, by which days and months begin",
            where=file,
            looked_for="LocalTimeParameters",
            remedy='say time_zone = "America/New_York" (or "UTC-05:00") in the column map',
        )
    zones = {each.number: _ruled(each, file) for each in said}

    def of(point: Any) -> Zone:
        linked = [each for each in said if point and each.self_link in point.related]
        if not linked and len({_content(each) for each in said}) > 1:
            raise CarbonError(
                "time-zone-missing",
                f"{file} holds several local times, and a usage point is linked with none",
                where=file,
                remedy='say time_zone = "America/New_York" (or "UTC-05:00") in the column map',
            )
        return zones[(linked or said)[0].number]

    return of


def _content(entry: Any) -> tuple[Any, ...]:
    return tuple(sorted(entry.texts.items()))


def _ruled(entry: Any, file: str) -> Ruled:
    try:
        begins, ends = (
            int(entry.texts.get(name, "") or "FFFFFFFF", 16) & NEVER
            for name in ("dstStartRule", "dstEndRule")
        )
        zone = Ruled(entry.integer("tzOffset"), entry.integer("dstOffset"), begins, ends)
        if abs(zone.offset) > 54_000 or not 0 <= zone.saving <= 7200:
            raise ValueError("out of range")
        zone.day(0)  # the rules name days that exist
        return zone
    except (ValueError, OverflowError):
        raise CarbonError(
            "bad-local-time",
            f"{file} says its local time in a way that cannot be read",
            where=file,
            looked_for="tzOffset and dstOffset in seconds, rules of eight hexadecimal digits",
            remedy='say time_zone = "America/New_York" (or "UTC-05:00") in the column map',
        ) from None
