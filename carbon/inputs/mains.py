"""What each meter measures a part of: main and sub-meters as rows, and virtual meters as sums.

A meter is a part where its settings say `of`, and where its role says that it measures a part: then
the main is the one meter or bill of the site that measures the whole. A main counts as such in the
months in which it stands, and for what is recorded on it, or by its role should be: a gas meter is
no main of an electricity meter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from carbon.engine import Row
from carbon.inputs.views import BEGINNING, Views
from carbon.inputs.words import METERED, PARTS, PURCHASED
from carbon.metering import expanded
from carbon.schema import FOREVER
from carbon.settings import Meter, Settings, Site

USED = (*PURCHASED, "it_load")  # electricity used, as meters tell it

Measure = tuple[str, str]  # a meter of the site, '' for its bills, and the activity it tells


class Part(NamedTuple):
    """What a meter of a site measures of an activity in a span of months, and who counts it."""

    site: str
    meter: str
    activity: str
    mains: tuple[Measure, ...]  # the nearest first; ('', '') where nobody can say which
    is_counted: bool  # its use is in that of a main already
    first_month: int
    left_month: int


def meter_part(views: Views, keys: Sequence[Row]) -> list[Row]:
    """Each meter that measures a part, with every main above it."""
    rows: list[Row] = []
    for span in views.spans():
        for part in parts(span.view.settings, keys):
            stay = span.clipped(part.first_month, part.left_month)
            if stay is not None:
                rows += [
                    (*part[:3], *main, distance, len(part.mains), part.is_counted, *stay)
                    for distance, main in enumerate(part.mains, start=1)
                ]
    return rows


def meter_term(views: Views, keys: Sequence[Row]) -> list[Row]:
    """The meters that make up each virtual one, with the activity each tells its part by."""
    rows: list[Row] = []
    for span in views.spans():
        for meters in _meters(span.view.settings, keys):
            for each in meters.known.values():
                stay = span.clipped(each.since, each.until or FOREVER)
                if each.is_virtual and stay is not None:
                    rows += [(*row, *stay) for row in meters.terms(each)]
    return rows


def parts(settings: Settings, keys: Sequence[Row]) -> list[Part]:
    """What each meter measures a part of by these settings, where anything was recorded."""
    return [part for meters in _meters(settings, keys) for part in meters.parts()]


def _meters(settings: Settings, keys: Sequence[Row]) -> Iterator[_Meters]:
    """The sites of which any meter is a part, or virtual."""
    recorded: dict[str, dict[str, list[str]]] = {}
    for _, site, meter, activity, _ in keys:
        recorded.setdefault(site, {}).setdefault(meter, []).append(activity)
    for place in settings.site:
        if any(each.of or each.is_virtual or each.role in PARTS for each in place.meter):
            yield _Meters(place, recorded.get(place.name, {}))


class _Meters:
    """The meters of a site, with the activities recorded on each."""

    def __init__(self, place: Site, recorded: Mapping[str, Sequence[str]]) -> None:
        self.site, self.recorded = place.name, recorded
        self.known = {each.name: each for each in place.meter}

    def parts(self) -> Iterator[Part]:
        """Every meter that measures a part of what another does, by activity and span."""
        for each in self.known.values():
            for activity in self.activities(each):
                for first, left in pairwise(self._turns(each)):
                    mains = tuple(self._mains(each, activity, first))
                    if mains:
                        is_counted = any(_is_same(activity, told) for _, told in mains)
                        said = (self.site, each.name, activity, mains, is_counted)
                        yield Part(*said, first, left)

    def activities(self, each: Meter) -> list[str]:
        """What a meter tells: what was recorded on it, else what its role says."""
        if each.is_virtual:
            return list(dict.fromkeys(row[2] for row in self.terms(each)))
        declared = [METERED[each.role]] if each.role in METERED and not each.of else []
        return list(dict.fromkeys(self.recorded.get(each.name, declared)))

    def terms(self, virtual: Meter) -> Iterator[Row]:
        """Site, meter, activity, and each term of it: meter, activity, times, number of terms."""
        times = expanded(virtual.name, self.known)
        lead = next(iter(times), "")
        for activity in dict.fromkeys(self.recorded.get(lead, ())):
            told = {name: self._told_by(name, activity) for name in times}
            if all(told.values()):
                for name, count in times.items():
                    spot = (self.site, virtual.name, activity)
                    yield (*spot, name, told[name], count, len(times))

    def _turns(self, each: Meter) -> list[int]:
        """The months in which a meter, or one that may be above it, comes or goes."""
        months = {BEGINNING, FOREVER}
        for other in self.known.values():
            if other is not each:
                months |= {other.since, other.until or FOREVER}
        return sorted(months)

    def _mains(self, each: Meter, activity: str, month: int) -> Iterator[Measure]:
        """The mains of a meter in a month, the nearest first."""
        while each.of:
            each = self.known[each.of]
            told = self._told_by(each.name, activity)
            if told and each.stands(month):
                yield each.name, told
        if each.role in PARTS and (activity in USED or each.role == "sub_meter"):
            yield from self._whole(activity, month)

    def _whole(self, activity: str, month: int) -> Iterator[Measure]:
        """The one bill or meter of the site that measures the whole, where several do no one's."""
        found = []
        for name in ("", *self.known):
            each = self.known.get(name)
            if each and (each.of or each.is_virtual or not each.stands(month)):
                continue
            told = self._told_by(name, activity)
            if told in PURCHASED:
                is_whole = each is None or each.role == "grid_import"
            else:
                is_whole = activity not in USED and (each is None or each.role not in PARTS)
            if told and is_whole:
                found.append((name, told))
        if found:
            yield found[0] if len(found) == 1 else ("", "" if activity in USED else activity)

    def _told_by(self, name: str, activity: str) -> str:
        """The activity by which a meter tells what another calls `activity`, '' where none."""
        each = self.known.get(name)
        told = self.activities(each) if each else self.recorded.get(name, ())
        alike = (activity, *(other for other in USED if activity in USED))
        return next((other for other in alike if other in told), "")


def _is_same(activity: str, other: str) -> bool:
    """Whether two meters of these activities are counted alike, so that one holds the other. That
    of several bills and meters ('') of which nobody says which is the main is bought as well."""
    return activity == other or (activity in PURCHASED and other in ("", *PURCHASED))


def counted_parts(found: Sequence[Part]) -> Mapping[tuple[str, str, str], list[tuple[int, int]]]:
    """The spans in which a meter's use of an activity is in that of a main already."""
    spans: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for part in found:
        if part.is_counted:
            spans.setdefault(part[:3], []).append((part.first_month, part.left_month))
    return spans
