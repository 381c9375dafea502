"""Contracts, suppliers, certificates, residual mixes ahead: only the market-based line moves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from carbon.errors import SettingsError
from carbon.scenarios import numbers, resolve

D = Decimal
HQ = '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n'
GRID = '[policy.electricity]\nCN = "national-statistic"\n'  # 530.6 and 609.6 g/kWh in 2023
LOCATION = D("1200") * D("0.5306")  # 636.72 t
RESIDUAL = D("0.6096")  # t/MWh
HEAD = 'name = "s"\nbase_year = 2023\nhorizon = 2025\n'
MEASURE = """
[[measure]]
name = "m"
area = "supply chain"
stage = "neutralisation"
source = "assumption"
market = "CN"
"""
PPA = MEASURE + 'kind = "ppa"\nenergy_mwh = { 2024 = 600 }\nfactor_g_per_kwh = 0\n'
SUPPLIER = MEASURE + (
    'kind = "supplier"\nsite = "hq"\nfactor_g_per_kwh = 200\nshare = 0.5\nstart = "2024-07"\n'
)
GEC = MEASURE + 'kind = "certificates"\ninstrument = "GEC"\nenergy_mwh = { 2024 = %s }\n'
CUT = """
[[measure]]
name = "less"
area = "buildings"
stage = "reduction"
kind = "efficiency"
source = "assumption"
activity = "electricity"
cut = 0.10
start = "2024-01"
"""


@pytest.fixture
def totals(make):
    """`totals(scenario, energy)`: by year, Scope 2 by both methods. [t CO2e]"""

    def worked(body, energy=100, region="CN-ZJ", policy=GRID, site="", more="", passed_on=""):
        site = HQ.replace("CN-ZJ", region) + site
        book = make(policy, site, bills={("hq", 2023): energy}, more=more)
        if passed_on:
            of = {"site": "hq", "activity": "supplied_to_others", "year": "2023"}
            book.log("activity", of | {"quantity": passed_on, "unit": "MWh"})
        (book.folder / "scenarios" / "s.toml").write_text(HEAD + body, encoding="utf-8")
        with book.run(["s"]) as run:
            rows = run.rows(
                "select reporting_year, accounting, sum(co2e_g) from emission"
                " where line = 'scope2' and scenario = 's' group by 1, 2"
            )
        return {(year, accounting): mass / 1_000_000 for year, accounting, mass in rows}

    return worked


def test_certificates_of_4500_mwh_move_the_market_based_line_alone(totals):
    found = totals(GEC % 4500, energy=1000)
    assert found[2024, "location"] == found[2025, "location"] == 10 * LOCATION
    # 12,000 - 4,500 = 7,500 MWh at the residual mix
    assert found[2024, "market"] == 7500 * RESIDUAL
    assert found[2025, "market"] == 12000 * RESIDUAL


def test_a_contract_covers_what_it_buys_at_its_own_factor(totals):
    found = totals(PPA)
    assert found[2024, "market"] == 600 * RESIDUAL  # 365.76 t
    assert found[2024, "location"] == LOCATION


def test_a_contract_of_a_plant_that_burns_something_carries_its_factor(totals):
    found = totals(PPA.replace("factor_g_per_kwh = 0", "factor_g_per_kwh = 50"))
    assert found[2024, "market"] == 600 * RESIDUAL + 30  # 600 MWh x 50 g/kWh


def test_a_contract_covers_no_more_than_is_bought(totals):
    assert totals(PPA.replace("= 600", "= 5000"))[2024, "market"] == 0


def test_a_direct_line_counts_like_a_contract(totals):
    found = totals(PPA + 'site = "hq"\nover = "a direct line"\n')
    assert found[2024, "market"] == 600 * RESIDUAL


def test_a_supplier_supplies_a_share_of_the_months_it_is_at_work_in(totals):
    found = totals(SUPPLIER)
    # 6 x 50 = 300 MWh at 200 g, 900 at the residual mix; then 600 and 600
    assert found[2024, "market"] == 60 + 900 * RESIDUAL
    assert found[2025, "market"] == 120 + 600 * RESIDUAL
    assert found[2024, "location"] == LOCATION


def test_a_supplier_supplies_a_share_of_what_the_measures_leave(totals):
    found = totals(SUPPLIER + CUT)
    assert found[2025, "market"] == D("0.9") * (120 + 600 * RESIDUAL)


def test_a_supplier_who_delivers_half_supplies_half(totals):
    found = totals(SUPPLIER + "delivery = 0.5\n")
    assert found[2025, "market"] == 60 + 900 * RESIDUAL


def test_a_supplier_supplies_a_share_of_what_the_boundary_counts(totals):
    found = totals(SUPPLIER, site="share = 0.4\n", more='consolidation = "equity share"')
    # 0.4 x 1,200 = 480 MWh are the organisation's: 240 at 200 g, 240 at the residual mix
    assert found[2025, "market"] == 48 + 240 * RESIDUAL


def test_a_supplier_supplies_a_share_of_what_is_not_passed_on(totals):
    found = totals(SUPPLIER, passed_on="240")
    # 1,200 - 240 = 960 MWh: 480 at 200 g, 480 at the residual mix
    assert found[2025, "market"] == 96 + 480 * RESIDUAL


def test_a_path_of_the_market_is_that_of_the_residual_mix(totals):
    grid = '[[grid]]\nregion = "CN"\naccounting = "market"\nsource = "assumption"\n'
    found = totals(grid + "g_per_kwh = { 2024 = 500, 2025 = 400 }\n")
    assert found[2024, "market"] == 600
    assert found[2025, "market"] == 480
    assert found[2024, "location"] == LOCATION


def test_a_market_without_a_residual_mix_may_be_supposed_to_have_one(totals):
    grid = '[[grid]]\nregion = "TH"\naccounting = "market"\nsource = "assumption"\n'
    found = totals(grid + "g_per_kwh = { 2024 = 500 }\n", region="TH", policy="")
    assert found[2024, "market"] == 600
    assert found[2024, "location"] == found[2025, "location"] != 600


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (GEC.replace("GEC", "PPA") % 5, "a factor of its own; plan it by a measure of kind ppa"),
        (GEC.replace("GEC", "green_tariff") % 5, "by a measure of kind supplier"),
        (PPA + 'over = "a direct line"\n', "a direct line leads to one site"),
        (PPA + 'site = ["hq", "plant"]\n', "for one site, or for all"),
        (SUPPLIER + "delivery = 3\n", "less than or equal to 2"),
        (SUPPLIER.replace("share = 0.5", "delivery = 2"), "supply more than is bought"),
        (PPA.replace("factor_g_per_kwh = 0\n", ""), "needs factor_g_per_kwh"),
    ],
)
def test_what_no_contract_says_is_refused(body, told):
    with pytest.raises(SettingsError, match=told):
        resolve({"s.toml": HEAD + body})


def test_what_may_turn_out_otherwise():
    [contract] = resolve({"s.toml": HEAD + PPA})[0].measures
    [rate] = resolve({"s.toml": HEAD + SUPPLIER})[0].measures
    assert numbers(contract) == {"factor_g_per_kwh": D(0), "delivery": D(1)}
    assert numbers(rate) == {"factor_g_per_kwh": D(200), "share": D("0.5"), "delivery": D(1)}


WHOLE = SUPPLIER.replace("share = 0.5\n", "").replace("2024-07", "2024-01")
GROWTH = """
[[measure]]
name = "growth"
area = "production and product"
stage = "growth"
kind = "growth"
source = "assumption"
rate = 0.07
"""
SUN = """
[[measure]]
name = "roof"
area = "buildings"
stage = "reduction"
kind = "pv"
source = "assumption"
site = "hq"
capacity = "300 kW"
specific_yield_kwh_per_kw = 1000
monthly_share = [0.05, 0.06, 0.08, 0.09, 0.10, 0.10, 0.12, 0.11, 0.09, 0.08, 0.06, 0.06]
self_use = 0.8
start = "2024-01"
"""
WITH_PV = [("electricity_including_pv", "900"), ("pv_generation", "300"), ("pv_export", "50")]


@pytest.mark.parametrize(
    "rows",
    [
        [("electricity", "1200")],
        [("electricity", "1200"), ("supplied_to_others", "240")],
        WITH_PV,
        [*WITH_PV, ("supplied_to_others", "100")],
        [*WITH_PV, ("storage_change", "10")],
        [("electricity", "1200"), ("pv_generation", "300"), ("pv_export", "50")],
    ],
)
@pytest.mark.parametrize("body", [GROWTH, GROWTH + CUT + SUN])
def test_who_supplies_all_covers_what_the_calculation_imports_and_no_more(make, rows, body):
    book = make(GRID, HQ + "share = 0.4\n", bills={}, more='consolidation = "equity share"')
    for activity, energy in rows:
        of = {"site": "hq", "activity": activity, "year": "2023"}
        book.log("activity", of | {"quantity": energy, "unit": "MWh"})
    (book.folder / "scenarios" / "s.toml").write_text(HEAD + WHOLE + body, encoding="utf-8")
    with book.run(["s"]) as run:
        uses = run.rows(
            "select reporting_year, sum(used_kwh), sum(refused_kwh) from instrument_use"
            " where scenario = 's' group by 1 order by 1"
        )
        bought = run.rows(
            "select reporting_year, sum(energy_kwh) from coverable_month"
            " where scenario = 's' and reporting_year > 2023 group by 1 order by 1"
        )
    assert [year for year, *_ in uses] == [2024, 2025]
    for (_, used, refused), (_, imported) in zip(uses, bought, strict=True):
        assert abs(imported - used) + abs(refused) < D("0.001")  # of a year's rounded months
