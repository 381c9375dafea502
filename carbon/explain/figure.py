"""Why a figure is what it is: from the total down to the bill, each step to be redone by hand.

`explain` takes a figure ("scope2-location 2022", "scope1 2022 xinzhou-tower", "entry 17") and
gives an `Explanation`: sites, months, then for one flow the entries with file and row, the unit
conversion, the factor with publisher, edition and place, the GWP, and the product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from carbon import basis, leakage
from carbon.engine import sql_text
from carbon.errors import CarbonError
from carbon.explain.ahead import planned
from carbon.explain.chain import CHAIN_COLUMNS, Chain, dashed, lines_of, product, tonnes
from carbon.explain.question import LINES, TITLES, Question, question
from carbon.inputs import ACTUAL
from carbon.run import Run
from carbon.tables import Table

# Leased sites bring location-based electricity into Scope 3.
COUNTED = (
    "(accounting = $accounting or ($line in ('scope3', 'outside') and accounting <> 'market'))"
)
FLOW_KEY = ("site", "meter", "activity", "detail", "month", "topic")


@dataclass(frozen=True)
class Explanation:
    """The way down from a figure. `steps` narrow it; `chains` are the products at the bottom."""

    title: str
    total_g: Decimal
    unit: str
    steps: Sequence[tuple[str, Sequence[tuple[str, Decimal]]]] = ()  # heading, (name, grams)
    chains: Sequence[Chain] = field(default_factory=list)
    remark: str = ""

    def table(self) -> Table:
        """The products at the bottom, one row each, for another program to redo."""
        return Table(
            "explanation", self.title, CHAIN_COLUMNS, [vars(chain) for chain in self.chains]
        )

    def lines(self) -> list[str]:
        """Ready to print, at most 80 columns wide where the words allow it."""
        said = [f"{self.title} = {tonnes(self.total_g)} {self.unit}"]
        for heading, parts in self.steps:
            said += ["", f"  {heading}"]
            width = max(len(name) for name, _ in parts)
            said += [f"    {name:<{width}}  {tonnes(grams):>16}" for name, grams in parts]
        for chain in self.chains:
            said += ["", *lines_of(chain)]
        if self.remark:
            said += ["", f"  {self.remark}"]
        return said


def explain(text: str, run: Run) -> Explanation:
    """A figure, explained. Raises CarbonError where nothing is recorded that could make it."""
    asked = question(text, run)
    if asked.entry_id:
        return _entry(asked, run)
    rows = _emissions(asked, run)
    if not rows:
        years = sorted(
            {row[0] for row in run.rows("select distinct reporting_year from total order by 1")}
        )
        is_ahead = asked.scenario == ACTUAL and bool(years) and asked.year > years[-1]
        raise CarbonError(
            "no-figure",
            f"nothing makes up {text!r}: it is not disclosed, which is not 0",
            looked_for=f"flows of {text}",
            nearest=", ".join(map(str, years)),
            remedy="name a year, site and line for which something is recorded"
            + (f"; a year ahead with its scenario: path {asked.year}" if is_ahead else ""),
        )
    unit = "tce" if asked.line == "energy" else "t CO2e"
    total = sum((row["mass"] for row in rows), Decimal(0))
    steps = []
    title = TITLES[asked.line] + (f" {asked.year}" if asked.year else "")
    title += f", {dashed(asked.month)}" if asked.month else ""
    title += f", {asked.site}" if asked.site else ""
    title += f", {asked.activity}" if asked.activity else ""
    title += f" ({asked.scenario})" if asked.scenario != ACTUAL else ""
    if asked.line == "scope2-market" and basis.rules_note(run):
        title += ", by draft rules"
    for name, heading in (
        ("reporting_year", "by reporting year"),
        ("site", "by site"),
        ("activity", "by activity"),
        ("month", "by month"),
        ("topic", "by factor"),
    ):
        parts = _grouped(rows, name)
        if len(parts) > 1:
            steps.append((_heading(heading, rows, name), parts))
            rows = [row for row in rows if _label(name, row[name]) == parts[0][0]]
    chains = _chains(run, asked, rows)
    remark = _leaks_told(run, rows) if chains else _no_bill(rows)
    return Explanation(title, total, unit, steps, chains, remark)


def _no_bill(rows: Sequence[dict[str, Any]]) -> str:
    return f"No entry stands behind it directly: {rows[0]['topic']} has no entry of its own."


def _leaks_told(run: Run, rows: Sequence[dict[str, Any]]) -> str:
    """What each method makes of the refrigerant that is followed; '' where it is no refrigerant."""
    row = rows[0]
    if row["activity"] not in leakage.ACTIVITIES:
        return ""
    wanted = (row["site"], row["detail"])
    found = leakage.results(run, row["reporting_year"])
    return leakage.sentence([each for each in found if (each.site, each.refrigerant) == wanted])


def _emissions(asked: Question, run: Run) -> list[dict[str, Any]]:
    line, accounting = LINES[asked.line]
    mass = "mass_g" if line == "energy" else "co2e_g"
    names = (
        "reporting_year",
        "site",
        "activity",
        "meter",
        "detail",
        "month",
        "topic",
        "unit",
        "set_id",
        "gas",
        "mass",
    )
    found = run.engine.con.execute(
        "select reporting_year, site, activity, meter, detail, month, topic, unit, set_id, gas,"
        f" sum({mass}) from emission where scenario = $scenario and line = $line"
        f" and {COUNTED}"
        " and ($year = 0 or reporting_year = $year) and ($month = 0 or month = $month)"
        " and ($site = '' or site = $site) and ($activity = '' or activity = $activity)"
        " group by all order by all",
        {
            "scenario": asked.scenario,
            "line": line,
            "accounting": accounting,
            "year": asked.year,
            "month": asked.month,
            "site": asked.site,
            "activity": asked.activity,
        },
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in found]


def _grouped(rows: Sequence[dict[str, Any]], name: str) -> list[tuple[str, Decimal]]:
    """Sums by a column, largest first; the largest is followed further down."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        label = _label(name, row[name])
        sums[label] = sums.get(label, Decimal(0)) + row["mass"]
    return sorted(sums.items(), key=lambda item: (-abs(item[1]), item[0]))


def _label(name: str, value: Any) -> str:
    return dashed(value) if name == "month" else str(value)


def _heading(heading: str, rows: Sequence[dict[str, Any]], name: str) -> str:
    spots = {key: rows[0][key] for key in ("site", "activity") if len({r[key] for r in rows}) == 1}
    inside = ", ".join(str(spot) for key, spot in spots.items() if key != name)
    return (
        f"{heading}, {inside} (the largest is followed)"
        if inside
        else f"{heading} (the largest is followed)"
    )


def _chains(run: Run, asked: Question, rows: Sequence[dict[str, Any]]) -> list[Chain]:
    """The products behind what is left after narrowing down."""
    keys = {tuple(row[name] for name in FLOW_KEY) for row in rows}
    line, accounting = LINES[asked.line]
    where = f"scenario = $scenario and line = $line and {COUNTED}"
    values = {"scenario": asked.scenario, "line": line, "accounting": accounting}
    if asked.scenario == ACTUAL:
        traced = _trace(run, where, values)
    else:
        flows = _read(
            run, f"select *, quantity as flow_quantity from emission where {where}", values
        )
        flows = [flow for flow in flows if tuple(flow[name] for name in FLOW_KEY) in keys]
        traced = planned(run, asked.scenario, flows)
    if line in ("scope1", "scope3", "outside"):
        traced += leakage.trace(run, asked.scenario)
    missed = basis.withheld(run)
    return [
        product(run, row, missed)
        for row in traced
        if row["line"] == line and tuple(row[name] for name in FLOW_KEY) in keys
    ]


def _trace(run: Run, condition: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of carbon/sql/trace.sql that meet a condition."""
    return _read(
        run,
        f"select * from ({sql_text('trace')}) as t where {condition}"
        " order by entry_id, line, accounting, month, gas",
        asked,
    )


def _read(run: Run, query: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    relation = run.engine.con.execute(query, values)
    names = [column[0] for column in relation.description]
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def _entry(asked: Question, run: Run) -> Explanation:
    """Everything one entry makes."""
    entry = run.ledger.entry(asked.entry_id)
    rows = _trace(run, "scenario = 'actual' and entry_id = $entry_id", {"entry_id": asked.entry_id})
    scopes = [row for row in rows if row["line"] != "energy" and row["accounting"] != "market"]
    total = sum(
        (
            row["co2e_g"] * row["entry_quantity"] / row["flow_quantity"]
            for row in scopes
            if row["flow_quantity"]
        ),
        Decimal(0),
    )
    title = f"Entry {asked.entry_id} ({entry['state']}): {entry['site']}, {entry['activity']}"
    missed = basis.withheld(run)
    chains = [product(run, row, missed) for row in rows]
    remark = "" if rows else _of_a_main(run, entry)
    return Explanation(title, total, "t CO2e", (), chains, remark)


def _of_a_main(run: Run, entry: dict[str, Any]) -> str:
    """Where an entry of a sub-meter is counted; nothing where it is none."""
    found = run.engine.con.execute(
        "select main from meter_part where site = $site and meter = $meter and activity = $activity"
        " and distance = 1 and is_counted and $month >= first_month and $month < left_month",
        {name: entry[name] for name in ("site", "meter", "activity")}
        | {"month": entry["start_on"].year * 100 + entry["start_on"].month},
    ).fetchone()
    if found is None:
        return ""
    main = found[0] or f"the bills and grid meters of {entry['site']}"
    return f"{entry['meter']} measures a part: its use is in the figure of {main}."
