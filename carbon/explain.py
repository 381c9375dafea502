"""Why a figure is what it is: from the total down to the bill, each step to be redone by hand.

`explain` takes a figure ("scope2-location 2022", "scope1 2022 xinzhou-tower", "entry 17") and
gives an `Explanation`: sites, months, then for one flow the entries with file and row, the unit
conversion, the factor with publisher, edition and place, the GWP, and the product.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from carbon import basis, leakage
from carbon.coefficient import coefficients
from carbon.engine import sql_text
from carbon.errors import CarbonError, UsageError, nearest
from carbon.inputs import ACTUAL
from carbon.inputs.words import PURCHASED
from carbon.ledger import MILLIONTH
from carbon.ledger.closings import MARK
from carbon.run import Run
from carbon.tables import Column, Table
from carbon.units import conversion

FILLED = "filled"  # the quality of what stands in a gap
LINES = {
    "scope1": ("scope1", "all"),
    "scope2": ("scope2", "location"),
    "scope2-location": ("scope2", "location"),
    "scope2-market": ("scope2", "market"),
    "scope3": ("scope3", "all"),
    "outside": ("outside", "all"),
    "energy": ("energy", "all"),
}
TITLES = {
    "scope1": "Scope 1",
    "scope2-location": "Scope 2, location-based",
    "scope2": "Scope 2, location-based",
    "scope2-market": "Scope 2, market-based",
    "scope3": "Scope 3",
    "outside": "Outside the scopes",
    "energy": "Energy in standard coal",
}


CHAIN_COLUMNS = (
    Column("entry_id", "Entry", kind="count"),
    Column("file", "File"),
    Column("row", "Row", kind="count"),
    Column("site", "Site"),
    Column("activity", "Activity"),
    Column("month", "Month"),
    Column("entered", "Entered", kind="exact"),
    Column("entered_unit", "Unit entered"),
    Column("quantity", "Quantity", kind="exact"),
    Column("unit", "Unit"),
    Column("share_before", "Read before the month", kind="exact"),
    Column("share_until", "Read until its end", kind="exact"),
    Column("readings", "Readings", kind="count"),
    Column("flow_quantity", "Counted in the month", kind="exact"),
    Column("set_id", "Factor set"),
    Column("fit", "Fit"),
    Column("gas", "Gas"),
    Column("coefficient_g", "Coefficient", "g per unit", "exact"),
    Column("equation", "Equation"),
    Column("source", "Source"),
    Column("withheld", "Withheld"),
    Column("mass_g", "Product", "g", "exact"),
)
SUPPLIED = ("supplied_to_others", "heat_supplied_to_others")
FACTOR_KEY = ("scenario", "topic", "place", "policy", "factor_year", "accounting")
# Leased sites bring location-based electricity into Scope 3.
COUNTED = (
    "(accounting = $accounting or ($line in ('scope3', 'outside') and accounting <> 'market'))"
)
FLOW_KEY = ("site", "meter", "activity", "detail", "month", "topic")


@dataclass(frozen=True)
class Question:
    """A figure, understood. Empty parts ask for everything."""

    line: str = ""
    year: int = 0
    month: int = 0
    site: str = ""
    activity: str = ""
    scenario: str = ACTUAL
    entry_id: int = 0


@dataclass(frozen=True)
class Chain:
    """One product, written out: what was entered, and what became of it. Quantities are exact."""

    entry_id: int
    file: str
    row: int
    start_on: Any
    end_on: Any
    quality: str
    note: str
    entered: Decimal
    entered_unit: str
    unit_factor: Fraction  # canonical units per entered unit
    quantity: Decimal  # of this entry in the month, in `unit`
    unit: str
    month: int
    site: str
    activity: str
    flow_quantity: Decimal  # of all entries of the key in the month
    counted: str  # how the entries of the month come to the flow
    set_id: str
    fit: str
    gas: str
    coefficient_g: Decimal  # CO2e per unit, rounded to 12 places [g]
    equation: str
    source: str
    withheld: str  # '' or the published factor that would serve better, and where to get it
    mass_g: Decimal  # CO2e of the flow, or standard coal [g]
    share: Decimal
    part: Decimal  # of the quantity that takes this factor: of a blend, a loss
    share_before: Decimal  # of what the meter of a bill read, before the month; 0 and 0 where
    share_until: Decimal  # it is split by days
    readings: int  # that the entry is the sum of, 0 for any other
    last_row: int  # of them, in the file
    loss: str  # '' or the set whose share of losses is the part


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
        said = [f"{self.title} = {_t(self.total_g)} {self.unit}"]
        for heading, parts in self.steps:
            said += ["", f"  {heading}"]
            width = max(len(name) for name, _ in parts)
            said += [f"    {name:<{width}}  {_t(grams):>16}" for name, grams in parts]
        for chain in self.chains:
            said += ["", *_chain_lines(chain)]
        if self.remark:
            said += ["", f"  {self.remark}"]
        return said


def question(text: str, run: Run) -> Question:
    """What a figure's name asks for. Raises CarbonError for a word that means nothing."""
    found: dict[str, Any] = {}
    places, activities = run.settings.sites(), {*run.library.methods, *leakage.ACTIVITIES}
    words = text.split()
    if len(words) == 2 and words[0] == "entry" and words[1].isdecimal():
        return Question(entry_id=int(words[1]))
    for word in words:
        if word.lower() in LINES:
            found["line"] = word.lower()
        elif re.fullmatch(r"\d{4}", word):
            found["year"] = int(word)
        elif re.fullmatch(r"\d{4}-\d{2}", word):
            found["month"] = int(word.replace("-", ""))
        elif word in places:
            found["site"] = word
        elif word in activities:
            found["activity"] = word
        elif word in run.scenarios:
            found["scenario"] = word
        else:
            known = [*LINES, *places, *activities, *run.scenarios]
            raise UsageError(
                "unknown-figure",
                f"{word!r} names no line, year, site, activity or scenario",
                looked_for=", ".join(LINES) + ", a year, a month, a site, an activity",
                nearest=nearest(word, known),
                remedy="write for example: carbon explain scope2-location 2022",
            )
    if "line" not in found:
        raise UsageError(
            "unknown-figure",
            "the figure names no line to explain",
            looked_for=", ".join(LINES),
            remedy="write for example: carbon explain scope2-location 2022",
        )
    return Question(**found)


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
        raise CarbonError(
            "no-figure",
            f"nothing makes up {text!r}: it is not disclosed, which is not 0",
            looked_for=f"flows of {text}",
            nearest=", ".join(map(str, years)),
            remedy="name a year, site and line for which something is recorded",
        )
    unit = "tce" if asked.line == "energy" else "t CO2e"
    total = sum((row["mass"] for row in rows), Decimal(0))
    steps = []
    title = TITLES[asked.line] + (f" {asked.year}" if asked.year else "")
    title += f", {_dash(asked.month)}" if asked.month else ""
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
    remark = _leaks_told(run, rows) if chains else _no_bill(asked, rows)
    return Explanation(title, total, unit, steps, chains, remark)


def _no_bill(asked: Question, rows: Sequence[dict[str, Any]]) -> str:
    if asked.scenario != ACTUAL:
        return "Planned: the months of the last actual year times the scenario's index."
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
    return _dash(value) if name == "month" else str(value)


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
    traced = _trace(
        run,
        f"scenario = $scenario and line = $line and {COUNTED}",
        {"scenario": asked.scenario, "line": line, "accounting": accounting},
    )
    if line in ("scope1", "scope3", "outside"):
        traced += leakage.trace(run, asked.scenario)
    missed = basis.withheld(run)
    return [
        _chain(run, row, missed)
        for row in traced
        if row["line"] == line and tuple(row[name] for name in FLOW_KEY) in keys
    ]


def _trace(run: Run, condition: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of carbon/sql/trace.sql that meet a condition."""
    relation = run.engine.con.execute(
        f"select * from ({sql_text('trace')}) as t where {condition}"
        " order by entry_id, line, accounting, month, gas",
        asked,
    )
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
    chains = [_chain(run, row, missed) for row in rows]
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


def _chain(run: Run, row: dict[str, Any], missed: Sequence[basis.Missed]) -> Chain:
    coefficient, equation, source = _coefficient(run, row)
    fit = run.engine.con.execute(
        "select fit, age, level from factor_choice where scenario = ? and topic = ? and place = ?"
        " and policy = ? and factor_year = ? and accounting = ?",
        [row[name] for name in FACTOR_KEY],
    ).fetchone()
    said = (
        ""
        if fit is None
        else f"{fit[0]}" + (f" by {fit[1]} a" if fit[1] else "") + f", found at {fit[2]}"
    )
    if row["topic"].startswith("instrument/"):
        said = "covers what was bought"
    kept = run.closings.get(row["reporting_year"])
    if kept is not None and MARK in row["set_id"]:
        said += f", kept since {row['reporting_year']} was closed on {kept.recorded_at:%Y-%m-%d}"
    _, factor = conversion(row["entered_unit"], (row["unit"],))
    return Chain(
        entry_id=row["entry_id"],
        file=row["file"],
        row=row["file_row"],
        start_on=row["start_on"],
        end_on=row["end_on"],
        quality=row["quality"],
        note=row["note"],
        entered=row["entered_quantity"],
        entered_unit=row["entered_unit"],
        unit_factor=factor,
        quantity=-row["entry_quantity"] if _is_taken_off(row) else row["entry_quantity"],
        unit=row["unit"],
        month=row["month"],
        site=row["site"],
        activity=row["activity"],
        flow_quantity=row["flow_quantity"],
        counted=_counted(run, row),
        set_id=row["set_id"].partition(MARK)[0],
        fit=said,
        gas=row["gas"],
        coefficient_g=coefficient,
        equation=equation,
        source=source,
        withheld=_withheld(missed, row),
        mass_g=row["mass_g"] if row["line"] == "energy" else row["co2e_g"],
        share=row["share"],
        part=row["part"],
        share_before=row.get("share_before", Decimal(0)),
        share_until=row.get("share_until", Decimal(0)),
        readings=row.get("readings", 0),
        last_row=row.get("last_row", 0),
        loss=_loss(run, row),
    )


def _is_taken_off(row: dict[str, Any]) -> bool:
    """Whether what was supplied to others is taken off here, not shown."""
    return row["activity"] in SUPPLIED and row["category"] != "energy supplied to others"


def _loss(run: Run, row: dict[str, Any]) -> str:
    """The set whose share of losses a flow takes, with its source."""
    if row["part"] == 1 or row["category"] != "fuel- and energy-related activities":
        return ""
    found = run.engine.con.execute(
        "select set_id from loss_choice where topic = ? and place = ? and policy = ?"
        " and factor_year = ? and part = ?",
        [row[name] for name in ("topic", "place", "policy", "factor_year", "part")],
    ).fetchone()
    return f"{found[0]}, {run.library.citation(found[0])}" if found else ""


def _counted(run: Run, row: dict[str, Any]) -> str:
    """How the entries of a site, meter and month come to what is multiplied with the factor."""
    if row["activity"] in leakage.ACTIVITIES:
        return str(row["counted"])
    spot = {name: row[name] for name in ("scenario", "site", "month")}
    if row["activity"] == "pv_generation":
        return _used(run, spot, row["flow_quantity"])
    key = spot | {"meter": row["meter"], "activity": row["activity"]}
    ask = run.engine.con.execute
    if row["activity"] in SUPPLIED:
        said = "supplied to others, at most what was bought in the month"
        return f"{said}, taken off" if _is_taken_off(row) else said
    if row["activity"] == "electricity_including_pv":
        key |= {"meter": ""}
    recorded = ask(
        "select sum(quantity) from activity_month where scenario = $scenario and site = $site"
        " and month = $month and activity = $activity and role = 'grid_import'"
        " and ($activity = 'electricity_including_pv' or meter = $meter)",
        key,
    ).fetchone()[0]
    said = f"{_n(recorded)} {row['unit']} recorded" if recorded is not None else "recorded"
    if row["activity"] == "electricity_including_pv":
        used = ask(
            "select sum(self_used_kwh) from pv_month where scenario = $scenario and site = $site"
            " and month = $month",
            spot,
        ).fetchone()[0]
        said += f" - {_n(used)} kWh PV used on site" if used else ""
    if row["accounting"] == "market" and row["activity"] in PURCHASED:
        counts = ask(
            "select share from site_month where scenario = $scenario and site = $site"
            " and month = $month",
            spot,
        ).fetchone()[0]
        said += f" x {_n(counts)} of the boundary" if counts != 1 else ""
        covered = ask(
            "select sum(covered_kwh) from covered_month where scenario = $scenario"
            " and site = $site and month = $month and meter = $meter and activity = $activity",
            key,
        ).fetchone()[0]
        is_cover = row["topic"].startswith("instrument/")
        if covered and not is_cover:
            said += f" - {_n(covered)} kWh covered by certificates"
        said = f"of {said}, covered by {row['set_id']}" if is_cover else said
    return said


def _used(run: Run, spot: dict[str, Any], flow_kwh: Decimal) -> str:
    """How the PV generated at a site comes to what is used there on one set of terms."""
    generated, exported, stored, used = run.engine.con.execute(
        "select generated_kwh, exported_kwh, store_change_kwh, self_used_kwh from pv_month"
        " where scenario = $scenario and site = $site and month = $month",
        spot,
    ).fetchone()
    said = f"{_n(generated)} kWh generated - {_n(exported)} exported"
    said += f" - {_n(stored)} into store" if stored else ""
    is_part = flow_kwh != used
    return f"of {said} = {_n(used)}, by share of generation" if is_part else said


def _coefficient(run: Run, row: dict[str, Any]) -> tuple[Decimal, str, str]:
    """The rounded coefficient, its equation and where it is printed."""
    column = "mass_g" if row["line"] == "energy" else "co2e_g"
    value = run.engine.con.execute(
        f"select {column} from coefficient where set_id = ? and unit = ? and share = ?"
        " and part = ? and gas = ?",
        [row["set_id"], row["unit"], row["share"], row["part"], row["gas"]],
    ).fetchone()
    set_id, source = row["set_id"], run.library.citation(row["set_id"], row["gas"])
    if MARK in set_id:
        return value[0], *_kept(run, row)
    if set_id not in run.library.sets:
        return value[0], *_stated(run, row, source)
    made = coefficients(run.library.sets[set_id], row["unit"], run.settings.policy.gwp, run.library)
    return value[0], next(each.equation for each in made if each.gas == row["gas"]), source


def _stated(run: Run, row: dict[str, Any], source: str) -> tuple[str, str]:
    """Equation and source of what no set of the library says: of an instrument, its own record."""
    name = row["set_id"].removeprefix("instrument/")
    held = run.instruments.get(row["scenario"], ())
    each = next((one for one in held if one.instrument_id == name), None)
    if each is None or name == row["set_id"]:
        return basis.stated(row["set_id"]), source
    kind = run.library.instruments[each.kind]
    by = "of its kind" if kind.factor_g_per_kwh == each.factor_g_per_kwh else "stated by itself"
    told = [f"{each.kind} {name}, {_n(each.energy_kwh)} kWh of {each.vintage_year}"]
    told += [f"retired on {each.retired_on}"] if each.retired_on else []
    told += [f"for {each.beneficiary}"] if each.beneficiary else []
    told += [f"serials {each.serials}"] if each.serials else []
    told += [each.evidence] if each.evidence else []
    return f"{_n(each.factor_g_per_kwh)} g CO2e/kWh, {by}", ", ".join(told)


def _withheld(missed: Sequence[basis.Missed], row: dict[str, Any]) -> str:
    """What a licence keeps out that would serve this product better, and where to get it."""
    for each in missed if row["topic"] == "electricity" else ():
        set_id = row["set_id"].partition(MARK)[0]
        if set_id in each.meanwhile and each.withheld.accounting == row["accounting"]:
            return f"{each.sentence} ({each.withheld.where_to_get})"
    return ""


def _kept(run: Run, row: dict[str, Any]) -> tuple[str, str]:
    """Equation and source that a closed year keeps of a coefficient."""
    closing = run.closings[row["reporting_year"]]
    names = ("unit", "share", "part", "gas")
    asked = (row["set_id"].partition(MARK)[0], *(row[name] for name in names))
    return next(
        (kept["equation"], kept["source"])
        for kept in run.ledger.kept_coefficients(closing)
        if (kept["set_id"], *(kept[name] for name in names)) == asked
    )


def _chain_lines(chain: Chain) -> list[str]:
    """One product as a person would write it on paper."""
    where = f"{chain.file}, row {chain.row}" if chain.file else "logged by hand"
    is_filled = chain.quality == FILLED
    where = "no bill: filled with an estimate until it comes" if is_filled else where
    if chain.readings:
        where = (
            f"{chain.file}, {chain.readings:,} readings, rows {chain.row:,} to {chain.last_row:,}"
        )
    exact = Decimal(chain.unit_factor.numerator) / Decimal(chain.unit_factor.denominator)
    lines = [
        f"  entry {chain.entry_id}: {where}" if chain.entry_id else f"  {where}",
        f"    {chain.start_on} to {chain.end_on} | {chain.site} | {chain.activity} | "
        f"{_n(chain.entered)} {chain.entered_unit} | {chain.quality}",
    ]
    lines += [f"    {'filled' if is_filled else 'note  '}      {chain.note}"] if chain.note else []
    whole = (
        f"{_n(chain.entered)} {chain.entered_unit} x {_n(exact)} {chain.unit}/{chain.entered_unit}"
    )
    part = _part_told(chain, exact)
    lines += [f"    quantity    {whole}{part} = {_n(chain.quantity)} {chain.unit}"]
    if chain.flow_quantity != chain.quantity:
        lines += [f"    counted     {chain.counted} = {_n(chain.flow_quantity)} {chain.unit}"]
    of = "standard coal" if chain.gas == "standard coal" else "CO2e"
    lines += [
        f"    factor      {chain.equation}",
        f"    set         {chain.set_id} ({chain.fit})",
        f"    source      {chain.source}",
        *([f"    withheld    {chain.withheld}"] if chain.withheld else []),
        f"    coefficient {_n(chain.coefficient_g)} g {of}/{chain.unit}, rounded to 12 places"
        + (f", share {_n(chain.share)}" if chain.share != 1 else "")
        + (f", part {_n(chain.part)} of the quantity" if chain.part != 1 else ""),
        *(
            [f"    losses      {_n(chain.part)} of what was delivered: {chain.loss}"]
            if chain.loss
            else []
        ),
        f"    product     {_n(chain.flow_quantity)} x {_n(chain.coefficient_g)}"
        f" = {_n(chain.mass_g)} g"
        f" = {_t(chain.mass_g)} t {of} ({chain.gas})"
        + (", of all records together" if _is_one_of_several(chain) else ""),
    ]
    return lines


def _part_told(chain: Chain, exact: Decimal) -> str:
    """Which part of what was entered counts in the month."""
    if chain.share_until:
        share = f"({_n(chain.share_until)} - {_n(chain.share_before)})"
        return f" x {share}, its meter's readings in {_dash(chain.month)}"
    if chain.start_on.strftime("%Y%m") != chain.end_on.strftime("%Y%m"):
        return f", its days in {_dash(chain.month)}"
    whole = (chain.entered * exact).quantize(MILLIONTH, ROUND_HALF_UP)
    return ", its days without a bill" if chain.readings and whole != chain.quantity else ""


def _is_one_of_several(chain: Chain) -> bool:
    """Whether a record of refrigerants is one of several that make the product."""
    return chain.activity in leakage.ACTIVITIES and chain.flow_quantity != chain.quantity


def _t(grams: Decimal) -> str:
    return f"{grams.scaleb(-6):,.3f}"


def _n(value: Decimal) -> str:
    """A number without trailing zeros."""
    return format(value.normalize(), ",f")


def _dash(month: int) -> str:
    return f"{month // 100}-{month % 100:02}"
