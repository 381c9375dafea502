"""A projection is an inventory of a future ledger: what changes nothing repeats its base, and what
comes about as planned gives what was projected."""

from __future__ import annotations

import shutil
from decimal import Decimal

import pytest
from books import begun

from carbon.book import Book
from carbon.inventory import year_totals
from carbon.run import uncounted

POLICY = """
[policy]
approval_needed = false
[policy.electricity]
CN = "set:cn-mee-2023-notice"
"""
SITES = """
[[site]]
name = "works"
region = "CN-ZJ"
[[site.meter]]
name = "roof"
role = "pv_generation"
[[site.meter]]
name = "chillers"
role = "sub_meter"

[[site]]
name = "hall"
region = "CN-SH"

[[site]]
name = "new"
region = "CN-CQ"
joined = "2024-04"
joined_because = "built"
"""
FACTORS = (
    "set_id,topic,region,series,first_year,last_year,accounting,quantity,value,unit,"
    "source_id,locator,confidence,note\n"
    "own-metro,travel/metro,CN,,2020,2030,all,CO2e,0.03,kgCO2e/pkm,our test,p. 1,high,\n"
    "own-taxi,travel/taxi,CN,,2020,2030,all,CO2e,0.15,kgCO2e/pkm,our test,p. 1,high,\n"
)
HEAD = "site,meter,activity,detail,month,quantity,unit"
# Every month another figure, in the units of bills.
LOADS = [
    ("works", "", "electricity", "", "kWh", 1000000.123456, 31415.926535),
    ("works", "chillers", "electricity", "", "kWh", 300000, 271.828182),
    ("works", "roof", "pv_generation", "", "kWh", 40000, 1618.033988),
    ("works", "", "pv_export", "", "kWh", 4000, 33.333333),
    ("works", "", "natural_gas", "", "m3", 5000, 7.654321),
    ("works", "", "gasoline", "", "kg", 800, 1.234567),
    ("works", "", "taxi", "", "pkm", 2000, 3.210987),
    ("works", "", "refrigerant", "R-410A", "kg", 1.5, 0.123457),
    ("hall", "", "electricity", "", "kWh", 2000000, 12345.678901),
]


def measure(name: str, kind: str, said: str) -> str:
    stage = {"certificates": "neutralisation", "growth": "growth", "opens": "growth"}
    return (
        f'[[measure]]\nname = "{name}"\narea = "buildings"\nkind = "{kind}"\n'
        f'stage = "{stage.get(kind, "reduction")}"\nsource = "assumption"\n{said}\n'
    )


START = 'start = "2024-03"\n'
LOAD = 'site = "works"\nactivity = "electricity"\n' + START
SHARES = "[0.05, 0.06, 0.08, 0.09, 0.10, 0.10, 0.12, 0.11, 0.09, 0.08, 0.06, 0.06]"
PLANNED = "".join(
    (
        measure("growth", "growth", "rate = 0.07\nsite = 'works'"),
        measure("cold", "station", LOAD + 'sub_load = "c"\nshare = 0.3\nfrom = 4.8\nto = 6.1'),
        measure("pumps", "drives", LOAD + "hours_at = { 100 = 0.9, 60 = 0.1 }"),
        measure("light", "efficiency", LOAD + "gain = 0.03\nramp_months = 5"),
        measure("hall", "pue", 'site = "hall"\nfrom = 1.31\nto = 1.24\n' + START),
        measure(
            "panels",
            "pv",
            f'site = "works"\nmeter = "roof"\ncapacity = "1 MW"\nspecific_yield_kwh_per_kw = 1100\n'
            f"monthly_share = {SHARES}\nself_use = 0.9\n{START}",
        ),
        measure("retrofit", "saving", LOAD + 'saving = "33.3 MWh"'),
        measure(
            "heat",
            "heat",
            'site = "works"\nactivity = "natural_gas"\nheat = "100 GJ"\nboiler_efficiency = 0.9\n'
            + START,
        ),
        measure("cars", "fleet", f'activity = "gasoline"\nshare = 0.3\nkwh_per_kg = 2.7\n{START}'),
        measure(
            "metro",
            "travel",
            f'activity = "taxi"\nshare = 0.5\nto_activity = "metro_travel"\n{START}',
        ),
        measure(
            "new works", "opens", 'site = "new"\nlike = "works"\nscale = 0.37\nstart = "2024-04"'
        ),
        measure(
            "GEC",
            "certificates",
            'instrument = "GEC"\nmarket = "CN"\nenergy_mwh = { 2024 = 4500 }',
        ),
    )
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("reality")
    book = begun(root / "book", "Acme", "CN-ZJ")
    (book.folder / "carbon.toml").write_text(
        '[organisation]\nname = "Acme"\n' + POLICY + SITES, encoding="utf-8"
    )
    (book.folder / "factors" / "own.csv").write_text(FACTORS, encoding="utf-8")
    (book.folder / "scenarios" / "still.toml").write_text(
        'name = "still"\nbase_year = 2023\nhorizon = 2025\n', encoding="utf-8"
    )
    (book.folder / "scenarios" / "plan.toml").write_text(
        'name = "plan"\nbase_year = 2023\nhorizon = 2024\n' + PLANNED, encoding="utf-8"
    )
    record(
        book,
        [
            (*load[:4], f"2023-{month:02}", f"{load[5] + month * load[6]:.6f}", load[4])
            for load in LOADS
            for month in range(1, 13)
        ],
    )
    return book.folder


def record(book: Book, rows: list[tuple]) -> None:
    path = book.folder.parent / f"rows-{len(rows)}.csv"
    path.write_text("\n".join([HEAD, *(",".join(map(str, row)) for row in rows)]), encoding="utf-8")
    [report] = book.import_files([path])
    assert [str(each) for each in report.problems if each.severity == "error"] == []


BY_MONTH = (
    "select site, meter, activity, detail, month % 100, line, accounting, topic, gas,"
    " sum(co2e_g) from emission where scenario = '{}' and reporting_year = {} group by all"
)


def test_an_empty_scenario_repeats_every_month_of_its_base_to_the_last_digit(folder):
    with Book(folder).run(["still"]) as run:
        base = set(run.rows(BY_MONTH.format("actual", 2023)))
        assert {row[2] for row in base} >= {"electricity", "natural_gas", "refrigerant", "taxi"}
        for year in (2024, 2025):
            assert set(run.rows(BY_MONTH.format("still", year))) == base


def test_a_plan_that_came_about_is_the_inventory_that_was_projected(folder, tmp_path):
    book = Book(shutil.copytree(folder, tmp_path / "book"))
    with book.run(["plan"]) as run:
        projected = year_totals(run)["plan", 2024]
        months = run.rows(
            "select site, meter, activity, detail, month, quantity, unit from metered_month"
            " where scenario = 'plan' and reporting_year = 2024 order by all"
        )
        outside = scope3(run, "plan")
    # Whatever was planned is another figure than the base year's, at the new site as well.
    assert {row[0] for row in months} == {"works", "hall", "new"}
    assert {row[2] for row in months} >= {"metro_travel", "pv_generation", "electricity"}
    record(
        book,
        [
            (*row[:4], f"{row[4] // 100}-{row[4] % 100:02}", format(row[5], "f"), row[6])
            for row in months
        ],
    )
    book.log(
        "instrument",
        {
            "instrument_id": "gec-1",
            "kind": "GEC",
            "market": "CN",
            "energy": "4500",
            "unit": "MWh",
            "vintage": "2024",
            "claim_year": "2024",
            "retired_on": "2024-12-31",
        },
    )
    with book.run() as run:
        actual = year_totals(run)["actual", 2024]
        assert scope3(run, "actual") == outside
    assert actual.scope1_g == projected.scope1_g
    assert actual.location_g == projected.location_g
    assert actual.market_g == projected.market_g
    assert actual.market_g < actual.location_g


def projected(folder, tmp_path, *measures: str):
    """2024 without and with these measures."""
    book = Book(shutil.copytree(folder, tmp_path / "book"))
    (book.folder / "scenarios" / "one.toml").write_text(
        'name = "one"\nbased_on = "still"\n' + "".join(measures), encoding="utf-8"
    )
    with book.run(["still", "one"]) as run:
        totals = year_totals(run)
    return totals["still", 2024], totals["one", 2024]


def test_certificates_of_4500_mwh_move_the_market_based_line_alone(folder, tmp_path):
    said = 'instrument = "GEC"\nmarket = "CN"\nenergy_mwh = { 2024 = 4500 }'
    without, with_ = projected(folder, tmp_path, measure("GEC", "certificates", said))
    assert with_.location_g == without.location_g
    # 4,500 MWh x 0.5703 t/MWh
    assert (without.market_g - with_.market_g) / 1000000 == Decimal("2566.35")


def test_a_fleet_goes_from_scope_1_to_scope_2(folder, tmp_path):
    said = 'activity = "gasoline"\nshare = 0.5\nkwh_per_kg = 2.5\nstart = "2024-01"'
    without, with_ = projected(folder, tmp_path, measure("cars", "fleet", said))
    # 12 x 800 kg and 1.234567 x 78 are 9,696.296226 kg, of which a half becomes
    # 4,848.148113 x 2.5 = 12,120.3702825 kWh x 0.5703 kg, each month rounded to 1e-6 kWh
    more = with_.location_g - without.location_g
    assert round(more / 1000, 4) == round(Decimal("12120.3702825") * Decimal("0.5703"), 4)
    # gasoline by NDRC's guideline: 44.8 GJ/t x 18.9 kgC/GJ x 98 % x 44/12 = 3.0425472 t/t
    fuel = (without.scope1_g - with_.scope1_g) / 1000000
    assert round(fuel, 3) == round(Decimal("4.848148113") * Decimal("3.0425472"), 3)


def test_what_moved_to_a_bill_is_in_its_explanation(folder, tmp_path):
    book = Book(shutil.copytree(folder, tmp_path / "book"))
    said = 'activity = "gasoline"\nshare = 0.5\nkwh_per_kg = 2.5\nstart = "2024-01"'
    (book.folder / "scenarios" / "one.toml").write_text(
        'name = "one"\nbased_on = "still"\n' + measure("cars", "fleet", said), encoding="utf-8"
    )
    [chain] = book.explain("scope2-location one 2024 2024-03 works").chains
    # (800 + 3 x 1.234567) / 2 x 2.5 kWh
    assert chain.planned[-1] == "+ 1,004.629626 kWh  cars"


def test_trips_that_go_a_way_without_a_factor_are_missing_and_not_0(folder, tmp_path):
    book = Book(shutil.copytree(folder, tmp_path / "book"))
    said = f'activity = "taxi"\nshare = 0.5\nto_activity = "black_cab"\n{START}'
    (book.folder / "scenarios" / "one.toml").write_text(
        'name = "one"\nbased_on = "still"\n' + measure("cabs", "travel", said), encoding="utf-8"
    )
    with book.run(["one"]) as run:
        [told, *_] = uncounted(run.engine, "one")[2024]
    # from March on a half of 2,000 and 3.210987 a month more: 10 x 1,000 + 3.210987 x 75 / 2 =
    # 10,120.4120125, and 0.0000005 more in each of the 5 odd months by rounding
    assert told == "10,120.412015 pkm of travel/taxi/black-cab at works"


def test_what_excludes_each_other_and_what_is_claimed_is_noted_below(folder, tmp_path):
    book = Book(shutil.copytree(folder, tmp_path / "book"))
    (book.folder / "scenarios" / "one.toml").write_text(
        'name = "one"\nbased_on = "still"\n'
        + measure("a", "efficiency", LOAD + "cut = 0.1")
        + measure("b", "efficiency", LOAD + 'cut = 0.1\ninstead_of = "a"')
        + measure("metro", "avoided", 'baseline = "by taxi"\ntimes = { 2024 = 1000 }\nkg_each = 2'),
        encoding="utf-8",
    )
    assert book.project("one").notes == [
        "one: a and b stand instead of one another, and both are done.",
        "one: metro, 2 t in 2024, by taxi. A claim is no inventory figure: it is in no scope, no"
        " total and no target.",
    ]


def scope3(run, scenario: str) -> Decimal:
    [(grams,)] = run.rows(
        "select sum(co2e_g) from emission where line = 'scope3' and reporting_year = 2024"
        f" and scenario = '{scenario}'"
    )
    assert grams
    return grams
