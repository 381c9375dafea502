"""What holds in every book, whatever is in it: identities over books made up at random.

Each book has three sites in three countries with bills, PV, fuels, refrigerants, certificates and
contracts of its own. It is computed as it is, with other certificates, and with more PV exported.
"""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from books import begun

D = Decimal
SEEDS = range(3)
SITES = {"works": "CN-ZJ", "lab": "GB", "shop": "US-EGRID-CAMX"}
HEAD = '[organisation]\nname = "Acme"\n'
BILLS = "site,activity,month,quantity,unit,detail"
CERTIFICATES = "instrument_id,kind,market,energy,unit,vintage,site,retired_on,beneficiary,factor"


@cache
def relations(seed: int, traded: str = "", more_export: bool = False) -> dict[str, list[dict]]:
    """The relations of a book; `traded` gives it other certificates."""
    folder = Path(mkdtemp())
    book = begun(folder / "book", "Acme", "CN-ZJ", date(2026, 1, 31))
    places = [
        f'[[site]]\nname = "{name}"\nregion = "{region}"\npv_certificates = "{kept}"\n'
        for (name, region), kept in zip(SITES.items(), kept_or_sold(seed), strict=True)
    ]
    (book.folder / "carbon.toml").write_text(HEAD + "".join(places), encoding="utf-8")
    for name, text in (
        ("bills.csv", bills(seed, more_export)),
        ("certificates.csv", certificates(f"{seed}{traded}")),
    ):
        path = folder / name
        path.write_text(text, encoding="utf-8")
        [report] = book.import_files([path])
        assert [each for each in report.problems if each.severity == "error"] == []
    names = ("total", "emission", "import_month", "import_period", "instrument_use", "pv_month")
    with book.run() as run:
        return {name: rows_of(run, name) for name in names}


def rows_of(run, name):
    found = run.engine.con.execute(f"select * from {name}")
    columns = [column[0] for column in found.description]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def kept_or_sold(seed):
    chance = random.Random(f"pv {seed}")
    return [chance.choice(["kept", "sold"]) for _ in SITES]


def bills(seed, more_export):
    """Bills of 2023; what was exported more is exported less used on site."""
    chance = random.Random(f"bills {seed}")
    rows = [BILLS]
    for site in SITES:
        for month in range(1, 13):
            when = f"2023-{month:02}"
            rows.append(f"{site},electricity,{when},{chance.randint(0, 900_000) / 1000},MWh,")
            made = chance.randint(1, 300_000)
            sent = chance.randint(0, made) // 2
            rows.append(f"{site},pv_generation,{when},{made},kWh,")
            rows.append(f"{site},pv_export,{when},{made if more_export else sent},kWh,")
        if site != "works":
            rows.append(f"{site},natural_gas,2023-05,{chance.randint(1, 9000)},kWh gross,")
        rows.append(f"{site},refrigerant,2023-06,{chance.randint(1, 99) / 7:.4f},kg,R-410A")
        rows.append(f"{site},refrigerant,2023-07,{chance.randint(1, 99) / 7:.4f},kg,R-22")
    return "\n".join(rows)


def certificates(seed):
    chance = random.Random(f"certificates {seed}")
    rows = [CERTIFICATES]
    for number in range(6):
        kind, market = chance.choice([("GEC", "CN"), ("GO", "GB"), ("REC", "US")])
        site = chance.choice(["", *(name for name, at in SITES.items() if at[:2] == market)])
        energy, factor = chance.randint(1, 4000), chance.choice(["0", "12.5"])
        year = chance.choice([2022, 2023, 2023, 2023])
        day = chance.choice([f"{year}-12-01", f"{year + 1}-02-01", ""])
        rows.append(f"c{number},{kind},{market},{energy},MWh,{year},{site},{day},Acme,{factor}")
    return "\n".join(rows)


def co2e(rows, **where):
    return sum(
        row["co2e_g"] for row in rows if all(row[name] == said for name, said in where.items())
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_gases_add_up_to_the_co2e_of_their_lines(seed):
    found = relations(seed)
    lines = {(row["site"], row["line"], row["accounting"]) for row in found["emission"]}
    for site, line, accounting in lines:
        where = {"site": site, "line": line, "accounting": accounting}
        assert co2e(found["emission"], **where) == co2e(found["total"], **where)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_kilowatt_hour_of_a_certificate_is_used_or_refused(seed):
    spent: dict[str, D] = {}
    for row in relations(seed)["instrument_use"]:
        name = row["instrument_id"]
        spent[name] = spent.get(name, D(0)) + row["used_kwh"] + row["refused_kwh"]
    told = [line.split(",") for line in certificates(f"{seed}").splitlines()[1:]]
    assert spent == {cells[0]: D(cells[3]) * 1000 for cells in told}


@pytest.mark.parametrize("seed", SEEDS)
def test_no_site_covers_more_than_it_bought(seed):
    found = relations(seed)
    bought = {
        (row["site"], row["reporting_year"]): row["energy_kwh"] for row in found["import_period"]
    }
    for key, energy in bought.items():
        used = sum(
            row["used_kwh"]
            for row in found["instrument_use"]
            if (row["site"], row["reporting_year"]) == key
        )
        assert 0 <= used <= energy


@pytest.mark.parametrize("seed", SEEDS)
def test_market_based_is_nowhere_below_zero(seed):
    rows = relations(seed)["total"]
    assert all(co2e(rows, site=site, accounting="market") >= 0 for site in SITES)


@pytest.mark.parametrize("seed", SEEDS)
def test_other_certificates_move_market_based_alone(seed):
    before, after = relations(seed)["total"], relations(seed, "other")["total"]
    assert certificates(f"{seed}") != certificates(f"{seed}other")
    for line, accounting in (("scope1", "all"), ("scope2", "location"), ("outside", "all")):
        where = {"line": line, "accounting": accounting}
        assert co2e(before, **where) == co2e(after, **where)


@pytest.mark.parametrize("seed", SEEDS)
def test_pv_generated_is_used_on_site_or_exported(seed):
    for row in relations(seed)["pv_month"]:
        assert row["generated_kwh"] == row["self_used_kwh"] + row["exported_kwh"]


@pytest.mark.parametrize("accounting", ["location", "market"])
@pytest.mark.parametrize("seed", SEEDS)
def test_more_pv_exported_lowers_nothing_of_what_is_bought(seed, accounting):
    where = {"line": "scope2", "accounting": accounting, "activity": "electricity"}
    before, after = relations(seed), relations(seed, more_export=True)
    assert after["pv_month"] != before["pv_month"]
    assert co2e(after["emission"], **where) == co2e(before["emission"], **where)
