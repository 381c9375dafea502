"""A planned figure explained: the recorded month it goes on from, and what each measure does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from carbon.errors import CarbonError

D = Decimal
SITE = '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n'
PATH = """
name = "path"
base_year = 2023
horizon = 2025

[[measure]]
name = "more orders"
area = "production and product"
stage = "growth"
kind = "growth"
rate = 0.1
source = "assumption"

[[measure]]
name = "stations"
area = "buildings"
stage = "reduction"
kind = "efficiency"
activity = "electricity"
sub_load = "chillers"
share = 0.5
cut = 0.2
start = "2024-01"
source = "assumption"

[[measure]]
name = "roof"
area = "buildings"
stage = "reduction"
kind = "pv"
site = "hq"
capacity = "100 kW"
specific_yield_kwh_per_kw = 1200
monthly_share = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05]
start = "2025-01"
source = "assumption"

[[grid]]
region = "CN"
annual_change = -0.1
source = "assumption: own number"
"""


@pytest.fixture
def book(make):
    """100 MWh a month in 2023, and a scenario that grows, cuts, and adds a roof of PV."""
    made = make(SITE, bills={("hq", 2023): 100})
    (made.folder / "scenarios" / "path.toml").write_text(PATH, encoding="utf-8")
    return made


def chain_of(book, figure):
    [chain] = book.explain(figure).chains
    return chain


def test_a_planned_month_names_the_bill_it_goes_on_from(book):
    chain = chain_of(book, "scope2-location path 2025 2025-03")
    assert (chain.file, chain.row, chain.base_month) == ("bills.csv", 4, 202303)


def test_a_planned_month_tells_what_each_measure_multiplies_it_with(book):
    # 1.1 ^ 2 = 1.21; a half of it times 0.8: 1.21 x (1 + 0.5 x (0.8 - 1)) = 1.089
    assert list(chain_of(book, "scope2-location path 2024 2024-03").planned) == [
        "100,000 kWh recorded in 2023-03 x 0.99",
        "  x 1.1  more orders",
        "  x 0.8 on chillers, 0.5 of it  stations",
    ]


def test_a_measure_not_yet_at_work_is_not_told(book):
    text = PATH.replace('start = "2024-01"', 'start = "2024-04"')
    (book.folder / "scenarios" / "path.toml").write_text(text, encoding="utf-8")
    assert list(chain_of(book, "scope2-location path 2024 2024-03").planned) == [
        "100,000 kWh recorded in 2023-03 x 1.1",
        "  x 1.1  more orders",
    ]


def test_a_planned_month_tells_what_a_measure_adds(book):
    # a tenth of 100 kW x 1,200 kWh/kW
    chain = chain_of(book, "scope2-location path 2025 2025-03")
    assert list(chain.planned) == [
        "100,000 kWh recorded in 2023-03 x 1.089",
        "  x 1.21  more orders",
        "  x 0.8 on chillers, 0.5 of it  stations",
        "- 12,000 kWh  roof",
    ]
    assert chain.flow_quantity == D(96900)  # 108,900 - 12,000


def test_what_no_month_was_recorded_of_rests_on_the_measure_alone(book):
    text = "\n".join(book.explain("energy path 2025 2025-03 pv_generation").lines())
    assert "    planned     + 12,000 kWh  roof\n" in text
    assert "12,000 kWh generated - 0 exported = 12,000 kWh" in text
    assert "logged by hand" not in text


def test_a_supposed_grid_factor_says_from_which_it_goes_on(book):
    chain = chain_of(book, "scope2-location path 2025 2025-03")
    with book.run() as run:
        [(base,)] = run.rows(
            "select distinct k.co2e_g from coefficient as k join factor_choice as c"
            " on c.set_id = k.set_id where c.topic = 'electricity' and c.accounting = 'location'"
        )
    assert chain.coefficient_g == base * D("0.81")
    assert (
        chain.source
        == f"assumption: own number; -0.1 a year from {base.normalize():f} g/kWh in 2023"
    )


def test_the_products_of_a_planned_year_add_up_to_it(book):
    # 12 x 108,900 - 120,000 kWh
    months = [chain_of(book, f"scope2-location path 2025 2025-{n:02}") for n in range(1, 13)]
    assert sum(chain.flow_quantity for chain in months) == D(1186800)
    assert (
        sum(chain.mass_g for chain in months) == book.explain("scope2-location path 2025").total_g
    )


def test_certificates_planned_are_taken_off_what_is_planned(book):
    more = """
[[measure]]
name = "green power"
area = "buildings"
stage = "neutralisation"
kind = "certificates"
instrument = "GEC"
market = "CN"
energy_mwh = { 2025 = 593.4 }
source = "assumption"
"""
    (book.folder / "scenarios" / "path.toml").write_text(PATH + more, encoding="utf-8")
    chain = chain_of(book, "scope2-market path 2025 2025-03")
    # 593.4 of 1,186.8 MWh: a half of each month's 96,900 kWh, to a millionth
    assert chain.counted == "96,900 kWh planned - 48,449.999999 kWh covered by certificates"


def test_a_fuel_recorded_in_two_units_tells_each_by_itself(worked):
    book = worked("natural_gas,1000,m3\nnatural_gas,36000,MJ")
    chains = book.explain("scope1 2023 2023-01 natural_gas").chains
    assert {chain.unit for chain in chains} == {"m3", "MJ"}
    for chain in chains:
        assert chain.counted == f"{chain.flow_quantity.normalize():,f} {chain.unit} recorded"


def test_a_year_ahead_without_its_scenario_is_told_to_name_one(book):
    with pytest.raises(CarbonError) as fault:
        book.explain("scope2-location 2025")
    assert fault.value.remedy.endswith("a year ahead with its scenario: path 2025")
