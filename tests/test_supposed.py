"""What is supposed and turns out otherwise: spreads, delivery, verified savings, by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from planned import addition_rows, index_rows

from carbon.errors import SettingsError
from carbon.scenarios import (
    KINDS,
    as_verified,
    calendar,
    changed,
    findings,
    grid_sets,
    numbers,
    plan_credits,
    plan_instruments,
    resolve,
    spread,
)
from carbon.scenarios.kinds import fields_of

MONTHS = calendar(2023, 2027)
BASE = [month for month, year in MONTHS.items() if year == 2023]
KEYS = {
    1: ("plant", "", "electricity", "", ""),
    2: ("plant", "chillers", "electricity", "", "sub_meter"),
    3: ("hall", "", "natural_gas", "", ""),
}
HEAD = 'name = "s"\nbase_year = 2023\nhorizon = 2027\n'
CUT = 'site = "plant"\nactivity = "electricity"\ncut = 0.10\nstart = "2024-01"\n'
SHARES = "[0.05, 0.06, 0.08, 0.09, 0.10, 0.10, 0.12, 0.11, 0.09, 0.08, 0.06, 0.06]"
PV = (
    'site = "plant"\ncapacity = "1.2 MW"\nspecific_yield_kwh_per_kw = 1000\n'
    f'monthly_share = {SHARES}\nstart = "2024-01"\n'
)
GROWTH = "rate = 0.10\n"
GAS = 'site = "hall"\nactivity = "natural_gas"\nstart = "2024-01"\n'
HEAT = GAS + 'heat = "1200 GJ"\nboiler_efficiency = 0.9\n'
BOUGHT = 'instrument = "GEC"\nmarket = "CN"\nenergy_mwh = { 2024 = 100 }\n'
CREDITS = 'standard = "CCER"\ncredit_kind = "removal"\nmass_t = { 2024 = 30 }\n'
VERIFIED = 'status = "verified"\nbaseline = "the twelve months before"\n'


def text(kind: str, body: str, name: str = "m") -> str:
    stage = "growth" if kind == "growth" else "reduction"
    return (
        f'[[measure]]\nname = "{name}"\narea = "buildings"\nstage = "{stage}"\nkind = "{kind}"\n'
        f'source = "assumption"\n{body}\n'
    )


def scenario(*measures: str):
    [found] = resolve({"s.toml": HEAD + "".join(measures)})
    return found


def only(kind: str, body: str):
    [found] = scenario(text(kind, body)).measures
    return found


def multiplier(found, month: int, key: int = 1) -> Decimal:
    rows = index_rows(found, KEYS, 2023, MONTHS)
    return next(value for _, key_id, at, _, value in rows if (key_id, at) == (key, month))


def of_year(found, activity: str, year: int) -> Decimal:
    rows = addition_rows(found, KEYS, 2023, MONTHS)
    return sum(
        quantity
        for _, place, month, _, quantity in rows
        if place.activity == activity and month // 100 == year
    )


# --- numbers and spreads ---


def test_the_numbers_of_a_measure_are_those_it_states_and_its_delivery():
    found = only("pv", PV + "capex_rmb = 5\nspread = { capacity = [1.0, 1.3] }")
    assert numbers(found) == {
        "capacity": Decimal("1.2"),  # in the unit it is written in
        "specific_yield_kwh_per_kw": 1000,
        "capex_rmb": 5,
        "delivery": 1,
    }
    assert spread(found) == {"capacity": (1, Decimal("1.3"))}


def test_a_changed_number_keeps_its_unit_and_everything_else():
    found = changed(only("pv", PV), "capacity", Decimal("0.6"))
    assert (found.capacity, found.capacity_kw) == ("0.6 MW", 600)
    assert found.monthly_share == only("pv", PV).monthly_share


def test_a_number_it_does_not_have_cannot_be_changed():
    with pytest.raises(SettingsError, match="no number 'gain'"):
        changed(only("efficiency", CUT), "gain", Decimal(1))


def test_a_value_it_cannot_have_is_refused():
    with pytest.raises(SettingsError, match=r"cannot have cut = 1\.5"):
        changed(only("efficiency", CUT), "cut", Decimal("1.5"))


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("{ cut = [0.2, 0.3] }", "must hold its 0.10"),
        ("{ cut = [0.12, 0.05] }", "must hold its 0.10"),
        ("{ gain = [0.05, 0.12] }", "no single number of it: cut, delivery"),
        ("{ cut = [0.05, 1.2] }", "reaches 1.2"),
        ("{ delivery = [0.5, 0.9] }", "must hold its 1"),
        ("{ cut = [0.05] }", "written like [0.15, 0.22]"),
    ],
)
def test_bounds_that_cannot_be_are_refused(said, says):
    with pytest.raises(SettingsError) as fault:
        scenario(text("efficiency", CUT + f"spread = {said}"))
    assert says in str(fault.value)


def test_amounts_by_year_vary_by_their_delivery_alone():
    with pytest.raises(SettingsError, match="no single number of it: delivery"):
        scenario(text("certificates", BOUGHT + "spread = { energy_mwh = [50, 120] }"))
    found = only("certificates", BOUGHT + "spread = { delivery = [0.6, 1.0] }")
    assert spread(found) == {"delivery": (Decimal("0.6"), 1)}


def test_a_grid_has_a_spread_as_well():
    grid = '[[grid]]\nregion = "CN"\nannual_change = -0.02\nsource = "assumption"\n'
    found = scenario(grid + "spread = { annual_change = [-0.04, 0.0] }")
    assert spread(found.grids[0]) == {"annual_change": (Decimal("-0.04"), 0)}
    assert changed(found.grids[0], "annual_change", Decimal("-0.04")).annual_change == Decimal(
        "-0.04"
    )


# --- delivery ---


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("efficiency", CUT, "0.92"),  # 1 - 0.8 x 0.10
        ("growth", GROWTH, "1.08"),  # 1 + 0.8 x 0.10
        ("pue", 'site = "plant"\nfrom = 1.25\nto = 1.0\nstart = "2024-01"', "0.84"),  # 1 - 0.8 / 5
        ("pue", 'site = "plant"\nfrom = 1.25\npath = { 2024 = 1.0 }', "0.84"),
    ],
)
def test_four_fifths_of_a_change_of_loads_come_about(kind, body, expected):
    assert multiplier(scenario(text(kind, body + "\ndelivery = 0.8")), 202401) == Decimal(expected)


def test_four_fifths_of_pv_generate_four_fifths():
    found = scenario(text("pv", PV + "delivery = 0.8"))
    assert of_year(found, "pv_generation", 2024) == 960000  # 0.8 x 1,200 kW x 1,000 kWh/kW
    assert of_year(found, "electricity", 2024) == -960000


def test_four_fifths_of_recovered_heat_displace_four_fifths():
    body = HEAT.replace("0.9", "0.5") + "delivery = 0.8"
    found = scenario(text("heat", body))
    assert of_year(found, "natural_gas", 2024) == -1920000  # 0.8 x 1,200 GJ / 0.5 [MJ]


def test_four_fifths_of_what_is_bought_are_there():
    found = scenario(text("certificates", BOUGHT + "delivery = 0.8"))
    assert [each.energy_kwh for each in plan_instruments(found, 2023)] == [80000]
    found = scenario(text("credits", CREDITS + "delivery = 0.8"))
    assert [each.mass_t for each in plan_credits(found, 2023)] == [24]


def test_four_fifths_of_a_grid_change_come_about():
    grid = '[[grid]]\nregion = "CN"\nannual_change = -0.10\nsource = "assumption"\n'
    found = scenario(grid + "delivery = 0.8")
    rows = grid_sets(found, 2023, {("CN", "location"): Decimal(500)})
    assert rows[0].g_per_kwh == 460  # 500 - 0.8 x 50


def test_delivery_is_a_number_that_needs_a_source():
    body = CUT.replace("cut", "delivery = 0.9\ncut")
    said = text("efficiency", body).replace('"assumption"', '{ cut = "a report" }')
    with pytest.raises(SettingsError, match="no source for delivery"):
        scenario(said)


# --- verified savings ---

# 1,000 MWh each month of the base year, of which the sub-meter sees a part.
RECORDED = {
    1: {month: {"kWh": Decimal(1000000)} for month in BASE},
    2: {month: {"kWh": Decimal(400000)} for month in BASE},
}


def verified(*measures: str):
    return as_verified(scenario(*measures), KEYS, 2023, BASE, lambda: RECORDED)


def test_a_verified_saving_stands_instead_of_the_estimate_and_its_share_goes_on():
    # 12,000 MWh a year; a tenth is 1,200, of which 900 were measured: three quarters.
    found = verified(text("efficiency", CUT + VERIFIED + 'verified = { 2024 = "900 MWh" }'))
    assert multiplier(found, 202401) == Decimal("0.925")
    assert multiplier(found, 202701) == Decimal("0.925")


def test_each_verified_year_has_its_own_share_and_the_last_goes_on():
    said = 'verified = { 2024 = "900 MWh", 2025 = "1320 MWh" }'
    found = verified(text("efficiency", CUT + VERIFIED + said))
    assert [multiplier(found, month) for month in (202401, 202501, 202601)] == [
        Decimal("0.925"),
        Decimal("0.89"),  # 1,320 of 1,200
        Decimal("0.89"),
    ]


def test_what_other_measures_do_to_the_load_is_in_the_estimate():
    # Grown to 13,200 MWh, a tenth is 1,320, of which 660 are a half.
    said = VERIFIED + 'verified = { 2024 = "660 MWh" }'
    found = verified(text("growth", "path = { 2024 = 1.1 }", "g"), text("efficiency", CUT + said))
    assert found.measures[1].ratios == {2024: Fraction(1, 2)}
    assert multiplier(found, 202401) == Decimal("1.045")  # 13,200 - 660 = 12,540


def test_what_was_verified_in_the_base_year_is_in_its_figures_and_its_share_goes_on():
    # From July on 1,000 MWh are what is left: without it they were 1,000 / 0.9, so 6 months are
    # estimated to save 666.7 MWh, of which 333.33 were measured: a half.
    late = CUT.replace("2024-01", "2023-07") + VERIFIED
    found = verified(text("efficiency", late + 'verified = { 2023 = "333.3333333 MWh" }'))
    assert round(found.measures[0].ratios[2023], 6) == Fraction(1, 2)
    assert round(multiplier(found, 202401), 6) == Decimal("0.95")
    assert multiplier(found, 202407) == 1


def test_verified_heat_is_the_heat_and_not_the_gas():
    found = verified(text("heat", HEAT + VERIFIED + 'verified = { 2024 = "900 GJ" }'))
    # 900 GJ / 0.9 = 1,000 GJ of gas, and the same share of later years
    assert of_year(found, "natural_gas", 2024) == -1000000 + Decimal("0.000004")
    assert of_year(found, "natural_gas", 2026) == of_year(found, "natural_gas", 2024)


def test_verified_generation_stands_instead_of_the_yield():
    found = verified(text("pv", PV + VERIFIED + 'verified = { 2024 = "1080 MWh" }'))
    assert of_year(found, "pv_generation", 2024) == 1080000
    assert of_year(found, "pv_generation", 2025) == 1080000


def test_a_year_without_an_estimate_cannot_be_verified():
    body = CUT.replace("2024-01", "2025-01") + VERIFIED + 'verified = { 2024 = "1 MWh" }'
    with pytest.raises(SettingsError, match="it estimates no saving"):
        verified(text("efficiency", body))


def test_what_was_verified_is_said_with_its_share():
    found = verified(text("efficiency", CUT + VERIFIED + 'verified = { 2024 = "900 MWh" }'))
    [said] = findings(found, KEYS, 2023)
    assert said.message == (
        "measure 'm' was verified: 900 MWh in 2024, 0.75 of its estimate; years after 2024 go on"
        " with that share"
    )


def test_what_was_verified_belongs_to_a_verified_measure():
    with pytest.raises(SettingsError, match="its status is idea"):
        scenario(text("efficiency", CUT + 'verified = { 2024 = "900 MWh" }'))


# --- kinds ---


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_it_and_its_fields_are(kind):
    found = KINDS[kind]
    assert found.__doc__.strip().endswith(".")
    for name, field in found.model_fields.items():
        if name not in found.WITHOUT:
            said = field.description
            is_number = (field.json_schema_extra or {}).get("sourced")
            assert said.endswith("]" if is_number else (".", "]")), (name, said)


def test_a_key_of_another_kind_is_told_whose_it_is():
    with pytest.raises(SettingsError) as fault:
        scenario(text("efficiency", CUT + "self_use = 0.9"))
    assert str(fault.value).endswith("To fix: take the key out; it belongs to pv")


def test_an_unknown_key_is_told_the_nearest_of_its_kind():
    with pytest.raises(SettingsError) as fault:
        scenario(text("efficiency", CUT + "sharee = 0.9"))
    assert "Nearest: share." in str(fault.value)
    assert "price_rmb_per_t" not in str(fault.value)


def test_growth_has_no_life():
    assert "life_years" not in fields_of(KINDS["growth"])
