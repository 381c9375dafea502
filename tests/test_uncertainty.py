"""How sure totals are: what is taken for an error, how errors add up, what is drawn."""

from __future__ import annotations

import math

import pytest

from carbon import leakage, pedigree, uncertainty
from carbon.errors import CarbonError, SettingsError
from carbon.uncertainty import HALF_RANGE, Model, Part, Source, propagated, simulated

OWN = "[policy.uncertainty]\nactivity = {hq = 10}\nfactor = {electricity = 0}\n"


def part(tonnes, quantity, factor="grid"):
    return Part(2023, "scope1", "all", quantity, factor, tonnes)


def sure(percents, *parts):
    """A model of errors, each half of a 95 % range in %."""
    sources = {
        name: Source(name, math.log(1 + percent / 100) / HALF_RANGE, "test")
        for name, percent in percents.items()
    }
    return Model(parts, sources)


def above(found):
    return round(100 * propagated(found, found.parts).above, 2)


# Error propagation


def test_two_equal_parts_with_errors_of_their_own_are_surer_than_one():
    # ln(1.1) / sqrt(2) = 0.067395; e^0.067395 - 1 = 6.97 %
    found = sure({"a": 10, "b": 10, "grid": 0}, part(50, "a"), part(50, "b"))
    assert above(found) == 6.97


def test_a_factor_that_every_part_shares_makes_no_total_surer():
    found = sure({"a": 0, "b": 0, "grid": 10}, part(50, "a"), part(50, "b"))
    assert above(found) == 10


def test_errors_of_quantity_and_factor_add_as_squares():
    # sqrt(ln(1.03)^2 + ln(1.04)^2) = 0.049095; e^0.049095 - 1 = 5.03 %
    assert above(sure({"a": 3, "grid": 4}, part(100, "a"))) == 5.03


def test_nothing_has_no_range():
    assert propagated(sure({"a": 5, "grid": 5}), []).above == 0


# Monte Carlo


def many(percent=8):
    names = {f"meter {n}": percent for n in range(40)}
    parts = [part(10 + n, name, f"grid {n % 3}") for n, name in enumerate(names)]
    return sure(names | {f"grid {n}": 5 for n in range(3)}, *parts)


def test_both_ways_agree_within_two_percent_of_the_range():
    found = many()
    added, drawn = propagated(found, found.parts), simulated(found, found.parts)
    assert drawn.below == pytest.approx(added.below, rel=0.02)
    assert drawn.above == pytest.approx(added.above, rel=0.02)


def test_the_same_seed_gives_the_same_range_and_another_seed_another():
    found = many()
    first, again = (simulated(found, found.parts, 500) for _ in range(2))
    assert first == again
    assert simulated(found, found.parts, 500, seed=7) != first


def test_the_order_of_parts_draws_nothing_else():
    found = many()
    turned = Model(list(reversed(found.parts)), found.sources)
    first, second = (uncertainty.drawn(each, each.parts, 50, 1) for each in (found, turned))
    assert first == pytest.approx(second, rel=1e-12)


def test_one_meter_more_leaves_the_draws_of_all_others_as_they_were():
    found = many()
    grown = Model([*found.parts, part(100, "new")], found.sources | {"new": Source("new", 0, "")})
    before = uncertainty.drawn(found, found.parts, 50, 1)
    after = uncertainty.drawn(grown, found.parts, 50, 1)
    assert before == pytest.approx(after, rel=1e-12)


def test_totals_are_not_drawn_off_their_value():
    found = sure({"a": 60, "grid": 0}, part(100, "a"))
    assert uncertainty.drawn(found, found.parts, 100_000, 1).mean() == pytest.approx(100, rel=0.005)


# What is taken for an error


def sources(book) -> dict[str, float]:
    """Half of the 95 % range of each error of a book. [%]"""
    with book.run() as run:
        found = uncertainty.model(run)
    return {
        name: round(100 * (math.exp(HALF_RANGE * each.sigma) - 1), 2)
        for name, each in found.sources.items()
    }


SITE = '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n'


def log(book, **more):
    said = {"site": "hq", "activity": "electricity", "year": "2023", "unit": "MWh"}
    return book.log("activity", said | {"quantity": "100"} | more)


def test_an_estimate_is_less_sure_than_a_bill(make):
    book = make(SITE, bills={})
    log(book, quality="billed")
    log(book, quality="estimated", year="2022")
    found = sources(book)
    # basic 1.05, reliability 1: 5 %; basic 1.05, reliability 4 (1.2): exp(sqrt(ln2+ln2)) = 20.77 %
    assert found["hq electricity, billed"] == 5
    assert found["hq electricity, estimated"] == 20.77


def test_a_percentage_stated_with_the_entry_stands_before_all(make):
    book = make(SITE, bills={}, more=OWN)
    log(book, quality="estimated", uncertainty="±2.5 %")
    assert sources(book)["hq electricity, ±2.5 %"] == 2.5


def test_the_settings_say_the_error_of_a_meter_site_or_activity(make):
    book = make(SITE, bills={}, more=OWN)
    log(book, quality="estimated")
    assert sources(book)["hq electricity, ±10 %"] == 10


def test_the_settings_say_the_error_of_a_factor(make):
    book = make(SITE, bills={}, more="[policy.uncertainty]\nfactor = {electricity = 4}\n")
    log(book)
    assert sources(book)["factor cn-stat-2023"] == 4


def test_a_factor_of_three_years_before_is_less_sure(make):
    book = make(SITE, bills={})
    log(book)
    log(book, year="2026")
    found = sources(book)
    # basic, reliability and larger area 1.05, 1.05 and 1.01; three years older 1.03 as well
    assert found["factor cn-stat-2023"] == 7.22
    assert found["factor cn-stat-2023, 3 a older"] == 7.87


def test_a_factor_may_print_its_own_uncertainty(worked):
    book = worked(
        "diesel,100,L",
        "fuel/diesel,CO2,2.6,kgCO2/litres",
        'fuel/diesel,uncertainty,1.5,"% of the value, half of the 95 % range"',
    )
    assert sources(book)["factor example/fuel/diesel/all"] == 1.5


def test_a_matrix_nobody_published_is_refused_with_those_there_are(make):
    book = make(SITE, bills={}, more='[policy.uncertainty]\npedigree = "ghg-protocol"\n')
    log(book)
    with pytest.raises(SettingsError, match="ghg-protocol-2013"):
        book.uncertainty("2023")


def test_a_year_that_has_scope_3_alone_has_no_range(make):
    book = make(SITE, bills={})
    assert log(book, activity="air_travel", unit="pkm", detail="short-haul/economy").recorded == 1
    with pytest.raises(CarbonError, match="nothing of 2023 counts in Scope 1 or 2"):
        book.uncertainty("2023")


def test_a_place_in_two_grids_counts_once(make):
    """A province is in the regional grid of 2012 and in that of 2021."""
    series = '[policy.electricity]\nCN = "regional-statistic"\n'
    book = make(SITE, bills={}, more=series)
    log(book)
    counted = book.inventory("2023").rows[0]["scope2_location_t"]
    told = {row["total"]: row["co2e_t"] for row in book.uncertainty("2023")[0].rows}
    assert told["Scope 2 location"] == counted


def test_a_percentage_below_zero_is_refused(make):
    report = log(make(SITE, bills={}), uncertainty="-5")
    assert [each.code for each in report.problems] == ["bad-uncertainty"]


def test_a_corrected_entry_keeps_its_percentage(make):
    book = make(SITE, bills={})
    log(book, uncertainty="3")
    book.correct(1, quantity="90")
    assert "hq electricity, ±3 %" in sources(book)


def test_the_largest_error_ranks_first_and_the_parts_add_up_to_one(make):
    book = make(SITE, bills={}, more="[policy.uncertainty]\nfactor = {electricity = 40}\n")
    log(book, quality="billed")
    _, ranking = book.uncertainty("2023")
    assert ranking.rows[0]["source"] == "factor cn-stat-2023"
    assert sum(row["variance_share"] for row in ranking.rows) == pytest.approx(1)


def test_uncertainty_changes_no_figure(make):
    plain = make(SITE, bills={("hq", 2023): 10})
    before = plain.inventory("2023").rows
    path = plain.folder / "carbon.toml"
    path.write_text(path.read_text(encoding="utf-8") + OWN, encoding="utf-8")
    assert plain.inventory("2023").rows == before


def test_a_year_of_nothing_but_zeros_has_no_ranking(make):
    book = make(SITE, bills={})
    said = {"site": "hq", "activity": "natural_gas", "year": "2023", "quantity": "0", "unit": "m3"}
    book.log("activity", said)
    with book.run() as run:
        assert uncertainty.ranking(run, 2023).rows == []


def test_a_screened_leak_is_less_sure_than_a_weighed_one():
    assert leakage.QUALITIES["screening"] == "estimated"
    assert pedigree.RELIABILITY["estimated"] > pedigree.RELIABILITY["weighed"]
