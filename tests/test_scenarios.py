"""Scenarios: what measures do to loads, worked out by hand beside each expected value."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from planned import addition_rows, index_rows

from carbon import demo, settings
from carbon.errors import SettingsError, UnitError
from carbon.scenarios import (
    Place,
    calendar,
    findings,
    grid_sets,
    interactions,
    plan_credits,
    plan_instruments,
    resolve,
)

SHIPPED = Path(__file__).parent.parent / "scenarios"
MONTHS = calendar(2023, 2030)
KEYS = {
    1: ("plant", "", "electricity", "", ""),
    2: ("plant", "chiller-meter", "electricity", "", "sub_meter"),
    3: ("plant", "", "natural_gas", "", ""),
    4: ("office", "office-grid", "electricity", "", "grid_import"),
    5: ("plant", "roof", "pv_generation", "", "pv_generation"),
    6: ("hall", "", "electricity_including_pv", "", ""),
    7: ("hall", "rack", "it_load", "", "it_load"),
}
HEAD = 'name = "s"\nbase_year = 2023\nhorizon = 2026\n'
COMMON = """
[[measure]]
name = "{name}"
area = "buildings"
stage = "{stage}"
kind = "{kind}"
source = "assumption"
"""


def measure(kind: str, body: str, name: str = "m", stage: str = "reduction") -> str:
    return COMMON.format(name=name, kind=kind, stage=stage) + body + "\n"


def scenario(*measures: str, head: str = HEAD):
    [found] = resolve({"s.toml": head + "".join(measures)})
    return found


def multipliers(found, key_id: int = 1) -> dict[int, Decimal]:
    rows = index_rows(found, KEYS, 2023, MONTHS)
    return {month: multiplier for _, key, month, _, multiplier in rows if key == key_id}


def additions(found) -> dict[tuple[str, str, int], Decimal]:
    rows = addition_rows(found, KEYS, 2023, MONTHS)
    return {(place.activity, unit, month): quantity for _, place, month, unit, quantity in rows}


GAIN = 'site = "plant"\nactivity = "electricity"\ngain = 0.20\nstart = "2024-01"'
CUT = 'site = "plant"\nactivity = "electricity"\ncut = 0.10\nstart = "2024-01"'
TWO_METERS = GAIN.replace("gain = 0.20", 'meter = ["a", "b"]\nsaving = "1 MWh"')
PV = """site = "plant"
capacity = "1.2 MW"
specific_yield_kwh_per_kw = 1000
monthly_share = [0.05, 0.06, 0.08, 0.09, 0.10, 0.10, 0.12, 0.11, 0.09, 0.08, 0.06, 0.06]
"""


# --- efficiency ---


def test_twenty_percent_more_efficiency_saves_a_sixth_not_a_fifth():
    index = multipliers(scenario(measure("efficiency", GAIN)))[202401]
    # 10,000 MWh / 1.2 = 8,333.3: 1,666.7 MWh saved
    assert round(10000 - 10000 * index, 1) == Decimal("1666.7")


def test_ten_percent_less_consumption_saves_a_tenth():
    assert multipliers(scenario(measure("efficiency", CUT)))[202401] == Decimal("0.9")


def test_two_measures_on_one_load_multiply():
    both = scenario(measure("efficiency", GAIN, "a"), measure("efficiency", CUT, "b"))
    assert 10000 * multipliers(both)[202401] == Decimal(7500)  # 10,000 / 1.2 x 0.9


def test_a_measure_on_a_sub_load_acts_on_its_share_only():
    chillers = measure("efficiency", GAIN + '\nsub_load = "chillers"\nshare = 0.3')
    # 0.7 + 0.3 / 1.2 = 0.95
    assert multipliers(scenario(chillers))[202401] == Decimal("0.95")


def test_measures_on_different_sub_loads_add_and_on_the_same_one_multiply():
    chillers = '\nsub_load = "chillers"\nshare = 0.3'
    pumps = '\nsub_load = "pumps"\nshare = 0.1'
    apart = scenario(
        measure("efficiency", GAIN + chillers, "a"), measure("efficiency", CUT + pumps, "b")
    )
    same = scenario(
        measure("efficiency", GAIN + chillers, "a"), measure("efficiency", CUT + chillers, "b")
    )
    assert multipliers(apart)[202401] == Decimal("0.94")  # 1 - 0.05 - 0.01
    assert multipliers(same)[202401] == Decimal("0.925")  # 0.7 + 0.3 x 0.75


def test_sub_loads_that_are_more_than_the_load_are_refused():
    both = scenario(
        measure("efficiency", GAIN + '\nsub_load = "chillers"\nshare = 0.6', "a"),
        measure("efficiency", CUT + '\nsub_load = "pumps"\nshare = 0.5', "b"),
    )
    with pytest.raises(SettingsError, match="more than the whole"):
        index_rows(both, KEYS, 2023, MONTHS)


def test_one_sub_load_has_one_share():
    both = scenario(
        measure("efficiency", GAIN + '\nsub_load = "chillers"\nshare = 0.3', "a"),
        measure("efficiency", CUT + '\nsub_load = "chillers"\nshare = 0.2', "b"),
    )
    with pytest.raises(SettingsError, match="two shares"):
        index_rows(both, KEYS, 2023, MONTHS)


def test_other_sites_are_left_alone():
    assert set(multipliers(scenario(measure("efficiency", GAIN)), key_id=4).values()) == {1}


# --- time ---


def test_a_ramp_is_linear_by_month():
    found = multipliers(scenario(measure("efficiency", CUT + "\nramp_months = 4")))
    steps = [found[month] for month in (202401, 202402, 202403, 202404, 202405)]
    # a quarter of 10 % more each month
    assert steps == [Decimal(text) for text in ("0.975", "0.95", "0.925", "0.9", "0.9")]


def test_a_measure_ends_with_its_life():
    found = multipliers(scenario(measure("efficiency", CUT + "\nlife_years = 1")))
    assert (found[202412], found[202501]) == (Decimal("0.9"), Decimal(1))


def test_a_measure_of_the_base_year_is_not_counted_twice():
    early = CUT.replace("2024-01", "2023-07")
    found = multipliers(scenario(measure("efficiency", early)))
    # January 2023 was before the measure, July 2023 already has it
    assert (found[202401], found[202407]) == (Decimal("0.9"), Decimal(1))


def test_the_base_month_is_the_same_month_of_the_base_year():
    rows = index_rows(scenario(), KEYS, 2023, MONTHS)
    assert {month % 100 - base % 100 for _, _, month, base, _ in rows} == {0}
    assert {base // 100 for _, _, _, base, _ in rows} == {2023}


def test_a_reporting_year_from_april_carries_on_its_own_months():
    fiscal = {month: year if month % 100 >= 4 else year - 1 for month, year in MONTHS.items()}
    rows = index_rows(scenario(), {1: KEYS[1]}, 2023, fiscal)
    bases = {month: base for _, _, month, base, _ in rows}
    assert (bases[202404], bases[202503], min(bases)) == (202304, 202403, 202404)


# --- growth and PUE ---


def test_growth_compounds_by_year():
    found = multipliers(scenario(measure("growth", "rate = 0.05", stage="growth")))
    assert (found[202401], found[202512]) == (Decimal("1.05"), Decimal("1.1025"))


def test_a_path_is_relative_to_its_base_year_and_linear_between():
    path = "path = { 2024 = 1.5, 2026 = 2.5 }"
    found = multipliers(scenario(measure("growth", path, stage="growth")))
    assert (found[202401], found[202506]) == (Decimal("1.5"), Decimal(2))


def test_when_a_planned_year_becomes_actual_the_path_goes_on_from_it():
    found = scenario(
        measure("growth", "path = { 2024 = 1.5, 2026 = 3 }", stage="growth"), head=HEAD
    )
    rows = index_rows(found, {1: KEYS[1]}, 2024, MONTHS)
    by_month = {month: multiplier for _, _, month, _, multiplier in rows}
    assert by_month[202601] == 2  # 3 / 1.5


def test_growth_leaves_pv_alone_unless_it_names_it():
    growth = scenario(measure("growth", "rate = 0.05", stage="growth"))
    named = scenario(measure("growth", 'rate = 0.05\nactivity = "pv_generation"', stage="growth"))
    assert multipliers(growth, key_id=5)[202401] == 1
    assert multipliers(named, key_id=5)[202401] == Decimal("1.05")


def test_a_better_pue_saves_on_the_facility_and_not_on_the_computers():
    pue = 'site = ["plant", "hall"]\nfrom = 1.30\nto = 1.20\nstart = "2024-01"'
    found = scenario(measure("pue", pue))
    # 39,000 MWh of facility at 1.30 are 30,000 of computers; at 1.20 they take 36,000
    assert round(39000 * multipliers(found)[202401], 6) == 36000
    assert multipliers(found, key_id=6)[202401] == multipliers(found)[202401]
    assert multipliers(found, key_id=7)[202401] == 1
    assert multipliers(found, key_id=2)[202401] == 1  # a sub-meter is no bill


def test_a_pue_can_follow_a_path():
    pue = 'site = "plant"\nfrom = 1.30\npath = { 2024 = 1.25, 2025 = 1.17 }'
    found = multipliers(scenario(measure("pue", pue)))
    assert (round(found[202412] * 130, 9), round(found[202501] * 130, 9)) == (125, 117)


# --- additions ---


def test_pv_generates_exports_and_takes_the_rest_off_the_bill():
    found = additions(scenario(measure("pv", PV + 'self_use = 0.75\nstart = "2024-01"')))
    # 1,200 kW x 1,000 kWh/kW x 0.05
    assert found["pv_generation", "kWh", 202401] == 60000
    assert found["pv_export", "kWh", 202401] == 15000
    assert found["electricity", "kWh", 202401] == -45000


def test_pv_behind_a_bill_that_includes_it_takes_nothing_off_the_bill():
    found = scenario(measure("pv", PV.replace("plant", "hall") + 'start = "2024-01"'))
    assert {activity for activity, _, _ in additions(found)} == {"pv_generation"}


def test_pv_degrades_once_a_year():
    found = additions(scenario(measure("pv", PV + 'start = "2024-07"\ndegradation = 0.01')))
    assert found["pv_generation", "kWh", 202506] == 120000
    assert found["pv_generation", "kWh", 202507] == Decimal("142560")  # 144,000 x 0.99


def test_pv_of_the_base_year_adds_only_the_months_before_it():
    found = additions(scenario(measure("pv", PV + 'start = "2023-06"')))
    months = {month for activity, _, month in found if month // 100 == 2024}
    assert months == {202401, 202402, 202403, 202404, 202405}


def test_an_area_is_no_capacity():
    with pytest.raises(UnitError) as fault:
        scenario(measure("pv", PV.replace("1.2 MW", "27000 m2") + 'start = "2024-01"'))
    assert "s.toml, measure 'm'" in str(fault.value)
    assert "m2" in str(fault.value)


def test_an_area_with_its_power_density_is_a_capacity():
    body = PV.replace("1.2 MW", "27000 m2") + 'power_density_w_per_m2 = 200\nstart = "2024-01"'
    [found] = scenario(measure("pv", body)).measures
    assert found.capacity_kw == 5400  # 27,000 m2 x 200 W/m2


def test_shares_of_the_months_make_a_year():
    with pytest.raises(SettingsError, match=r"adds up to 0\.99, not 1"):
        scenario(measure("pv", PV.replace("0.05", "0.04") + 'start = "2024-01"'))


def test_recovered_heat_displaces_more_gas_than_it_holds():
    body = 'site = "plant"\nactivity = "natural_gas"\nheat = "1000 GJ"\nboiler_efficiency = 0.9\n'
    found = additions(scenario(measure("heat", body + 'start = "2024-01"')))
    year = sum(found["natural_gas", "MJ", month] for month in MONTHS if month // 100 == 2024)
    # 1,000 GJ / 0.9 = 1,111.1 GJ, each month rounded to 1e-6 MJ
    assert round(year / 1000, 1) == Decimal("-1111.1")
    # at 55.539 kg/GJ: 61.7 t
    assert round(-year / 1000 * Decimal("55.539") / 1000, 2) == Decimal("61.71")


def test_a_saving_is_taken_off_the_bill_of_its_site():
    body = 'site = "office"\nactivity = "electricity"\nsaving = "12 MWh"\nstart = "2024-01"'
    rows = addition_rows(scenario(measure("saving", body)), KEYS, 2023, MONTHS)
    assert rows[0][1:] == (Place("office", "office-grid", "electricity", ""), 202401, "kWh", -1000)


def test_electricity_cannot_be_saved_where_none_is_bought():
    body = 'site = "ofice"\nactivity = "electricity"\nsaving = "12 MWh"\nstart = "2024-01"'
    with pytest.raises(SettingsError) as fault:
        addition_rows(scenario(measure("saving", body)), KEYS, 2023, MONTHS)
    assert "Nearest: office" in str(fault.value)


# --- certificates, credits, grids ---


def test_planned_certificates_are_not_retired():
    body = 'instrument = "GEC"\nmarket = "CN"\nenergy_mwh = { 2023 = 1, 2024 = 4500, 2031 = 1 }'
    [bought] = plan_instruments(scenario(measure("certificates", body)), 2023)
    assert (bought.energy_kwh, bought.claim_year, bought.retired_on) == (4500000, 2024, None)


def test_credits_for_the_rest_cover_it_in_whole_tonnes_after_the_stated_ones():
    fixed = measure(
        "credits", 'standard = "VCS"\ncredit_kind = "removal"\nmass_t = { 2026 = 30 }', "fixed"
    )
    rest = measure(
        "credits",
        'standard = "CCER"\ncredit_kind = "avoidance"\nmass_t = "rest"\nyears = [2026]',
        "rest",
    )
    bought = plan_credits(scenario(rest, fixed), 2023, {2026: Decimal("100.2")})
    masses = {each.standard: each.mass_t for each in bought}
    assert masses == {"VCS": 30, "CCER": 71}  # 100.2 - 30 = 70.2, up to 71
    assert {each.retired_on for each in bought} == {None}


def test_a_grid_falls_by_its_yearly_change():
    grid = '[[grid]]\nregion = "CN"\nannual_change = -0.0184\nsource = "assumption"\n'
    rows = grid_sets(scenario(grid), 2023, {("CN", "location"): Decimal("570.3")})
    values = {row.year: row.g_per_kwh for row in rows}
    # 570.3 x 0.9816 = 559.80648; x 0.9816 = 549.506040768
    assert values[2024] == Decimal("559.80648")
    assert values[2025] == Decimal("549.506040768")


def test_a_region_without_a_path_stays_at_its_factor_and_says_so():
    rows = grid_sets(scenario(), 2023, {("HK", "market"): Decimal("680")})
    assert {row.g_per_kwh for row in rows} == {680}
    assert "held at the factor of 2023" in rows[0].source


def test_a_grid_path_of_values_is_linear_between_its_years():
    grid = '[[grid]]\nregion = "CN"\ng_per_kwh = { 2025 = 500 }\nsource = "assumption"\n'
    rows = grid_sets(scenario(grid), 2023, {("CN", "location"): Decimal("570")})
    assert [row.g_per_kwh for row in rows] == [535, 500, 500, 500]  # one year beyond the horizon


def test_a_grid_path_of_no_site_is_refused():
    grid = '[[grid]]\nregion = "CM"\nannual_change = -0.01\nsource = "assumption"\n'
    with pytest.raises(SettingsError, match="no site takes power"):
        grid_sets(scenario(grid), 2023, {("CN", "location"): Decimal(570)})


# --- files ---


def test_an_empty_scenario_is_its_base_year_carried_on():
    found = scenario()
    assert {row[-1] for row in index_rows(found, KEYS, 2023, MONTHS)} == {Decimal(1)}
    assert addition_rows(found, KEYS, 2023, MONTHS) == []
    assert plan_instruments(found, 2023) == plan_credits(found, 2023) == []


def test_an_empty_scenario_on_a_base_plans_the_same_rows():
    base = HEAD + measure("efficiency", GAIN) + measure("pv", PV + 'start = "2024-01"', "pv")
    one, two = resolve({"a.toml": base, "b.toml": 'name = "t"\nbased_on = "s"'})
    plans = [
        [
            row[1:]
            for row in (
                *index_rows(each, KEYS, 2023, MONTHS),
                *addition_rows(each, KEYS, 2023, MONTHS),
            )
        ]
        for each in (one, two)
    ]
    assert plans[0] == plans[1]
    assert plans[0]


def test_a_scenario_states_differences_only():
    base = HEAD + measure("efficiency", GAIN, "a") + measure("efficiency", CUT, "b")
    other = 'name = "t"\nbased_on = "s"\nwithout = ["b"]\n' + measure(
        "efficiency", CUT.replace("0.10", "0.25"), "a"
    )
    found = {each.name: each for each in resolve({"t.toml": other, "s.toml": base})}
    assert multipliers(found["t"])[202401] == Decimal("0.75")
    assert found["t"].horizon == 2026


def test_a_grid_path_replaces_the_base_path_of_its_accounting_only():
    grid = '[[grid]]\nregion = "CN"\nannual_change = {}\nsource = "assumption"\n{}'
    base = HEAD + grid.format("-0.1", "")
    other = 'name = "t"\nbased_on = "s"\n' + grid.format("-0.5", 'accounting = "market"\n')
    found = {each.name: each for each in resolve({"t.toml": other, "s.toml": base})}
    values = {("CN", "location"): Decimal(100), ("CN", "market"): Decimal(100)}
    rows = grid_sets(found["t"], 2023, values)
    assert {row.accounting: row.g_per_kwh for row in rows if row.year == 2024} == {
        "location": 90,
        "market": 50,
    }


def test_scenarios_based_on_each_other_are_refused():
    files = {
        "a.toml": 'name = "a"\nbased_on = "b"',
        "b.toml": 'name = "b"\nbased_on = "c"',
        "c.toml": 'name = "c"\nbased_on = "b"',
    }
    with pytest.raises(SettingsError, match="b on c on b"):
        resolve(files)


def test_a_missing_base_is_named_with_the_nearest():
    with pytest.raises(SettingsError) as fault:
        resolve(
            {
                "a.toml": HEAD.replace('"s"', '"baseline"'),
                "b.toml": 'name = "b"\nbased_on = "basline"',
            }
        )
    assert "Nearest: baseline" in str(fault.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "horizont = 2030", "nearest: horizon"),
        (HEAD + measure("efficiency", GAIN).replace('area = "buildings"\n', ""), "lacks 'area'"),
        (HEAD + measure("efficiency", GAIN).replace('stage = "reduction"\n', ""), "lacks 'stage'"),
        (HEAD + measure("efficiency", GAIN).replace("buildings", "building"), "nearest: buildings"),
        (HEAD + measure("efficiency", GAIN).replace('source = "assumption"', ""), "lacks 'source'"),
        (
            HEAD
            + measure("efficiency", GAIN).replace('"assumption"', '{ gain = "a report" }')
            + 'sub_load = "chillers"\nshare = 0.3',
            "no source for share",
        ),
        (HEAD + measure("efficiency", GAIN + "\ncut = 0.1"), "more than one of gain or cut"),
        (
            HEAD + measure("efficiency", GAIN + "\ncapacity = '1 kW'"),
            "means nothing for efficiency",
        ),
        (
            HEAD + measure("pue", 'site = "a"\nfrom = 1.3\nto = 0.9\nstart = "2024-01"'),
            "equal to 1",
        ),
        (HEAD + measure("growth", "path = { 2023 = 1.5 }", stage="growth"), "not after the base"),
        (HEAD + measure("efficiency", GAIN + '\nstatus = "verified"'), "names no baseline"),
        (HEAD + measure("efficiency", GAIN) * 2, "two measures are named 'm'"),
        (HEAD + measure("efficiency", GAIN.replace("2024-01", "0000-01")), "not '0000-01'"),
        (HEAD + measure("efficiency", GAIN.replace('"2024-01"', "202413")), "not 202413"),
        (HEAD + measure("efficiency", GAIN + "\nramp_months = true"), "ramp_months"),
        (HEAD + measure("saving", TWO_METERS), "of kind saving has one meter"),
        (HEAD.replace('"s"', '"actual"'), "the ledger itself"),
        (HEAD.replace("horizon = 2026", ""), "states no horizon"),
    ],
)
def test_a_mistake_is_named_with_its_place(text, says):
    with pytest.raises(SettingsError) as fault:
        resolve({"s.toml": text})
    assert says.lower() in str(fault.value).lower()
    assert "s.toml" in str(fault.value)


# --- what a reader should know ---


def test_measures_that_change_nothing_are_found():
    lost = measure("efficiency", GAIN.replace('"plant"', '["plant", "campus"]'), "lost")
    metered = measure("efficiency", GAIN + '\nmeter = "chiller-meter"', "metered")
    built = measure("efficiency", CUT.replace("2024-01", "2023-01"), "built")
    fine = measure("efficiency", CUT, "fine")
    found = findings(scenario(lost, metered, built, fine), KEYS, 2023)
    assert [problem.code for problem in found] == [
        "measure-without-load",
        "measure-on-sub-meter",
        "measure-in-base-year",
    ]
    assert "campus" in found[0].message


def test_measures_on_one_load_are_said_to_interact():
    both = scenario(measure("efficiency", GAIN, "a"), measure("efficiency", CUT, "b"))
    assert interactions(both, {1: KEYS[1]}) == [
        "plant, electricity: a, then b; their savings do not add up"
    ]


def test_measures_on_sub_loads_apart_do_add_up_and_are_not_named():
    parts = "".join(
        f'[[measure]]\nname = "{name}"\narea = "buildings"\nstage = "reduction"\n'
        f'kind = "efficiency"\nsite = "plant"\nactivity = "electricity"\nstart = "2024-01"\n'
        f'cut = 0.1\nsub_load = "{load}"\nshare = 0.2\nsource = "assumption"\n'
        for name, load in (("a", "chillers"), ("b", "pumps"))
    )
    assert interactions(scenario(parts), {1: KEYS[1]}) == []
    same = parts.replace("pumps", "chillers")
    assert interactions(scenario(same), {1: KEYS[1]}) != []


# --- the shipped scenarios ---


def shipped(firm: str):
    files = {file.name: file.read_text("utf-8") for file in (SHIPPED / firm).glob("*.toml")}
    return {each.name: each for each in resolve(files)}


@pytest.mark.parametrize("firm", ["ai", "maker"])
def test_shipped_scenarios_name_only_sites_of_their_sample(firm):
    known = settings.read(demo.settings_text(firm)).sites()
    for each in shipped(firm).values():
        named = {site for measure in each.measures for site in measure.site}
        assert named <= set(known)
        assert named


def test_the_data_centre_ramps_to_405_gwh_and_no_further():
    keys = {1: ("lingang-aidc", "lingang-grid", "electricity", "", "grid_import")}
    rows = index_rows(shipped("ai")["baseline"], keys, 2022, calendar(2022, 2030))
    last = [multiplier for _, _, month, _, multiplier in rows if month >= 202701]
    assert {round(Fraction(multiplier) * Fraction("41.5"), 6) for multiplier in last} == {405}


def test_the_baseline_alone_neutralises_nothing():
    for firm in ("ai", "maker"):
        found = shipped(firm)
        kinds = {
            name: {measure.kind for measure in each.measures if measure.stage == "neutralisation"}
            for name, each in found.items()
        }
        bought = {"certificates", "credits"}
        assert kinds == {"baseline": set(), "path": bought, "stress": bought}


@pytest.mark.parametrize("firm", ["ai", "maker"])
def test_under_stress_each_certificate_comes_two_years_after_that_of_path(firm):
    found = shipped(firm)
    path, stress = (
        next(each for each in found[name].measures if each.kind == "certificates").energy_mwh
        for name in ("path", "stress")
    )
    assert stress == {year + 2: energy for year, energy in path.items() if year + 2 <= 2030}


def test_the_maker_plans_5400_kw_from_a_stated_power_density():
    [pv] = [each for each in shipped("maker")["path"].measures if "III" in each.name]
    assert pv.capacity_kw == 5400
