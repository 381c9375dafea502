"""From flows to totals: the need, the set chosen whole, one multiplication; on both engines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest

D = Decimal


def pairs(rows, *columns):
    return sorted(tuple(row[column] for column in columns) for row in rows)


# flow/direct


def burned(quantity, **other):
    said = {"site": "hq", "activity": "natural_gas", "month": 202301, "unit": "m3"}
    return said | {"quantity": quantity} | other


GAS = {"activity": "natural_gas", "method": "direct", "line": "scope1", "family": "fuel"}


def test_a_fuel_flows_to_scope_1_and_to_the_energy_sheet(relation):
    rows = relation(
        "flow_direct",
        activity_month=[burned(10)],
        method=[
            GAS | {"topic": "fuel/natural_gas"},
            GAS | {"line": "energy", "topic": "standard_coal/natural_gas"},
        ],
    )
    assert pairs(rows, "line", "accounting", "topic", "quantity") == [
        ("energy", "all", "standard_coal/natural_gas", 10),
        ("scope1", "all", "fuel/natural_gas", 10),
    ]


def test_bought_heat_stands_in_both_accountings_of_scope_2(relation):
    rows = relation(
        "flow_direct",
        activity_month=[burned(10, activity="heat", unit="MJ")],
        method=[{"activity": "heat", "method": "direct", "line": "scope2", "topic": "heat"}],
    )
    assert pairs(rows, "accounting", "quantity") == [("location", 10), ("market", 10)]


def test_the_detail_of_an_entry_ends_its_topic(relation):
    rows = relation(
        "flow_direct",
        activity_month=[burned(1, activity="air_travel", detail="economy")],
        method=[
            {"activity": "air_travel", "method": "direct", "line": "scope3"}
            | {"topic": "travel/air", "is_detailed": True}
        ],
    )
    assert pairs(rows, "topic", "line") == [("travel/air/economy", "scope3")]


def test_a_metered_flow_takes_its_meter_as_place(relation):
    rows = relation("flow_direct", activity_month=[burned(1), burned(2, meter="g1")], method=[GAS])
    assert pairs(rows, "place", "quantity") == [("g1", 2), ("hq", 1)]


def test_electricity_and_memo_activities_are_no_direct_flow(relation):
    rows = relation(
        "flow_direct",
        activity_month=[burned(1, activity=name) for name in ("electricity", "it_load")],
        method=[
            {"activity": "electricity", "method": "electricity", "line": "scope2"},
            {"activity": "it_load", "method": "memo", "line": "energy"},
        ],
    )
    assert rows == []


# flow


def waist(relation, part, **month):
    """`flow` of one row of a method, at a site whose month says this."""
    tables = {"flow_direct": [part | {"site": "hq", "month": 202301}]}
    said = {"site": "hq", "month": 202301, "reporting_year": 2023, "factor_year": 2023}
    return relation("flow", **tables, site_month=[said | month])


def test_a_flow_takes_share_and_factor_year_of_its_month(relation):
    rows = waist(relation, {"line": "scope1"}, share="0.5", policy="CN: x")
    assert pairs(rows, "share", "policy", "factor_year") == [(D("0.5"), "CN: x", 2023)]


@pytest.mark.parametrize("month", [{"site": "other"}, {"month": 202302}])
def test_a_flow_of_a_month_outside_the_boundary_is_left_out(relation, month):
    assert waist(relation, {"line": "scope1"}, **month) == []


@pytest.mark.parametrize("line", ["scope1", "scope2"])
def test_what_arises_at_a_site_leased_to_others_stands_in_scope_3(relation, line):
    part = {"line": line, "category": "purchased electricity", "accounting": "location"}
    rows = waist(relation, part, treatment="downstream leased assets")
    assert pairs(rows, "line", "category") == [("scope3", "downstream leased assets")]


@pytest.mark.parametrize("part", [{"line": "scope2", "accounting": "market"}, {"line": "energy"}])
def test_a_site_leased_to_others_has_no_market_and_no_energy_flow(relation, part):
    assert waist(relation, part, treatment="downstream leased assets") == []


# flow/refrigerant


LEAK = {"equipment_id": "chiller", "site": "hq", "refrigerant": "R-410A", "month": 202305}


def leaks(relation, *months, **other):
    return relation("flow_refrigerant", refrigerant_month=[LEAK | each for each in months], **other)


@pytest.mark.parametrize(
    ("method", "activity"),
    [
        ("mass balance", "mass_balance"),
        ("simplified", "service"),
        ("screening", "screening"),
    ],
)
def test_what_leaked_by_a_method_is_a_flow_of_its_activity(relation, method, activity):
    [row] = leaks(relation, {"method": method, "mass_kg": "1.75"})
    assert (row["topic"], row["line"], row["unit"]) == ("refrigerant/R-410A", "scope1", "kg")
    assert (row["activity"], row["meter"], row["quantity"]) == (activity, "chiller", D("1.75"))


def test_a_plan_repeats_the_leaks_of_its_base_month_once(relation):
    path = {"scenario": "path", "plan": "path", "is_recorded": False}
    index = {"scenario": "path", "base_month": 202303, "month": 202403, "multiplier": 1}
    found = leaks(
        relation,
        {"month": 202303, "mass_kg": 5},
        scenario=[path],
        plan_index=[index | {"measure_set": number} for number in (1, 2)],
    )
    assert pairs(found, "scenario", "month", "quantity") == [("path", 202403, 5)]


@pytest.mark.parametrize(
    ("other", "left"), [({}, 2), ({"equipment_id": "boiler"}, 5), ({"refrigerant": "R-32"}, 5)]
)
def test_a_plan_goes_on_with_the_part_of_a_leak_that_no_measure_ends(relation, other, left):
    path = {"scenario": "path", "plan": "path", "is_recorded": False}
    leak = {key: LEAK[key] for key in ("site", "equipment_id", "refrigerant")}
    plan = leak | {"scenario": "path", "month": 202403, "multiplier": "0.4"} | other
    found = leaks(
        relation,
        {"month": 202303, "mass_kg": 5},
        scenario=[path],
        plan_index=[{"scenario": "path", "base_month": 202303, "month": 202403}],
        plan_leak=[plan],
    )
    assert pairs(found, "scenario", "month", "quantity") == [("path", 202403, left)]


# flow, factor_need


def test_the_four_methods_narrow_to_one_relation(relation):
    parts = ("direct", "electricity", "energy", "refrigerant")
    tables = {f"flow_{part}": [{"activity": part}] for part in parts}
    rows = relation("flow", **tables, site_month=[{}])
    assert sorted(row["activity"] for row in rows) == list(parts)


def test_a_need_is_named_once_however_many_flows_have_it(relation):
    flow = {"topic": "electricity", "place": "hq", "factor_year": 2023}
    rows = relation(
        "factor_need",
        year_flow=[flow | {"site": site} for site in ("a", "b")] + [flow | {"place": "b"}],
    )
    assert pairs(rows, "place") == [("b",), ("hq",)]


# factor_choice

PATH = [
    {"place": "hq", "ancestor": "hq", "distance": 0, "level": "site"},
    {"place": "hq", "ancestor": "CN-ZJ", "distance": 1, "level": "province"},
    {"place": "hq", "ancestor": "CN", "distance": 2, "above": 1, "level": "country"},
    {"place": "hq", "ancestor": "WORLD", "distance": 3, "above": 2, "level": "world"},
]
NEED = {"topic": "electricity", "family": "electricity", "place": "hq", "policy": "CN"} | {
    "factor_year": 2023,
    "accounting": "location",
}
NATION = {"preference": 1, "series": "national"}


def grid_set(name, **other):
    said = {"set_id": name, "topic": "electricity", "region": "CN", "series": "national"}
    return said | {"accounting": "all", "first_year": 2023, "last_year": 2023} | other


def allow(*policies):
    """Policies of the class CN on electricity, in order of preference."""
    common = {"policy": "CN", "family": "electricity", "accounting": "location"}
    return [common | {"max_factor_age": 3} | each for each in policies]


BY_NATION = allow(NATION)


def choose(relation, *sets, policy=BY_NATION, need=NEED, known_on=date(2026, 1, 1), closed=()):
    rows = relation(
        "factor_choice",
        closed_choice=closed,
        factor_need=[need],
        factor_set=sets,
        policy=policy,
        region_path=PATH,
        run_option=[{"known_on": known_on}],
    )
    return [(row["set_id"], row["fit"]) for row in rows]


PROVINCE = grid_set("zj", region="CN-ZJ", series="provincial")


def test_a_series_the_policy_prefers_wins_over_a_nearer_one(relation):
    policy = allow(NATION, {"preference": 2, "series": "provincial"})
    assert choose(relation, grid_set("cn"), PROVINCE, policy=policy) == [("cn", "wider region")]


def test_a_provincial_series_is_taken_where_the_policy_prefers_it(relation):
    policy = allow({"preference": 1, "series": "provincial"}, NATION | {"preference": 2})
    assert choose(relation, grid_set("cn"), PROVINCE, policy=policy) == [("zj", "exact")]


def test_a_series_the_policy_does_not_name_never_serves(relation):
    assert choose(relation, PROVINCE) == []


def test_market_based_takes_the_set_made_for_it_before_a_location_based_one(relation):
    both = [
        grid_set("a-location", series="own", accounting="location", region="hq"),
        grid_set("b-market", series="own", accounting="market", region="hq", last_year=2022)
        | {"first_year": 2022},
    ]
    policy = allow({"preference": 1, "series": "own", "accounting": "market"})
    need = NEED | {"accounting": "market"}
    assert choose(relation, *both, policy=policy, need=need) == [("b-market", "own factor")]
    assert choose(relation, both[0], policy=policy, need=need) == [("a-location", "own factor")]


def test_within_one_series_the_nearest_place_wins(relation):
    sets = grid_set("cn"), grid_set("zj", region="CN-ZJ"), grid_set("own", region="hq")
    assert choose(relation, *sets) == [("own", "own factor")]


def test_a_set_of_the_sites_own_region_fits_exactly(relation):
    assert choose(relation, grid_set("zj", region="CN-ZJ")) == [("zj", "exact")]


def test_a_set_of_a_region_above_the_sites_own_says_so(relation):
    assert choose(relation, grid_set("cn")) == [("cn", "wider region")]


def test_a_set_of_the_book_says_so_wherever_it_holds(relation):
    policy = allow({"preference": 1, "series": "own"})
    assert choose(relation, grid_set("ours", series="own"), policy=policy) == [
        ("ours", "own factor")
    ]


def test_a_prescribed_set_says_so(relation):
    notice = grid_set("notice", is_prescribed=True, first_year=2022, last_year=2025)
    assert choose(relation, notice) == [("notice", "prescribed")]


def test_a_prescribed_set_of_an_earlier_year_is_an_older_one(relation):
    notice = grid_set("notice", region="CN-ZJ", is_prescribed=True, last_year=2022, first_year=2022)
    assert choose(relation, notice) == [("notice", "older year")]


def test_a_closed_year_keeps_its_set_and_sees_no_other(relation):
    kept = NEED | {"policy": "closed 2023", "set_id": "cn@2023", "fit": "exact"}
    del kept["family"]
    need = NEED | {"policy": "closed 2023"}
    newer = grid_set("newer", published_on=date(2025, 12, 31))
    assert choose(relation, newer, need=need, closed=[kept]) == [("cn@2023", "exact")]
    assert choose(relation, newer, need=need) == []


def test_a_set_of_another_country_never_serves(relation):
    assert choose(relation, grid_set("de", region="DE")) == []


def test_a_world_average_never_serves_electricity(relation):
    assert choose(relation, grid_set("world", region="WORLD")) == []


def test_without_fallback_only_the_sites_own_region_serves(relation):
    policy = allow(NATION | {"max_above": 0})
    sets = grid_set("cn"), grid_set("zj", region="CN-ZJ")
    assert choose(relation, *sets, policy=policy) == [("zj", "exact")]
    assert choose(relation, grid_set("cn"), policy=policy) == []


@pytest.mark.parametrize(
    ("last_year", "chosen"),
    [
        (2022, [("old", "older year of a wider region")]),
        (2020, [("old", "older year of a wider region")]),
        (2019, []),
    ],
)
def test_an_older_year_serves_up_to_the_age_limit(relation, last_year, chosen):
    assert choose(relation, grid_set("old", first_year=2010, last_year=last_year)) == chosen


def test_the_age_of_a_set_is_told_in_years(relation):
    rows = relation(
        "factor_choice",
        factor_need=[NEED],
        factor_set=[grid_set("old", first_year=2020, last_year=2021)],
        policy=BY_NATION,
        region_path=PATH,
    )
    assert pairs(rows, "fit", "age", "level", "distance") == [
        ("older year of a wider region", 2, "country", 2)
    ]


def test_a_set_of_a_later_year_never_serves(relation):
    assert choose(relation, grid_set("new", first_year=2024, last_year=2024)) == []


def test_the_youngest_year_wins(relation):
    sets = [grid_set(f"y{year}", first_year=year, last_year=year) for year in (2021, 2022)]
    assert choose(relation, *sets) == [("y2022", "older year of a wider region")]


def test_the_newest_edition_of_one_year_wins(relation):
    sets = [
        grid_set("a-first", published_on=date(2024, 1, 1)),
        grid_set("b-mended", published_on=date(2025, 1, 1)),
    ]
    assert choose(relation, *sets) == [("b-mended", "wider region")]


def test_an_edition_published_after_the_run_is_not_seen(relation):
    sets = [
        grid_set("first", published_on=date(2024, 1, 1)),
        grid_set("mended", published_on=date(2025, 1, 1)),
    ]
    assert choose(relation, *sets, known_on=date(2024, 12, 31)) == [("first", "wider region")]
    assert choose(relation, *sets, known_on=date(2025, 1, 1)) == [("mended", "wider region")]


def test_a_tie_is_broken_by_the_name_of_the_set(relation):
    sets = [grid_set(name) for name in ("b", "a", "c")]
    assert choose(relation, *sets) == choose(relation, *sets[::-1]) == [("a", "wider region")]


def test_each_rule_of_choice_comes_before_all_that_follow_it(relation):
    random = Random(7)
    steps = {row["ancestor"]: row["distance"] for row in PATH}
    policy = [
        {"preference": place, "series": f"s{place}", "accounting": "market"}
        for place in (1, 2, 10, 11)
    ]
    turns: dict[str, list] = {}  # of what may serve a topic, in the words of the rules
    sets = []
    for number in range(1000):  # few values of each rule, so that most are undecided by it
        place = random.choice(policy)["preference"]
        region = random.choice(["hq", "CN-ZJ", "CN"])
        accounting = random.choice(["market", "location"])
        last_year = random.choice([3, 1990, 2022, 2023])
        published_on = date(2020, 1, random.randrange(1, 4))
        name, topic = f"set {random.randrange(10**9)} {number}", f"fuel/{number % 50}"
        said = {"topic": topic, "region": region, "series": f"s{place}", "first_year": 1}
        said |= {"last_year": last_year, "accounting": accounting, "published_on": published_on}
        sets.append(grid_set(name, **said))
        rules = (place, steps[region], accounting == "location", 2023 - last_year)
        turns.setdefault(topic, []).append((*rules, -published_on.day, name))
    rows = relation(
        "factor_choice",
        factor_need=[NEED | {"topic": topic, "accounting": "market"} for topic in turns],
        factor_set=sets,
        policy=allow(*(each | {"max_factor_age": 9999} for each in policy)),
        region_path=PATH,
    )
    chosen = {row["topic"]: (row["set_id"], row["preference"], row["age"]) for row in rows}
    assert len(rows) == len(chosen)
    first = {topic: min(found) for topic, found in turns.items()}
    assert chosen == {topic: (each[-1], each[0], each[3]) for topic, each in first.items()}


def test_a_set_declared_for_all_years_serves_every_year_and_has_no_age(relation):
    policy = allow({"preference": 1, "set_id": "declared", "max_factor_age": 0})
    declared = grid_set("declared", first_year=2022, last_year=2022)
    for year in (2015, 2022, 2040):
        need = NEED | {"factor_year": year}
        found = choose(relation, declared, grid_set("cn"), policy=policy, need=need)
        assert found == [("declared", "declared for all years")]


def test_a_market_based_set_never_serves_the_location_based_method(relation):
    sets = [grid_set("supplier", accounting="market", region="CN-ZJ"), grid_set("grid")]
    assert choose(relation, *sets) == [("grid", "wider region")]


def test_the_grid_average_serves_market_based_where_no_residual_mix_does(relation):
    policy = [
        each | {"accounting": "market"}
        for each in allow({"preference": 1, "series": "residual"}, NATION | {"preference": 2})
    ]
    need = NEED | {"accounting": "market"}
    grid, residual = grid_set("grid"), grid_set("residual", series="residual")
    assert choose(relation, grid, residual, policy=policy, need=need) == [
        ("residual", "wider region")
    ]
    assert choose(relation, grid, policy=policy, need=need) == [("grid", "wider region")]


SUPPOSED = grid_set("guess", scenario="path", series="", accounting="location")


def test_what_a_scenario_supposes_comes_first_in_that_scenario_only(relation):
    sets = SUPPOSED, grid_set("cn", region="hq")
    need = NEED | {"scenario": "path"}
    assert choose(relation, *sets, need=need) == [("guess", "supposed by the scenario")]
    assert choose(relation, *sets) == [("cn", "own factor")]


def test_what_a_scenario_supposes_holds_for_its_years_and_accounting_only(relation):
    for other in ({"factor_year": 2024}, {"accounting": "market"}):
        need = NEED | {"scenario": "path"} | other
        policy = allow(NATION) + [each | {"accounting": "market"} for each in allow(NATION)]
        found = choose(relation, SUPPOSED, grid_set("cn"), policy=policy, need=need)
        assert [name for name, _ in found] == ["cn"]


# coefficient_need, emission, total

CHOICE = {"topic": "t", "place": "hq", "factor_year": 2023, "set_id": "s"}
FLOW = {"topic": "t", "place": "hq", "factor_year": 2023, "line": "scope1", "unit": "kg"}


def coefficient(gas, mass, co2e, **other):
    return {"set_id": "s", "unit": "kg", "gas": gas, "mass_g": mass, "co2e_g": co2e} | other


def test_a_set_is_asked_for_once_per_unit_share_and_part(relation):
    rows = relation(
        "coefficient_need",
        year_flow=[
            FLOW,
            FLOW | {"site": "b"},
            FLOW | {"unit": "L"},
            FLOW | {"share": "0.5"},
            FLOW | {"part": "0.2"},
        ],
        factor_choice=[CHOICE],
    )
    assert pairs(rows, "set_id", "unit", "share", "part") == [
        ("s", "L", 1, 1),
        ("s", "kg", D("0.5"), 1),
        ("s", "kg", 1, D("0.2")),
        ("s", "kg", 1, 1),
    ]


def emitted(relation, flows, coefficients, gases):
    return relation(
        "emission",
        flow=flows,
        factor_choice=[CHOICE],
        coefficient=[each | {"is_in_scopes": gases[each["gas"]]} for each in coefficients],
    )


def test_every_gas_of_a_flow_comes_from_the_set_that_was_chosen(relation):
    rows = emitted(
        relation,
        [FLOW | {"quantity": "2.5"}],
        [
            coefficient("CO2", "3", "3"),
            coefficient("N2O", "0.1", "27.3"),
            coefficient("CH4_fossil", 9, 9, set_id="another"),
        ],
        {"CO2": True, "N2O": True, "CH4_fossil": True},
    )
    assert pairs(rows, "gas", "set_id", "mass_g", "co2e_g") == [
        ("CO2", "s", D("7.5"), D("7.5")),
        ("N2O", "s", D("0.25"), D("68.25")),
    ]


def test_a_product_keeps_all_its_eighteen_decimals(relation):
    [row] = emitted(
        relation,
        [FLOW | {"quantity": "0.000001"}],
        [coefficient("N2O", "0.000000000001", "0.000000000273")],
        {"N2O": True},
    )
    assert (row["mass_g"], row["co2e_g"]) == (D("1e-18"), D("273e-18"))


def test_co2e_has_its_own_coefficient(relation):
    [row] = emitted(
        relation, [FLOW | {"quantity": 3}], [coefficient("N2O", "0.1", "27.35")], {"N2O": True}
    )
    assert row["co2e_g"] == D("82.05")  # and not 0.3 x 273 = 81.9


def test_a_coefficient_of_another_share_is_not_taken(relation):
    rows = emitted(
        relation,
        [FLOW | {"quantity": 2, "share": "0.5"}],
        [coefficient("CO2", 10, 10), coefficient("CO2", 5, 5, share="0.5")],
        {"CO2": True},
    )
    assert pairs(rows, "co2e_g") == [(10,)]


def test_an_hcfc_component_and_biogenic_co2_stand_outside_the_scopes(relation):
    rows = emitted(
        relation,
        [FLOW | {"quantity": 1}],
        [
            coefficient("HFC-32", "500", "385500"),
            coefficient("HCFC-22", "500", "980000"),
            coefficient("CO2_biogenic", 7, 7),
        ],
        {"HFC-32": True, "HCFC-22": False, "CO2_biogenic": False},
    )
    assert pairs(rows, "gas", "line") == [
        ("CO2_biogenic", "outside"),
        ("HCFC-22", "outside"),
        ("HFC-32", "scope1"),
    ]


def test_standard_coal_stays_in_the_energy_sheet(relation):
    rows = emitted(
        relation,
        [FLOW | {"quantity": 1, "line": "energy"}],
        [coefficient("standard coal", 1000, 0)],
        {"standard coal": False},
    )
    assert pairs(rows, "line", "mass_g", "co2e_g") == [("energy", 1000, 0)]


def summed(relation, flows, coefficients=None, **others):
    """Rows of `total`, from flows that all take one set."""
    kept = coefficients or [coefficient("CO2", "3", "3", is_in_scopes=True)]
    key = {"topic": "t", "place": "hq", "factor_year": 2023}
    accountings = sorted({each.get("accounting", "") for each in flows})
    return relation(
        "total",
        year_flow=[key | {"unit": "kg", "quantity": 1} | each for each in flows],
        factor_choice=[CHOICE | {"accounting": each} for each in accountings],
        coefficient=kept,
        **others,
    )


def test_totals_never_mix_accountings_lines_or_gases(relation):
    flow = {"site": "hq", "line": "scope2", "reporting_year": 2023}
    rows = summed(
        relation,
        [
            flow | {"accounting": "location", "quantity": 2},
            flow | {"accounting": "market"},
            flow | {"accounting": "market", "line": "scope1"},
        ],
        [coefficient("CO2", 1, 1), coefficient("N2O", 1, 273)],
    )
    assert pairs(rows, "accounting", "line", "gas", "co2e_g") == [
        ("location", "scope2", "CO2", 2),
        ("location", "scope2", "N2O", 546),
        ("market", "scope1", "CO2", 1),
        ("market", "scope1", "N2O", 273),
        ("market", "scope2", "CO2", 1),
        ("market", "scope2", "N2O", 273),
    ]


def test_totals_add_up_what_takes_another_share_of_one_set(relation):
    flow = {"site": "hq", "line": "scope1", "quantity": 10}
    [row] = summed(
        relation,
        [flow | {"share": "0.5"}, flow | {"share": "0.25"}],
        [coefficient("CO2", 4, 4, share="0.5"), coefficient("CO2", 2, 2, share="0.25")],
    )
    assert (row["mass_g"], row["co2e_g"]) == (60, 60)


def test_totals_put_gases_outside_the_scopes_on_a_line_of_their_own(relation):
    rows = summed(
        relation,
        [{"line": "scope1"}, {"line": "energy"}],
        [
            coefficient("CO2", 1, 1),
            coefficient("R-22", 1, 1960, is_in_scopes=False),
        ],
    )
    assert pairs(rows, "line", "gas", "co2e_g") == [
        ("energy", "CO2", 1),
        ("energy", "R-22", 1960),
        ("outside", "R-22", 1960),
        ("scope1", "CO2", 1),
    ]


def test_what_a_year_takes_of_one_factor_is_summed_over_months_meters_and_activities(relation):
    flow = {"site": "hq", "line": "scope2", "topic": "electricity", "reporting_year": 2023}
    rows = relation(
        "year_flow",
        flow=[
            flow | {"month": 202301, "meter": "a", "quantity": "1.5"},
            flow | {"month": 202302, "meter": "b", "quantity": "2.25"},
            flow | {"month": 202302, "activity": "pv_generation", "quantity": "-1"},
            flow | {"month": 202302, "share": "0.5", "quantity": 7},
            flow | {"month": 202401, "factor_year": 2024, "quantity": 9},
        ],
    )
    assert pairs(rows, "factor_year", "share", "quantity") == [
        (0, D("0.5"), 7),
        (0, 1, D("2.75")),
        (2024, 1, 9),
    ]


# Quoting


@pytest.mark.parametrize(
    "name",
    ['O\'Brien "HQ"', "x'; drop table entry; --", "上海 張江 é ß 🌱", "-- no comment", "a/b\\c%_"],
)
def test_any_name_comes_through_unchanged(relation, name):
    [row] = summed(relation, [{"site": name, "category": name}])
    assert (row["site"], row["category"], row["co2e_g"]) == (name, name, 3)


def test_names_that_differ_in_case_or_accent_are_different(relation):
    names = ["HQ", "hq", "hq ", "e\u0301", "\u00e9"]
    rows = summed(relation, [{"site": name} for name in names])
    assert sorted(row["site"] for row in rows) == sorted(names)
