"""Every kind of measure by a worked example, its arithmetic beside it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from planned import addition_rows, index_rows

from carbon.errors import SettingsError, UnitError
from carbon.scenarios import calendar, findings, plan_credits, resolve
from carbon.scenarios.equipment import equipment

MONTHS = calendar(2023, 2026)
BASE = [month for month, year in MONTHS.items() if year == 2023]
KEYS = {
    1: ("plant", "", "electricity", "", ""),
    2: ("plant", "", "gasoline", "", ""),
    3: ("plant", "", "taxi", "", ""),
    4: ("plant", "roof", "pv_generation", "", "pv_generation"),
    5: ("plant", "chillers", "electricity", "", "sub_meter"),
    6: ("office", "office-grid", "electricity", "", "grid_import"),
    7: ("hall", "hall-grid", "electricity", "", "grid_import"),
    8: ("depot", "", "vehicle_distance", "van/class-3/diesel", ""),
    9: ("plant", "", "refrigerant", "R-410A", ""),
}
A_MONTH = {
    1: ("kWh", 1000000),
    2: ("L", 900),
    3: ("pkm", 2000),
    4: ("kWh", 50000),
    5: ("kWh", 300000),
    6: ("kWh", 40000),
    7: ("kWh", 3000000),
    8: ("km", 5000),
    9: ("kg", 2),
}
RECORDED = {
    key: {month: {unit: Decimal(quantity)} for month in BASE}
    for key, (unit, quantity) in A_MONTH.items()
}
SITES = {
    **dict.fromkeys(("plant", "office", "hall", "depot"), (190001, 999912)),
    "new": (202501, 999912),
}
HEAD = 'name = "s"\nbase_year = 2023\nhorizon = 2026\n'


def text(kind: str, body: str, name: str = "m", stage: str = "") -> str:
    stage = stage or ("growth" if kind in ("growth", "opens", "closes") else "reduction")
    return (
        f'[[measure]]\nname = "{name}"\narea = "buildings"\nstage = "{stage}"\nkind = "{kind}"\n'
        f'source = "assumption"\n{body}\n'
    )


def scenario(*measures: str):
    [found] = resolve({"s.toml": HEAD + "".join(measures)})
    return found


def ahead(found, month: int) -> dict[tuple[str, str], Decimal]:
    """What a month of a scenario holds, by site and activity; parts of another meter left out."""
    sums: dict[tuple[str, str], Decimal] = {}
    for _, key, at, before, multiplier in index_rows(found, KEYS, 2023, MONTHS):
        if at == month and KEYS[key][4] != "sub_meter":
            spot = (KEYS[key][0], KEYS[key][2])
            sums[spot] = (
                sums.get(spot, Decimal(0)) + sum(RECORDED[key][before].values()) * multiplier
            )
    rows = addition_rows(found, KEYS, 2023, MONTHS, lambda: RECORDED, SITES)
    for _, place, at, _, quantity in rows:
        if at == month:
            spot = (place.site, place.activity)
            sums[spot] = sums.get(spot, Decimal(0)) + quantity
    return {spot: round(each, 6) for spot, each in sums.items()}


def refused(*measures: str) -> str:
    with pytest.raises((SettingsError, UnitError)) as fault:
        ahead(scenario(*measures), 202601)
    return str(fault.value)


# --- station ---

STATION = 'site = "plant"\nsub_load = "chillers"\nshare = 0.3\nstart = "2024-01"\n'


def test_a_better_cop_takes_the_old_over_the_new():
    found = ahead(scenario(text("station", STATION + "from = 4.8\nto = 6.0")), 202401)
    # 300,000 kWh x 4.8 / 6.0 = 240,000; the other 700,000 stay
    assert found["plant", "electricity"] == 940000


def test_a_curve_is_weighed_by_the_cold_made_at_each_load():
    curves = (
        "from = { 100 = 5.0, 50 = 4.0 }\nto = { 100 = 5.0, 50 = 8.0 }\n"
        "cold_at = { 100 = 0.25, 50 = 0.75 }"
    )
    found = ahead(scenario(text("station", STATION + curves)), 202401)
    # before 0.25/5 + 0.75/4 = 0.2375, after 0.25/5 + 0.75/8 = 0.14375:
    # 300,000 x 23/38 = 181,578.947368
    assert found["plant", "electricity"] == Decimal("881578.947368")


def test_a_published_efficiency_can_be_named():
    name = "ashrae-90.1-2019/water-cooled/centrifugal/150-400/full-load"
    # 0.56 kW per ton, 3.51685 kW a ton: COP 6.2801
    assert round(float(equipment()[name].efficiency), 4) == 6.2801
    found = ahead(scenario(text("station", STATION + f'from = 5.02407\nto = "{name}"')), 202401)
    assert round(found["plant", "electricity"]) == 940000  # 5.02407 / 6.28009 = 0.8


def test_full_load_is_not_compared_with_iplv():
    name = "ashrae-90.1-2019/water-cooled/centrifugal/150-400"
    said = refused(text("station", STATION + f'from = "{name}/full-load"\nto = "{name}/iplv"'))
    assert "compares full load with IPLV" in said


def test_an_efficiency_nobody_published_is_told_the_nearest():
    said = refused(
        text("station", STATION + 'from = 5\nto = "ashrae-90.1-2019/water-cooled/scroll/0-75"')
    )
    assert "Nearest: ashrae-90.1-2019/water-cooled/scroll/0-75/iplv" in said


def test_a_curve_needs_the_cold_at_its_loads():
    assert "cold_at goes with curves" in refused(
        text("station", STATION + "from = 5\nto = { 100 = 5.0, 50 = 8.0 }")
    )


# --- drives ---

DRIVES = 'site = "plant"\nsub_load = "pumps"\nshare = 0.1\nstart = "2024-01"\n'


def test_a_pump_at_half_its_flow_takes_an_eighth():
    found = scenario(text("drives", DRIVES + "hours_at = { 100 = 0.5, 50 = 0.5 }"))
    # (0.5 x 1 + 0.5 x 0.125) = 0.5625 of 100,000 kWh
    assert ahead(found, 202401)["plant", "electricity"] == 956250


def test_a_throttled_pump_took_less_than_its_full_power():
    body = (
        "hours_at = { 100 = 0.5, 50 = 0.5 }\npower_before = { 100 = 1, 50 = 0.8 }\n"
        "exponent = 2\ndrive_loss = 0.04"
    )
    # (0.5 + 0.5 x 0.25) / 0.96 = 0.651042, before 0.9: 100,000 x 0.723380
    found = ahead(scenario(text("drives", DRIVES + body)), 202401)
    assert found["plant", "electricity"] == Decimal("972337.962963")


def test_hours_at_a_flow_are_all_hours():
    assert "adds up to 0.9, not 1" in refused(text("drives", DRIVES + "hours_at = { 100 = 0.9 }"))


# --- fleet ---

FLEET = 'site = "plant"\nactivity = "gasoline"\nstart = "2024-01"\nshare = 0.5\n'
DRIVEN = "l_per_100km = 7.5\nkwh_per_100km = 15\ncharging_loss = 0.1\n"


def test_half_of_the_gasoline_becomes_electricity_on_the_bill():
    found = ahead(scenario(text("fleet", FLEET + DRIVEN)), 202401)
    # 450 L at 7.5 L/100 km are 6,000 km; at 15 kWh/100 km 900 kWh, 1,000 at the charger
    assert found["plant", "gasoline"] == 450
    assert found["plant", "electricity"] == 1001000


def test_public_chargers_are_no_bill_of_the_site():
    found = ahead(scenario(text("fleet", FLEET + DRIVEN + 'charging = "public"')), 202401)
    assert (found["plant", "electricity"], found["plant", "public_charging"]) == (1000000, 1000)


def test_a_fleet_follows_the_growth_of_its_fuel():
    growth = text("growth", 'activity = "gasoline"\npath = { 2024 = 1.2 }', "g")
    found = ahead(scenario(growth, text("fleet", FLEET + DRIVEN)), 202401)
    assert found["plant", "gasoline"] == 540  # 900 x 1.2 / 2
    assert found["plant", "electricity"] == 1001200  # 540 / 7.5 x 15 / 0.9


def test_a_fleet_that_is_driving_already_is_not_counted_again():
    early = FLEET.replace("2024-01", "2023-07")
    found = scenario(text("fleet", early + DRIVEN))
    assert ahead(found, 202407)["plant", "electricity"] == 1000000
    assert ahead(found, 202401)["plant", "electricity"] == 1001000


def test_vehicles_by_distance_become_electric_as_well():
    body = 'site = "depot"\nactivity = "vehicle_distance"\nstart = "2024-01"\nshare = 1\n'
    found = scenario(text("fleet", body + 'kwh_per_100km = 30\ncharging = "public"'))
    # 5,000 km x 0.30
    assert ahead(found, 202401)["depot", "public_charging"] == 1500


def test_litres_without_their_distance_are_refused():
    assert "is recorded in L, and does not say" in refused(
        text("fleet", FLEET + "kwh_per_100km = 15")
    )


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("kwh_per_100km = 15", "state l_per_100km as well"),
        ("kwh_per_kg = 3", "state kwh_per_l instead"),
    ],
)
def test_litres_without_their_distance_say_what_to_state(said, remedy):
    with pytest.raises(SettingsError) as fault:
        ahead(scenario(text("fleet", FLEET + said)), 202401)
    assert fault.value.remedy == remedy


def test_fuel_bought_in_two_units_needs_a_word_for_each():
    both = {month: {"L": Decimal(900), "kg": Decimal(100)} for month in BASE}
    rows = addition_rows(
        scenario(text("fleet", FLEET + DRIVEN + 'charging = "public"')),
        {2: KEYS[2]},
        2023,
        MONTHS,
        lambda: {2: {month: {"L": Decimal(900)} for month in BASE}},
    )
    assert rows[0][2:] == (202401, "kWh", 1000)
    with pytest.raises(SettingsError, match="is recorded in kg"):
        addition_rows(
            scenario(text("fleet", FLEET + DRIVEN + 'charging = "public"')),
            {2: KEYS[2]},
            2023,
            MONTHS,
            lambda: {2: both},
        )


# --- travel and avoided ---


def test_a_share_of_the_distance_goes_another_way():
    body = (
        'activity = "taxi"\nstart = "2024-01"\nshare = 0.4\nto_activity = "metro_travel"\n'
        "distance_ratio = 1.1"
    )
    found = ahead(scenario(text("travel", body)), 202401)
    # 800 of 2,000 pkm, and a tenth longer by metro
    assert (found["plant", "taxi"], found["plant", "metro_travel"]) == (1200, 880)


def test_avoided_emissions_are_a_claim_and_no_row_of_the_plan():
    # Guangzhou, substitution method: 0.5419 kg CO2 a trip; 100,000 trips are 54.19 t
    body = 'baseline = "by taxi"\ntimes = { 2024 = 100000 }\nkg_each = 0.5419'
    found = scenario(text("avoided", body))
    assert found.measures[0].claims_t == {2024: Decimal("54.19")}
    assert {row[-1] for row in index_rows(found, KEYS, 2023, MONTHS)} == {1}
    assert addition_rows(found, KEYS, 2023, MONTHS) == plan_credits(found, 2023) == []


# --- sites that open and close ---


def test_a_new_site_is_like_another_one_scaled():
    body = 'site = "new"\nstart = "2025-01"\nlike = "plant"\nscale = 0.5\nramp_months = 12'
    found = scenario(text("opens", body))
    assert ("new", "electricity") not in ahead(found, 202412)
    # a twelfth of a half of 1,000,000; its sub-meter and its PV are no bills
    assert ahead(found, 202501)["new", "electricity"] == Decimal("41666.666667")
    assert ahead(found, 202601)["new", "electricity"] == 500000
    assert ahead(found, 202601)["new", "gasoline"] == 450
    assert ahead(found, 202601)["plant", "electricity"] == 1000000


def test_a_new_site_goes_on_like_the_one_it_is_like():
    body = 'site = "new"\nstart = "2025-01"\nlike = "plant"\nscale = 0.5'
    growth = text("growth", 'site = "plant"\npath = { 2025 = 1.1 }', "g")
    closed = text("closes", 'site = "plant"\nstart = "2026-01"', "c")
    found = scenario(growth, closed, text("opens", body))
    assert ahead(found, 202601)["new", "electricity"] == 550000
    assert ahead(found, 202601)["plant", "electricity"] == 0


def test_a_new_site_with_stated_amounts():
    body = (
        'site = "new"\nstart = "2025-01"\n'
        'amounts_of_year = { electricity = "12 GWh", natural_gas = "24000 m3" }'
    )
    found = ahead(scenario(text("opens", body)), 202501)
    assert (found["new", "electricity"], found["new", "natural_gas"]) == (1000000, 2000)


@pytest.mark.parametrize(
    "loads", ['like = "plant"\nscale = 1', 'amounts_of_year = { electricity = "1 MWh" }']
)
def test_a_new_site_must_be_one_of_the_book(loads):
    said = refused(text("opens", f'site = "knew"\nstart = "2025-01"\n{loads}'))
    assert "no site of carbon.toml" in said
    assert "Nearest: new" in said


def test_a_new_site_without_loads_is_no_finding_and_its_model_without_loads_is_one():
    body = 'site = "new"\nstart = "2025-01"\nlike = "{}"\nscale = 1'
    assert findings(scenario(text("opens", body.format("plant"))), KEYS, 2023) == []
    [found] = findings(scenario(text("opens", body.format("campus"))), KEYS, 2023)
    assert found.message == "measure 'm' changes nothing at campus: no load is recorded"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('activity = "electricity"\nmeter = "chillers"', ["measure-on-sub-meter"]),
        ('activity = "electricity"', []),
        ('activity = "heat"', ["measure-without-load"]),
    ],
)
def test_a_saving_that_no_bill_follows_is_found(said, code):
    body = f'site = "plant"\nsaving = "1 GJ"\nstart = "2024-01"\n{said}'
    found = findings(scenario(text("saving", body)), KEYS, 2023)
    assert [each.code for each in found] == code


def test_a_site_does_not_open_before_it_joins():
    body = 'site = "new"\nstart = "2024-07"\namounts_of_year = { electricity = "1 MWh" }'
    said = refused(text("opens", body))
    assert "from 2024-07, but by carbon.toml it joins in 2025-01: they would count nowhere" in said


def test_a_site_that_closes_takes_its_work_elsewhere():
    body = 'site = "plant"\nstart = "2024-07"\nmoves_to = "hall"\nshare = 0.8'
    found = scenario(text("closes", body))
    assert ahead(found, 202406)["plant", "electricity"] == 1000000
    after = ahead(found, 202407)
    assert (after["plant", "electricity"], after["plant", "gasoline"]) == (0, 0)
    assert (after["hall", "electricity"], after["hall", "gasoline"]) == (3800000, 720)


def test_a_site_that_closed_in_the_base_year_stays_closed_whatever_grows():
    closed = text("closes", 'site = "plant"\nstart = "2023-07"\nmoves_to = "hall"\nshare = 0.8')
    found = scenario(text("growth", "rate = 0.05", "g"), closed)
    # January was still at work in 2023: the plant ends, and the hall takes 0.8 of 1.05 as well
    january = ahead(found, 202401)
    assert january["plant", "electricity"] == 0
    assert january["hall", "electricity"] == Decimal("3990000")  # 1.05 x (3,000,000 + 0.8 x 1 GWh)
    # what moved by July 2023 is in the bills of both: nothing is added, and nothing grows there
    july = ahead(found, 202407)
    assert july["hall", "electricity"] == 3150000
    assert july["plant", "electricity"] == A_MONTH[1][1]


def test_a_fleet_that_was_electric_in_the_base_year_adds_nothing():
    body = 'site = "plant"\nactivity = "gasoline"\nshare = 1\nkwh_per_l = 2\nstart = "2023-01"\n'
    found = ahead(scenario(text("fleet", body), text("growth", "rate = 0.05", "g")), 202401)
    assert found["plant", "electricity"] == 1050000


def test_a_load_that_comes_back_from_nothing_is_refused_by_name():
    body = 'activity = "electricity"\ncut = 1\nlife_years = 1\nstart = "2023-01"'
    said = refused(text("efficiency", body))
    assert "brings back a load of which m left nothing in 2023-01" in said


def test_leaks_end_with_a_site_and_go_nowhere():
    body = 'site = "plant"\nstart = "2024-07"\nmoves_to = "hall"\nshare = 0.8'
    after = ahead(scenario(text("closes", body)), 202407)
    assert (after["plant", "refrigerant"], after.get(("hall", "refrigerant"))) == (0, None)


def test_a_site_closes_step_by_step():
    body = 'site = "plant"\nstart = "2024-01"\nramp_months = 4'
    found = scenario(text("closes", body))
    assert ahead(found, 202401)["plant", "electricity"] == 750000
    assert ahead(found, 202404)["plant", "electricity"] == 0


@pytest.mark.parametrize(
    "measure",
    [
        text("growth", 'site = "plnt"\nrate = 0.05'),
        text("efficiency", 'site = "plnt"\nactivity = "electricity"\ncut = 0.1\nstart = "2024-01"'),
    ],
)
def test_a_measure_at_a_site_the_book_does_not_have_is_refused(measure):
    said = refused(measure)
    assert "names 'plnt' in 'm', which is no site of carbon.toml" in said
    assert "Nearest: plant" in said


# --- numbers that cannot be ---


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        (text("growth", "path = { 2024 = 1e30 }"), "makes 1.00e+30 times its load of 2024-01 by m"),
        (
            text("growth", "path = { 2024 = 2e6 }"),
            "times its load of 2024-01 by m, and less than 999,999 times can be counted",
        ),
        (
            text("closes", 'site = "plant"\nstart = "2024-01"\nmoves_to = "hall"\nshare = 1e20'),
            "adds 1.00e+26 kWh to a month by 'm'",
        ),
    ],
)
def test_a_number_too_large_to_be_counted_is_refused_with_its_measure(measure, says):
    assert says in refused(measure)


@pytest.mark.parametrize(
    "measure",
    [
        text("growth", "path = {}"),
        text("growth", "rate = 0.1\nsite = []"),
        text("saving", 'site = "plant"\nstart = "2024-01"\nsaving = "1 MWh"\nactivity = []'),
    ],
)
def test_an_empty_path_or_list_is_refused(measure):
    assert "at least 1 item" in refused(measure)


@pytest.mark.parametrize(
    "body",
    [
        'saving = "-5 MWh"',
        f'saving = "5 MWh"\nmonthly_share = [-1, 2{", 0" * 10}]',
    ],
)
def test_a_saving_below_0_is_refused(body):
    at = 'site = "plant"\nactivity = "electricity"\nstart = "2024-01"\n'
    said = refused(text("saving", at + body))
    assert "not below 0" in said or "greater than or equal to 0" in said


# --- the other kinds, as whole years ---


def test_the_chillers_and_pumps_of_one_load_leave_7500_of_10000():
    year = (
        text(
            "efficiency", 'site = "plant"\nactivity = "electricity"\ngain = 0.20\nstart = "2024-01"'
        ),
        text(
            "efficiency",
            'site = "plant"\nactivity = "electricity"\ncut = 0.10\nstart = "2024-01"',
            "n",
        ),
    )
    found = scenario(*year)
    # 1,000,000 / 1.2 x 0.9 each month
    assert ahead(found, 202401)["plant", "electricity"] == 750000


def test_a_pue_of_1_20_instead_of_1_30_saves_3000_of_30000_of_the_computers():
    found = scenario(text("pue", 'site = "hall"\nfrom = 1.30\nto = 1.20\nstart = "2024-01"'))
    saved = 39000000 - 39000000 * ahead(found, 202401)["hall", "electricity"] / 3000000
    assert round(saved) == 3000000  # 39 GWh at 1.30 are 30 GWh of computers


def test_a_data_centre_fills_up_along_its_path():
    body = 'site = "hall"\npath = { 2024 = 2, 2026 = 3 }'
    found = scenario(text("growth", body))
    # 3,000,000 x 2, x 2.5, x 3
    years = [ahead(found, month)["hall", "electricity"] for month in (202406, 202506, 202606)]
    assert years == [6000000, 7500000, 9000000]


def test_a_retrofit_saves_its_stated_amount():
    body = 'site = "office"\nactivity = "electricity"\nsaving = "120 MWh"\nstart = "2024-07"'
    found = scenario(text("saving", body))
    assert ahead(found, 202406)["office", "electricity"] == 40000
    assert ahead(found, 202407)["office", "electricity"] == 30000  # 120,000 / 12 less
