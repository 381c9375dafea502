"""Indicators beside emissions, by year: how much, what changed, and how much a person or a million.

`figures` gives what is known of each indicator, part and year at one place, and `indicators` the
table. A year is what was recorded for it, or the sum of its months; an organisation is what was
recorded for it, or the sum of its sites. What is not recorded is the sum of its parts, or what its
definition or estimate makes of others, and is told as such. Nothing here is read by any emission.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from carbon.errors import CarbonError, UnitError, UsageError, counted, nearest
from carbon.inputs import reporting_year
from carbon.performance import Indicator, Terms, told
from carbon.run import Run
from carbon.tables import Column, Table
from carbon.units import convert

MONTHS = 12
DIGITS = 4  # of an intensity on a screen
SHOWN = 3  # years side by side on a screen
ORGANISATION = ""
PER = {"people": "person", "revenue": "million RMB"}  # what an intensity is printed per


@dataclass(frozen=True)
class Amount:
    """A figure in the unit of its indicator.

    slack : how far rounding may have moved it: half a unit of the last place of each figure in it.
    remark : how it came about, where it was not recorded as it stands.
    """

    value: Fraction
    slack: Fraction = Fraction(0)
    is_whole: bool = True  # the whole year
    remark: str = ""
    coverage: tuple[str, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)


Key = tuple[str, str, int]  # indicator, part ('' for all of it), reporting year


@dataclass(frozen=True)
class Recorded:
    """Every current figure of a book, with what its indicators mean."""

    known: Mapping[str, Indicator]
    rows: Sequence[Mapping[str, Any]]
    starts: int  # month in which a reporting year starts
    places: Mapping[tuple[str, str, str, str], int]  # decimals of a series, in its own unit

    def indicator(self, row: Mapping[str, Any]) -> Indicator:
        """What a row is a figure of; a name that the settings no longer have keeps its unit."""
        name = row["indicator"]
        return self.known.get(name) or Indicator(name=name, unit=row["unit"])

    def year(self, row: Mapping[str, Any]) -> int:
        period = row["period"]
        return period if period < 10000 else reporting_year(period, self.starts)

    def amount(self, row: Mapping[str, Any]) -> Amount:
        """One recorded figure."""
        of, unit = self.indicator(row), row["unit"]
        half = of.amount(Decimal(5).scaleb(-1 - self.places[_series(row)]), unit)
        quality = row["quality"] if row["quality"] in ("estimated", "calculated") else ""
        coverage = (row["coverage"],) if row["coverage"] else ()
        return Amount(of.amount(row["quantity"], unit), half, True, quality, coverage, (row,))


def recorded(run: Run) -> Recorded:
    """The figures of a run.

    The decimals of a series are the most that any of its figures has: 9,443.0 beside 10,298.1 was
    rounded to a tenth, though its zero is not kept.
    """
    rows = run.ledger.current("indicator", run.cut_off)
    places: dict[tuple[str, str, str, str], int] = {}
    for row in rows:
        decimals = max(0, -row["quantity"].normalize().as_tuple().exponent)
        places[_series(row)] = max(places.get(_series(row), 0), decimals)
    said = run.settings
    return Recorded(said.indicators(), rows, said.organisation.reporting_year_starts, places)


def _series(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return row["site"], row["indicator"], row["part"], row["unit"]


def stated(of: Recorded, site: str) -> dict[Key, Amount]:
    """What is recorded at one place ('' the organisation itself), by year: for the year, else the
    sum of its months."""
    months: dict[Key, list[Amount]] = {}
    years: dict[Key, Amount] = {}
    for row in of.rows:
        if row["site"] != site:
            continue
        key = (row["indicator"], row["part"], of.year(row))
        if row["period"] < 10000:
            years[key] = of.amount(row)
        else:
            months.setdefault(key, []).append(of.amount(row))
    return {key: _of_months(parts) for key, parts in months.items()} | years


def _of_months(parts: Sequence[Amount]) -> Amount:
    is_whole = len(parts) == MONTHS
    return replace(
        added(parts),
        is_whole=is_whole,
        remark="" if is_whole else f"{len(parts)} of {counted(MONTHS, 'month')}",
    )


def added(parts: Sequence[Amount]) -> Amount:
    """The sum of figures."""
    return Amount(
        sum((each.value for each in parts), Fraction(0)),
        sum((each.slack for each in parts), Fraction(0)),
        all(each.is_whole for each in parts),
        "; ".join(dict.fromkeys(each.remark for each in parts if each.remark)),
        tuple(dict.fromkeys(said for each in parts for said in each.coverage)),
        tuple(row for each in parts for row in each.rows),
    )


def of_sites(of: Recorded) -> dict[Key, Amount]:
    """The sums of what sites have recorded, by year."""
    found: dict[Key, list[tuple[str, Amount]]] = {}
    for site in dict.fromkeys(row["site"] for row in of.rows if row["site"]):
        for key, amount in stated(of, site).items():
            found.setdefault(key, []).append((site, amount))
    return {
        key: replace(
            added([amount for _, amount in parts]),
            remark="; ".join(
                [f"{site}: {amount.remark}" for site, amount in parts if amount.remark]
            ),
            coverage=(counted(len(parts), "site"), *added([a for _, a in parts]).coverage),
        )
        for key, parts in found.items()
    }


def figures(of: Recorded, site: str = ORGANISATION) -> dict[Key, Amount]:
    """What is known at a place, by indicator, part and year; '' the organisation as a whole."""
    found = stated(of, site) if site else of_sites(of) | stated(of, ORGANISATION)
    for name, year in dict.fromkeys((name, year) for name, _, year in found):
        parts = [amount for key, amount in found.items() if key[0] == name and key[2] == year]
        if (name, "", year) not in found:
            sum_of = added(parts)
            remark = "; ".join(filter(None, ("sum of its parts", sum_of.remark)))
            found[name, "", year] = replace(sum_of, remark=remark)
    years = sorted({key[2] for key in found})
    for key, how in (("equals", "by definition"), ("estimate", "estimated")):
        for _ in of.known:  # a rule may rest on what another rule has given
            more = {
                (each.name, "", year): made
                for each in of.known.values()
                for year in years
                if (each.name, "", year) not in found
                for made in (combined(of, getattr(each, key), each, year, found, how),)
                if made
            }
            if not more:
                break
            found |= more
    return found


def combined(
    of: Recorded,
    terms: Terms,
    each: Indicator,
    year: int,
    found: Mapping[Key, Amount],
    how: str,
) -> Amount | None:
    """What terms make of other indicators in a year; nothing where one of them is not known."""
    parts = [found.get((name, "", year)) for name in terms]
    if not terms or None in parts:
        return None
    value = slack = Fraction(0)
    for (name, factor), part in zip(terms.items(), parts, strict=True):
        size = Fraction(factor) * each.amount(1, of.known[name].unit)
        value += size * part.value
        slack += abs(size) * part.slack
    is_whole = all(part.is_whole for part in parts)
    lacking = "" if is_whole else ", of part of the year"
    coverage = tuple(dict.fromkeys(said for part in parts for said in part.coverage))
    return Amount(value, slack, is_whole, f"{how}: {told(terms)}{lacking}", coverage)


def indicators(run: Run, years: Sequence[int] = (), site: str = ORGANISATION) -> Table:
    """Every indicator by year, with its change on the year before and its intensities.

    Raises CarbonError where nothing is recorded, UsageError for a site there is none of.
    """
    of = recorded(run)
    sites = run.settings.sites()
    if site and site not in sites:
        raise UsageError(
            "unknown-site",
            f"there is no site {site!r}",
            looked_for=", ".join(sites),
            nearest=nearest(site, sites),
            remedy="carbon indicators --site SITE",
        )
    found = figures(of, site)
    wanted = {key: each for key, each in found.items() if not years or key[2] in years}
    if not wanted:
        raise CarbonError(
            "no-figure",
            "no indicator is recorded" + (f" for {', '.join(map(str, years))}" if years else ""),
            nearest=", ".join(map(str, sorted({year for *_, year in found}))),
            remedy="carbon log indicator --indicator water_withdrawal --year 2023 --quantity ..."
            " --unit m3, or carbon import FILE",
        )
    divisors = _divisors(run, site)
    order = {name: number for number, name in enumerate(of.known)}
    rows = [
        _row(of, key, found, divisors)
        for key in sorted(wanted, key=lambda key: (order.get(key[0], len(order)), *key))
    ]
    metrics = [name for name in PER if any(row[f"per_{name}"] is not None for row in rows)]
    columns = [
        Column("indicator", "Indicator"),
        Column("part", "Part"),
        Column("year", "Year"),
        Column("quantity", "Quantity", kind="number", decimals=1),
        Column("unit", "Unit"),
        Column("change_share", "Change", "%", "share"),
        *(
            Column(f"per_{name}", f"per {unit}", f"unit per {unit}", "number", 3)
            for name in metrics
            for unit in [divisors.units[name]]
        ),
        Column("remark", "Remark"),
    ]
    notes = ["Beside the inventory: no emission follows of any of these figures."]
    if metrics:
        notes.append("Intensities are in the unit of the row, per year.")
    title = f"Indicators, {site}" if site else "Indicators"
    return Table("indicator", title, columns, rows, notes, "-")


@dataclass(frozen=True)
class Divisors:
    """Denominators of a place by metric and year, and the unit they are counted in."""

    units: Mapping[str, str]
    values: Mapping[tuple[str, int], Fraction]


def _divisors(run: Run, site: str) -> Divisors:
    units: dict[str, str] = {}
    values: dict[tuple[str, int], Fraction] = {}
    for row in run.ledger.current("denominator", run.cut_off):
        metric, year = row["metric"], row["period"]
        if row["site"] != site or metric not in PER or year >= 10000 or not row["quantity"]:
            continue
        unit = units.setdefault(metric, _printed_unit(metric, row["unit"]))
        try:
            values[metric, year] = convert(row["quantity"], row["unit"], unit)
        except UnitError:  # money of another country: no rate of exchange is stated
            continue
    return Divisors(units, values)


def _printed_unit(metric: str, unit: str) -> str:
    try:
        convert(1, unit, PER[metric])
    except UnitError:
        return unit
    return PER[metric]


def _row(of: Recorded, key: Key, found: Mapping[Key, Amount], divisors: Divisors) -> dict[str, Any]:
    name, part, year = key
    amount, before = found[key], found.get((name, part, year - 1))
    is_whole = amount.is_whole and before is not None and before.is_whole
    change = amount.value / before.value - 1 if is_whole and before and before.value else None
    known = of.known.get(name)
    unit = known.unit if known else next((row["unit"] for row in amount.rows), "")
    per = {
        f"per_{metric}": _decimal(
            amount.value / divisors.values[metric, year]
            if amount.is_whole and (metric, year) in divisors.values
            else None
        )
        for metric in PER
    }
    return {
        "indicator": (known.title if known else "") or name,
        "part": part,
        "year": year,
        "quantity": _decimal(amount.value),
        "unit": unit,
        "change_share": _decimal(change),
        **per,
        "remark": "; ".join(filter(None, (amount.remark, *amount.coverage))),
    }


def shown(table: Table, most: int = SHOWN) -> list[Table]:
    """The table as it goes on a screen: years side by side, and intensities below.

    most : years, the last ones.
    """
    years = sorted({row["year"] for row in table.rows})[-most:]
    lines: dict[tuple[str, str, str], dict[int, dict[str, Any]]] = {}
    for row in table.rows:
        if row["year"] in years:
            lines.setdefault((row["indicator"], row["part"], row["unit"]), {})[row["year"]] = row
    across = [Column(str(year), str(year), kind="number", decimals=1) for year in years]
    figures = [
        {"indicator": f"· {part}" if part else name, "unit": unit}
        | {str(year): of[year]["quantity"] if year in of else None for year in years}
        | {"change_share": of[years[-1]]["change_share"] if years[-1] in of else None}
        for (name, part, unit), of in lines.items()
    ]
    last = Column("change_share", f"{years[-1]} on {years[-1] - 1}", "%", "share")
    columns = [Column("indicator", "Indicator"), Column("unit", "Unit"), *across, last]
    remarks: dict[tuple[str, str], dict[str, list[int]]] = {}
    for (name, part, _), of in lines.items():
        for year, row in of.items():
            if row["remark"]:
                remarks.setdefault((name, part), {}).setdefault(row["remark"], []).append(year)
    notes = [
        f"{' '.join(filter(None, named))}, {', '.join(map(str, when))}: {remark}."
        for named, said in remarks.items()
        for remark, when in said.items()
    ]
    tables = [replace(table, columns=columns, rows=figures, notes=[*notes, *table.notes[:1]])]
    across = [replace(column, kind="exact") for column in across]
    rows = [
        {"indicator": name, "unit": f"{unit} {column.title}"}
        | {str(year): _rounded(of[year][column.key]) if year in of else None for year in years}
        for (name, part, unit), of in lines.items()
        for column in table.columns
        if not part and column.key.startswith("per_")
        if any(row[column.key] is not None for row in of.values())
    ]
    if rows:
        columns = [Column("indicator", "Indicator"), Column("unit", "Unit"), *across]
        tables.append(Table("intensity", "Intensities", columns, rows, missing="-"))
    return tables


def _rounded(value: Decimal | None) -> Decimal | None:
    """An intensity as printed, however small it is."""
    return None if value is None else Context(prec=DIGITS).plus(value)


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)
