"""What leaked of each refrigerant, by three methods side by side, and which of them is counted.

`results` gives the balances of a run with what each rests on and lacks; `table` lays them out for
`carbon refrigerants`; `sentence` tells one in words, beside the figure that it explains, and
`trace` leads from a leak to the records it rests on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from carbon.engine import sql_text
from carbon.errors import CarbonError, counted
from carbon.inputs.refrigerants import month_of
from carbon.run import Run
from carbon.tables import Column, Table, tonnes

METHODS = {"mass balance": "mass_balance", "simplified": "simplified", "screening": "screening"}
# Activities of flows that stand on equipment, service and stock, and the method of each.
ACTIVITIES = {"service": "simplified", "mass_balance": "mass balance", "screening": "screening"}
# How well what each rests on is known, where no entry says it.
QUALITIES = {"service": "weighed", "mass_balance": "calculated", "screening": "estimated"}
EVENTS = ("top-up", "install", "recover", "dispose")
Key = tuple[Any, ...]
EDGES = ("opening", "closing")
COLUMNS = (
    Column("year", "Year"),
    Column("site", "Site"),
    Column("refrigerant", "Refrigerant"),
    Column("method", "Method"),
    Column("used", "Used"),
    Column("mass_kg", "Leaked", "kg", "number", 2),
    Column("emission_t", "CO2e", "t", "mass"),
    Column("outside_t", "Outside", "t", "mass"),  # gases outside the Kyoto basket
    Column("evidence", "Evidence"),
)


@dataclass(frozen=True)
class Result:
    """What one method makes of a site, refrigerant and year. None where its evidence is missing."""

    site: str
    refrigerant: str
    year: int
    method: str
    is_used: bool
    mass_kg: Decimal | None
    scopes_g: Decimal | None  # [g CO2e], None also where no factor serves
    outside_g: Decimal | None
    evidence: str
    missing: str


def results(run: Run, year: int = 0) -> list[Result]:
    """Every balance of a reporting year, or of all, each by its three methods."""
    rows = _dicts(
        run,
        f"select * from ({sql_text('refrigerant_result')}) as r"
        " where $year = 0 or reporting_year = $year order by reporting_year, site, refrigerant",
        {"year": year},
    )
    return [_result(row, method) for row in rows for method in METHODS]


def table(run: Run, year: int = 0) -> Table:
    """The three results of each refrigerant, ready to print. Raises CarbonError where none is."""
    found = results(run, year)
    if not found:
        raise CarbonError(
            "no-refrigerant",
            "no refrigerant is on record" + (f" in {year}" if year else ""),
            looked_for="equipment, service events and stocks of refrigerants",
            nearest=", ".join(map(str, sorted({each.year for each in results(run)}))),
            remedy="carbon log equipment ..., then carbon log service or refrigerant-stock",
        )
    rows = [
        {
            "year": each.year,
            "site": each.site,
            "refrigerant": each.refrigerant,
            "method": each.method,
            "used": "used" if each.is_used else "",
            "mass_kg": each.mass_kg,
            "emission_t": _tonnes(each.scopes_g),
            "outside_t": _tonnes(each.outside_g),
            "evidence": "; ".join(filter(None, [each.evidence, _lacks(each)])),
        }
        for each in found
    ]
    columns = [each for each in COLUMNS if each.key != "outside_t" or _any(rows, each.key)]
    return Table(
        "refrigerant", "Refrigerants by method", columns, rows, notes(run, found), missing="-"
    )


def notes(run: Run, found: Sequence[Result]) -> list[str]:
    """What a reader of the results must know, and where leak rates come from."""
    said = ["Used is the first method of [policy] refrigerant that has its evidence."]
    if any(each.method == "screening" and each.mass_kg is not None for each in found):
        sets = run.rows("select distinct leak_set_id from appliance where leak_set_id <> ''")
        sources = {run.library.citation(set_id).partition(", ")[0] for (set_id,) in sets}
        said.append(f"Screening is an estimate by leak rates of {'; '.join(sorted(sources))}.")
    owned = {row[0] for row in run.rows("select distinct site from site where share < 1")}
    if owned & {each.site for each in found}:
        told = ", ".join(sorted(owned & {each.site for each in found}))
        said.append(f"Whole sites; of {told} the inventory counts the share of the boundary.")
    if any(each.mass_kg is not None and each.mass_kg < 0 for each in found):
        said.append("A result below zero is carried as it is; carbon check says more.")
    return said


def sentence(found: Sequence[Result]) -> str:
    """The results of one site, refrigerant and year in words, the one used first."""
    first = found[0]
    told = [_told(each) for each in sorted(found, key=lambda each: not each.is_used)]
    return f"{first.refrigerant} at {first.site} in {first.year}: {'; '.join(told)}."


def trace(run: Run, scenario: str) -> list[dict[str, Any]]:
    """The records behind leaks, in the shape of carbon/sql/trace.sql: each with the mass that it
    adds or takes off, and how all of them come to what leaked in the month."""
    emitted = _dicts(
        run,
        "select e.*, e.detail as refrigerant, e.quantity as flow_quantity from emission as e"
        " where scenario = $scenario and activity in ('service', 'mass_balance', 'screening')",
        {"scenario": scenario},
    )
    if not emitted:
        return []
    terms: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for term in _dicts(run, "select * from refrigerant_term order by all", {}):
        terms[_key(term["method"], term, term["equipment_id"])].append(term)
    records = Records(run)
    return [
        row | record | {"counted": _sum_of(several, row)}
        for row in emitted
        for several in [terms[_key(ACTIVITIES[row["activity"]], row, row["meter"])]]
        for term in several
        for record in records.of(term)
    ]


def _key(method: str, row: dict[str, Any], equipment_id: str) -> Key:
    """What is counted together: a year of a mass balance, else a month of an appliance."""
    where = (method, row["site"], row["refrigerant"], row["reporting_year"])
    return where if method == "mass balance" else (*where, equipment_id, row["month"])


def _sum_of(terms: Sequence[dict[str, Any]], row: dict[str, Any]) -> str:
    """The terms of a leak as a sum: '50 kg opening stock - 20 kg closing stock'."""
    sums: dict[str, Decimal] = {}
    for term in terms:
        sums[term["term"]] = sums.get(term["term"], Decimal(0)) + term["mass_kg"]
    parts = [f"{'-' if mass < 0 else '+'} {_kg(abs(mass))} {name}" for name, mass in sums.items()]
    said = " ".join(parts).removeprefix("+ ")
    if row["activity"] != "mass_balance":
        return said
    return f"{said} = {_kg(sum(sums.values()))} in {row['reporting_year']}, of it a month's part"


def _kg(mass: Decimal | int) -> str:
    return f"{Decimal(mass).normalize():,f} kg"


class Records:
    """The rows of the ledger behind the terms of a balance, as a year sees them."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.held: dict[tuple[str, int], dict[Key, list[dict[str, Any]]]] = {}
        self.counts = {
            (site, refrigerant, year, f"{edge} stock"): stock_id
            for site, refrigerant, year, edge, _, stock_id in run.rows("select * from stock_count")
        }
        self.sets = dict(run.rows("select distinct equipment_id, leak_set_id from appliance"))

    def of(self, term: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """What a person wrote down of a term, with the mass it adds or takes off."""
        name, year = term["term"], term["reporting_year"]
        if name in EVENTS:
            for each in self._rows("service", year, (term["equipment_id"], term["month"], name)):
                sign = -1 if name in ("recover", "dispose") else 1
                what = f"service {each['service_id']}" + (f", {name}" if name != "top-up" else "")
                yield _record(each, each["serviced_on"], sign * each["mass_kg"], what)
        elif term["equipment_id"]:
            for each in self._rows("equipment", year, (term["equipment_id"],)):
                yield self._of_register(each, term)
        elif term["month"]:
            key = (term["site"], term["refrigerant"], term["month"], name)
            for each in self._rows("refrigerant_stock", year, key):
                sign = 1 if name == "purchase" else -1
                what = f"stock {each['stock_id']}, {name}"
                yield _record(each, each["happened_on"], sign * each["mass_kg"], what)
        else:
            stock_id = self.counts.get((term["site"], term["refrigerant"], year, name), "")
            for each in self._rows("refrigerant_stock", year, (stock_id,)):
                what = f"stock {stock_id}, {name}"
                yield _record(each, each["happened_on"], term["mass_kg"], what)

    def _of_register(self, each: dict[str, Any], term: dict[str, Any]) -> dict[str, Any]:
        gone = "retired" in term["term"] or "dispos" in term["term"]
        day = (each["retired_on"] if gone else None) or each["installed_on"]
        what = f"{term['term']}, {each['equipment_id']} with {_kg(each['charge_kg'])}"
        if term["method"] == "screening":
            what += f", leak rates {self.sets.get(each['equipment_id'], '')}"
        return _record(each, day, term["mass_kg"], what)

    def _rows(self, table: str, year: int, key: Key) -> list[dict[str, Any]]:
        """Rows of a table under a key, as they stood when the year was closed."""
        closing = self.run.closings.get(year)
        cut_off = closing.cut_off if closing else self.run.cut_off
        if (table, cut_off) not in self.held:
            found: dict[Key, list[dict[str, Any]]] = defaultdict(list)
            for row in self.run.ledger.current(table, cut_off):
                for each in _keys(table, row):
                    found[each].append(row)
            self.held[table, cut_off] = found
        return self.held[table, cut_off].get(key, [])


def _keys(table: str, row: dict[str, Any]) -> list[Key]:
    if table == "service":
        return [(row["equipment_id"], month_of(row["serviced_on"]), row["event"])]
    if table == "equipment":
        return [(row["equipment_id"],)]
    moved = (row["site"], row["refrigerant"], month_of(row["happened_on"]), row["event"])
    return [(row["stock_id"],), moved]


def _record(each: dict[str, Any], day: date, mass_kg: Decimal, what: str) -> dict[str, Any]:
    return {
        "entry_id": 0,
        "file": each["file"],
        "file_row": each["row"],
        "start_on": day,
        "end_on": day,
        "quality": what,
        "note": each["note"],
        "entered_quantity": mass_kg,
        "entered_unit": "kg",
        "entry_quantity": mass_kg,
    }


def _dicts(run: Run, sql: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    relation = run.engine.con.execute(sql, asked)
    names = [column[0] for column in relation.description]
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def _told(each: Result) -> str:
    said = f"by {each.method}"
    if each.mass_kg is None:
        return f"{said} no figure (missing: {each.missing})"
    amount = f"{each.mass_kg.normalize():,f} kg"
    lack = f" (missing: {each.missing})" if each.missing else ""
    return f"{amount} {said}{', used' if each.is_used else ''}{lack}"


def _result(row: dict[str, Any], method: str) -> Result:
    name = METHODS[method]
    is_there = row[f"is_{name}"]
    is_served = is_there and row["is_served"]
    return Result(
        row["site"],
        row["refrigerant"],
        row["reporting_year"],
        method,
        row["used"] == method,
        row[f"{name}_kg"] if is_there else None,
        row[f"{name}_g"] if is_served else None,
        row[f"{name}_outside_g"] if is_served else None,
        ", ".join(_evidence(row, method)),
        ", ".join(_missing(row, method)),
    )


def _lacks(each: Result) -> str:
    return f"missing: {each.missing}" if each.missing else ""


def _evidence(row: dict[str, Any], method: str) -> Iterator[str]:
    """What a method has to rest on."""
    if method == "mass balance":
        counts = [edge for edge in EDGES if row[f"{edge}s"]]
        yield from ["both counts"] if len(counts) == 2 else [f"{edge} count" for edge in counts]
    elif method == "simplified" and row["services"]:
        yield counted(row["services"], "service record")
    elif method == "screening" and row["appliances"] > row["unrated"]:
        yield counted(row["appliances"] - row["unrated"], "appliance")


def _missing(row: dict[str, Any], method: str) -> Iterator[str]:
    """What a method lacks: to have a figure at all, or a whole one."""
    if method == "mass balance":
        lacking = [edge for edge in EDGES if not row[f"{edge}s"]]
        yield from ["both counts"] if len(lacking) == 2 else [f"{edge} count" for edge in lacking]
        if row["months"] < 12 and not lacking:
            yield "a whole year inside the boundary"
        if row["unsaid"]:
            yield f"where {counted(row['unsaid'], 'new appliance')} got the charge"
    elif method == "simplified":
        if not row["services"]:
            yield "service records"
        if row["uncharged"]:
            yield f"install record of {counted(row['uncharged'], 'appliance')}"
        if row["undisposed"]:
            yield f"what was recovered of {counted(row['undisposed'], 'retired appliance')}"
    elif not row["appliances"]:
        yield "equipment"
    elif row["unrated"]:
        yield f"leak rates of {counted(row['unrated'], 'appliance')}"


def _tonnes(grams: Decimal | None) -> Decimal | None:
    return None if grams is None else tonnes(grams)


def _any(rows: Sequence[dict[str, Any]], key: str) -> bool:
    return any(row[key] for row in rows)
