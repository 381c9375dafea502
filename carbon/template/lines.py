"""The rows of activities: what each meter and site is likely to report in a year, bill by bill.

A line (site, meter, activity, detail) has rows where the ledger knows it from this year or the
last, or where a figure is expected of it every month. Its rows follow its bills of last year: by
the month, or over the same days a year later. What is recorded of the year already stands there.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from carbon.inputs import later
from carbon.ledger import Ledger
from carbon.records import ActivityWord
from carbon.template.model import Row

MOST = 60  # entries of a line in a year that are shown as rows; meters read by the hour have more
SHORT = 25  # days of a bill that follows no month, such as a delivery
FEW = 4  # months with a figure, at most, of what is bought now and then
MILLIONTH = Decimal("0.000001")


class Line(NamedTuple):
    """What one row after the other is of."""

    site: str
    meter: str
    activity: str
    detail: str


class Span(NamedTuple):
    """The days of a row."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def months(self) -> list[int]:
        """The months it covers whole; none where it begins or ends within one."""
        if self.first.day != 1 or self.last.day != _length(self.last):
            return []
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return [later(_number(self.first), at) for at in range(count)]

    def shared(self, other: Span) -> int:
        """Days that lie in both."""
        return max(0, (min(self.last, other.last) - max(self.first, other.first)).days + 1)


@dataclass
class Past:
    """What the ledger holds of the lines: bills of the year and of the one before, by month."""

    now: dict[Line, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    before: dict[Line, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    months: dict[Line, dict[int, dict[str, Decimal]]] = field(default_factory=dict)
    units: dict[Line, str] = field(default_factory=dict)  # of the latest entry of each line
    last_days: dict[Line, date] = field(default_factory=dict)


def past(ledger: Ledger, first: date, last: date) -> Past:
    """What is recorded of the year from `first` to `last`, and of the one before."""
    found = Past()
    for row in ledger.lines():
        found.units[_line(row)], found.last_days[_line(row)] = row["unit"], row["end_on"]
    for bills, of in ((found.now, (first, last)), (found.before, (_back(first), _back(last)))):
        for row in ledger.bills(*of, MOST):
            bills[_line(row)].append(row)
    for row in ledger.month_sums(_number(_back(first)), _number(last)):
        months = found.months.setdefault(_line(row), {})
        months.setdefault(row["month"], {})[row["unit"]] = row["quantity"]
    return found


def rows(
    line: Line,
    known: Past,
    months: Sequence[int],
    is_continuous: bool,
    is_there: Callable[[int], bool],
    unit: str,
    factors: Mapping[str, tuple[str, Fraction]],
    units: Sequence[str],
) -> Iterator[Row]:
    """The rows of a line in the order of their days.

    is_continuous : a month without a figure is a gap.
    factors : unit as entered -> the canonical unit, and the factor to it.
    units : what its rows may be counted in.
    """
    now = known.now.get(line, [])
    taken = _taken(line, known, months)
    laid: list[tuple[date, Row]] = []
    for bill in now:
        span = Span(bill["start_on"], bill["end_on"])
        said = {**_days(span), **{name: bill[name] for name in ("quantity", "unit", *SAID)}}
        said["quality"] = "" if bill["quality"] == "unstated" else bill["quality"]
        said["uncertainty"] = bill["uncertainty_pct"]
        said |= _before(line, span, bill["unit"], known, factors)
        laid.append((span.first, Row(line._asdict() | said, is_recorded=True, units=units)))
    spans = _spans(line, known, months, is_continuous)
    for span in spans:
        if not (is_there(_number(span.first)) or is_there(_number(span.last))):
            continue
        shared = sum(span.shared(other) for other in taken)
        if shared * 2 >= span.days or (shared and not is_continuous):
            continue
        said = {**_days(span), "unit": unit, **_before(line, span, unit, known, factors)}
        laid.append((span.first, Row(line._asdict() | said, units=units)))
    yield from (row for _, row in sorted(laid, key=lambda each: each[0]))
    if not spans:
        whole = Span(day(months[0]), end(months[-1]))
        said = {"unit": unit, **_before(line, whole, unit, known, factors)}
        yield Row(line._asdict() | said, units=units)


SAID = ("evidence", "note")


def _taken(line: Line, known: Past, months: Sequence[int]) -> list[Span]:
    """The days of the year that the ledger has a figure of; of many readings their months."""
    now = known.now.get(line, [])
    if now:
        return [Span(each["start_on"], each["end_on"]) for each in now]
    return [Span(day(each), end(each)) for each in known.months.get(line, {}) if each in months]


def _spans(line: Line, known: Past, months: Sequence[int], is_continuous: bool) -> list[Span]:
    """The days of the rows of a line; none where it is bought now and then."""
    by_month = [Span(day(each), end(each)) for each in months]
    bills = [Span(each["start_on"], each["end_on"]) for each in known.before.get(line, [])]
    regular = [each for each in bills if each.days >= SHORT]
    if any(len(each.months) != 1 for each in regular):
        again = sorted({Span(_ahead(each.first), _ahead(each.last)) for each in regular})
        gaps = [each for each in by_month if not any(each.shared(other) for other in again)]
        return sorted([*again, *gaps]) if is_continuous else again
    figures = [each for each in known.months.get(line, {}) if later(each, 12) in months]
    return by_month if is_continuous or len(figures) > FEW else []


def _before(
    line: Line,
    span: Span,
    unit: str,
    known: Past,
    factors: Mapping[str, tuple[str, Fraction]],
) -> dict[str, Any]:
    """What the same days came to a year ago, in a unit if it can be said in it."""
    if not span.months:
        same = [
            each
            for each in known.before.get(line, [])
            if Span(_ahead(each["start_on"]), _ahead(each["end_on"])) == span
        ]
        kinds = {each["unit"] for each in same}
        if len(kinds) != 1:
            return {}
        total = sum((each["quantity"] for each in same), Decimal(0))
        return {"before": total, "before_unit": kinds.pop()}
    of_line = known.months.get(line, {})
    sums: dict[str, Decimal] = {}
    for month in span.months:
        for canonical, quantity in of_line.get(later(month, -12), {}).items():
            sums[canonical] = sums.get(canonical, Decimal(0)) + quantity
    if len(sums) != 1:
        return {}
    [(canonical, quantity)] = sums.items()
    wanted, factor = factors.get(unit, ("", Fraction(1)))
    if wanted != canonical:
        return {"before": quantity, "before_unit": canonical}
    exact = Fraction(quantity) / factor
    return {
        "before": (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(MILLIONTH),
        "before_unit": unit,
    }


def _days(span: Span) -> dict[str, Any]:
    """A month where the days are one, else the first and the last."""
    if len(span.months) == 1:
        return {"month": f"{span.first:%Y-%m}"}
    return {"start": span.first, "end": span.last}


def default_unit(word: ActivityWord) -> str:
    """The unit of a line that has none yet, where only one comes into question."""
    return word.units[0] if len(word.units) == 1 and word.units[0] != "MJ" else ""


def day(month: int) -> date:
    """The first day of a month."""
    return date(month // 100, month % 100, 1)


def end(month: int) -> date:
    """The last day of a month."""
    return date(month // 100, month % 100, _length(day(month)))


def _ahead(on: date) -> date:
    """The same day a year later; the last of a month stays the last."""
    month = later(_number(on), 12)
    last = end(month)
    return last if on.day == _length(on) else last.replace(day=min(on.day, last.day))


def _back(on: date) -> date:
    """The same day a year earlier; the last of a month stays the last."""
    month = later(_number(on), -12)
    return end(month) if on.day == _length(on) else day(month).replace(day=on.day)


def _number(on: date) -> int:
    return on.year * 100 + on.month


def _length(on: date) -> int:
    return monthrange(on.year, on.month)[1]


def _line(row: Mapping[str, Any]) -> Line:
    return Line(row["site"], row["meter"], row["activity"], row["detail"])
