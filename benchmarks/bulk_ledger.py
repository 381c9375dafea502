"""A ledger of millions of entries, written in bulk, and the small tables of a hand-written answer.

Only the benchmark writes like this, past the readers and their checks. Sites lie in five regions;
each has two electricity meters, gas and diesel, three years long.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from carbon import library, settings
from carbon.coefficient import coefficients, rounded
from carbon.engine import insert_rows
from carbon.ledger import Ledger
from carbon.schema import LEDGER

YEARS = (2021, 2022, 2023)
MONTHS = [year * 100 + month for year in YEARS for month in range(1, 13)]
TODAY = date(2026, 11, 1)
RECORDED_AT = datetime(2024, 2, 1)
ACTIVITIES = (  # meter, activity, canonical unit, fuel topic
    ("-east", "electricity", "kWh", ""),
    ("-west", "electricity", "kWh", ""),
    ("", "natural_gas", "MJ", "natural-gas"),
    ("", "diesel", "kg", "diesel"),
)
PLACES = {  # region, and the set that a person would look up for it: (electricity, fuel)
    "CN-SH": ("cn-stat-{year}", "ndrc-2015-{fuel}"),
    "CN-GD": ("cn-stat-{year}", "ndrc-2015-{fuel}"),
    "IN": ("in-{year}", "eu-mrr-{fuel}"),
    "BR": ("br-{year}", "eu-mrr-{fuel}"),
    "VN": ("vn-{year}", "eu-mrr-{fuel}"),
}


def settings_text(sites: int) -> str:
    """A carbon.toml of many sites, spread over the regions."""
    regions = list(PLACES)
    parts = ['[organisation]\nname = "Benchmark"\n']
    for number in range(sites):
        name = f"site-{number:05d}"
        meters = "".join(
            f'[[site.meter]]\nname = "{name}{suffix}"\n' for suffix, *_ in ACTIVITIES if suffix
        )
        region = regions[number % len(regions)]
        parts.append(f'[[site]]\nname = "{name}"\nregion = "{region}"\n{meters}')
    return "\n".join(parts)


def write_ledger(folder: Path, entries: int, sites: int, every: int = 0) -> None:
    """Write a book of so many entries: one file a month, meter by meter within it.

    every : one entry in so many is corrected by one more batch, 0 for none.
    """
    (folder / "carbon.toml").write_text(settings_text(sites), encoding="utf-8")
    keys = [
        (f"site-{number:05d}", f"site-{number:05d}{suffix}" if suffix else "", activity, "")
        for number in range(sites)
        for suffix, activity, _, _ in ACTIVITIES
    ]
    units = {activity: unit for _, activity, unit, _ in ACTIVITIES}
    batches = [
        (number, "import", f"readings-{month}.csv", "", RECORDED_AT, "benchmark", "")
        for number, month in enumerate([*MONTHS, "mended"], start=1)
    ]
    each = -(-entries // (len(keys) * len(MONTHS)))  # entries of a key and month
    with Ledger.open(folder / "ledger.duckdb", create=True) as ledger:
        con = ledger.con
        insert_rows(con, LEDGER["batch"], batches if every else batches[:-1])
        insert_rows(con, LEDGER["entry_key"], [(n, *key) for n, key in enumerate(keys, start=1)])
        con.execute("create temp table place (batch_id integer, month integer)")
        con.executemany("insert into place values (?, ?)", list(enumerate(MONTHS, start=1)))
        con.execute("create temp table canonical (activity varchar, unit varchar)")
        con.executemany("insert into canonical values (?, ?)", list(units.items()))
        con.execute(
            f"""
            create temp table reading as
            select
                r.i + 1 as entry_id,
                p.batch_id,
                k.key_id,
                r.i % {each} + 2 as row,
                make_date(
                    p.month // 100, p.month % 100, cast(r.i % {each} % 28 as integer) + 1
                ) as day,
                cast(hash(r.i) % 1000000 as decimal(12, 0)) * 0.001 as quantity,
                c.unit
            from range({entries}) as r(i)
            join place as p on p.batch_id = r.i // {each * len(keys)} + 1
            join entry_key as k on k.key_id = r.i // {each} % {len(keys)} + 1
            join canonical as c on c.activity = k.activity
            """
        )
        con.execute(
            "insert into entry select entry_id, batch_id, key_id, row, 'record', 0, entry_id,"
            " day, day, quantity, unit, 'metered', '', '', '', null from reading order by entry_id"
        )
        if every:
            con.execute(
                f"insert into entry select {entries} + entry_id, {len(batches)}, key_id, row,"
                " 'correction', entry_id, entry_id, day, day, quantity + 1, unit, 'metered', '',"
                f" '', '', null from reading where entry_id % {every} = 0 order by entry_id"
            )
        con.execute(
            "insert into entry_month select entry_id, batch_id, key_id,"
            " year(start_on) * 100 + month(start_on), unit, quantity, false, false"
            " from entry order by entry_id"
        )
        con.execute("checkpoint")


def hand_tables(con: Any, files: dict[str, str]) -> None:
    """The two small tables a hand-written answer reads: sites, and factors as one number each."""
    said, known = settings.read(files["carbon.toml"]), library.load()

    def grams(set_id: str, unit: str) -> Decimal:
        parts = coefficients(known.sets[set_id], unit, said.policy.gwp, known)
        return sum((rounded(Fraction(part.co2e_g)) for part in parts), Decimal(0))

    factors = []
    for region, (grid, fuel_set) in PLACES.items():
        for year in YEARS:
            for activity, unit, fuel in dict.fromkeys(each[1:] for each in ACTIVITIES):
                set_id = fuel_set.format(fuel=fuel) if fuel else grid.format(year=year)
                line = "scope1" if fuel else "scope2"
                factors.append((region, activity, year, line, f"{grams(set_id, unit):f}"))
    con.execute("create or replace temp table hand_site (site varchar, region varchar)")
    con.executemany(
        "insert into hand_site values (?, ?)", [(each.name, each.region) for each in said.site]
    )
    con.execute(
        "create or replace temp table hand_factor (region varchar, activity varchar, year integer,"
        " line varchar, co2e_g decimal(20, 12))"
    )
    con.executemany(
        "insert into hand_factor values (?, ?, ?, ?, cast(? as decimal(20, 12)))", factors
    )
