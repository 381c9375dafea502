"""From meters to one kWh on both accountings of Scope 2, on both engines."""

from __future__ import annotations

from decimal import Decimal

import pytest

D = Decimal
GRID = "grid_import"


def read(activity, quantity, month=202301, **other):
    """A month of an activity at the head office. [kWh]"""
    said = {"site": "hq", "role": GRID, "activity": activity, "month": month, "quantity": quantity}
    return said | {"reporting_year": month // 100} | other


def bought(quantity, month=202301, **other):
    """A month of electricity taken from the grid. [kWh]"""
    said = {"site": "hq", "activity": "electricity", "month": month, "energy_kwh": quantity}
    return said | {"reporting_year": month // 100} | other


INSIDE = [{"site": "hq", "market": "CN", "month": month} for month in (202301, 202302, 202401)]


def year(site, energy, **other):
    said = {"site": site, "market": "CN", "reporting_year": 2023, "energy_kwh": energy}
    return said | {"period": 2023} | other


def part(name, energy, **other):
    """An accepted instrument on its way to a site, a list or the market."""
    said = {"instrument_id": name, "market": "CN", "energy_kwh": energy, "period": 2023}
    return said | other


def certificate(name, energy, **other):
    said = {"instrument_id": name, "market": "CN", "energy_kwh": energy, "claim_year": 2023}
    return said | {"period": 2023} | other


def bound(name, used, **other):
    """What a site used of an instrument bound to it."""
    said = {"instrument_id": name, "site": "hq", "period": 2023, "used_kwh": used}
    return said | other


def pairs(rows, *columns):
    return sorted(tuple(row[column] for column in columns) for row in rows)


# pv_month


def test_self_use_is_generation_less_export(relation):
    [row] = relation("pv_month", activity_month=[read("pv_generation", 100), read("pv_export", 30)])
    assert (row["self_used_kwh"], row["exported_kwh"], row["export_meters"]) == (70, 30, 1)


def test_without_an_export_meter_all_pv_is_taken_as_self_used_and_says_so(relation):
    [row] = relation("pv_month", activity_month=[read("pv_generation", 100)])
    assert (row["self_used_kwh"], row["export_meters"]) == (100, 0)


# import_month


@pytest.mark.parametrize("role", ["sub_meter", "it_load", "charger", "pv_generation", "pv_export"])
def test_a_meter_that_measures_a_part_is_never_added(relation, role):
    rows = relation(
        "import_month",
        activity_month=[
            read("electricity", 100, meter="main"),
            read("electricity", 40, meter="part", role=role),
        ],
    )
    assert pairs(rows, "meter", "energy_kwh") == [("main", 100)]


def test_two_grid_meters_stay_apart(relation):
    rows = relation(
        "import_month",
        activity_month=[read("electricity", 1, meter="a"), read("electricity", 2, meter="b")],
    )
    assert pairs(rows, "meter", "energy_kwh") == [("a", 1), ("b", 2)]


def test_details_of_one_meter_are_summed(relation):
    rows = relation(
        "import_month",
        activity_month=[
            read("electricity", 1, detail="peak"),
            read("electricity", 2, detail="valley"),
        ],
    )
    assert pairs(rows, "energy_kwh") == [(3,)]


def test_a_total_including_pv_loses_the_self_used_pv_once(relation):
    rows = relation(
        "import_month",
        activity_month=[
            read("electricity_including_pv", 60, meter="a"),
            read("electricity_including_pv", 40, meter="b"),
        ],
        pv_month=[{"site": "hq", "month": 202301, "self_used_kwh": 30, "exported_kwh": 10}],
    )
    assert pairs(rows, "activity", "energy_kwh") == [("electricity_including_pv", 70)]


def test_a_sub_meter_of_a_total_including_pv_is_not_added(relation):
    rows = relation(
        "import_month",
        activity_month=[
            read("electricity_including_pv", 60, meter="a"),
            read("electricity_including_pv", 40, meter="b", role="sub_meter"),
        ],
    )
    assert pairs(rows, "energy_kwh") == [(60,)]


def test_pv_is_never_subtracted_from_a_metered_import(relation):
    rows = relation(
        "import_month",
        activity_month=[
            read("electricity", 100),
            read("pv_generation", 50),
            read("pv_export", 20),
        ],
        pv_month=[{"site": "hq", "month": 202301, "self_used_kwh": 30, "exported_kwh": 20}],
    )
    assert pairs(rows, "activity", "energy_kwh") == [("electricity", 100)]


def test_it_load_and_electricity_passed_on_are_no_import(relation):
    rows = relation(
        "import_month", activity_month=[read("it_load", 80), read("supplied_to_others", 5)]
    )
    assert rows == []


# coverable_month and import_period


def test_a_month_of_import_knows_the_period_it_is_matched_in(relation):
    [row] = relation("coverable_month", import_month=[bought(10)], site_month=INSIDE)
    assert (row["market"], row["period"], row["energy_kwh"]) == ("CN", 2023, 10)


def test_in_the_draft_a_month_is_matched_by_itself(relation):
    [row] = relation(
        "coverable_month",
        import_month=[bought(10)],
        site_month=INSIDE,
        matching_month=[{"month": 202301, "period": 202301}],
    )
    assert row["period"] == 202301


def test_a_leased_site_that_stands_in_scope_3_takes_no_certificate(relation):
    leased = [INSIDE[0] | {"treatment": "upstream leased assets"}]
    assert relation("coverable_month", import_month=[bought(10)], site_month=leased) == []


def coverable(energy, month=202301, **other):
    return bought(energy, month) | {"market": "CN", "period": month // 100} | other


def test_a_year_of_import_is_the_sum_of_its_meters_and_months(relation):
    rows = relation(
        "import_period",
        coverable_month=[
            coverable(10),
            coverable(20, 202302),
            coverable(5, meter="b"),
            coverable(1, 202401),
        ],
    )
    assert pairs(rows, "market", "reporting_year", "energy_kwh") == [
        ("CN", 2023, 35),
        ("CN", 2024, 1),
    ]


def test_a_year_without_net_import_has_nothing_to_cover(relation):
    rows = relation("import_period", coverable_month=[coverable(10), coverable(-10, 202302)])
    assert rows == []


# instrument_site


def test_better_kinds_are_used_first_and_each_takes_what_those_before_it_left(relation):
    rows = relation(
        "instrument_site",
        instrument_part=[
            part("a-contract", 80, site="hq", kind_order=2),
            part("z-certificate", 60, site="hq", kind_order=1),
            part("late", 5, site="hq", kind_order=3),
        ],
        import_period=[year("hq", 100)],
    )
    assert pairs(rows, "instrument_id", "used_kwh") == [
        ("a-contract", 40),
        ("late", 0),
        ("z-certificate", 60),
    ]


def test_an_instrument_covers_its_own_site_and_year_only(relation):
    rows = relation(
        "instrument_site",
        instrument_part=[part("a", 100, site="hq")],
        import_period=[
            year("plant", 500),
            year("hq", 500, reporting_year=2022, period=2022),
            year("hq", 30),
        ],
    )
    assert pairs(rows, "site", "period", "used_kwh") == [("hq", 2023, 30)]


# instrument_market


def test_the_organisations_instruments_are_shared_in_proportion_to_what_is_open(relation):
    rows = relation(
        "instrument_market",
        instrument_part=[part("gec", 60)],
        import_period=[year("hq", 100), year("plant", 200)],
        instrument_site=[bound("own", 60)],
    )
    # 40 open at the office, 200 at the plant: 60 x 40/240 = 10, 60 x 200/240 = 50
    assert sorted((row["site"], round(row["used_kwh"], 5)) for row in rows) == [
        ("hq", 10),
        ("plant", 50),
    ]
    assert sum(row["used_kwh"] for row in rows) == 60


def test_shares_that_do_not_terminate_still_add_up_to_the_instrument(relation):
    rows = relation(
        "instrument_market",
        instrument_part=[part("gec", 100)],
        import_period=[year(site, 100) for site in ("a", "b", "c")],
    )
    assert sum(row["used_kwh"] for row in rows) == 100
    assert {round(row["used_kwh"], 4) for row in rows} == {D("33.3333")}


def test_instruments_that_fill_every_site_cover_none_beyond_its_import(relation):
    rows = relation(
        "instrument_market",
        instrument_part=[part(name, 1) for name in ("i", "j", "k")],
        import_period=[year(site, 1) for site in ("a", "b", "c")],
    )
    by_site = {site: D(0) for site in ("a", "b", "c")}
    for row in rows:
        by_site[row["site"]] += row["used_kwh"]
    assert by_site == {"a": 1, "b": 1, "c": 1}
    assert min(row["used_kwh"] for row in rows) >= 0


def test_more_than_the_market_needs_is_not_used(relation):
    rows = relation(
        "instrument_market",
        instrument_part=[part("a", 80), part("b", 80), part("c", 80)],
        import_period=[year("hq", 100)],
    )
    used = {row["instrument_id"]: row["used_kwh"] for row in rows if row["used_kwh"]}
    assert used == {"a": 80, "b": 20}


def test_an_instrument_of_another_market_covers_nothing(relation):
    rows = relation(
        "instrument_market",
        instrument_part=[part("go", 80, market="DE")],
        import_period=[year("hq", 100)],
    )
    assert rows == []


def test_a_site_full_of_its_own_certificates_takes_none_of_the_organisations(relation):
    rows = relation(
        "instrument_market",
        instrument_part=[part("gec", 50)],
        import_period=[year("hq", 100), year("plant", 100)],
        instrument_site=[bound("own", 100)],
    )
    assert pairs(rows, "site", "used_kwh") == [("plant", 50)]


def test_terawatt_hours_are_shared_alike_on_every_engine(relation):
    # Cast with their six decimals, these become doubles that differ between the engines.
    use, a, b = D("11687985669.216759"), D("13071283187.849974"), D("53004144020.793717")
    rows = relation(
        "instrument_market",
        instrument_part=[part("gec", use)],
        import_period=[year("a", a), year("b", b)],
    )
    # a share of twelve digits less one: 0.176888666047; what is left of it goes to the first site
    share = D(int(use / (a + b) * 10**12) - 1).scaleb(-12)
    of_b = round(b * share, 6) - D("0.000001")
    assert {row["site"]: row["used_kwh"] for row in rows} == {"a": use - of_b, "b": of_b}


# instrument_use


def test_used_and_refused_close_to_the_whole_of_every_instrument(relation):
    rows = relation(
        "instrument_use",
        instrument_site=[bound("own", 60)],
        instrument_market=[
            bound("gec", used, site=site) for site, used in (("hq", 10), ("plant", 0), ("shop", 15))
        ],
        instrument_input=[
            certificate("own", 60, site="hq"),
            certificate("gec", 100),
            certificate("unretired", 7),
        ],
        instrument_refusal=[{"instrument_id": "unretired", "reason": "not retired"}],
    )
    assert pairs(rows, "instrument_id", "site", "used_kwh", "refused_kwh", "reason") == [
        ("gec", "", 0, 75, "more than the electricity bought from the grid that year"),
        ("gec", "hq", 10, 0, ""),
        ("gec", "shop", 15, 0, ""),
        ("own", "hq", 60, 0, ""),
        ("unretired", "", 0, 7, "not retired"),
    ]


# covered_month


def used(name, energy, **other):
    said = {"instrument_id": name, "site": "hq", "reporting_year": 2023, "period": 2023} | {
        "used_kwh": energy
    }
    return said | other


def test_a_years_use_is_shared_over_its_months_in_proportion(relation):
    rows = relation(
        "covered_month",
        instrument_use=[used("gec", 40)],
        coverable_month=[coverable(60), coverable(20, 202302), coverable(100, 202401)],
    )
    # 40 of 80 kWh: half of each month
    assert [(row["month"], round(row["covered_kwh"], 5)) for row in rows] == [
        (202301, 30),
        (202302, 10),
    ]


def test_monthly_shares_add_up_to_the_use_to_the_last_digit(relation):
    rows = relation(
        "covered_month",
        instrument_use=[used("gec", "0.000002"), used("ppa", "100")],
        coverable_month=[coverable("47.111111", 202300 + month) for month in range(1, 13)],
    )
    for name, whole in (("gec", D("0.000002")), ("ppa", D(100))):
        assert sum(row["covered_kwh"] for row in rows if row["instrument_id"] == name) == whole


def test_a_fully_covered_year_leaves_no_month_open_and_none_below_zero(relation):
    rows = relation(
        "covered_month",
        instrument_use=[used(name, 1) for name in ("i", "j", "k")],
        coverable_month=[coverable(1, 202300 + month) for month in (1, 2, 3)],
    )
    by_month = {202301: D(0), 202302: D(0), 202303: D(0)}
    for row in rows:
        by_month[row["month"]] += row["covered_kwh"]
    assert by_month == {202301: 1, 202302: 1, 202303: 1}
    assert min(row["covered_kwh"] for row in rows) > 0


def test_a_month_of_negative_import_is_not_covered(relation):
    rows = relation(
        "covered_month",
        instrument_use=[used("gec", 50)],
        coverable_month=[coverable(-50), coverable(100, 202302)],
    )
    assert pairs(rows, "month", "covered_kwh") == [(202302, 50)]


def test_what_was_refused_covers_nothing(relation):
    rows = relation(
        "covered_month",
        instrument_use=[used("gec", 0, site="", refused_kwh=50)],
        coverable_month=[coverable(100)],
    )
    assert rows == []


# flow/electricity


def flows(relation, **tables):
    """`flow_electricity` of what was imported, all of which instruments may cover."""
    return relation(
        "flow_electricity", **{"coverable_month": tables.get("import_month", [])} | tables
    )


def test_one_kwh_stands_in_both_accountings(relation):
    rows = flows(relation, import_month=[bought(100, meter="m1")])
    assert pairs(rows, "accounting", "line", "topic", "place", "quantity") == [
        ("location", "scope2", "electricity", "m1", 100),
        ("market", "scope2", "electricity", "m1", 100),
    ]


def test_the_market_flow_is_the_covered_and_the_uncovered_part(relation):
    rows = flows(
        relation,
        import_month=[bought(100)],
        covered_month=[
            {"instrument_id": name, "site": "hq", "activity": "electricity", "month": 202301}
            | {"covered_kwh": covered}
            for name, covered in (("a", 30), ("b", 20))
        ],
    )
    assert pairs(rows, "accounting", "topic", "quantity") == [
        ("location", "electricity", 100),
        ("market", "electricity", 50),
        ("market", "instrument/a", 30),
        ("market", "instrument/b", 20),
    ]


def test_a_wholly_covered_month_takes_no_grid_factor_in_the_market(relation):
    rows = flows(
        relation,
        import_month=[bought(100)],
        covered_month=[
            {"instrument_id": "a", "site": "hq", "activity": "electricity", "month": 202301}
            | {"covered_kwh": 100}
        ],
    )
    assert pairs(rows, "accounting", "topic") == [
        ("location", "electricity"),
        ("market", "instrument/a"),
    ]


PV = {"site": "hq", "month": 202301, "reporting_year": 2023, "used_kwh": 70}


def test_self_used_pv_whose_certificates_are_kept_is_no_flow(relation):
    assert flows(relation, pv_use_month=[PV]) == []


def test_self_used_pv_whose_certificates_are_sold_takes_the_market_factor(relation):
    rows = flows(relation, pv_use_month=[PV | {"is_sold": True}])
    assert pairs(rows, "accounting", "topic", "activity", "place", "quantity") == [
        ("market", "electricity", "pv_generation", "hq", 70)
    ]


# flow/energy


@pytest.mark.parametrize(("is_counted", "kwh"), [(True, [70, 100]), (False, [100])])
def test_self_used_pv_is_in_the_energy_sheet_where_the_policy_says_so(relation, is_counted, kwh):
    rows = relation(
        "flow_energy",
        import_month=[bought(100)],
        pv_use_month=[PV | {"is_in_energy": is_counted}],
    )
    assert sorted(row["quantity"] for row in rows) == kwh
    assert {(row["line"], row["topic"]) for row in rows} == {
        ("energy", "standard_coal/electricity")
    }
