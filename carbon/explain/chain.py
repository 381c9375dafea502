"""One product written out: entered quantity, conversion, factor with its source, result.

A row of `carbon/sql/trace.sql` goes in, a `Chain` comes out, and its lines as a person would write
them on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from carbon import basis, leakage
from carbon.coefficient import coefficients
from carbon.inputs.words import PURCHASED
from carbon.ledger import MILLIONTH
from carbon.ledger.closings import MARK
from carbon.run import Run
from carbon.tables import Column
from carbon.units import conversion

FILLED = "filled"  # the quality of what stands in a gap
PLANNED = "planned"  # and of what is in no recorded month
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
    base_month: int = 0  # that a planned month goes on from
    planned: Sequence[str] = ()  # how it comes to the planned month


def product(run: Run, row: dict[str, Any], missed: Sequence[basis.Missed]) -> Chain:
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
        base_month=row.get("base_month", 0),
        planned=row.get("planned", ()),
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
        " and month = $month and activity = $activity and role = 'grid_import' and unit = $unit"
        " and ($activity = 'electricity_including_pv' or meter = $meter)",
        key | {"unit": row["unit"]},
    ).fetchone()[0]
    word = "planned" if row.get("planned") else "recorded"
    said = f"{plain(recorded)} {row['unit']} {word}" if recorded is not None else word
    if row["activity"] == "electricity_including_pv":
        used = ask(
            "select sum(self_used_kwh) from pv_month where scenario = $scenario and site = $site"
            " and month = $month",
            spot,
        ).fetchone()[0]
        said += f" - {plain(used)} kWh PV used on site" if used else ""
    if row["accounting"] == "market" and row["activity"] in PURCHASED:
        counts = ask(
            "select share from site_month where scenario = $scenario and site = $site"
            " and month = $month",
            spot,
        ).fetchone()[0]
        said += f" x {plain(counts)} of the boundary" if counts != 1 else ""
        covered = ask(
            "select sum(covered_kwh) from covered_month where scenario = $scenario"
            " and site = $site and month = $month and meter = $meter and activity = $activity",
            key,
        ).fetchone()[0]
        is_cover = row["topic"].startswith("instrument/")
        if covered and not is_cover:
            said += f" - {plain(covered)} kWh covered by certificates"
        said = f"of {said}, covered by {row['set_id']}" if is_cover else said
    return said


def _used(run: Run, spot: dict[str, Any], flow_kwh: Decimal) -> str:
    """How the PV generated at a site comes to what is used there on one set of terms."""
    generated, exported, stored, used = run.engine.con.execute(
        "select generated_kwh, exported_kwh, store_change_kwh, self_used_kwh from pv_month"
        " where scenario = $scenario and site = $site and month = $month",
        spot,
    ).fetchone()
    said = f"{plain(generated)} kWh generated - {plain(exported)} exported"
    said += f" - {plain(stored)} into store" if stored else ""
    is_part = flow_kwh != used
    return f"of {said} = {plain(used)}, by share of generation" if is_part else said


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
    guess = next((each for each in run.supposed if each.set_id == set_id), None)
    if guess is not None:
        return value[0], f"{plain(guess.g_per_kwh)} g CO2e/kWh, supposed", guess.source
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
    told = [f"{each.kind} {name}, {plain(each.energy_kwh)} kWh of {each.vintage_year}"]
    told += [f"retired on {each.retired_on}"] if each.retired_on else []
    told += [f"for {each.beneficiary}"] if each.beneficiary else []
    told += [f"serials {each.serials}"] if each.serials else []
    told += [each.evidence] if each.evidence else []
    return f"{plain(each.factor_g_per_kwh)} g CO2e/kWh, {by}", ", ".join(told)


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


def lines_of(chain: Chain) -> list[str]:
    """One product as a person would write it on paper."""
    lines = _recorded(chain) if chain.quality != PLANNED else []
    if chain.planned:
        first, *more = chain.planned
        lines += [f"    planned     {first}", *(f"                {line}" for line in more)]
    flow = f"{plain(chain.flow_quantity)} {chain.unit}"
    if chain.counted == f"{flow} planned":
        lines += [f"    counted     {flow}"]
    elif chain.flow_quantity != chain.quantity or chain.planned:
        lines += [f"    counted     {chain.counted} = {flow}"]
    of = "standard coal" if chain.gas == "standard coal" else "CO2e"
    lines += [
        f"    factor      {chain.equation}",
        f"    set         {chain.set_id} ({chain.fit})",
        f"    source      {chain.source}",
        *([f"    withheld    {chain.withheld}"] if chain.withheld else []),
        f"    coefficient {plain(chain.coefficient_g)} g {of}/{chain.unit}, rounded to 12 places"
        + (f", share {plain(chain.share)}" if chain.share != 1 else "")
        + (f", part {plain(chain.part)} of the quantity" if chain.part != 1 else ""),
        *(
            [f"    losses      {plain(chain.part)} of what was delivered: {chain.loss}"]
            if chain.loss
            else []
        ),
        f"    product     {plain(chain.flow_quantity)} x {plain(chain.coefficient_g)}"
        f" = {plain(chain.mass_g)} g"
        f" = {tonnes(chain.mass_g)} t {of} ({chain.gas})"
        + (", of all records together" if _is_one_of_several(chain) else ""),
    ]
    return lines


def _recorded(chain: Chain) -> list[str]:
    """Where the quantity was entered, and what it is in the month."""
    where = f"{chain.file}, row {chain.row}" if chain.file else "logged by hand"
    is_filled = chain.quality == FILLED
    where = "no bill: filled with an estimate until it comes" if is_filled else where
    if chain.readings:
        where = (
            f"{chain.file}, {chain.readings:,} readings, rows {chain.row:,} to {chain.last_row:,}"
        )
    exact = Decimal(chain.unit_factor.numerator) / Decimal(chain.unit_factor.denominator)
    unit = chain.entered_unit
    whole = f"{plain(chain.entered)} {unit} x {plain(exact)} {chain.unit}/{unit}"
    return [
        f"  entry {chain.entry_id}: {where}" if chain.entry_id else f"  {where}",
        f"    {chain.start_on} to {chain.end_on} | {chain.site} | {chain.activity} | "
        f"{plain(chain.entered)} {chain.entered_unit} | {chain.quality}",
        *([f"    {'filled' if is_filled else 'note  '}      {chain.note}"] if chain.note else []),
        f"    quantity    {whole}{_part_told(chain, exact)} = {plain(chain.quantity)} {chain.unit}",
    ]


def _part_told(chain: Chain, exact: Decimal) -> str:
    """Which part of what was entered counts in the month."""
    if chain.share_until:
        share = f"({plain(chain.share_until)} - {plain(chain.share_before)})"
        return f" x {share}, its meter's readings in {dashed(chain.base_month or chain.month)}"
    if chain.start_on.strftime("%Y%m") != chain.end_on.strftime("%Y%m"):
        return f", its days in {dashed(chain.base_month or chain.month)}"
    whole = (chain.entered * exact).quantize(MILLIONTH, ROUND_HALF_UP)
    return ", its days without a bill" if chain.readings and whole != chain.quantity else ""


def _is_one_of_several(chain: Chain) -> bool:
    """Whether a record of refrigerants is one of several that make the product."""
    return chain.activity in leakage.ACTIVITIES and chain.flow_quantity != chain.quantity


def tonnes(grams: Decimal) -> str:
    return f"{grams.scaleb(-6):,.3f}"


def plain(value: Decimal) -> str:
    """A number without trailing zeros."""
    return format(value.normalize(), ",f")


def dashed(month: int) -> str:
    return f"{month // 100}-{month % 100:02}"
