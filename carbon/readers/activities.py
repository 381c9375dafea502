"""Activity files: each row understood against a book's vocabulary, or refused with its reason.

A sheet goes in; records, problems and a unit table come out. A row that cannot be understood is an
error and no record. One that is understood but surprising (negative, overlapping, a repeat) is a
record and a warning: what it means for the totals is for the person to judge.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from carbon import units
from carbon.errors import CarbonError
from carbon.layouts import LAYOUTS
from carbon.readers import lookup, words
from carbon.readers.columns import Columns
from carbon.readers.faults import Faults
from carbon.readers.lookup import Names, Remembered, RowFaults
from carbon.readers.wide import Quantity
from carbon.records import Activity, ActivityWord, Vocabulary
from carbon.settings import QUALITIES, ColumnMap

Cells = namedtuple("Cells", LAYOUTS["activity"].columns)

QUALITY_NAMES = {
    "计量": "metered",
    "账单": "billed",
    "估算": "estimated",
    "计算": "calculated",
    **{name: name for name in QUALITIES},
}
MOMENT = timedelta(microseconds=1)


class ActivityRows:
    """Understands the rows of an activity file, one at a time, remembering each distinct cell."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        columns: Columns,
        mapped: ColumnMap,
        today: date,
        faults: Faults,
    ) -> None:
        self.vocabulary = vocabulary
        self.labels = columns.labels
        self.decimals = columns.decimals
        self.mapped = mapped
        self.parts = Quantity(columns.present, columns.labels, columns.decimals, mapped)
        self.has_sites = "site" in columns.present
        self.today = today
        self.row = RowFaults(faults)
        self.units: dict[tuple[str, str], tuple[str, Decimal]] = {}
        self.limits: dict[tuple[str, str], Decimal] = {}
        sites, meters = site_names(vocabulary), meter_names(vocabulary)
        activities, qualities = activity_names(vocabulary), quality_names()
        self.sites = Remembered(lambda cell: sites.find(cell, self.labels["site"]))
        self.meters = Remembered(
            lambda cell: self._register(meters, cell) if words.text(cell) else ""
        )
        self.countries = country_names(vocabulary)
        self.activities = Remembered(lambda cell: activities.find(cell, self.labels["activity"]))
        self.qualities = Remembered(
            lambda cell: (
                qualities.find(cell, self.labels["quality"]) if words.text(cell) else "unstated"
            )
        )
        self.uncertainties = Remembered(self._uncertainty)
        self.starts = Remembered(self._start)
        self.ends = Remembered(self._end)
        self.months = Remembered(lambda pair: self._month_or_year(*pair))
        self.details = Remembered(lambda triple: self._detail(*triple))
        self.checked_units = Remembered(lambda triple: self._unit(*triple))

    def understood(
        self, number: int, picked: Iterable[words.Cell], shown: Sequence[words.Cell] = ()
    ) -> Activity | None:
        """The record of a row; nothing, and its faults noted, where it cannot be understood.

        shown : the row as a person sees it, where that is another.
        """
        cells = Cells._make(picked)
        row = self.row
        row.begin(number, shown or cells)
        site = row.take(self.sites[cells.site]) if self.has_sites else self._site(cells.meter)
        activity = row.take(self.activities[cells.activity])
        period = self._period(cells.start, cells.end, cells.month, cells.year)
        quantity, worked_out = self._quantity(cells)
        meter = self._meter(cells.meter, site)
        quality = row.take(self.qualities[cells.quality])
        uncertainty = row.take(self.uncertainties[cells.uncertainty])
        if activity is None:
            return None
        detail = row.take(self.details[site or "", activity, cells.detail])
        unit = row.take(self.checked_units[site or "", activity, cells.unit])
        if not row.is_good:
            return None
        if not (
            self._fits(quantity, activity, unit) and self._splits(site, activity, detail, unit)
        ):
            return None
        self._warn(quantity, activity, period[1])
        return Activity(
            site,
            activity,
            *period,
            quantity,
            unit,
            meter,
            detail,
            quality,
            words.text(cells.evidence),
            noted(words.text(cells.note), worked_out),
            number,
            uncertainty,
        )

    def _register(self, meters: Names, cell: words.Cell) -> str:
        """A meter that has a register; a virtual one is computed."""
        if words.text(cell) in self.vocabulary.virtual:
            raise CarbonError(
                "virtual-meter",
                f"meter {words.text(cell)!r} is computed of others, and takes no reading",
                looked_for="a meter without plus and minus in carbon.toml",
                remedy="record the meters it is computed of, or take its plus and minus out",
            )
        return meters.find(cell, self.labels["meter"])

    def _quantity(self, cells: Cells) -> tuple[Decimal | None, str]:
        """The quantity of a row, and how it was worked out where it was."""
        if self.parts.has_parts:
            return self.row.attempt(self.parts.of, cells) or (None, "")
        label, decimals = self.labels["quantity"], self.decimals.get("quantity", "")
        return self.row.attempt(words.number, cells.quantity, label, decimals), ""

    def _site(self, cell: words.Cell) -> str | None:
        """The site where a meter stands, in a file that names meters alone."""
        if not words.text(cell):
            return self.row.take(lookup.blank(self.labels["meter"]))
        found = self.meters[cell]  # a fault of the meter is told where the meter is taken
        return None if isinstance(found, CarbonError) else self.vocabulary.meters[found]

    def _uncertainty(self, cell: words.Cell) -> Decimal | None:
        """Half of the 95 % range, None where it is not stated. [% of the quantity]"""
        if not words.text(cell):
            return None
        label = self.labels["uncertainty"]
        written = words.text(cell).removeprefix("±").removesuffix("%").strip()
        found = words.number(written, label, self.decimals.get("uncertainty", ""))
        if not 0 <= found < 1000:
            raise CarbonError(
                "bad-uncertainty",
                f"{label} {words.text(cell)!r} is no half of a range in % of the quantity",
                looked_for="a number from 0 to 1000, such as 5 for 5 % up or down",
                remedy="write the percentage, or leave it blank to go by the quality",
            )
        return found

    def _meter(self, cell: words.Cell, site: str | None) -> str:
        """A meter, which stands at the row's site."""
        meter = self.row.take(self.meters[cell])
        if meter and site and self.vocabulary.meters[meter] != site:
            self.row.take(meter_elsewhere(meter, self.vocabulary.meters[meter], site))
        return meter

    def _period(
        self, start: words.Cell, end: words.Cell, month: words.Cell, year: words.Cell
    ) -> tuple[date, date] | None:
        """First and last day: from start and end, else from the month, else from the year."""
        if not words.text(start) and not words.text(end):
            return self.row.take(self.months[month, year])
        first = self.row.take(self.starts[start])
        last = self.row.take(self.ends[end])
        if first is None or last is None:
            return None
        if last < first:
            return self.row.take(_end_before_start(start, end, self.mapped.end_is_exclusive))
        return first, last

    def _month_or_year(self, month: words.Cell, year: words.Cell) -> tuple[date, date]:
        if words.text(month):
            written_as = self.mapped.date_format
            return words.span(words.month(month, self.labels["month"], written_as, year))
        if words.text(year):
            return words.span(words.year(year, self.labels["year"]))
        raise CarbonError(
            "period-missing",
            "the row does not say when",
            looked_for="start and end, or a month, or a year",
            remedy="fill in start and end, a month such as 2023-07, or a year",
        )

    def _start(self, cell: words.Cell) -> date:
        """The day of a start; readings that end before a moment start at one, so its time goes."""
        if self.mapped.end_is_exclusive:
            return self._moment(cell, "start").date()
        return words.day(self._filled(cell, "start"), self.labels["start"], self.mapped.date_format)

    def _end(self, cell: words.Cell) -> date:
        """The last day; an exclusive end at midnight belongs to the day before."""
        if self.mapped.end_is_exclusive:
            return (self._moment(cell, "end") - MOMENT).date()
        return words.day(self._filled(cell, "end"), self.labels["end"], self.mapped.date_format)

    def _moment(self, cell: words.Cell, column: str) -> datetime:
        filled = self._filled(cell, column)
        return words.moment(filled, self.labels[column], self.mapped.date_format)

    def _filled(self, cell: words.Cell, column: str) -> words.Cell:
        """Half a period is none."""
        if words.text(cell):
            return cell
        raise CarbonError(
            "period-missing",
            f"{self.labels[column]} is blank",
            looked_for="both start and end",
            remedy=f"fill in {column}, or leave both blank and give a month or a year",
        )

    def _detail(self, site: str, activity: str, cell: words.Cell) -> str:
        """What the activity needs to be told besides, in the book's spelling."""
        word, written = self.vocabulary.activities[activity], words.text(cell)
        if not word.is_travel:
            word = self.vocabulary.word(site, activity)
            return lookup.blend_of(word, written) or self._stem(word, written)
        written, hash, group = written.partition("#")
        stem, at, country = written.partition("@")
        if not word.details and not at and stem in self.vocabulary.countries:
            stem, at, country = "", "@", stem
        said = self._stem(word, stem.strip())
        said += f"@{self._country(country.strip())}" if at else ""
        return said + hash + group

    def _country(self, written: str) -> str:
        """The country of a trip, which may be one the library has nothing of."""
        code = written.upper()
        if code and self.vocabulary.is_country(code):
            return code
        return self.countries.find(written, self.labels["detail"])

    def _stem(self, word: ActivityWord, written: str) -> str:
        """A detail without a country."""
        activity, allowed = word.activity, word.details
        if not allowed:
            return written
        if not written:
            raise CarbonError(
                "missing-detail",
                f"{activity} needs a detail",
                looked_for=lookup.listed(allowed),
                remedy=f"fill in the column {self.labels['detail']}",
            )
        names = Names(
            f"detail of {activity}",
            "detail",
            ((each, each) for each in allowed),
            "write one of the details listed",
        )
        return names.find(written, self.labels["detail"])

    def _unit(self, site: str, activity: str, cell: words.Cell) -> str:
        """The unit as understood: as entered, with the heating value that the book says it has."""
        word = self.vocabulary.word(site, activity)
        written = lookup.with_heating_value(word, lookup.required(cell, self.labels["unit"]), site)
        canonical, factor = lookup.unit_of(word, written)
        self.units[activity, written] = (canonical, units.decimal_factor(factor))
        self.limits[activity, written] = words.LIMIT * factor.denominator / factor.numerator
        return written

    def _fits(self, quantity: Decimal, activity: str, unit: str) -> bool:
        """Whether the ledger can hold the quantity in its canonical unit."""
        if abs(quantity) < self.limits[activity, unit]:
            return True
        self.row.take(_too_large(quantity, unit, self.units[activity, unit][0]))
        return False

    def _splits(self, site: str, activity: str, detail: str, unit: str) -> bool:
        """Whether the quantity of a blend is in a unit its shares can be taken of."""
        units_of = self.vocabulary.word(site, activity).blends.get(detail)
        canonical, _ = self.units[activity, unit]
        if units_of is None or canonical in units_of:
            return True
        self.row.take(_other_basis(detail, unit, units_of))
        return False

    def _warn(self, quantity: Decimal, activity: str, end_on: date) -> None:
        """Findings on a row that is understood."""
        if quantity < 0:
            self.row.warn(_negative(activity))
        if end_on > self.today:
            self.row.warn(lookup.future(self.today))


def noted(note: str, more: str) -> str:
    """A note with what the reader has to say besides."""
    return "; ".join(filter(None, (note, more)))


def site_names(vocabulary: Vocabulary) -> Names:
    """Sites by name or title."""
    pairs = [(name, name) for name in vocabulary.sites]
    pairs += [(title, name) for name, title in vocabulary.sites.items()]
    return Names(
        "site", "site", pairs, "correct the name, or add the site to carbon.toml as [[site]]"
    )


def meter_names(vocabulary: Vocabulary) -> Names:
    """Meters by name."""
    pairs = ((name, name) for name in vocabulary.meters)
    return Names(
        "meter",
        "meter",
        pairs,
        "correct the name, add it to its site as [[site.meter]], or say under "
        "[import.NAME.words.meter] of carbon.toml what it is called here",
    )


def activity_names(vocabulary: Vocabulary) -> Names:
    """Activities by any of their names."""
    pairs = [
        (written, name)
        for name, word in vocabulary.activities.items()
        for written in (name, word.activity, *word.names)
    ]
    return Names(
        "activity",
        "activity",
        pairs,
        "write one of the activities of emission_factors/methods.csv, by any of its names",
    )


def country_names(vocabulary: Vocabulary) -> Names:
    """Countries by their two letters."""
    pairs = ((code, code) for code in vocabulary.countries)
    return Names("country", "country", pairs, "write the two letters of a country, such as @FR")


def quality_names() -> Names:
    """How a quantity was come by."""
    return Names(
        "quality", "quality", QUALITY_NAMES.items(), "write one of these, or leave it blank"
    )


def meter_elsewhere(meter: str, stands_at: str, site: str) -> CarbonError:
    """The fault of a meter beside the name of another site."""
    return CarbonError(
        "meter-of-another-site",
        f"meter {meter!r} stands at {stands_at}, not at {site}",
        looked_for=f"a meter of {site}",
        remedy="correct the site or the meter, or move the meter in carbon.toml",
    )


def _end_before_start(start: words.Cell, end: words.Cell, is_exclusive: bool) -> CarbonError:
    more = ", and the column map says that the end is not part of it" if is_exclusive else ""
    return CarbonError(
        "end-before-start",
        f"the period from {words.text(start)!r} to {words.text(end)!r} ends before it starts{more}",
        remedy="correct the dates, or exchange them",
    )


def _too_large(quantity: Decimal, unit: str, canonical: str) -> CarbonError:
    return CarbonError(
        "number-too-large",
        f"{quantity.normalize():f} {unit} is too large",
        looked_for=f"less than 100,000,000,000 {canonical}",
        remedy="check the unit; split the row if the quantity is right",
    )


def _other_basis(blend: str, unit: str, units_of: tuple[str, ...]) -> CarbonError:
    return CarbonError(
        "blend-basis",
        f"{unit} of {blend} cannot be split: its shares are of what is counted in"
        f" {lookup.listed(units_of)}",
        looked_for=lookup.listed(units_of),
        remedy="enter it so; or say what it holds by mass or energy in carbon.toml, [[fuel_blend]]",
    )


def _negative(activity: str) -> CarbonError:
    return CarbonError(
        "negative-quantity",
        f"a quantity of {activity} is negative",
        looked_for="a credit note, or a meter read backwards",
        remedy="leave it where it is a credit, and name its bill as evidence; else correct it",
    )


def warn_of_repeats(records: Iterable[Activity], faults: Faults, overlaps: bool = True) -> None:
    """Warns of rows that say the same as an earlier row, and of periods that overlap: trips may."""
    seen: dict[Any, int] = {}
    spans: dict[tuple[str, str, str, str], list[tuple[date, date, int]]] = {}
    for each in records:
        key = (each.site, each.meter, each.activity, each.detail)
        content = (*key, each.start_on, each.end_on, each.quantity, each.unit, each.quality)
        content += (each.evidence, each.note)
        first = seen.setdefault(content, each.row)
        if first != each.row:
            faults.add(_duplicate(first), each.row, _told(each), severity="warning")
        elif each.quantity >= 0:  # a credit lies on its bill
            spans.setdefault(key, []).append((each.start_on, each.end_on, each.row))
    for key, periods in spans.items() if overlaps else ():
        _warn_of_overlaps(key, sorted(periods), faults)


def _warn_of_overlaps(
    key: tuple[str, str, str, str], periods: list[tuple[date, date, int]], faults: Faults
) -> None:
    """Periods in order of their start; a day on which one ends and the next begins is shared."""
    _, until, holder = periods[0]
    for start, end, row in periods[1:]:
        if start < until:
            told = (*filter(None, key), start, end)
            faults.add(_overlap(key, holder), max(row, holder), told, severity="warning")
        if end > until:
            until, holder = end, row


def offer_exclusive_ends(records: Iterable[Activity], mapped: ColumnMap, faults: Faults) -> None:
    """Tells of bills that all end on the day the next begins, as a reading day does."""
    if mapped.end_is_exclusive:
        return
    spans: dict[tuple[str, ...], set[tuple[date, date]]] = {}
    for each in records:
        key = (each.site, each.meter, each.activity, each.detail)
        spans.setdefault(key, set()).add((each.start_on, each.end_on))
    pairs = [pair for found in spans.values() for pair in pairwise(sorted(found))]
    shared = sum(earlier[1] == later[0] < later[1] for earlier, later in pairs)
    if shared >= 2 and shared * 2 > len(pairs):
        faults.add(_exclusive(shared, len(pairs)), severity="note")


def _exclusive(shared: int, pairs: int) -> CarbonError:
    return CarbonError(
        "shared-days",
        f"{shared} of {pairs} periods end on the day on which the next one begins",
        remedy="where that day belongs to the next period, say end_is_exclusive = true in a "
        "column map; the split between months moves by a day's use",
    )


def _told(each: Activity) -> tuple[words.Cell, ...]:
    return (each.site, each.activity, each.start_on, each.end_on, each.quantity, each.unit)


def _duplicate(first: int) -> CarbonError:
    return CarbonError(
        "duplicate-row",
        "the row says the same as an earlier one, and counts a second time",
        where=f"    the same as row {first}",
        remedy="take it out if it is the same bill",
    )


def _overlap(key: tuple[str, str, str, str], other: int) -> CarbonError:
    spot = ", ".join(filter(None, key))
    return CarbonError(
        "overlap",
        f"periods of {spot} overlap",
        where=f"    overlaps row {other}",
        looked_for="each day once",
        remedy="check the dates; name the meter of each row where there are several",
    )
