"""When an interval begins: a written time as an instant, with the local day and month it is of.

A time may be the clock on the wall, the same with its distance from UTC behind it, or UTC itself.
By the zone of the column map the clock is read with its summer time: an hour that does not exist is
refused, one that comes twice keeps both instants. Without a zone the clock is taken as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from carbon.errors import CarbonError
from carbon.readers import words
from carbon.readers.localtime import EPOCH, Named
from carbon.settings import ColumnMap, time_zone

AWAY = re.compile(r"(.*[0-9]{1,2}:[0-9]{2}.*?)\s*(?:([Zz])|([+-])([0-9]{2}):?([0-9]{2})?)")
DAY = 86_400  # [s]


class Moment(NamedTuple):
    """What a written time says."""

    said: str
    at: int  # [s of UTC]
    again_s: int | None  # the second time the clock shows it
    day: int  # local, as `date.toordinal` counts
    month: int  # 202307


class Stamps:
    """Reads the times of one column."""

    def __init__(self, label: str, mapped: ColumnMap) -> None:
        self.label, self.mapped = label, mapped
        self.zone: tzinfo | None = time_zone(mapped.time_zone) if mapped.time_zone else None

    def moment(self, said: str) -> Moment:
        """The instant of a text. Raises CarbonError for one that is none, or not one alone."""
        away = AWAY.fullmatch(words.text(said))
        clock = words.moment(away[1] if away else said, self.label, self.mapped.date_format)
        if away:
            return self._of_instant(said, clock, away)
        if self.zone is None:
            return _moment(said, _seconds(clock), None, clock.date())
        first, second = (_instant(clock, self.zone, fold) for fold in (0, 1))
        if _clock(first, self.zone) != clock:
            raise _no_such_hour(self.label, said, self.mapped.time_zone)
        return _moment(said, first, second if second != first else None, clock.date())

    def _of_instant(self, said: str, clock: datetime, away: re.Match[str]) -> Moment:
        """A time that says how far it is from UTC."""
        seconds = 0 if away[2] else int(away[4]) * 3600 + int(away[5] or 0) * 60
        at = _seconds(clock) - (-seconds if away[3] == "-" else seconds)
        if self.zone is not None:
            return _moment(said, at, None, _clock(at, self.zone).date())
        if away[2]:
            raise _no_zone(self.label, said)
        return _moment(said, at, None, clock.date())

    def length(self, day: int) -> int:
        """How long a local day is. [s]"""
        if self.zone is None:
            return DAY
        named = Named(self.zone)
        first = date.fromordinal(day)
        return named.midnight(first + timedelta(days=1)) - named.midnight(first)


def has_time(cells: Iterable[words.Cell], date_format: str) -> bool:
    """Whether any of the first cells of a column says a time of day besides midnight."""
    stamps = Stamps("start", ColumnMap(date_format=date_format))
    for cell in cells:
        away = AWAY.fullmatch(words.text(cell))
        try:
            found = words.moment(away[1] if away else cell, stamps.label, date_format)
        except CarbonError:
            continue
        if found.hour or found.minute or found.second:
            return True
    return False


def _moment(said: str, at: int, again_s: int | None, day: date) -> Moment:
    return Moment(said, at, again_s, day.toordinal(), day.year * 100 + day.month)


def _seconds(clock: datetime) -> int:
    return int((clock - EPOCH).total_seconds())


def _instant(clock: datetime, zone: tzinfo, fold: int) -> int:
    return int(clock.replace(tzinfo=zone, fold=fold).timestamp())


def _clock(at: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).replace(tzinfo=None, fold=0)


def _no_such_hour(label: str, said: str, zone: str) -> CarbonError:
    return CarbonError(
        "impossible-time",
        f"{label} {said!r} does not exist in {zone}: the clocks go forward over it",
        looked_for="a time the clock on the wall shows",
        remedy='where the meter keeps its clock all year, say time_zone = "UTC+01:00" or the like'
        " in the column map",
    )


def _no_zone(label: str, said: str) -> CarbonError:
    return CarbonError(
        "time-zone-missing",
        f"{label} {said!r} is a time of UTC, which does not say the local day",
        looked_for="a time zone, by which days and months begin",
        remedy='say time_zone = "Europe/Berlin" (or "UTC+08:00") in the column map',
    )
