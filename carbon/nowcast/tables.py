"""A nowcast as tables: the lines with their interval, what drives them, every series, the test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from math import fsum
from typing import Any

from carbon.inputs import ACTUAL, dashed, month_list
from carbon.inventory import year_totals
from carbon.nowcast.interval import FEWEST, LEVEL, bounds, is_inside
from carbon.nowcast.meaning import sentences
from carbon.nowcast.methods import MEAN
from carbon.nowcast.series import years_of
from carbon.nowcast.year import EXPECTED, LINES, SO_FAR, Nowcast, Part
from carbon.run import uncounted
from carbon.tables import Column, Table, tonnes

NAMES = {
    "scope1": "Scope 1",
    "location": "Scope 2 location",
    "market": "Scope 2 market",
    "total_location": "Scope 1+2 location",
    "total_market": "Scope 1+2 market",
}
ZERO = Decimal(0)
MANY = 12  # drivers and series on a screen
LINE_COLUMNS = (
    Column("line", "Line"),
    Column("so_far_t", "So far", "t CO2e", "mass"),
    Column("expected_t", "Expected", "t CO2e", "mass"),
    Column("year_end_t", "Year-end", "t CO2e", "mass"),
    Column("low_t", "Low", "t CO2e", "mass"),
    Column("high_t", "High", "t CO2e", "mass"),
    Column("last_year_t", "Last year", "t CO2e", "mass"),
    Column("change_share", "Change", "%", "share"),
)
ACTUAL_COLUMN = Column("actual_t", "Actual", "t CO2e", "mass")
DRIVERS = (
    Column("site", "Site"),
    Column("activity", "Activity"),
    Column("so_far_t", "So far", "t CO2e", "mass"),
    Column("expected_t", "Expected", "t CO2e", "mass"),
    Column("year_end_t", "Year-end", "t CO2e", "mass"),
    Column("last_year_t", "Last year", "t CO2e", "mass"),
    Column("change_t", "Change", "t CO2e", "mass"),
)
SERIES = (
    Column("site", "Site"),
    Column("meter", "Meter"),
    Column("activity", "Activity"),
    Column("so_far", "So far", kind="number", decimals=0),
    Column("expected", "Expected", kind="number", decimals=0),
    Column("year_end", "Year-end", kind="number", decimals=0),
    Column("before", "Last year", kind="number", decimals=0),
    Column("unit", "Unit"),
    Column("method", "By"),
    Column("how", "Expected as"),
    Column("remark", "Remark"),
)
ACCURACY = (
    Column("line", "Line"),
    Column("known_months", "Months known"),
    Column("cuts", "Cuts", kind="count"),
    Column("error_share", "Mean error", "%", "share"),
    Column("bias_share", "Bias", "%", "share"),
    Column("worst_share", "Worst", "%", "share"),
    Column("inside_share", "In interval", "%", "share"),
)
TESTED = (
    Column("year", "Year"),
    Column("after", "Known until"),
    Column("known_months", "Months known", kind="count"),
    Column("line", "Line"),
    Column("nowcast_t", "Nowcast", "t CO2e", "mass"),
    Column("actual_t", "Actual", "t CO2e", "mass"),
    Column("error_share", "Error", "%", "share"),
    Column("inside", "In interval"),
)
BANDS = ((1, 3), (4, 6), (7, 9), (10, 11))  # months known


def tables(told: Nowcast, backtest: bool) -> list[Table]:
    """All that is told of a nowcast."""
    found = [_lines(told), _drivers(told), _series(told)]
    return [*found, _accuracy(told), _tested(told)] if backtest else found


def shown(found: Sequence[Table]) -> list[Table]:
    """The tables as they go on a screen: the largest of the drivers, and of the series what is
    to be told of them."""
    return [_on_screen(table) for table in found]


def _on_screen(table: Table) -> Table:
    if table.name == "nowcast_series":
        table = _named(table)
    if table.name == "nowcast_backtest":
        rows = [row for row in table.rows if row["line"] == NAMES["total_location"]]
        columns = [column for column in table.columns if column.key != "line"]
        title = f"{table.title}: {NAMES['total_location']}"
        return replace(table, title=title, columns=columns, rows=rows)
    if table.name == "nowcast":
        hidden = "last_year_t" if any("actual_t" in row for row in table.rows) else ""
        columns = [each for each in table.columns if each.key not in ("change_share", hidden)]
        return replace(table, columns=columns)
    if table.name == "nowcast_accuracy" or len(table.rows) <= MANY:
        return table
    more = f"{len(table.rows) - MANY} more: --format csv or json tells all."
    return replace(table, rows=table.rows[:MANY], notes=[*table.notes, more])


def _named(table: Table) -> Table:
    """The series of which anything is expected, those with a remark first, each by one name."""
    rows = [
        row | {"site": f"{row['meter'] or row['site']}, {row['activity']}"}
        for row in table.rows
        if row["expected"] or row["remark"]
    ]
    rows.sort(key=lambda row: not row["remark"])
    hidden = {"meter", "activity", "so_far", "how"}
    hidden |= set() if any(row["remark"] for row in rows) else {"remark"}
    columns = [column for column in table.columns if column.key not in hidden]
    columns[0] = replace(columns[0], title="Bill or meter")
    return replace(table, columns=columns, rows=rows)


def _of_year(told: Nowcast, year: int) -> dict[str, Decimal] | None:
    """The lines of a recorded year. None where it has none."""
    total = year_totals(told.run).get((ACTUAL, year))
    if total is None:
        return None
    grams = (
        total.scope1_g,
        total.location_g,
        total.market_g,
        total.gross_location_g,
        total.gross_market_g,
    )
    return dict(zip(LINES, map(tonnes, grams), strict=True))


def _change(now: Decimal, then: Decimal | None) -> Decimal | None:
    return (now - then) / then if then else None


def _lines(told: Nowcast) -> Table:
    """One row a line of the inventory."""
    year = told.cut.year
    last = _of_year(told, year - 1) or {}
    actual = (_of_year(told, year) or {}) if told.is_past else {}
    rows = []
    for line in LINES:
        low, high = bounds(told, line)
        end, so_far = told.year_end[line], told.so_far[line]
        row = {
            "line": NAMES[line],
            "so_far_t": so_far,
            "expected_t": end - so_far,
            "year_end_t": end,
            "low_t": low,
            "high_t": high,
            "last_year_t": last.get(line),
            "change_share": _change(end, last.get(line)),
        }
        rows.append(row | ({"actual_t": actual.get(line)} if told.is_past else {}))
    columns = [*LINE_COLUMNS, *([ACTUAL_COLUMN] if told.is_past else [])]
    title = f"Nowcast of {year}, known until {dashed(told.cut.after)}"
    lost = uncounted(told.run.engine, EXPECTED).get(year, [])
    return Table("nowcast", title, columns, rows, [*_notes(told), *_lost(lost)], "-", bool(lost))


def _lost(lost: Sequence[str]) -> list[str]:
    return [f"Not counted, for want of a factor: {what}. See carbon check." for what in lost]


def _notes(told: Nowcast) -> Iterator[str]:
    yield "An expectation, no inventory figure: nothing of it is recorded."
    gaps, ahead = _lacking(told, "gaps"), _lacking(told, "ahead")
    if ahead:
        yield f"To come: {month_list(ahead)}."
    if gaps:
        names = [
            f"{_name(part)}: {month_list(sorted(part.estimate.need.gaps))}"
            for part in told.parts
            if part.estimate and part.estimate.need.gaps
        ]
        yield "Missing so far, wholly or in part, and estimated: " + _some(names) + "."
    yield _basis(told)
    new = [
        _name(part)
        for part in told.parts
        if part.estimate and part.estimate.method == MEAN and not part.estimate.need.pair
    ]
    if new:
        yield f"Without history, so by their own mean day: {_some(new)}."
    yield from sentences(told)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return "; ".join(names[:4]) + more


def _lacking(told: Nowcast, of: str) -> list[int]:
    needs = [part.estimate.need for part in told.parts if part.estimate]
    return sorted({month for need in needs for month in getattr(need, of)})


def _basis(told: Nowcast) -> str:
    """What the interval rests on, or why there is none."""
    years = sorted({cut.year for cut in told.past})
    if len(years) < FEWEST:
        count = f"{len(years)} year can be" if len(years) == 1 else "no year can be"
        return (
            f"No interval: {count} back-tested, and {FEWEST} are needed (whole years with another"
            " recorded in the three before)."
        )
    return (
        f"Low to high: {LEVEL:.0%} interval, from {len(years)} years back-tested"
        f" ({', '.join(map(str, years))}; {len(told.past)} cuts); it knows nothing of new factors,"
        " sites or measures to come."
    )


def _name(part: Part) -> str:
    site, meter, activity = part.series.place
    return f"{meter or site}, {activity}"


def _drivers(told: Nowcast) -> Table:
    """One row a site and activity: what moves the year against the last one, location-based."""
    year = told.cut.year
    sums: dict[tuple[str, str], dict[str, Decimal]] = {}
    for scenario, of, site, activity, grams in told.run.rows(
        "select scenario, reporting_year, site, activity, sum(co2e_g) from emission"
        " where line = 'scope1' or (line = 'scope2' and accounting = 'location')"
        " group by all order by all"
    ):
        key = {(EXPECTED, year): "end", (SO_FAR, year): "so_far", (ACTUAL, year - 1): "last"}
        if name := key.get((scenario, of)):
            sums.setdefault((site, activity), {})[name] = tonnes(grams)
    has_last = any("last" in each for each in sums.values())
    rows = []
    for (site, activity), each in sums.items():
        end, so_far, last = (each.get(name, ZERO) for name in ("end", "so_far", "last"))
        rows.append(
            {
                "site": site,
                "activity": activity,
                "so_far_t": so_far,
                "expected_t": end - so_far,
                "year_end_t": end,
                "last_year_t": last if has_last else None,
                "change_t": end - last if has_last else None,
            }
        )
    by = "change_t" if has_last else "year_end_t"
    rows.sort(key=lambda row: (-abs(row[by]), row["site"], row["activity"]))
    title = f"What moves {year}" + (f" against {year - 1}" if has_last else "")
    notes = ["Scope 1+2, location-based."]
    return Table("nowcast_driver", title, DRIVERS, rows, notes, "-")


def _series(told: Nowcast) -> Table:
    """One row a bill or meter and unit."""
    before = years_of(told.run)[told.cut.year - 1]
    rows = []
    for part in told.parts:
        series, made = part.series, part.estimate
        last = [each[month] for each in series.by_key.values() for month in before if month in each]
        rows.append(
            dict(zip(("site", "meter", "activity"), series.place, strict=True))
            | {
                "so_far": part.has,
                "expected": part.rest if made else None,
                "year_end": part.has + part.rest,
                "before": Decimal(sum(last)).scaleb(-6) if last else None,
                "unit": series.unit,
                "method": made.method if made else "",
                "how": made.said(series) if made else "",
                "remark": "; ".join(_remarks(told, part)),
            }
        )
    return Table("nowcast_series", f"Quantities of {told.cut.year}", SERIES, rows, (), "-")


def _remarks(told: Nowcast, part: Part) -> Iterator[str]:
    series, made = part.series, part.estimate
    months = [month for month in told.months if series.is_there(month)]
    if made and made.need.gaps:
        whole = [month for month, share in made.need.gaps.items() if share == 1]
        parts = [month for month, share in made.need.gaps.items() if share < 1]
        if whole:
            yield f"missing {month_list(sorted(whole))}"
        if parts:
            yield f"in part {month_list(sorted(parts))}"
    if made and not made.need.pair:
        yield "no history"
    if made and made.need.begun and made.need.begun > told.months[0]:
        yield f"from {dashed(made.need.begun)}"
    if made and not made.need.known:
        yield "nothing recorded this year"
    if months and months[-1] < told.months[-1]:
        yield f"ends with {dashed(months[-1])}"
    if made and made.need.pair:
        month = min(made.need.wanted)
        if month - made.need.pair[month] > 100:
            yield f"season of {dashed(made.need.pair[month])[:4]}"


def _errors(told: Nowcast) -> Iterator[tuple[Any, str, Decimal, Decimal, Decimal | None]]:
    for cut, (nowcast, actual) in told.past.items():
        for line in LINES:
            off = (nowcast[line] - actual[line]) / actual[line] if actual[line] else None
            yield cut, line, nowcast[line], actual[line], off


def _tested(told: Nowcast) -> Table:
    """One row a past year, month it was cut after, and line."""
    words = {True: "yes", False: "no", None: ""}
    rows = [
        {
            "year": cut.year,
            "after": dashed(cut.after),
            "known_months": cut.known,
            "line": NAMES[line],
            "nowcast_t": nowcast,
            "actual_t": actual,
            "error_share": off,
            "inside": words[is_inside(told, line, cut)],
        }
        for cut, line, nowcast, actual, off in _errors(told)
    ]
    title = "Earlier years as they would have been told"
    return Table("nowcast_backtest", title, TESTED, rows, (), "")


def _accuracy(told: Nowcast) -> Table:
    """One row a line and band of months known."""
    every = list(_errors(told))
    rows = []
    for line in LINES:
        for first, last in BANDS:
            found = [
                (cut, float(off))
                for cut, of, _, _, off in every
                if of == line and off is not None and first <= cut.known <= last
            ]
            if not found:
                continue
            off = [each for _, each in found]
            inside = [is_inside(told, line, cut) for cut, _ in found]
            told_of = [each for each in inside if each is not None]
            rows.append(
                {
                    "line": NAMES[line],
                    "known_months": f"{first} to {last}",
                    "cuts": len(found),
                    "error_share": _mean([abs(each) for each in off]),
                    "bias_share": _mean(off),
                    "worst_share": _mean([max(off, key=abs)]),
                    "inside_share": _mean([float(each) for each in told_of]),
                }
            )
    years = len({cut.year for cut in told.past})
    note = (
        f"{years} years back-tested, {len(told.past)} cuts. Errors are shares of the year's actual"
        " figure; what a year was told by knows nothing of it or of later years. Its interval is"
        " that of the other years."
    )
    return Table("nowcast_accuracy", "How good it was before", ACCURACY, rows, [note], "-")


def _mean(values: Sequence[float]) -> Decimal | None:
    return Decimal(str(round(fsum(values) / len(values), 6))) if values else None
