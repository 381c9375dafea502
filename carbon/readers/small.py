"""The small layouts: instruments, credits, claims, denominators, appliances and other things.

Their rows are few and each is a thing with a name, so a name that stands twice is an error, and so
is a negative amount: such a row says nothing that could be recorded. Amounts come out in kWh, t
and kg, rounded once at six decimals; a denominator keeps its unit as entered, once it is known to
be one of its metric.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from carbon import certificates, units
from carbon.errors import CarbonError, UnitError
from carbon.readers import words
from carbon.readers.activities import activity_names, meter_elsewhere, meter_names, site_names
from carbon.readers.columns import Columns
from carbon.readers.faults import Faults
from carbon.readers.lookup import (
    Names,
    RowFaults,
    amount,
    blank,
    future,
    required,
    unit_of,
    with_heating_value,
)
from carbon.records import (
    Claim,
    Control,
    Credit,
    Denominator,
    Equipment,
    Goal,
    IndicatorFigure,
    Instrument,
    Service,
    Stock,
    Vocabulary,
)
from carbon.settings import METRICS, ColumnMap

CREDIT_KINDS = ("avoidance", "removal")
CLAIM_KINDS = ("substitution", "avoided emissions", "biogas certificate", "other")
EVENTS = ("top-up", "install", "recover", "dispose")
STATEMENTS = {"yes": "yes", "true": "yes", "是": "yes", "no": "no", "false": "no", "否": "no"}
STOCK_EVENTS = ("count", "purchase", "sale", "return")
CHARGED = ("factory", "site")  # where an appliance got its charge
METRIC_UNITS = {
    "revenue": ("RMB", "USD"),
    "people": ("person",),
    "floor_area": ("m2",),
    "it_energy": ("kWh",),
}  # an output is counted in whatever it is


class Understood:
    """What one file of a small layout is read with: the words of the book, and the row at hand."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        columns: Columns,
        mapped: ColumnMap,
        today: date,
        faults: Faults,
    ) -> None:
        self.vocabulary, self.today = vocabulary, today
        self.labels, self.decimals = columns.labels, columns.decimals
        self.date_format = mapped.date_format
        self.row = RowFaults(faults)
        self.faults = faults
        self.names = {
            "site": site_names(vocabulary),
            "instrument": Names(
                "kind of instrument",
                "kind",
                (
                    *((each, each) for each in vocabulary.instrument_kinds),
                    *vocabulary.instrument_names.items(),
                ),
                "write one of these",
            ),
            "credit": _one_of("kind of credit", "kind", CREDIT_KINDS),
            "claim": _one_of("kind of claim", "kind", CLAIM_KINDS),
            "market": _one_of("country code", "market", vocabulary.countries),
            "metric": _one_of("metric", "metric", METRICS),
            "event": _one_of("event", "event", EVENTS),
            "statement": Names(
                "statement", "statement", STATEMENTS.items(), "write yes, no or nothing"
            ),
            "stock_event": _one_of("event", "event", STOCK_EVENTS),
            "charged": _one_of("place of charging", "charged", CHARGED),
            "activity": activity_names(vocabulary),
            "meter": meter_names(vocabulary),
            "generation_meter": Names(
                "generation meter",
                "meter",
                ((each, each) for each in vocabulary.generation_meters),
                'declare it at a site as [[site.meter]] with role = "offsite_generation"',
            ),
            "refrigerant": _one_of("refrigerant", "refrigerant", vocabulary.refrigerants),
            "equipment_id": _one_of("equipment", "equipment", vocabulary.equipment),
        }

    def name(self, cells: Any, column: str, kind: str = "") -> str:
        """A word of the book, of the names of its column or of another `kind`."""
        names = self.names[kind or column]
        return self.row.attempt(names.find, getattr(cells, column), self.labels[column])

    def site_if_any(self, cells: Any) -> str:
        """A site, '' for the whole organisation."""
        return self.name(cells, "site") if words.text(cells.site) else ""

    def statement(self, cells: Any, column: str) -> str:
        """yes or no, '' where nothing is stated."""
        return self.name(cells, column, "statement") if self.text(cells, column) else ""

    def required(self, cells: Any, column: str) -> str:
        """A text that must be there."""
        return self.row.attempt(required, getattr(cells, column), self.labels[column])

    def text(self, cells: Any, column: str) -> str:
        """A text that may be blank."""
        return words.text(getattr(cells, column))

    def year(self, cells: Any, column: str) -> int:
        """A year that must be there."""
        return self.row.attempt(words.year, getattr(cells, column), self.labels[column])

    def day(self, cells: Any, column: str) -> date:
        """A day that must be there; one ahead of today is surprising."""
        cell, label = getattr(cells, column), self.labels[column]
        found = self.row.attempt(words.day, cell, label, self.date_format)
        if found and found > self.today:
            self.row.warn(future(self.today))
        return found

    def day_if_any(self, cells: Any, column: str) -> date | None:
        """A day, None where it is blank."""
        return self.day(cells, column) if words.text(getattr(cells, column)) else None

    def number(self, cells: Any, column: str) -> Decimal | None:
        """A number that must be there."""
        decimals = self.decimals.get(column, "")
        cell, label = getattr(cells, column), self.labels[column]
        return self.row.attempt(words.number, cell, label, decimals)

    def amount(self, cells: Any, column: str, canonical: str, per: int = 1) -> Decimal:
        """A quantity in `per` canonical units, rounded."""
        labels = (self.labels[column], self.labels["unit"])
        cell, unit = getattr(cells, column), without_co2(words.text(cells.unit))
        decimals = self.decimals.get(column, "")
        exact = self.row.attempt(amount, cell, unit, canonical, labels, decimals)
        return words.rounded(exact / per) if exact is not None else Decimal(0)

    def claim_year(self, cells: Any, otherwise: int | None, which: str) -> int:
        """The year it is claimed for; where the row does not say, `otherwise`, and a note."""
        if words.text(cells.claim_year):
            return self.year(cells, "claim_year")
        self.faults.add(_claim_year_assumed(which), self.row.row, self.row.cells, "note")
        return otherwise or 0


def without_co2(unit: str) -> str:
    """tCO2e is a mass like any other here."""
    plain = unit.translate(str.maketrans("₂", "2"))
    for ending in ("CO2eq", "CO2e", "CO2-e", "CO2"):
        if plain.casefold().endswith(ending.casefold()):
            return plain[: -len(ending)].strip()
    return unit


def _claim_year_assumed(which: str) -> CarbonError:
    return CarbonError(
        "claim-year-assumed",
        f"a row without a claim_year is claimed for {which}",
        remedy="add a column claim_year where that is another year",
    )


def _one_of(what: str, code: str, allowed: Iterable[str]) -> Names:
    remedy = "write one of these"
    if code == "equipment":
        remedy = "correct the name, or import the equipment first"
    return Names(what, code, ((each, each) for each in allowed), remedy)


def instrument(cells: Any, read: Understood) -> Instrument:
    """A contractual instrument. Its factor is its contract's, else that of its kind."""
    kind = read.name(cells, "kind", "instrument")
    vintage, month = read.row.attempt(_vintage, cells, read) or (0, 0)
    return Instrument(
        read.required(cells, "instrument_id"),
        kind,
        read.name(cells, "market"),
        read.amount(cells, "energy", "kWh"),
        vintage,
        read.claim_year(cells, vintage, "the year of its vintage"),
        read.site_if_any(cells),
        read.day_if_any(cells, "retired_on"),
        read.text(cells, "beneficiary"),
        _factor(cells, read, kind),
        read.text(cells, "evidence"),
        read.text(cells, "note"),
        read.row.row,
        month,
        read.row.attempt(_allocation, cells, read) or "",
        read.row.attempt(_serials, cells, read) or "",
        read.statement(cells, "conveys_attribute"),
        read.text(cells, "credit_id"),
        read.statement(cells, "net_of_sold"),
        read.name(cells, "generation_meter") if words.text(cells.generation_meter) else "",
    )


def _vintage(cells: Any, read: Understood) -> tuple[int, int]:
    """The year of generation, and its month where one is written: 2023 or 2023-07."""
    cell, label = cells.vintage, read.labels["vintage"]
    if not (isinstance(cell, date) or words.MONTH.fullmatch(words.text(cell))):
        return words.year(cell, label), 0
    month = words.month(cell, label, read.date_format)
    return month // 100, month


def _allocation(cells: Any, read: Understood) -> str:
    """The sites an instrument of the organisation is meant for, in one form."""
    written = words.text(cells.allocation)
    if not written:
        return ""
    label = read.labels["allocation"]
    if words.text(cells.site):
        raise CarbonError(
            "site-and-allocation",
            f"{label} {written!r} is given beside the site {words.text(cells.site)!r}",
            remedy="leave one of the two blank",
        )
    known = read.names["site"]
    parts = certificates.allocation(written)
    return certificates.allocation_text(
        part._replace(site=known.find(part.site, label)) for part in parts
    )


def _serials(cells: Any, read: Understood) -> str:
    """Serial numbers as written, once they can be read."""
    written = words.text(cells.serials)
    certificates.spans(written)
    return written


def _factor(cells: Any, read: Understood, kind: str) -> Decimal:
    """A contract's own factor, else that of its kind. [g CO2e/kWh]"""
    of_kind = read.vocabulary.instrument_kinds.get(kind, Decimal(0))
    if not words.text(cells.factor):
        if of_kind is None:
            read.row.take(
                CarbonError(
                    "missing-instrument-factor",
                    f"a {kind} has no factor of its own kind, and this one states none",
                    looked_for=f"{read.labels['factor']}, grams of CO2e per kWh",
                    remedy=f"write what the contract or certificate states in a column"
                    f" {read.labels['factor']}; 0 only where it says so",
                )
            )
        return of_kind or Decimal(0)
    factor = read.number(cells, "factor")
    if factor is not None and factor < 0:
        read.row.take(
            CarbonError(
                "negative-quantity",
                f"{read.labels['factor']} {words.text(cells.factor)!r} is negative",
                looked_for="grams of CO2e per kWh, from 0 up",
                remedy="correct it, or leave it blank to take the factor of its kind",
            )
        )
    return factor


def credit(cells: Any, read: Understood) -> Credit:
    """A purchase of carbon credits."""
    vintage = read.year(cells, "vintage")
    retired_on = read.day_if_any(cells, "retired_on")
    claimed, which = vintage, "the year of its vintage"
    if retired_on:
        claimed, which = retired_on.year, "the year it was retired in"
    return Credit(
        read.required(cells, "credit_id"),
        read.required(cells, "standard"),
        read.name(cells, "kind", "credit"),
        vintage,
        read.claim_year(cells, claimed, which),
        read.amount(cells, "mass", "kg", per=1000),
        read.text(cells, "project"),
        retired_on,
        read.text(cells, "evidence"),
        read.text(cells, "note"),
        read.row.row,
    )


def claim(cells: Any, read: Understood) -> Claim:
    """A claim beside the inventory."""
    return Claim(
        read.required(cells, "claim_id"),
        read.name(cells, "kind", "claim"),
        read.year(cells, "year"),
        read.amount(cells, "mass", "kg", per=1000),
        read.required(cells, "description"),
        read.text(cells, "baseline"),
        read.text(cells, "method"),
        read.text(cells, "evidence"),
        read.text(cells, "note"),
        read.row.row,
    )


def denominator(cells: Any, read: Understood) -> Denominator:
    """What an intensity divides by, in the unit as entered."""
    metric = read.name(cells, "metric")
    quantity = read.number(cells, "quantity")
    return Denominator(
        metric,
        read.row.attempt(period, cells, read),
        quantity,
        read.row.attempt(_metric_unit, metric, words.text(cells.unit), read.labels["unit"]),
        read.site_if_any(cells),
        read.text(cells, "evidence"),
        read.text(cells, "note"),
        read.row.row,
    )


def period(cells: Any, read: Understood) -> int:
    """2023 or 202307."""
    for column in ("period", "month"):
        cell = getattr(cells, column)
        if words.YEAR.fullmatch(words.text(cell)):
            return words.year(cell, read.labels[column])
        if words.text(cell):
            return words.month(cell, read.labels[column], read.date_format, cells.year)
    if words.text(cells.year):
        return words.year(cells.year, read.labels["year"])
    raise CarbonError(
        "period-missing",
        "the row does not say when",
        looked_for="a period, month or year",
        remedy="fill in a year such as 2023, or a month such as 2023-07",
    )


def _metric_unit(metric: str | None, written: str, label: str) -> str:
    """The unit as entered, of the kind that its metric is counted in."""
    if not written:
        raise blank(label)
    if metric in METRIC_UNITS:
        try:
            units.conversion(written, METRIC_UNITS[metric])
        except UnitError as fault:
            if fault.code != "wrong-dimension":
                raise
            raise CarbonError(
                fault.code,
                f"{metric}: {fault.message}",
                looked_for=fault.looked_for,
                nearest=fault.nearest,
                remedy=fault.remedy,
            ) from None
    return written


def equipment(cells: Any, read: Understood) -> Equipment:
    """An appliance that holds a refrigerant or SF6."""
    installed_on = read.day(cells, "installed_on")
    retired_on = read.day_if_any(cells, "retired_on")
    if installed_on and retired_on and retired_on < installed_on:
        read.row.take(_retired_early(installed_on, retired_on))
    return Equipment(
        read.required(cells, "equipment_id"),
        read.name(cells, "site"),
        read.required(cells, "kind"),
        read.name(cells, "refrigerant"),
        read.amount(cells, "charge", "kg"),
        installed_on,
        retired_on,
        read.text(cells, "note"),
        read.row.row,
        read.name(cells, "charged") if words.text(cells.charged) else "",
    )


def _retired_early(installed_on: date, retired_on: date) -> CarbonError:
    return CarbonError(
        "end-before-start",
        f"it is retired on {retired_on}, before it was installed on {installed_on}",
        remedy="correct the dates, or exchange them",
    )


def service(cells: Any, read: Understood) -> Service:
    """A service event of an appliance."""
    return Service(
        read.required(cells, "service_id"),
        read.name(cells, "equipment_id"),
        read.name(cells, "event"),
        read.day(cells, "serviced_on"),
        read.amount(cells, "mass", "kg"),
        read.text(cells, "evidence"),
        read.text(cells, "note"),
        read.row.row,
    )


def stock(cells: Any, read: Understood) -> Stock:
    """A count of a site's stock of a refrigerant, or a movement."""
    return Stock(
        read.required(cells, "stock_id"),
        read.name(cells, "site"),
        read.name(cells, "refrigerant"),
        read.name(cells, "event", "stock_event"),
        read.day(cells, "happened_on"),
        read.amount(cells, "mass", "kg"),
        read.text(cells, "evidence"),
        read.text(cells, "note"),
        read.row.row,
    )


def control(cells: Any, read: Understood) -> Control:
    """What a utility's statement says, in the canonical unit of its activity."""
    site, activity = read.name(cells, "site"), read.name(cells, "activity")
    meter = read.name(cells, "meter") if words.text(cells.meter) else ""
    stands_at = read.vocabulary.meters.get(meter or "", site)
    if meter and site and stands_at != site:
        read.row.take(meter_elsewhere(meter, stands_at, site))
    first, last = read.row.attempt(_span, cells, read) or (date.min, date.min)
    unit, quantity = "", Decimal(0)
    if site and activity:
        found = read.row.attempt(_canonical, cells, read, site, activity)
        unit, quantity = found or (unit, quantity)
    return Control(
        read.required(cells, "control_id"),
        site,
        meter,
        activity,
        first,
        last,
        quantity,
        unit,
        read.text(cells, "evidence"),
        read.text(cells, "note"),
        read.row.row,
    )


def _span(cells: Any, read: Understood) -> tuple[date, date]:
    """First and last day: from start and end, else the month, else the year."""
    if words.text(cells.start) or words.text(cells.end):
        first, last = (
            words.day(getattr(cells, name), read.labels[name], read.date_format)
            for name in ("start", "end")
        )
        if last < first:
            raise CarbonError(
                "end-before-start",
                f"it ends on {last}, before it starts on {first}",
                remedy="correct the dates, or exchange them",
            )
        return first, last
    if words.text(cells.month):
        month = words.month(cells.month, read.labels["month"], read.date_format, cells.year)
        return words.span(month)
    if words.text(cells.year):
        return words.span(words.year(cells.year, read.labels["year"]))
    raise CarbonError(
        "period-missing",
        "the row does not say when",
        looked_for="start and end, or a month, or a year",
        remedy="fill in start and end, a month such as 2023-07, or a year",
    )


def _canonical(cells: Any, read: Understood, site: str, activity: str) -> tuple[str, Decimal]:
    """The unit an activity is counted in, and the quantity in it."""
    word = read.vocabulary.word(site, activity)
    labels = (read.labels["quantity"], read.labels["unit"])
    written = with_heating_value(word, required(cells.unit, labels[1]), site)
    canonical, _ = unit_of(word, written)
    decimals = read.decimals.get("quantity", "")
    exact = amount(cells.quantity, written, canonical, labels, decimals)
    return canonical, words.rounded(exact)


UNDERSTAND: dict[str, Callable[[Any, Understood], Any]] = {
    "instrument": instrument,
    "credit": credit,
    "claim": claim,
    "denominator": denominator,
    "equipment": equipment,
    "service": service,
    "refrigerant_stock": stock,
    "control_total": control,
}


NAMED_BY = {
    Denominator: ("metric", "period", "site"),
    Goal: ("node", "metric", "period"),
    IndicatorFigure: ("indicator", "part", "period", "site"),
}


def name_of(record: Any) -> tuple[str, ...]:
    """What must not stand twice in a file."""
    for kind, columns in NAMED_BY.items():
        if isinstance(record, kind):
            return tuple(str(getattr(record, column)) for column in columns)
    return (getattr(record, f"{type(record).__name__.lower()}_id"),)


def stands_twice(record: Any, first: int) -> CarbonError:
    """The fault of a second row for the same thing."""
    name = ", ".join(filter(None, name_of(record)))
    return CarbonError(
        "duplicate-id",
        f"{name} stands on row {first} already",
        looked_for="one row for each",
        remedy="take one out, or give it a name of its own",
    )
