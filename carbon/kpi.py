"""Use and emissions per person, revenue, floor area, IT energy or output, on a window of months.

A window is held against the same months a year before. Months that lack a bill are named, and
nothing is compared until both windows are whole or leave out the same months. People and floor
area are averaged over the months, revenue, output and IT energy added up. Where degree days are
recorded, the earlier window is shown at the weather of the later one too.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from carbon import inputs, weather
from carbon.consumption import ORGANISATION, Consumption, Series, consumption
from carbon.errors import CarbonError, UsageError, nearest
from carbon.inputs import month_list
from carbon.inventory import PER
from carbon.run import Run
from carbon.settings import DEGREE_DAYS, METRICS, month_number
from carbon.tables import Column, Table
from carbon.units import convert

MOST = 12  # months of a window: more would overlap with the year before
LEVELS = ("people", "floor_area")  # averaged over months, others are added up
DIVISORS = tuple(name for name in METRICS if name not in DEGREE_DAYS)
DAYS = {name: name.split("_", 1)[0] for name in DEGREE_DAYS}

COLUMNS = (
    Column("window", "Window"),
    Column("basis", "Basis"),
    Column("quantity", "Quantity", kind="number", decimals=1),
    Column("unit", "Unit"),
    Column("denominator", "Divided by", kind="number", decimals=1),
    Column("denominator_unit", "Unit"),
    Column("value", "Value", kind="number", decimals=3),
    Column("change_share", "Change since", "%", "share"),
)


@dataclass(frozen=True)
class Divisor:
    """What a window is divided by."""

    value: Fraction
    unit: str
    remarks: Sequence[str] = ()


def kpi(
    run: Run,
    metric: str,
    per: str,
    window: str,
    node: str = ORGANISATION,
    is_common: bool = False,
) -> Table:
    """A metric per unit of a denominator in a window, and in the same months a year before.

    window : '2023-08..2023-12', '2023-08', or a reporting year.
    is_common : leave the months out of both windows that are not whole in one of them.

    Raises UsageError for a window, metric or node that cannot be, CarbonError for a window that is
    not whole and a denominator that is not recorded.
    """
    if per not in DIVISORS:
        raise UsageError(
            "unknown-denominator",
            f"nothing is divided by {per!r}",
            looked_for=", ".join(DIVISORS),
            nearest=nearest(per, DIVISORS),
            remedy="name one of them",
        )
    years = dict(inputs.calendar(run.settings))
    now = window_of(window, years)
    used = consumption(run)
    series = used.series(metric, node)
    method = run.library.methods.get(metric)
    is_bought_now_and_then = method is not None and not method.is_continuous
    left_out = _not_whole(series, now, is_bought_now_and_then)
    if left_out and not is_common:
        raise _not_comparable(series, left_out)
    dropped = {month % 100 for month in left_out}
    now = [month for month in now if month % 100 not in dropped]
    before = [month - 100 for month in now]
    if not now or not any(month in series.months for month in before):
        raise _not_comparable(series, left_out or before)
    divide = _Denominators(run, used, series, per, years)
    later = _row(_sum(series, now), "recorded", now, series.unit, divide(now))
    rows = [_row(_sum(series, before), "recorded", before, series.unit, divide(before))]
    notes = [*divide.remarks]
    if left_out:
        listed = month_list(sorted(left_out))
        notes.append(f"Left out of both windows, for months not whole: {listed}.")
    adjusted = _at_weather(run, used, series, now)
    notes += adjusted.notes
    if adjusted.use is not None:
        basis = f"at the weather of {month_list(now)}"
        use = Fraction(adjusted.use)
        rows.append(_row(use, basis, before, series.unit, divide(before)))
    for row in rows:
        row["change_share"] = _change(later, row)
    rows.append(later)
    title = f"{metric} of {node} per {per}"
    return Table("kpi", title, COLUMNS, rows, notes, "-")


def window_of(text: str, years: Mapping[int, int]) -> list[int]:
    """The months of a window. Raises UsageError for one that is none, or too long.

    >>> window_of("2023-11..2024-01", {202311: 2023, 202312: 2023, 202401: 2024})
    [202311, 202312, 202401]
    """
    first, _, last = text.partition("..")
    try:
        if text.isdecimal() and len(text) == 4:
            months = [month for month, year in years.items() if year == int(text)]
        else:
            span = month_number(first), month_number(last or first)
            months = [month for month in years if span[0] <= month <= span[1]]
    except ValueError as fault:
        raise UsageError(
            "not-a-window", str(fault), remedy="write 2023-08..2023-12, 2023-08 or 2023"
        ) from None
    if not 0 < len(months) <= MOST:
        raise UsageError(
            "not-a-window",
            f"{text} has {len(months)} months",
            looked_for=f"1 to {MOST} months: more would overlap with the year before",
            remedy="write 2023-08..2023-12, 2023-08 or 2023",
        )
    return months


def _not_whole(
    series: Series, now: Sequence[int], is_bought_now_and_then: bool
) -> dict[int, Sequence[str]]:
    """The months of both windows that lack something, and what."""
    found: dict[int, Sequence[str]] = {}
    for month in (*(each - 100 for each in now), *now):
        if month in series.lacking:
            found[month] = series.lacking[month]
        elif month not in series.months and not is_bought_now_and_then:
            found[month] = ("no figure",)
    return found


def _not_comparable(series: Series, lacking: Any) -> CarbonError:
    months = sorted(lacking)
    where = ""
    if isinstance(lacking, Mapping):
        by_what: dict[str, list[int]] = {}
        for month in months:
            for what in lacking[month]:
                by_what.setdefault(what, []).append(month)
        where = "\n".join(f"{what}: {month_list(when)}" for what, when in by_what.items())
    return CarbonError(
        "window-not-whole",
        f"{series.metric} of {series.node} cannot be compared: {month_list(months)} lack figures",
        where=where,
        remedy="record them, or compare the months that are whole in both years: --common",
    )


def _sum(series: Series, months: Sequence[int]) -> Fraction:
    return sum((series.months.get(month, Fraction(0)) for month in months), Fraction(0))


def _row(
    quantity: Fraction, basis: str, months: Sequence[int], unit: str, by: Divisor
) -> dict[str, Any]:
    return {
        "window": month_list(months),
        "basis": basis,
        "quantity": _decimal(quantity),
        "unit": unit,
        "denominator": _decimal(by.value),
        "denominator_unit": by.unit,
        "value": _decimal(quantity / by.value),
        "change_share": None,
    }


def _change(now: Mapping[str, Any], before: Mapping[str, Any]) -> Decimal | None:
    return now["value"] / before["value"] - 1 if before["value"] else None


class _Denominators:
    """What the months of a node are divided by."""

    def __init__(
        self, run: Run, used: Consumption, series: Series, per: str, years: Mapping[int, int]
    ) -> None:
        self.per, self.node, self.years = per, series.node, years
        self.remarks: list[str] = []
        rows = [
            row for row in run.ledger.current("denominator", run.cut_off) if row["metric"] == per
        ]
        site = "" if self.node == ORGANISATION else self.node
        own = [row for row in rows if row["site"] == site]
        self.rows = [own] if own else []
        if not own and self.node == ORGANISATION:
            self.rows = self._of_sites(rows, used, series)
        if not self.rows and per == "it_energy" and "it_load" in used.figures:
            load = used.series("it_load", self.node)
            self.rows = [
                [
                    {"period": month, "quantity": quantity, "unit": load.unit}
                    for month, quantity in load.months.items()
                    if load.is_whole(month)
                ]
            ]
            self._say("IT energy is the it_load of the ledger.")
        if not any(self.rows):
            raise CarbonError(
                "no-denominator",
                f"no {per} of {self.node} is recorded",
                looked_for=f"a denominator {per} of {self.node}"
                + (" or of each of its sites" if self.node == ORGANISATION else ""),
                remedy=f"carbon log denominator --metric {per} --month 2023-07 --quantity ..."
                " --unit ...",
            )
        newest = max((row for each in self.rows for row in each), key=lambda row: row["period"])
        self.unit = _printed(per, newest["unit"])

    def _of_sites(
        self, rows: Sequence[Mapping[str, Any]], used: Consumption, series: Series
    ) -> list[list[Mapping[str, Any]]]:
        """The rows of each site that has a figure of the metric; none where one site has none."""
        sites = {spot.site for each in used.figures[series.metric].values() for spot, _ in each}
        found = [[row for row in rows if row["site"] == site] for site in sorted(sites)]
        if not all(found):
            return []
        self._say(f"{self.per} of the organisation is the sum of its sites.")
        return found

    def __call__(self, months: Sequence[int]) -> Divisor:
        """What the months are divided by. Raises CarbonError naming those that have nothing."""
        total = sum((self._of(rows, months) for rows in self.rows), Fraction(0))
        if not total:
            raise CarbonError(
                "no-denominator", f"{self.per} of {self.node} is 0 in {month_list(months)}"
            )
        return Divisor(total, self.unit)

    def _of(self, rows: Sequence[Mapping[str, Any]], months: Sequence[int]) -> Fraction:
        by_period = {row["period"]: self._amount(row) for row in rows}
        is_level = self.per in LEVELS
        total, missing, whole_years = Fraction(0), [], set()
        for month in months:
            year = self.years[month]
            if month in by_period:
                total += by_period[month]
            elif is_level and year in by_period:
                total += by_period[year]
                self._say(f"{self.per} of {year} is one figure for all its months.")
            elif year in by_period and self._is_whole_year(year, months, by_period):
                whole_years.add(year)
            else:
                missing.append(month)
        if missing:
            raise CarbonError(
                "no-denominator",
                f"no {self.per} of {self.node} is recorded for {month_list(missing)}",
                looked_for=f"{self.per} by month"
                + (" or by reporting year" if is_level else ", or by year for a whole year"),
                remedy=f"carbon log denominator --metric {self.per} --month"
                f" {missing[0] // 100}-{missing[0] % 100:02} --quantity ... --unit {self.unit!r}",
            )
        total += sum((by_period[year] for year in whole_years), Fraction(0))
        return total / len(months) if is_level else total

    def _is_whole_year(
        self, year: int, months: Sequence[int], by_period: Mapping[int, Fraction]
    ) -> bool:
        """Whether a year stands whole in a window, with no month of its own beside it."""
        of_year = [month for month, of in self.years.items() if of == year]
        return set(of_year) <= set(months) and not any(month in by_period for month in of_year)

    def _amount(self, row: Mapping[str, Any]) -> Fraction:
        if row["unit"] == self.unit:
            return Fraction(row["quantity"])
        return convert(row["quantity"], row["unit"], self.unit)

    def _say(self, remark: str) -> None:
        if remark not in self.remarks:
            self.remarks.append(remark)


def _printed(per: str, unit: str) -> str:
    """The unit a denominator is printed in: a person, a million RMB, else its own."""
    try:
        convert(1, unit, PER.get(per, unit))
    except CarbonError:
        return unit
    return PER.get(per, unit)


class _Adjusted(NamedTuple):
    """The use of the earlier window at the weather of the later one, and what to say of it."""

    use: float | None
    notes: Sequence[str] = ()


def _at_weather(run: Run, used: Consumption, series: Series, now: Sequence[int]) -> _Adjusted:
    """The earlier window at the later weather, by a model of the twelve months before the later
    one, which the earlier one is part of."""
    every = [
        row
        for row in run.ledger.current("denominator", run.cut_off)
        if row["metric"] in DEGREE_DAYS and row["period"] >= 10000
    ]
    places = _weather_sites(used, series)
    rows = next((of for site in places if (of := [r for r in every if r["site"] == site])), [])
    if not rows:
        return _Adjusted(None)
    if len({row["unit"] for row in rows}) > 1:
        units = ", ".join(sorted({row["unit"] for row in rows}))
        return _Adjusted(None, [f"Not normalised for weather: degree days are in {units}."])
    kinds: dict[str, dict[int, float]] = {}
    for row in rows:
        kinds.setdefault(row["metric"], {})[row["period"]] = float(row["quantity"])
    months = _year_before(now[0])
    lacking = [
        month
        for month in sorted({*months, *now})
        if (month in months and not series.is_whole(month))
        or any(month not in known for known in kinds.values())
    ]
    if lacking:
        said = f"{month_list(lacking)} lack use or degree days, and a fit takes"
        return _Adjusted(
            None, [f"Not normalised for weather: {said} {weather.FEWEST} months on end."]
        )

    def at(month: int) -> weather.Month:
        days = monthrange(month // 100, month % 100)[1]
        return weather.Month(days, {kind: known[month] for kind, known in kinds.items()})

    fit = weather.fitted([at(month) for month in months], [float(series.months[m]) for m in months])
    if fit is None:
        return _Adjusted(
            None, [f"Not normalised: degree days explain nothing of {month_list(months)}."]
        )
    notes = [_told(fit, series.unit, rows[0]["unit"], months)]
    beyond = [month for month in now if fit.is_beyond(at(month))]
    if beyond:
        notes.append(f"{month_list(beyond)}: more degree days than any month of the fit.")
    return _Adjusted(sum(fit.use(at(month)) for month in now), notes)


def _weather_sites(used: Consumption, series: Series) -> list[str]:
    """Where the weather of a node is recorded: at its one site, or for the whole organisation."""
    sites = {
        spot.site
        for each in used.figures[series.metric].values()
        for spot, _ in each
        if used.within(spot, series.node)
    }
    alone = sorted(sites) if len(sites) == 1 else []
    return ["", *alone] if series.node == ORGANISATION else alone


def _year_before(month: int) -> list[int]:
    """The twelve months before a month."""
    return [inputs.later(month, by) for by in range(-weather.FEWEST, 0)]


def _told(fit: weather.Fit, unit: str, degree_day: str, months: Sequence[int]) -> str:
    """A model as a person reads it, with how well it fits."""
    slopes = "".join(
        f" + {_digits(slope)} {unit} per {DAYS[kind]} {degree_day}"
        for kind, slope in fit.slopes.items()
    )
    return (
        f"Weather, least squares on {month_list(months)}: {_digits(fit.base)} {unit} a day{slopes};"
        f" R2 {fit.r2:.3f}, adjusted {fit.adjusted_r2:.3f}, CV(RMSE) {fit.cv_rmse:.1%}."
    )


def _digits(value: float) -> str:
    """A number with four digits that count, and no exponent."""
    return f"{Context(prec=4).create_decimal_from_float(value):,f}"


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
