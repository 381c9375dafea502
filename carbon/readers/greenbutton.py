"""Green Button files: what each meter counted, a calendar month of local time a row.

A feed is read twice: first who belongs to whom and in which time and unit, then the intervals,
which are summed as the whole numbers they are. An interval of up to a day belongs to the local day
in which it begins, gas days too; a longer one, as a bill, is a row by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from carbon.errors import CarbonError
from carbon.readers import localtime, words
from carbon.readers.espi import Entry, bad_value, href_of, owner, parse, type_of, unlinked
from carbon.readers.faults import Faults
from carbon.readers.words import Cell
from carbon.settings import ColumnMap

HEADER = ("meter", "activity", "start", "end", "quantity", "unit", "quality", "evidence", "note")
DAY = 86_400  # [s]
# Codes of ESPI ReadingType: uom -> (activity, unit, units to one of it).
UNITS = {
    72: ("electricity", "kWh", Decimal("0.001")),  # Wh
    31: ("natural_gas", "MJ", Decimal("0.000001")),  # J
    42: ("natural_gas", "m3", Decimal(1)),
    166: ("natural_gas", "m3", Decimal(1)),  # uncompensated
    167: ("natural_gas", "m3", Decimal(1)),  # compensated
    119: ("natural_gas", "ft3", Decimal(1)),
    120: ("natural_gas", "ft3", Decimal(1)),  # compensated
    132: ("natural_gas", "Btu", Decimal(1)),
    169: ("natural_gas", "therm", Decimal(1)),
}
FORWARD, NET, REVERSE = 1, 4, 19  # flowDirection; 0 is not stated
DELTA, UNSTATED, SUMMATION, BULK = 4, 0, 9, 1  # accumulationBehaviour that may be added
SERVICES = {0: "electricity", 1: "gas", 2: "water", 4: "heat"}  # ServiceCategory kind
ESTIMATED = frozenset((8, 9, 10, 11, 12, 13, 15))  # QualityOfReading
MAXIMA = frozenset((8, 9, 16, 17, 23, 24, 25))  # dataQualifier of peaks, which do not add up


@dataclass
class Series:
    """The intervals of one meter reading: value and length by start [s of UTC]."""

    point: Entry | None
    reading: Entry
    type: Entry
    intervals: dict[int, tuple[int, int, bool]] = field(default_factory=dict)
    meter: str = ""  # of the book, where a column map says it


def rows(
    data: bytes, file: str, wanted: ColumnMap, faults: Faults
) -> Iterator[tuple[int, list[Cell]]]:
    """Header and rows of a Green Button file. Raises CarbonError for XML that is none."""
    entries: list[Entry] = []
    parse(data, file, entries.append, None)
    if not any(each.kind == "MeterReading" for each in entries):
        raise _no_reading(file)
    series = _series(entries, file)
    parse(data, file, None, _Collector(series, entries, file, faults).add)
    zone = localtime.zone_of(entries, wanted, file)
    yield 0, list(HEADER)
    number = 0
    for each in _taken(series, wanted, file, faults):
        for row in _months(each, zone(each.point), faults):
            number += 1
            yield number, row


def _series(entries: list[Entry], file: str) -> dict[int, Series]:
    """The series that each entry of intervals belongs to, by the entry's number."""
    points = [each for each in entries if each.kind == "UsagePoint"]
    readings = [each for each in entries if each.kind == "MeterReading"]
    types = [each for each in entries if each.kind == "ReadingType"]
    by_reading: dict[int, Series] = {}
    found: dict[int, Series] = {}
    for block in entries:
        if block.kind != "IntervalBlock":
            continue
        reading = owner(block, readings)
        if reading is None:
            raise unlinked(file, block, "meter reading")
        if reading.number not in by_reading:
            kind = type_of(reading, types)
            if kind is None:
                raise unlinked(file, reading, "reading type")
            point = owner(reading, points)
            if point is None and points:
                raise unlinked(file, reading, "usage point")
            by_reading[reading.number] = Series(point, reading, kind)
        found[block.number] = by_reading[reading.number]
    return found


class _Collector:
    """Takes the intervals of a feed into their series; the same one twice counts once."""

    def __init__(
        self, series: dict[int, Series], entries: list[Entry], file: str, faults: Faults
    ) -> None:
        self.series, self.file, self.faults = series, file, faults

    def add(self, entry: int, said: dict[str, str]) -> None:
        series = self.series.get(entry)
        if series is None:
            return
        start, length = _whole(said, "start"), _whole(said, "duration", 0)
        length = length or series.type.integer("intervalLength")
        if not -(1 << 31) < start < 1 << 33 or not 0 < length <= 400 * DAY:
            raise self._fault("bad-interval", f"an interval at {start} lasts {length} s")
        if "value" not in said:
            self.faults.add(_no_value(), severity="warning")
            return
        quality = _whole(said, "quality", series.type.integer("defaultQuality"))
        found = (_whole(said, "value"), length, quality in ESTIMATED)
        held = series.intervals.setdefault(start, found)
        if held is not found:
            if held[:2] != found[:2]:
                raise self._fault(
                    "interval-twice", f"the interval at {start} s has two values or lengths"
                )
            self.faults.add(_twice(), severity="note")

    def _fault(self, code: str, message: str) -> CarbonError:
        return CarbonError(
            code,
            message,
            where=self.file,
            looked_for="each interval once, with a start and a length of at most 400 days",
            remedy="download the file again, or ask the utility which is right",
        )


def _whole(said: dict[str, str], name: str, otherwise: int | None = None) -> int:
    written = said.get(name, "")
    if not written and otherwise is not None:
        return otherwise
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", written):
        raise bad_value(name, written)
    return int(written)


# From series to rows


def label(series: Series) -> str:
    """What a usage point is called: its title, else the end of its link."""
    point = series.point or series.reading
    return point.title or point.self_link.rpartition("/")[2] or "usage point"


def _names(series: Series) -> list[str]:
    """Everything a column map may call a series by, the narrowest first."""
    names = [series.reading.self_link, series.reading.title]
    if series.point:
        names += [series.point.self_link, series.point.title]
        names.append(series.point.self_link.rpartition("/")[2])
    return [name for name in names if name]


def _taken(series: dict[int, Series], wanted: ColumnMap, file: str, faults: Faults) -> list[Series]:
    """The series that are energy that flowed one way; the others are named and left out."""
    each = list({id(one): one for one in series.values()}.values())
    mapped = {href_of(theirs): ours for theirs, ours in wanted.words.get("meter", {}).items()}
    kept = []
    for one in each:
        said = [mapped[href_of(name)] for name in _names(one) if href_of(name) in mapped]
        if said[:1] == [""]:
            continue
        one.meter = said[0] if said else ""
        why = _left_out(one)
        if why:
            faults.add(_not_energy(label(one), one.reading.title, why), severity="note")
        elif one.intervals:
            kept.append(one)
    _check_meters(kept, mapped, wanted, file)
    _check_doubles(kept, file)
    if not kept:
        raise _no_reading(file)
    return kept


def _left_out(series: Series) -> str:
    """Why a series is no energy or gas that can be added up, '' where it is."""
    said = series.type.integer
    service = series.point.integer("ServiceCategory.kind", -1) if series.point else -1
    if said("uom") not in UNITS:
        return f"its unit (uom {said('uom')}) is none of energy or gas"
    if (service in SERVICES and service > 1) or said("commodity") in (9, 11, 14):
        return f"it is {SERVICES.get(service, 'water')}"
    if said("kind") in (8, 37) or said("dataQualifier") in MAXIMA:
        return "it is a demand, not an energy"
    if said("accumulationBehaviour") not in (DELTA, UNSTATED, SUMMATION, BULK):
        return "its values are readings of a register, not what was used between two of them"
    return ""


def _check_meters(kept: list[Series], mapped: dict[str, str], wanted: ColumnMap, file: str) -> None:
    """Several usage points may not share the one meter or site that a map says for all."""
    points = {id(each.point): label(each) for each in kept}
    unmapped = [
        label(each) for each in kept if not any(href_of(name) in mapped for name in _names(each))
    ]
    if (len(points) > 1 and "meter" in wanted.constants) or (
        len(points) > 1 and unmapped and mapped
    ):
        listed = ", ".join(repr(name) for name in dict.fromkeys(unmapped or points.values()))
        raise CarbonError(
            "several-meters",
            f"{file} holds {len(points)} usage points, and the column map does not say which meter"
            f" each of them is: {listed}",
            where=file,
            remedy="say it under [import.NAME.words.meter]: 'their name' = 'our meter'; "
            "an empty name leaves one out",
        )


def _check_doubles(kept: list[Series], file: str) -> None:
    """The same energy may stand in a file twice, by the quarter-hour and by the day."""
    held: dict[tuple[int, str], Series] = {}
    for each in kept:
        activity = _activity(each)
        other = held.setdefault((id(each.point), activity), each)
        if other is not each and _overlap(other, each):
            raise CarbonError(
                "readings-twice",
                f"two meter readings of {label(each)!r} count the same {activity} over the same"
                f" days: {_spot(other)} and {_spot(each)}",
                where=file,
                remedy=f"leave one out under [import.NAME.words.meter]: '{_spot(each)}' = \"\"",
            )


def _spot(series: Series) -> str:
    return series.reading.self_link or series.reading.title


def _overlap(one: Series, other: Series) -> bool:
    spans = []
    for each in (one, other):
        last = max(each.intervals)
        spans.append((min(each.intervals), last + each.intervals[last][1]))
    return spans[0][0] < spans[1][1] and spans[1][0] < spans[0][1]


def _activity(series: Series) -> str:
    uom, flow = series.type.integer("uom"), series.type.integer("flowDirection")
    service = series.point.integer("ServiceCategory.kind", -1) if series.point else -1
    activity = UNITS[uom][0]
    if service == 1 or series.type.integer("commodity") == 7:
        activity = "natural_gas"
    if activity == "electricity" and flow == REVERSE:
        return "pv_export"
    return activity


def _months(series: Series, zone: localtime.Zone, faults: Faults) -> Iterator[list[Cell]]:
    """The rows of one series: its sum in each month, longer intervals each by themselves."""
    flow = series.type.integer("flowDirection")
    if flow not in (0, FORWARD, REVERSE):
        raise _other_flow(label(series), flow)
    if flow == 0:
        faults.add(_no_flow(label(series)), severity="note")
    _, unit, size = UNITS[series.type.integer("uom")]
    power = series.type.integer("powerOfTenMultiplier")
    if not -12 <= power <= 12:
        raise bad_value("powerOfTenMultiplier", str(power))
    months: dict[int, _Month] = {}
    for start in sorted(series.intervals):
        value, length, is_estimated = series.intervals[start]
        first = zone.day(start)
        if length > DAY + 3600:
            last = zone.day(start + length - 1)
            yield _row(series, first, last, value * Decimal(10) ** power * size, unit, is_estimated)
            continue
        key = first.year * 100 + first.month
        months.setdefault(key, _Month(first)).add(first, start, length, value, is_estimated)
    for month in months.values():
        lacking = month.lacking(zone)
        if lacking:
            faults.add(_gap(label(series), month, lacking), severity="warning")
        quantity = month.value * Decimal(10) ** power * size
        yield _row(series, month.first, month.last, quantity, unit, month.is_estimated)


class _Month:
    """What was counted in one month."""

    def __init__(self, first: date) -> None:
        self.first = self.last = first
        self.value = 0
        self.seconds = 0
        self.is_estimated = False

    def add(self, day: date, start: int, length: int, value: int, is_estimated: bool) -> None:
        self.last = max(self.last, day)
        self.value += value
        self.seconds += length
        self.is_estimated = self.is_estimated or is_estimated

    def lacking(self, zone: localtime.Zone) -> int:
        """Seconds of its days that no interval covers."""
        return (
            zone.midnight(self.last + timedelta(days=1))
            - zone.midnight(self.first)
            - (self.seconds)
        )


def _row(
    series: Series, first: date, last: date, quantity: Decimal, unit: str, is_estimated: bool
) -> list[Cell]:
    exact = quantity.normalize()
    is_fine = exact != exact.to_integral_value() and abs(exact) < words.LIMIT
    rounded = words.rounded(Fraction(exact)) if is_fine else exact
    note = "rounded at six decimals" if rounded != exact else ""
    return [
        series.meter or label(series),
        _activity(series),
        first,
        last,
        Decimal(format(rounded.normalize(), "f")),  # without an exponent
        unit,
        "estimated" if is_estimated else "metered",
        series.reading.self_link,
        note,
    ]


# What is told


def _told(
    code: str, message: str, remedy: str, looked_for: str = "", where: str = ""
) -> CarbonError:
    return CarbonError(code, message, where=where, looked_for=looked_for, remedy=remedy)


def _no_reading(file: str) -> CarbonError:
    return _told(
        "empty-file",
        f"{file} holds no intervals of energy or gas",
        "ask the utility for interval data, not only for bills",
        "a meter reading in Wh, m3, ft3 or therm, with intervals",
        file,
    )


def _not_energy(point: str, reading: str, why: str) -> CarbonError:
    of = f"{reading!r} of {point!r}" if reading else repr(point)
    return _told("reading-left-out", f"{of} is not read: {why}", "nothing, if it is not wanted")


def _no_value() -> CarbonError:
    return _told(
        "interval-blank",
        "an interval has no value and was passed over",
        "ask the utility for it, if it is not zero",
    )


def _twice() -> CarbonError:
    return _told(
        "interval-again",
        "some intervals stand in the file twice, alike, and were counted once",
        "nothing, if the file was put together of several",
    )


def _other_flow(point: str, flow: int) -> CarbonError:
    what = "import less export" if flow == NET else f"flow direction {flow}"
    return _told(
        "net-reading",
        f"the readings of {point!r} are {what}, and neither can be told from the sum",
        "ask for delivered (1) and received (19) energy apart; or leave the reading out under "
        "[import.NAME.words.meter]: 'its name' = \"\"",
        "flow direction 1 (forward) or 19 (reverse)",
    )


def _no_flow(point: str) -> CarbonError:
    return _told(
        "flow-assumed",
        f"the readings of {point!r} do not say which way the energy flows, and are taken as bought",
        "where they are what a plant fed in, record them as pv_export by hand",
    )


def _gap(point: str, month: _Month, lacking: int) -> CarbonError:
    hours = Decimal(abs(lacking)) / 3600
    what = f"{hours:.2f}".rstrip("0").rstrip(".") + " hours"
    how = f"lack {what}" if lacking > 0 else f"overlap by {what}"
    return _told(
        "readings-gap" if lacking > 0 else "readings-overlap",
        f"the readings of {point!r} from {month.first} to {month.last} {how}",
        "ask the utility for what is missing, or log it as estimated"
        if lacking > 0
        else "ask the utility which intervals are right",
    )
