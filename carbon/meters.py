"""Meters as a tree with their year, and energy by department and key area.

`tree` gives a row a meter: what it read, what its sub-meters leave of it, where it stands, whether
its calibration holds. `areas` gives a row a department and key area; they add up, with a line for
what is unassigned, to the energy of the organisation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from carbon.consumption import consumption
from carbon.errors import CarbonError
from carbon.inputs import calendar
from carbon.run import Run
from carbon.settings import Meter, Site
from carbon.tables import Column, Table

METERS = (
    Column("site", "Site"),
    Column("meter", "Meter"),
    Column("of", "Part of"),
    Column("role", "Role"),
    Column("activity", "Activity"),
    Column("quantity", "Read", kind="number", decimals=0),
    Column("rest", "Rest", kind="number", decimals=0),
    Column("unit", "Unit"),
    Column("months", "Months", kind="count"),
    Column("counts", "Counts"),
    Column("department", "Department"),
    Column("area", "Key area"),
    Column("calibration", "Calibration"),
)
AREAS = (
    Column("year", "Year"),
    Column("month", "Month"),
    Column("department", "Department"),
    Column("area", "Key area"),
    Column("energy_mwh", "Energy", "MWh", "number"),
    Column("share", "Share", "%", "share"),
)
INDENT = "\u00a0\u00a0"  # blanks at which no line is folded
ORGANISATION, UNASSIGNED, REST = "organisation", "unassigned", "other"
MONTH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

Node = tuple[str, str]  # department and key area; '' below a department for all of it


class Reading(NamedTuple):
    """What a meter read of an activity in a year."""

    unit: str
    quantity: Decimal
    months: int
    rest: Decimal | None  # without its sub-meters, None where it has none
    is_part: bool


def tree(run: Run, year: int, today: date) -> Table:
    """The meters of every site, each below its main, with what they read in a year."""
    read = _readings(run, year)
    rows = []
    for place in run.settings.site:
        known = {each.name: each for each in place.meter}
        order = ["", *_in_order("", known)]
        order += [meter for site, meter, _ in read if site == place.name and meter not in order]
        for name in dict.fromkeys(order):
            told = {
                key[2]: each
                for key, each in read.items()
                if key[:2] == (place.name, name) and (name or _is_energy(run, key[2]))
            }
            if name or told:
                rows += _meter_rows(run, place, name, known.get(name), told, today)
    notes = [
        "Rest is what a meter read without its sub-meters. A sub-meter counts in its main;"
        " a virtual one is computed, and never counts by itself.",
    ]
    return Table("meters", f"Meters, {year}", METERS, rows, notes, missing="-")


def shown(table: Table) -> Table:
    """The tree as it goes on a screen: sites above their meters, each indented below its main."""
    rows: list[dict[str, Any]] = []
    depth: dict[str, int] = {}
    site, before = None, None
    for row in table.rows:
        if row["site"] != site:
            site, before = row["site"], None
            rows.append(dict.fromkeys(row) | {"meter": site, "where": None})
        name = row["meter"]
        deep = depth.get(row["of"], 0) + 1 if row["of"] else 1
        depth[name] = deep
        label = INDENT * deep + (name or "bills") if name != before else ""
        rows.append({**row, "meter": label, "where": row["area"] or row["department"]})
        before = name
    hidden = ("site", "of", "role", "months", "counts", "department", "area")
    columns = [each for each in table.columns if each.key not in hidden]
    columns.insert(-1, Column("where", "Area"))
    return replace(table, columns=columns, rows=rows, missing="")


def _in_order(main: str, known: Mapping[str, Meter]) -> Iterator[str]:
    """The meters below one, each followed by those below it."""
    for name, each in known.items():
        if each.of == main:
            yield name
            yield from _in_order(name, known)


def _meter_rows(
    run: Run, place: Site, name: str, each: Meter | None, told: Mapping[str, Reading], today: date
) -> Iterator[dict[str, Any]]:
    stands = run.settings.standing(place.name, name)
    role = "bill" if each is None else "virtual" if each.is_virtual else each.role
    for activity, read in told.items() or [("", None)]:
        yield {
            "site": place.name,
            "meter": name,
            "of": each.of if each else "",
            "role": role,
            "activity": activity,
            "quantity": read.quantity if read else None,
            "rest": read.rest if read else None,
            "unit": read.unit if read else "",
            "months": read.months if read else 0,
            "counts": _counts(role, read),
            "department": stands.department,
            "area": stands.area,
            "calibration": calibration(each, today) if each else "",
        }


def _is_energy(run: Run, activity: str) -> bool:
    """Whether bills of an activity stand beside meters: those of trips do not."""
    known = run.library.methods.get(activity)
    return known is not None and (known.line != "scope3" or known.method == "supplied")


def _counts(role: str, read: Reading | None) -> str:
    if role == "virtual":
        return "computed"
    if read is None:
        return "no reading"
    return "in its main" if read.is_part or role in ("it_load", "charger") else "yes"


def calibration(each: Meter, today: date) -> str:
    """Whether the calibration of a meter holds; nothing where nothing is said of it."""
    if each.due_on is None:
        return f"done {each.calibrated_on}" if each.calibrated_on else ""
    return f"{'overdue since' if each.due_on < today else 'due'} {each.due_on}"


def _readings(run: Run, year: int) -> dict[tuple[str, str, str], Reading]:
    """What each meter read, by site, meter and activity."""
    below = {
        tuple(key): left
        for *key, left in run.rows(
            "with m as (select site, meter, activity, month, unit, sum(quantity) as quantity"
            " from metered_month where scenario = 'actual' group by all)"
            " select p.site, p.main, p.main_activity, s.unit, sum(s.quantity) from meter_part as p"
            " join m as s on s.site = p.site and s.meter = p.meter and s.activity = p.activity"
            " and s.month >= p.first_month and s.month < p.left_month"
            " join m as a on a.site = p.site and a.meter = p.main and a.activity = p.main_activity"
            " and a.month = s.month and a.unit = s.unit"
            " join month as c on c.month = s.month"
            f" where p.distance = 1 and c.reporting_year = {int(year)} group by all"
        )
    }
    return {
        (site, meter, activity): Reading(
            unit,
            quantity,
            months,
            quantity - below[site, meter, activity, unit]
            if (site, meter, activity, unit) in below
            else None,
            is_part,
        )
        for site, meter, activity, unit, quantity, months, is_part in run.rows(
            "select site, meter, activity, unit, sum(quantity), count(distinct month),"
            " bool_and(is_part) from metered_month where scenario = 'actual'"
            f" and reporting_year = {int(year)} group by all order by 1, 2, 3, 4"
        )
    }


def areas(run: Run, year: int = 0) -> Table:
    """Energy by department and key area: of each year, or of one by its months and as a whole.

    Raises CarbonError where no energy is recorded, or none in that year.
    """
    every = _used(run)
    used = {spot: mwh for spot, mwh in every.items() if not year or spot[0] == year}
    if not used:
        years = sorted({spot[0] for spot in every})
        raise CarbonError(
            "no-figure",
            f"no energy is recorded{f' for {year}' if year else ''}: it is not disclosed, which is"
            " not 0",
            nearest=", ".join(map(str, years)),
            remedy="carbon import FILE... or carbon log for that year",
        )
    nodes = _nodes(run, {spot[2:] for spot in used})
    spans: list[tuple[int, int | None]] = sorted({(spot[0], None) for spot in used})
    if year:
        spans = [(year, month) for month in sorted({spot[1] for spot in used})] + spans
    rows = []
    for of_year, month in spans:
        inside = {
            node: sum(
                mwh
                for spot, mwh in used.items()
                if spot[0] == of_year and (month is None or spot[1] == month) and _in(spot, node)
            )
            for node in nodes
        }
        rows += [_area_row(of_year, month, node, inside) for node in nodes]
    said = [
        "What counts in the energy sheet, a sub-meter's use taken from its main's area to its own;"
        " PV used on site stands with its meter or site.",
        "A department is all of its key areas, and what of it is in none ('other').",
    ]
    if not run.settings.area:
        said.append("carbon.toml names no [[area]] yet, so that all of it is unassigned.")
    title = f"Energy by area, {year}" if year else "Energy by area"
    columns = AREAS if year else [column for column in AREAS if column.key != "month"]
    return Table("areas", title, columns, rows, said, "-")


def shown_areas(table: Table) -> list[Table]:
    """The areas as they go on a screen: one column a year, or a half-year's months and the year."""
    years = list(dict.fromkeys(row["year"] for row in table.rows))
    months = list(dict.fromkeys(row.get("month") for row in table.rows))
    if months == [None]:
        spans: list[list[tuple[int, int | None]]] = [[(year, None) for year in years]]
    else:
        every = [(years[0], month) for month in months if month]
        spans = [every[at : at + 6] for at in range(0, len(every), 6)]
        spans[-1].append((years[0], None))
    found = {
        (row["year"], row.get("month"), row["department"], row["area"]): row for row in table.rows
    }
    nodes = dict.fromkeys((row["department"], row["area"]) for row in table.rows)
    parts = []
    for number, span in enumerate(spans):
        heads = [str(year) if month is None else MONTH[month % 100 - 1] for year, month in span]
        columns = [
            Column("node", "MWh"),
            *(Column(str(at), head, kind="number") for at, head in enumerate(heads)),
        ]
        is_last = number == len(spans) - 1
        if is_last:
            columns.append(Column("share", "Share", kind="share"))
        rows = [
            {
                "node": INDENT + area if area else department,
                "share": found[(*span[-1], department, area)]["share"],
                **{
                    str(at): found[(*spot, department, area)]["energy_mwh"]
                    for at, spot in enumerate(span)
                },
            }
            for department, area in nodes
        ]
        notes = table.notes if is_last else ()
        parts.append(replace(table, columns=columns, rows=rows, notes=notes))
    return parts


def _in(spot: tuple, node: Node) -> bool:
    """Whether what stands in a department and key area is in a node of the tree."""
    _, _, department, area = spot
    above, below = node
    if above == ORGANISATION:
        return True
    if department != ("" if above == UNASSIGNED else above):
        return False
    return not below or area == ("" if below == REST else below)


def _nodes(run: Run, used: set[Node]) -> list[Node]:
    """The lines of the tree: departments with their key areas, what is unassigned, the whole."""
    nodes: list[Node] = []
    for each in run.settings.area:
        if not each.part_of:
            below = [other.name for other in run.settings.area if other.part_of == each.name]
            nodes += [(each.name, ""), *((each.name, name) for name in below)]
            if below and (each.name, "") in used:
                nodes.append((each.name, REST))
    return [*nodes, (UNASSIGNED, ""), (ORGANISATION, "")]


def _area_row(
    year: int, month: int | None, node: Node, inside: Mapping[Node, Fraction | int]
) -> dict[str, Any]:
    mwh, whole = inside[node], inside[ORGANISATION, ""]
    return {
        "year": year,
        "month": month,
        "department": node[0],
        "area": node[1],
        "energy_mwh": _decimal(mwh),
        "share": _decimal(Fraction(mwh) / whole) if whole else None,
    }


def _used(run: Run) -> dict[tuple[int, int, str, str], Fraction]:
    """Energy by reporting year, month, department and key area. [MWh]"""
    years = dict(calendar(run.settings))
    found: dict[tuple[int, int, str, str], Fraction] = defaultdict(Fraction)
    for (spot, month), mwh in consumption(run).figures.get("energy", {}).get("MWh", {}).items():
        found[years[month], month, spot.department, spot.area] += mwh
    return dict(found)


def _decimal(value: Fraction | int) -> Decimal:
    exact = Fraction(value)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def overdue(places: Sequence[Site], today: date) -> Iterator[tuple[Site, Meter]]:
    """Meters whose calibration is no longer valid."""
    for place in places:
        for each in place.meter:
            if each.due_on is not None and each.due_on < today:
                yield place, each
