"""Claims: avoided emissions and the like, kept beside the inventory and in none of its figures.

`register` lists what is claimed; nothing of it is a line, a total or judged by a target.
`substitution` works out what trips did not emit because they were not made otherwise: they are
computed once more as a supposition of the whole engine, so that the other factor is chosen as it
would be for an entry, and the two are set side by side.

Source: WRI/WBCSD, Corporate Value Chain (Scope 3) Standard (2011), 9.5: avoided emissions are
reported apart from scopes 1, 2 and 3, never deducted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

from carbon.engine import Row
from carbon.errors import CarbonError, UsageError, counted, nearest
from carbon.inputs import ABROAD
from carbon.inputs.travel import GROUP
from carbon.ledger.closings import MARK
from carbon.library import Library
from carbon.run import Run
from carbon.tables import Column, Table, shown, tonnes

APART = "A claim is no inventory figure: it is in no scope, no total and no target."
KIND = "substitution"
REGISTER = (
    Column("claim_id", "Claim"),
    Column("year", "Year"),
    Column("kind", "Kind"),
    Column("mass_t", "Claimed", "t CO2e", "exact"),
    Column("description", "What"),
    Column("baseline", "Instead of"),
    Column("method", "Method"),
    Column("evidence", "Evidence"),
    Column("note", "Note"),
)
COMPARISON = (
    Column("year", "Year"),
    Column("site", "Site"),
    Column("quantity", "Quantity", kind="exact"),
    Column("unit", "Unit"),
    Column("taken_set", "Factor set"),
    Column("taken_kg", "Emitted", "kg CO2e", "number"),
    Column("instead_set", "Set instead"),
    Column("instead_kg", "Instead", "kg CO2e", "number"),
    Column("avoided_kg", "Avoided", "kg CO2e", "number"),
)

# Of an emitted quantity: its site, meter, detail and month, and what it came to.
Emitted = Mapping[tuple[str, str, str, int], tuple[Decimal, str, str, Decimal]]


def register(run: Run, year: int = 0) -> Table:
    """What is claimed, by year and id; of one year only where it is named."""
    rows = [
        {column.key: each[column.key] for column in REGISTER}
        for each in run.ledger.current("claim", run.cut_off)
        if not year or each["year"] == year
    ]
    rows.sort(key=lambda row: (row["year"], row["claim_id"]))
    return Table("claim", "Claims, beside the inventory", REGISTER, rows, [APART], missing="")


def footnote(run: Run) -> list[str]:
    """That claims are recorded, for whoever reads a report; nothing where there are none."""
    found = run.ledger.current("claim", run.cut_off)
    if not found:
        return []
    return [f"{counted(len(found), 'claim')} recorded apart (carbon claims). {APART}"]


@dataclass(frozen=True)
class Swap:
    """Trips of one activity, supposed to be made by another. Raises UsageError where none can."""

    library: Library
    taken: str
    instead: str
    detail: str = ""  # what the other activity needs to be told

    def __post_init__(self) -> None:
        methods = self.library.methods
        trips = {name for name, each in methods.items() if each.family == "travel"}
        for name in (self.taken, self.instead):
            if name not in trips:
                raise UsageError(
                    "not-a-trip",
                    f"{name!r} is no activity of travel or commuting",
                    looked_for=", ".join(sorted(trips)),
                    nearest=nearest(name, trips),
                    remedy="carbon substitution 2023 --of metro_travel --by taxi",
                )
        one, other = methods[self.taken], methods[self.instead]
        if one.units != other.units:
            raise UsageError(
                "other-unit",
                f"{self.taken} is counted in {one.units[0]}, {self.instead} in {other.units[0]}",
                looked_for="an activity in the same unit",
                remedy="compare persons with persons, vehicles with vehicles: taxi or taxi_vehicle",
            )
        details = self.library.details(self.instead)
        if details and self.detail not in details:
            raise UsageError(
                "missing-detail",
                f"{self.instead} needs a detail" + (f", not {self.detail!r}" * bool(self.detail)),
                looked_for=", ".join(details[:12]),
                nearest=nearest(self.detail, details),
                remedy="add --detail",
            )

    def key(self, key: Row) -> Row | None:
        """The key to compute instead of a recorded one; None for one that the swap leaves out."""
        key_id, site, meter, activity, detail = key
        if activity != self.taken:
            return None
        country = detail.partition(GROUP)[0].partition(ABROAD)[2]
        said = self.detail + (ABROAD + country if country else "")
        return (key_id, site, meter, self.instead, f"{said}{GROUP}{detail}")


def emitted(run: Run, swap: Swap, year: int, is_supposed: bool) -> Emitted:
    """What the trips of a swap came to in a year, as made or as supposed."""
    rows = run.engine.con.execute(
        "select site, meter, detail, month, quantity, unit, set_id, sum(co2e_g) from emission"
        " where scenario = 'actual' and reporting_year = ? and activity = ? and line = 'scope3'"
        " group by all order by all",
        [year, swap.instead if is_supposed else swap.taken],
    ).fetchall()
    return {
        (site, meter, detail.partition(GROUP)[2] if is_supposed else detail, month): (
            quantity,
            unit,
            set_id.partition(MARK)[0],
            grams,
        )
        for site, meter, detail, month, quantity, unit, set_id, grams in rows
    }


def substitution(swap: Swap, year: int, made: Emitted, supposed: Emitted) -> Table:
    """What trips emitted, and what they would have, by site and pair of factor sets.

    Raises CarbonError where there is no such trip, or no factor for it as supposed.
    """
    if not made:
        raise CarbonError(
            "no-figure",
            f"no {swap.taken} is counted in {year}",
            remedy=f"carbon entries --activity {swap.taken}",
        )
    lacking = sorted({key[0] for key in made if key not in supposed})
    if lacking:
        raise CarbonError(
            "missing-factor",
            f"no factor for {swap.instead} at {', '.join(lacking)}, {year}, to compare with",
            looked_for="the factor that an entry of it would take",
            remedy="add an edition under factors/ of the book",
        )
    sums: dict[tuple[str, ...], list[Decimal]] = {}
    for key, (quantity, unit, set_id, grams) in made.items():
        _, _, other_set, other_grams = supposed[key]
        parts = sums.setdefault((key[0], unit, set_id, other_set), [Decimal(0)] * 3)
        for at, value in enumerate((quantity, grams, other_grams)):
            parts[at] += value
    rows = [_compared(year, key, *values) for key, values in sorted(sums.items())]
    title = f"{swap.taken} instead of {swap.instead}, {year}: avoided emissions"
    return Table("substitution", title, COMPARISON, rows, [_summed(rows), APART])


def _compared(
    year: int, key: tuple[str, ...], quantity: Decimal, grams: Decimal, other: Decimal
) -> dict[str, Any]:
    site, unit, taken_set, instead_set = key
    return {
        "year": year,
        "site": site,
        "quantity": quantity,
        "unit": unit,
        "taken_set": taken_set,
        "taken_kg": grams.scaleb(-3),
        "instead_set": instead_set,
        "instead_kg": other.scaleb(-3),
        "avoided_kg": (other - grams).scaleb(-3),
    }


def avoided_t(table: Table) -> Decimal:
    """What a substitution comes to, to the gram. [t CO2e]"""
    kilograms = sum((row["avoided_kg"] for row in table.rows), Decimal(0))
    return shown(tonnes(kilograms * 1000), 6)


def _summed(rows: list[dict[str, Any]]) -> str:
    parts = [
        f"{row['quantity'].normalize():,f} {row['unit']} x ({_factor(row, 'instead_kg')}"
        f" - {_factor(row, 'taken_kg')} kg CO2e)"
        for row in rows
    ]
    return f"Avoided: {' + '.join(parts)}."


def _factor(row: Mapping[str, Any], column: str) -> str:
    """What one unit came to, at six significant digits. [kg CO2e]"""
    if not row["quantity"]:
        return "0"
    value = Context(prec=6).divide(row[column], row["quantity"])
    return format(value.normalize(), "f")


def fields(swap: Swap, year: int, table: Table, claim_id: str, evidence: str) -> dict[str, str]:
    """A substitution as a claim to record. Raises CarbonError where nothing was avoided."""
    mass_t = avoided_t(table)
    if mass_t <= 0:
        raise CarbonError(
            "nothing-avoided",
            f"{swap.taken} emitted no less than {swap.instead} would have: {mass_t} t CO2e",
            remedy="claim nothing",
        )
    sets = sorted({f"{row['instead_set']} - {row['taken_set']}" for row in table.rows})
    said = {
        "claim_id": claim_id,
        "kind": KIND,
        "year": str(year),
        "description": f"{swap.taken} instead of {swap.instead}",
        "baseline": swap.instead + (f", {swap.detail}" if swap.detail else ""),
        "mass": format(mass_t, "f"),
        "unit": "t",
        "method": f"{table.notes[0]} Factor sets: {'; '.join(sets)}.",
        "evidence": evidence,
    }
    return {name: text for name, text in said.items() if text}
