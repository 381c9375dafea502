"""The energy sheet: megawatt-hours and standard coal by carrier, and where electricity came from.

`sheet` gives two tables: carriers with the coefficient set each took, whose tonnes are those of the
line `energy`; and electricity bought, generated, used and exported, with its renewable share. Sites
count with their share of consolidation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbon import pipeline
from carbon.errors import CarbonError
from carbon.inputs import ACTUAL
from carbon.ledger.closings import MARK
from carbon.run import Run
from carbon.tables import Column, Table, tonnes

MWH_PER_TCE = Fraction(29307, 3600)  # GB/T 2589: a kilogram of standard coal is 29,307 kJ
MWH_PER = {"kWh": Fraction(1, 1000), "MJ": Fraction(1, 3600)}
WHOLE, TOTAL = "all sites", "total"

CARRIERS = (
    Column("year", "Year"),
    Column("site", "Site"),
    Column("carrier", "Carrier"),
    Column("energy_mwh", "Energy", "MWh", "number"),
    Column("standard_coal_t", "Standard coal", "tce", "number"),
    Column("set_id", "Coefficient set"),
)
ELECTRICITY = (
    Column("year", "Year"),
    Column("site", "Site"),
    Column("bought_mwh", "Bought", "MWh", "number"),
    Column("pv_generated_mwh", "PV generated", "MWh", "number"),
    Column("pv_used_mwh", "PV used", "MWh", "number"),
    Column("exported_mwh", "Exported", "MWh", "number"),
    Column("certified_mwh", "Certificates", "MWh", "number"),
    Column("renewable_share", "Renewable, electricity", "%", "share"),
    Column("renewable_energy_share", "Renewable, all energy", "%", "share"),
)
NARROW = {  # shorter headings, where sites stand before them
    "pv_generated_mwh": "PV made",
    "certified_mwh": "Certified",
    "renewable_share": "Renewable",
    "renewable_energy_share": "of all",
}
INSIDE = (  # of each relation, the months of sites that stand in the energy sheet
    " join site_month as s on s.scenario = t.scenario and s.site = t.site and s.month = t.month"
    " where t.scenario = 'actual' and s.treatment = ''"
)

PV = (
    " from pv_use_month as t join pv_month as p on p.scenario = t.scenario and p.site = t.site"
    " and p.month = t.month"
)

Spot = tuple[int, str]  # reporting year and site


def sheet(run: Run, year: int = 0, by_site: bool = False) -> list[Table]:
    """Carriers, and where electricity came from: of every year, or of one with its sites.

    by_site : split the carriers too.

    Raises CarbonError for a year without energy.
    """
    energy = _energy(run)
    years = sorted({spot[0] for spot, *_ in energy})
    if year and year not in years:
        raise CarbonError(
            "no-figure",
            f"no energy is recorded for {year}: it is not disclosed, which is not 0",
            looked_for=f"reporting year {year}",
            nearest=", ".join(map(str, years)),
            remedy="carbon import FILE... or carbon log for that year",
        )
    wanted = [year] if year else years
    energy = [each for each in energy if each[0][0] in wanted]
    title = f"Energy by carrier, {year}" if year else "Energy by carrier"
    carriers = Table("energy", title, CARRIERS, _carriers(energy, by_site), _notes(run, wanted))
    if not by_site:
        carriers = _without(carriers, "site")
    rows = _electricity(run, energy, wanted, by_site=bool(year))
    said = _said_of_electricity(run, wanted)
    electricity = Table("electricity", "Where electricity came from", ELECTRICITY, rows, said, "-")
    return [carriers, electricity if year else _without(electricity, "site")]


def shown(tables: Sequence[Table], year: str) -> list[Table]:
    """The tables as they go on a screen: the year of both in their titles, sites first."""
    if not year:
        return list(tables)
    carriers, electricity = tables
    narrow = [replace(column, title=NARROW.get(column.key, column.title)) for column in ELECTRICITY]
    electricity = replace(electricity, columns=narrow, title=f"{electricity.title}, {year}")
    return [_without(table, "year") for table in (carriers, electricity)]


def _without(table: Table, key: str) -> Table:
    columns = [column for column in table.columns if column.key != key]
    rows = [{name: row[name] for name in row if name != key} for row in table.rows]
    return replace(table, columns=columns, rows=rows)


def _energy(run: Run) -> list[tuple[Spot, str, Fraction, Decimal, str]]:
    """Every carrier of a year and site: [MWh], [tce], and the coefficient set it took."""
    rows = run.rows(
        "select reporting_year, site, category, topic, unit, share, set_id, sum(quantity),"
        " sum(mass_g) from emission where scenario = 'actual' and line = 'energy'"
        " group by all order by 1, 2, 4, 3, 5, 7, 6"
    )
    found = []
    for year, site, category, topic, unit, share, set_id, quantity, grams in rows:
        coal = tonnes(grams)
        energy = energy_mwh(unit, quantity, share, Fraction(coal))
        of = topic.partition("/")[2]
        carrier = category if of == "electricity" else of.replace("_", " ")
        found.append(((year, site), carrier, energy, coal, set_id.partition(MARK)[0]))
    return found


def energy_mwh(unit: str, quantity: Decimal, share: Decimal, coal_t: Fraction) -> Fraction:
    """The energy of a carrier by its unit, or by its standard coal where it has none. [MWh]"""
    if unit in MWH_PER:
        return Fraction(quantity) * Fraction(share) * MWH_PER[unit]
    return coal_t * MWH_PER_TCE


def _carriers(
    energy: Sequence[tuple[Spot, str, Fraction, Decimal, str]], by_site: bool
) -> list[dict[str, Any]]:
    """Rows of carriers, each year (or site of it) with its total last."""
    sums: dict[tuple[int, str], dict[str, tuple[Fraction, Decimal, dict[str, None]]]] = {}
    for (year, site), carrier, mwh, coal, set_id in energy:
        group = sums.setdefault((year, site if by_site else WHOLE), {})
        for name in (carrier, TOTAL):
            before = group.get(name, (Fraction(0), Decimal(0), {}))
            sets = before[2] | ({} if name == TOTAL else {set_id: None})
            group[name] = (before[0] + mwh, before[1] + coal, sets)
    return [
        {
            "year": year,
            "site": site,
            "carrier": carrier,
            "energy_mwh": _decimal(mwh),
            "standard_coal_t": coal,
            "set_id": ", ".join(sets),
        }
        for (year, site), group in sorted(sums.items())
        for carrier, (mwh, coal, sets) in sorted(group.items(), key=lambda each: each[0] == TOTAL)
    ]


def _electricity(
    run: Run,
    energy: Sequence[tuple[Spot, str, Fraction, Decimal, str]],
    wanted: Sequence[int],
    by_site: bool,
) -> list[dict[str, Any]]:
    """Where the electricity of a year, and of each of its sites, came from."""
    parts = {
        "bought": _sums(run, "energy_kwh from import_month as t"),
        "generated": _sums(run, f"generated_kwh{PV}", "t.owner = ''"),
        "exported": _sums(run, f"exported_kwh{PV}", "t.owner = '' and p.export_meters = 1"),
        "used": _sums(run, f"used_kwh{PV}"),
        "kept": _sums(run, f"used_kwh{PV}", "not t.is_sold"),
        "third": _sums(run, f"used_kwh{PV}", "t.owner <> ''"),
        "certified": _certified(run),
    }
    every: dict[Spot, Fraction] = {}
    pv: dict[Spot, Fraction] = {}
    for spot, carrier, mwh, *_ in energy:
        every[spot] = every.get(spot, Fraction(0)) + mwh
        pv[spot] = pv.get(spot, Fraction(0)) + (mwh if carrier.startswith("PV") else 0)
    spots = sorted({*every, *(spot for part in parts.values() for spot in part)})
    rows = []
    for year in wanted:
        sites = [spot for spot in spots if spot[0] == year]
        groups = [(site, [(year, site)]) for _, site in sites] if by_site else []
        for name, group in [*groups, (WHOLE, sites)]:
            told = {part: _over(sums, group) for part, sums in parts.items()}
            rest = (_over(every, group) or 0) - (_over(pv, group) or 0)
            rows.append(_row(year, name, told, rest))
    return rows


def _row(
    year: int, site: str, told: Mapping[str, Fraction | None], without_pv: Fraction
) -> dict[str, Any]:
    """One row of electricity; what is not recorded stays missing."""
    used = (told["bought"] or 0) + (told["used"] or 0)
    green = (told["kept"] or 0) + (told["certified"] or 0)
    every = without_pv + (told["used"] or 0)
    bought = told["bought"] if told["third"] is None else (told["bought"] or 0) + told["third"]
    return {
        "year": year,
        "site": site,
        "bought_mwh": _decimal(bought),
        "pv_generated_mwh": _decimal(told["generated"]),
        "pv_used_mwh": _decimal(told["used"]),
        "exported_mwh": _decimal(told["exported"]),
        "certified_mwh": _decimal(told["certified"]),
        "renewable_share": _decimal(Fraction(green) / used) if used else None,
        "renewable_energy_share": _decimal(Fraction(green) / every) if every else None,
    }


def _sums(run: Run, what: str, condition: str = "true") -> dict[Spot, Fraction]:
    """Sums of a column of a relation by year and site. [MWh]

    what : 'column from relation as t', with further joins.
    """
    column, _, relation = what.partition(" from ")
    rows = run.rows(
        f"select s.reporting_year, t.site, sum(t.{column} * s.share) from {relation}{INSIDE}"
        f" and {condition} group by 1, 2"
    )
    return {(year, site): Fraction(kwh) / 1000 for year, site, kwh in rows}


def _certified(run: Run) -> dict[Spot, Fraction]:
    """Electricity bought that instruments of no emissions cover, by year and site. [MWh]

    Instruments are matched with the boundary's share of a site already.
    """
    free = {each.instrument_id for each in run.instruments[ACTUAL] if not each.factor_g_per_kwh}
    rows = run.rows(
        "select s.reporting_year, t.site, t.instrument_id, sum(t.covered_kwh)"
        f" from covered_month as t{INSIDE} group by 1, 2, 3 order by 1, 2, 3"
    )
    found: dict[Spot, Fraction] = {}
    for year, site, instrument_id, kwh in rows:
        if instrument_id in free:
            found[year, site] = found.get((year, site), Fraction(0)) + Fraction(kwh) / 1000
    return found


def _over(sums: Mapping[Spot, Fraction], spots: Sequence[Spot]) -> Fraction | None:
    found = [sums[spot] for spot in spots if spot in sums]
    return sum(found, Fraction(0)) if found else None


def _decimal(value: Fraction | int | None) -> Decimal | None:
    if value is None:
        return None
    exact = Fraction(value)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _notes(run: Run, years: Sequence[int]) -> list[str]:
    """How carriers become MWh and tce, what the policy says of PV, and what has no coefficient."""
    is_in = run.settings.policy.pv_in_energy
    said = [
        "A fuel in kilograms, litres or cubic metres becomes MWh through its coefficient and"
        " 29,307 kJ/kgce (GB/T 2589); electricity and heat as metered.",
        "Own PV used on site is " + ("inside." if is_in else "outside (policy pv_in_energy)."),
    ]
    for row in sorted(pipeline.check(run.engine, "flow_not_counted")):
        scenario, year, line, _, topic, place, unit, quantity = row
        if scenario == ACTUAL and line == "energy" and year in years:
            of = topic.partition("/")[2]
            said.append(
                f"Not inside, for want of a coefficient: {quantity.normalize():,f} {unit} of {of}"
                f" at {place} in {year}."
            )
    return said


def _said_of_electricity(run: Run, years: Sequence[int]) -> list[str]:
    """What counts as bought and as renewable, and where export is not metered."""
    said = [
        "Bought counts PV of a third party used on site, which stands among PV used as well; what"
        " its plant generates and exports is its owner's.",
        "Renewable is PV used on site whose certificates are kept, and bought electricity covered"
        " by instruments that convey no emissions; what the grid itself holds of it does not"
        " count. PV used is among all energy here, whatever the policy says.",
    ]
    listed = ", ".join(map(str, years))
    guessed = run.rows(
        "select distinct site from pv_month where scenario = 'actual' and export_meters = 0"
        f" and reporting_year in ({listed or 0}) order by 1"
    )
    if guessed:
        names = ", ".join(site for (site,) in guessed)
        said.append(f"PV used is an estimate, for export is not always metered: {names}.")
    return said
