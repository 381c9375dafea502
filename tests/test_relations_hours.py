"""Matching by the hour, as the draft of 2025 proposes: from readings to what is covered, on both
engines."""

from __future__ import annotations

from decimal import Decimal

from conftest import load
from test_relations_electricity import bought, bound, certificate, pairs, part, year

from carbon.engine import sql_text
from carbon.pipeline import match

D = Decimal
HALF = D("0.5")
JUNE, ONE, TWO = 202306, 202306001, 202306002
GENERATED = {"site": "", "meter": "wind", "activity": "offsite_generation"}


def hours(*until, **meter):
    """The parts of June that are over after each of its hours, as a meter tells them."""
    said = {"site": "hq", "activity": "electricity", "month": JUNE} | meter
    return [
        said | {"period": JUNE * 1000 + hour, "share_before": before, "share_until": share}
        for hour, (before, share) in enumerate(zip((0, *until), until, strict=False), start=1)
    ]


def june(energy, site="hq", **other):
    return bought(energy, JUNE, site=site, market="CN", period=JUNE) | other


def contract(energy, name="ppa", **other):
    said = {"generation_meter": "wind", "period": JUNE}
    return certificate(name, energy, **(said | other))


# import_hour


def test_the_hours_of_an_import_add_up_to_its_month(relation):
    third = D("0.333333333333")
    rows = relation(
        "import_hour",
        coverable_month=[june("0.000005")],
        hour_share=hours(third, 2 * third, 1),
    )
    # until 1/3 and 2/3 of 5 millionths: 1.67 and 3.33, rounded 2 and 3
    assert [row["energy_kwh"] for row in sorted(rows, key=lambda row: row["period"])] == [
        D("0.000002"),
        D("0.000001"),
        D("0.000002"),
    ]


def test_the_hours_of_a_sites_meters_are_added_up(relation):
    rows = relation(
        "import_hour",
        coverable_month=[june(10, meter="a"), june(40, meter="b")],
        hour_share=hours(HALF, 1, meter="a") + hours(D("0.25"), 1, meter="b"),
    )
    assert pairs(rows, "period", "energy_kwh") == [(ONE, 15), (TWO, 35)]


def test_a_site_of_which_one_meter_tells_no_hours_has_none(relation):
    rows = relation(
        "import_hour",
        coverable_month=[june(10, meter="a"), june(40, meter="b"), june(10, "shop", meter="c")],
        hour_share=hours(HALF, 1, meter="a") + hours(1, site="shop", meter="c"),
    )
    assert pairs(rows, "site", "energy_kwh") == [("shop", 10)]


def test_a_month_in_which_some_was_supplied_to_others_has_no_hours(relation):
    rows = relation(
        "import_hour",
        coverable_month=[june(10), june(-1, activity="supplied_to_others", meter="tenant")],
        hour_share=hours(HALF, 1),
    )
    assert rows == []


# instrument_grain


def lacking(relation, *instruments, allocated=(), whole=("hq", "shop"), **other):
    rows = relation(
        "instrument_grain",
        instrument_input=instruments,
        instrument_allocation=[
            {"instrument_id": "ppa", "site": site, "turn": 1} for site in allocated
        ],
        coverable_month=[june(10), june(10, "shop"), june(10, "berlin", market="DE")],
        import_hour=[{"site": site, "month": JUNE} for site in whole],
        hour_share=hours(1, **GENERATED),
        **other,
    )
    return [row["lacking"] for row in rows]


def test_a_contract_of_a_site_that_is_read_by_the_hour_is_matched_by_it(relation):
    assert lacking(relation, contract(10, site="hq"), whole=["hq"]) == [""]


def test_a_contract_of_a_site_that_is_not_read_by_the_hour_tells_the_site(relation):
    assert lacking(relation, contract(10, site="hq"), whole=["shop"]) == ["hq"]


def test_of_an_allocated_contract_its_sites_alone_count(relation):
    assert lacking(relation, contract(10), allocated=["shop"], whole=["shop"]) == [""]
    assert lacking(relation, contract(10), allocated=["hq", "shop"], whole=["hq"]) == ["shop"]


def test_of_a_contract_of_the_organisation_every_site_of_its_market_counts(relation):
    assert lacking(relation, contract(10), whole=["hq", "shop"]) == [""]
    assert lacking(relation, contract(10), whole=["hq", "berlin"]) == ["shop"]


def test_without_its_own_hours_a_contract_has_no_grain_to_tell(relation):
    assert lacking(relation, contract(10, generation_meter="")) == []
    assert lacking(relation, contract(10, period=2023)) == []  # the rules of 2015
    assert lacking(relation, contract(10, period=202307)) == []


# instrument_hour and instrument_part


def test_the_hours_of_an_instrument_are_those_of_its_generation_scaled_to_its_energy(relation):
    rows = relation(
        "instrument_hour",
        instrument_input=[contract(80), contract(80, "other")],
        instrument_grain=[
            {"instrument_id": "ppa"},
            {"instrument_id": "other", "lacking": "hq"},
        ],
        hour_share=hours(D("0.75"), 1, **GENERATED),
    )
    assert pairs(rows, "instrument_id", "period", "energy_kwh") == [
        ("ppa", ONE, 60),
        ("ppa", TWO, 20),
    ]


def test_an_instrument_goes_its_way_once_for_every_hour(relation):
    rows = relation(
        "instrument_part",
        instrument_input=[contract(80), contract(5, "monthly")],
        instrument_allocation=[
            {"instrument_id": "ppa", "turn": turn, "site": site, "share": share}
            for turn, (site, share) in enumerate((("hq", D("0.25")), ("shop", D("0.75"))), 1)
        ],
        instrument_hour=[
            {"instrument_id": "ppa", "month": JUNE, "period": period, "energy_kwh": energy}
            for period, energy in ((ONE, 60), (TWO, 20))
        ],
    )
    assert pairs(rows, "instrument_id", "site", "period", "energy_kwh") == [
        ("monthly", "", JUNE, 5),
        ("ppa", "hq", ONE, 15),
        ("ppa", "hq", TWO, 5),
        ("ppa", "shop", ONE, 45),
        ("ppa", "shop", TWO, 15),
    ]


# import_period, hour_used and instrument_use


def test_a_month_has_left_what_its_hours_did_not_use(relation):
    rows = relation(
        "import_period",
        coverable_month=[june(10), june(7, "shop")],
        import_hour=[
            {"site": "hq", "market": "CN", "reporting_year": 2023, "month": JUNE}
            | {"period": period, "energy_kwh": 5}
            for period in (ONE, TWO)
        ],
        hour_taken=[{"site": "hq", "month": JUNE, "used_kwh": 4}],
    )
    assert pairs(rows, "site", "period", "energy_kwh") == [
        ("hq", JUNE, 6),
        ("hq", ONE, 5),
        ("hq", TWO, 5),
        ("shop", JUNE, 7),
    ]


def test_what_hours_used_counts_by_site_and_month_and_no_month_among_them(relation):
    [row] = relation(
        "hour_used",
        instrument_site=[
            bound("ppa", 3, period=ONE),
            bound("ppa", 2, period=TWO),
            bound("gec", 9, period=JUNE),
        ],
        instrument_market=[bound("all", 1, period=TWO)],
        instrument_hour=[
            {"instrument_id": name, "month": JUNE, "period": period}
            for name in ("ppa", "all")
            for period in (ONE, TWO)
        ],
    )
    assert (row["site"], row["month"], row["used_kwh"]) == ("hq", JUNE, 6)


def test_the_hours_of_an_instrument_are_one_use_of_its_month(relation):
    used, refused = relation(
        "instrument_use",
        instrument_input=[contract(10)],
        instrument_grain=[{"instrument_id": "ppa"}],
        instrument_market=[bound("ppa", 3, period=ONE), bound("ppa", 2, period=TWO)],
    )[::-1]
    assert (used["site"], used["period"], used["used_kwh"]) == ("hq", JUNE, 5)
    assert (refused["refused_kwh"], refused["reason"]) == (
        5,
        "more than the electricity bought from the grid in the hours of its generation",
    )


def test_an_hour_is_shared_by_the_sites_that_are_open_in_it(relation):
    rows = relation(
        "instrument_market",
        instrument_part=[part("ppa", 12, period=ONE), part("ppa", 12, period=TWO)],
        import_period=[
            year("hq", 30, period=ONE),
            year("shop", 10, period=ONE),
            year("hq", 4, period=TWO),
        ],
    )
    shared = [(row["period"], row["site"], round(row["used_kwh"], 5)) for row in rows]
    assert sorted(shared) == [(ONE, "hq", 9), (ONE, "shop", 3), (TWO, "hq", 4)]
    assert sum(row["used_kwh"] for row in rows) == 16


# The two hours of the page


def covered(engine, *instruments, generated=(10, 0), by_hour=True):
    """What each instrument covers of 5 and 5 kWh, where 10 and 0 were generated, worked out from
    the import of the month on. [kWh]"""
    first = D(generated[0]) / sum(generated)
    given = {
        "coverable_month": [june(10)],
        "hour_share": hours(HALF, 1) + (hours(first, 1, **GENERATED) if by_hour else []),
        "instrument_input": instruments,
    }
    steps = ("import_hour", "instrument_grain", "instrument_hour", "instrument_part")
    for table in (*given, "instrument_allocation", "instrument_refusal"):
        load(engine, table, given.get(table, []))
    for name in steps:
        engine.derive(name, sql_text(name))
    match(engine)
    engine.derive("instrument_use", sql_text("instrument_use"))
    return dict(
        engine.rows("select instrument_id, sum(used_kwh) from instrument_use group by 1 order by 1")
    )


def test_what_was_generated_in_one_hour_covers_no_other(engine):
    # hour 1: the lesser of 10 generated and 5 bought; hour 2: nothing was generated
    assert covered(engine, contract(10)) == {"ppa": 5}


def test_without_the_hours_of_the_generation_the_month_covers_both(engine):
    assert covered(engine, contract(10), by_hour=False) == {"ppa": 10}


def test_better_kinds_come_first_in_every_hour(engine):
    rate = contract(10, "rate", kind_order=3)
    # hour 1 has 5: the contract takes 4, and leaves 1 to the rate
    assert covered(engine, rate, contract(4, kind_order=2)) == {"ppa": 4, "rate": 1}


def test_what_has_no_hours_takes_what_the_hours_left_of_the_month(engine):
    gec = contract(9, "gec", generation_meter="")
    # the month of 10 less 5 in the hours
    assert covered(engine, gec, contract(10, kind_order=2)) == {"gec": 5, "ppa": 5}


def test_hours_come_to_the_same_once_months_know_of_them(engine):
    covered(engine, contract(10), contract(9, "gec", generation_meter=""))
    first = engine.rows("select site, month, used_kwh from hour_taken")
    assert first == engine.rows("select site, month, used_kwh from hour_used") == [("hq", JUNE, 5)]
