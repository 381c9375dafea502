"""From register, service and stock to what leaked: terms, balances, months; on both engines."""

from __future__ import annotations

from decimal import Decimal

import pytest

from carbon.inputs.refrigerants import even_share
from carbon.schema import FOREVER

D = Decimal
HQ = {"site": "hq", "refrigerant": "R-410A"}
SHARES = [
    dict(zip(("months", "place", "share_before", "share_until"), row, strict=True))
    for row in even_share()
]


def pairs(rows, *columns):
    return sorted(tuple(row[column] for column in columns) for row in rows)


# recorded_month


def recorded(relation, **tables):
    return relation("recorded_month", **{"site": [{"site": "hq"}]} | tables)


def entry(*months):
    return [{"month": month} for month in months]


def test_recorded_months_reach_from_the_first_year_to_the_last_month(relation):
    found = recorded(relation, entry_current_month=entry(202203, 202305))
    months = sorted(row["month"] for row in found)
    assert (months[0], months[-1], len(months)) == (202201, 202305, 17)


@pytest.mark.parametrize("table", ["service_event", "stock_event"])
def test_service_and_stock_are_records_as_well(relation, table):
    found = recorded(relation, **{table: entry(202302)})
    assert pairs(found, "month") == [(202301,), (202302,)]


def test_a_year_counted_at_both_edges_is_recorded_as_a_whole(relation):
    counts = [
        HQ | {"reporting_year": 2023, "edge": edge, "mass_kg": 5} for edge in ("opening", "closing")
    ]
    assert len(recorded(relation, stock_count=counts)) == 12
    assert recorded(relation, stock_count=counts[:1]) == []


def test_a_month_outside_the_boundary_is_not_recorded(relation):
    joined = [{"site": "hq", "first_month": 202304}]
    found = recorded(relation, site=joined, entry_current_month=entry(202305))
    assert pairs(found, "month", "place") == [(202304, 4), (202305, 5)]


# refrigerant_term


def year(number=2023, months=12):
    """Recorded months of hq."""
    return [
        {"site": "hq", "month": number * 100 + place, "reporting_year": number, "place": place}
        for place in range(1, months + 1)
    ]


def unit(**said):
    """An appliance of 100 kg that came in 2019 and stays."""
    return (
        HQ
        | {"equipment_id": "chiller", "charge_kg": 100, "charged": "site", "end_month": FOREVER}
        | {"installed_month": 201905, "retired_month": FOREVER}
        | {"whole_month": 201906, "left_month": FOREVER}
        | said
    )


def rates(installation=None, annual=None, disposal=None):
    """Leak rates, and which of them are printed."""
    said = {"installation": installation, "annual": annual, "disposal": disposal}
    return {f"{name}_leak": value or 0 for name, value in said.items()} | {
        f"has_{name}_leak": value is not None for name, value in said.items()
    }


def served(event, mass, month=202305):
    return HQ | {"equipment_id": "chiller", "event": event, "mass_kg": mass, "month": month}


def terms(relation, method, **tables):
    """Months, terms and masses by one method."""
    given = {"recorded_month": year(), "even_share": SHARES} | tables
    rows = relation("refrigerant_term", **given)
    return pairs([row for row in rows if row["method"] == method], "month", "term", "mass_kg")


def test_simplified_counts_what_was_put_in_and_takes_off_what_was_taken_out(relation):
    found = terms(
        relation,
        "simplified",
        appliance=[unit()],
        service_event=[served("top-up", 5), served("top-up", 2), served("recover", 3, 202306)],
    )
    assert found == [(202305, "top-up", 7), (202306, "recover", -3)]


def test_installing_loses_what_was_put_in_beyond_the_capacity(relation):
    found = terms(
        relation,
        "simplified",
        appliance=[unit(installed_month=202305, charged_month=202305)],
        service_event=[served("install", 104)],
    )
    assert found == [(202305, "capacity of new units", -100), (202305, "install", 104)]


@pytest.mark.parametrize("charged", ["factory", ""])
def test_an_install_record_counts_only_for_a_unit_charged_on_site(relation, charged):
    found = terms(
        relation,
        "simplified",
        appliance=[unit(charged=charged, installed_month=202305, charged_month=202305)],
        service_event=[served("install", 104)],
    )
    assert found == []


def test_disposal_loses_the_capacity_less_what_was_recovered(relation):
    gone = unit(retired_month=202305, is_disposal_recorded=True)
    found = terms(relation, "simplified", appliance=[gone], service_event=[served("dispose", 80)])
    assert found == [(202305, "capacity of disposed units", 100), (202305, "dispose", -80)]


def test_a_disposal_nobody_recorded_is_no_loss_of_a_whole_charge(relation):
    assert terms(relation, "simplified", appliance=[unit(retired_month=202305)]) == []


def test_a_mass_balance_has_stock_movements_and_capacity(relation):
    count = HQ | {"reporting_year": 2023}
    found = terms(
        relation,
        "mass balance",
        appliance=[
            unit(installed_month=202304),
            unit(equipment_id="old", charge_kg=30, retired_month=202306),
        ],
        stock_count=[
            count | {"edge": "opening", "mass_kg": 50},
            count | {"edge": "closing", "mass_kg": 20},
        ],
        stock_event=[
            HQ | {"event": "purchase", "month": 202302, "mass_kg": 90},
            HQ | {"event": "sale", "month": 202302, "mass_kg": 4},
            HQ | {"event": "return", "month": 202303, "mass_kg": 6},
        ],
    )
    assert found == [
        (0, "closing stock", -20),
        (0, "opening stock", 50),
        (202302, "purchase", 90),
        (202302, "sale", -4),
        (202303, "return", -6),
        (202304, "capacity of new units", -100),
        (202306, "capacity of retired units", 30),
    ]


def test_what_came_inside_a_new_unit_was_bought_with_it(relation):
    found = terms(
        relation, "mass balance", appliance=[unit(charged="factory", installed_month=202304)]
    )
    assert found == [
        (202304, "bought inside new units", 100),
        (202304, "capacity of new units", -100),
    ]


def test_screening_lays_a_years_leak_on_months_that_add_up_to_it(relation):
    found = terms(relation, "screening", appliance=[unit(**rates(annual="0.1"))])
    assert [term for _, term, _ in found] == ["operating"] * 12
    assert sum(mass for _, _, mass in found) == 10  # 100 kg x 10 %


def test_screening_counts_only_months_that_a_unit_ran_whole(relation):
    ran = unit(whole_month=202304, left_month=202306, **rates(annual="0.12"))
    found = terms(relation, "screening", appliance=[ran])
    assert found == [(202304, "operating", 1), (202305, "operating", 1)]  # 12 kg / 12 each


def test_screening_has_the_losses_of_installing_and_of_disposal(relation):
    moved = rates(installation="0.01", disposal="0.05")
    found = terms(
        relation,
        "screening",
        appliance=[
            unit(installed_month=202303, **moved),
            unit(equipment_id="old", retired_month=202309, **moved),
        ],
    )
    assert found == [(202303, "installing", 1), (202309, "disposal", 5)]


def test_what_a_maker_charged_loses_nothing_on_installing(relation):
    found = terms(
        relation,
        "screening",
        appliance=[unit(charged="factory", installed_month=202303, **rates(installation="0.01"))],
    )
    assert found == []


def test_months_outside_what_is_recorded_have_no_term(relation):
    found = terms(
        relation,
        "screening",
        recorded_month=year(months=3),
        appliance=[unit(**rates(annual="0.12"))],
    )
    assert pairs([{"month": month} for month, _, _ in found], "month") == [
        (202301,),
        (202302,),
        (202303,),
    ]


def test_an_appliance_counts_as_the_span_of_its_month_sees_it(relation):
    """A closed year sees 100 kg, the open one after it 50 kg."""
    found = terms(
        relation,
        "screening",
        recorded_month=year(2022) + year(2023),
        appliance=[
            unit(end_month=202301, **rates(annual="0.1")),
            unit(first_month=202301, charge_kg=50, **rates(annual="0.1")),
        ],
    )
    by_year = {number: 0 for number in (2022, 2023)}
    for month, _, mass in found:
        by_year[month // 100] += mass
    assert by_year == {2022: 10, 2023: 5}


# refrigerant_balance

ORDER = ("mass balance", "simplified", "screening")


def term(method, name, mass, **said):
    what = {"method": method, "term": name, "mass_kg": mass, "records": 1}
    return HQ | {"reporting_year": 2023} | what | said


COUNTS = (term("mass balance", "opening stock", 50), term("mass balance", "closing stock", -20))
TOP_UP = term("simplified", "top-up", 7)


def balance(relation, *rows, order=ORDER, appliance=(), inside=12):
    allowed = [
        {"reporting_year": 2023, "method": method, "preference": place}
        for place, method in enumerate(order, start=1)
    ]
    [found] = relation(
        "refrigerant_balance",
        refrigerant_term=rows,
        refrigerant_policy=allowed,
        appliance=appliance,
        recorded_month=year(months=inside),
    )
    return found


def test_a_balance_sums_the_terms_of_each_method_apart(relation):
    found = balance(relation, *COUNTS, TOP_UP, term("screening", "operating", 3))
    assert (found["mass_balance_kg"], found["simplified_kg"], found["screening_kg"]) == (30, 7, 3)


def test_a_balance_below_zero_is_carried(relation):
    more = term("mass balance", "closing stock", -80)
    assert balance(relation, COUNTS[0], more)["mass_balance_kg"] == -30


@pytest.mark.parametrize(
    ("order", "used"),
    [
        (ORDER, "mass balance"),
        (("simplified", "mass balance"), "simplified"),
        (("screening", "simplified"), "simplified"),  # nothing to screen
        (("screening",), ""),
    ],
)
def test_the_first_method_of_the_order_that_has_its_evidence_is_used(relation, order, used):
    assert balance(relation, *COUNTS, TOP_UP, order=order)["method"] == used


@pytest.mark.parametrize("count", COUNTS)
def test_a_mass_balance_needs_both_counts(relation, count):
    found = balance(relation, count, TOP_UP)
    assert (found["is_mass_balance"], found["method"]) == (False, "simplified")


def test_a_mass_balance_needs_a_whole_year_inside_the_boundary(relation):
    found = balance(relation, *COUNTS, TOP_UP, inside=9)
    assert (found["months"], found["is_mass_balance"], found["method"]) == (9, False, "simplified")


def test_every_service_record_is_counted_also_of_one_month(relation):
    [put_in] = relation(
        "refrigerant_term",
        recorded_month=year(),
        even_share=SHARES,
        appliance=[unit()],
        service_event=[served("top-up", 5), served("top-up", 2)],
    )
    assert (put_in["mass_kg"], put_in["records"]) == (7, 2)
    assert balance(relation, put_in)["services"] == 2


def test_a_mass_balance_needs_to_know_how_a_new_unit_came(relation):
    new = unit(charged="", installed_month=202304)
    found = balance(relation, *COUNTS, appliance=[new])
    assert (found["unsaid"], found["is_mass_balance"]) == (1, False)


def test_a_unit_that_came_before_the_year_is_asked_nothing(relation):
    found = balance(relation, *COUNTS, appliance=[unit(charged="")])
    assert (found["appliances"], found["unsaid"], found["is_mass_balance"]) == (1, 0, True)


def test_an_appliance_alone_makes_a_balance_without_a_method(relation):
    found = balance(relation, appliance=[unit()])
    assert (found["appliances"], found["services"], found["method"]) == (1, 0, "")


def test_a_unit_charged_on_site_without_a_record_is_counted_as_missing(relation):
    new = unit(installed_month=202304)
    assert balance(relation, TOP_UP, appliance=[new])["uncharged"] == 1
    assert balance(relation, TOP_UP, appliance=[new | {"charged_month": 202304}])["uncharged"] == 0


def test_a_unit_retired_without_a_record_is_counted_as_missing(relation):
    old = unit(retired_month=202304)
    assert balance(relation, TOP_UP, appliance=[old])["undisposed"] == 1
    told = old | {"is_disposal_recorded": True}
    assert balance(relation, TOP_UP, appliance=[told])["undisposed"] == 0


@pytest.mark.parametrize(
    ("said", "is_screened"),
    [
        (rates(annual="0.1"), True),
        (rates(), False),
        (rates(annual="0.1") | {"installed_month": 202304}, False),
        (rates(annual="0.1", installation="0.01") | {"installed_month": 202304}, True),
        (rates(annual="0.1") | {"retired_month": 202304}, False),
        (rates(annual="0.1", disposal="0.05") | {"retired_month": 202304}, True),
    ],
)
def test_screening_needs_every_rate_that_the_year_asks_for(relation, said, is_screened):
    assert balance(relation, appliance=[unit(**said)])["is_screening"] == is_screened


# refrigerant_month


def months(relation, *rows, **said):
    used = HQ | {"reporting_year": 2023, "mass_balance_kg": 0} | said
    return relation(
        "refrigerant_month",
        refrigerant_term=rows,
        refrigerant_balance=[used],
        even_share=SHARES,
        recorded_month=year(),
    )


def test_only_the_terms_of_the_method_used_are_counted_in_their_months(relation):
    found = months(
        relation,
        TOP_UP | {"month": 202305},
        term("simplified", "recover", -3, month=202305),
        term("screening", "operating", 9, month=202305),
        method="simplified",
    )
    assert pairs(found, "month", "method", "mass_kg") == [(202305, "simplified", 4)]


def test_a_mass_balance_is_laid_evenly_on_its_year_and_adds_up(relation):
    found = months(relation, method="mass balance", mass_balance_kg="10")
    assert len(found) == 12
    assert sum(row["mass_kg"] for row in found) == 10
    assert {round(row["mass_kg"], 4) for row in found} == {D("0.8333")}


def test_where_no_method_is_used_nothing_is_counted(relation):
    assert months(relation, TOP_UP | {"month": 202305}, method="") == []


# refrigerant_need, factor_need, coefficient_need


def test_a_balance_that_is_not_used_needs_its_factor_as_well(relation):
    here = {"site": "hq", "reporting_year": 2023, "policy": "CN: x", "factor_year": 2023}
    [need] = relation(
        "refrigerant_need",
        refrigerant_balance=[HQ | {"reporting_year": 2023}],
        site_month=[
            here | {"month": 202301, "share": "0.4"},
            here | {"month": 202312, "share": "0.5"},
        ],
    )
    assert (need["topic"], need["place"], need["share"]) == ("refrigerant/R-410A", "hq", D("0.5"))


def test_a_factor_is_needed_by_flows_and_balances_once(relation):
    key = {"topic": "refrigerant/R-410A", "place": "hq", "factor_year": 2023}
    assert len(relation("factor_need", year_flow=[key], refrigerant_need=[key])) == 1
    assert len(relation("factor_need", refrigerant_need=[key])) == 1


def test_a_coefficient_of_a_balance_is_one_of_kilograms(relation):
    key = {"topic": "refrigerant/R-410A", "place": "hq", "factor_year": 2023}
    [need] = relation(
        "coefficient_need",
        refrigerant_need=[key | {"share": "0.5"}],
        factor_choice=[key | {"set_id": "refrigerant/R-410A"}],
    )
    assert (need["unit"], need["share"], need["part"]) == ("kg", D("0.5"), 1)


# refrigerant_result


def result(relation, **coefficient):
    key = {"topic": "refrigerant/R-410A", "place": "hq", "factor_year": 2023}
    gas = {"set_id": "blend", "unit": "kg", "share": "0.5"} | coefficient
    [found] = relation(
        "refrigerant_result",
        refrigerant_balance=[
            HQ | {"reporting_year": 2023, "simplified_kg": 7, "mass_balance_kg": -2}
        ],
        refrigerant_need=[HQ | key | {"reporting_year": 2023, "share": "0.5"}],
        factor_choice=[key | {"set_id": "blend"}],
        coefficient=[
            gas | {"gas": "HFC-32", "co2e_g": 300, "is_in_scopes": True},
            gas | {"gas": "HFC-125", "co2e_g": 100, "is_in_scopes": True},
            gas | {"gas": "HCFC-22", "co2e_g": 10, "is_in_scopes": False},
        ],
    )
    return found


def test_results_come_in_grams_of_gases_in_the_scopes_and_of_those_outside(relation):
    found = result(relation)
    assert (found["simplified_g"], found["simplified_outside_g"]) == (2800, 70)
    assert (found["mass_balance_g"], found["mass_balance_outside_g"]) == (-800, -20)


@pytest.mark.parametrize("other", [{"unit": "t"}, {"share": 1}, {"part": "0.5"}])
def test_a_coefficient_of_another_unit_share_or_part_is_not_taken(relation, other):
    assert not result(relation, **other)["is_served"]
