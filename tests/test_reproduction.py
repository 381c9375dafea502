"""Published inventories come out: `docs/reproduction.md` is what the library makes of them."""

from __future__ import annotations

import importlib.util
import sys
from fractions import Fraction
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def reproduce():
    spec = importlib.util.spec_from_file_location("reproduce", DOCS / "reproduce.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["reproduce"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lines(reproduce):
    return reproduce.lines()


def only(lines, company, year, metric, promise=None):
    [line] = [
        each
        for each in lines
        if (each.company, each.year, each.metric) == (company, year, metric)
        and promise in (None, each.promise)
    ]
    return line


def test_the_page_is_what_the_library_makes_of_the_published_tables(reproduce, lines):
    assert (DOCS / "reproduction.md").read_text(encoding="utf-8") == reproduce.page(lines)


def test_every_figure_comes_as_near_as_promised(lines):
    assert [(each.company, each.year, each.metric) for each in lines if not each.is_kept] == []


@pytest.mark.parametrize(
    ("year", "by_hand"),
    [
        # MWh x 3.6 GJ x tC/TJ x oxidised x 44/12 / 1000
        (2021, 3.6 * 44 / 12 / 1000 * (28.5 * 18.9 * 0.98 + 1651.3 * 15.3 * 0.99)),
        (
            2022,
            3.6 * 44 / 12 / 1000 * (35.3 * 18.9 * 0.98 + 30.1 * 20.2 * 0.98 + 765.8 * 15.3 * 0.99),
        ),
    ],
)
def test_scope_1_of_the_ai_firm_is_its_fuel_energy_times_the_guideline(lines, year, by_hand):
    line = only(lines, "SenseTime", year, "scope1")
    assert float(line.recomputed) == pytest.approx(by_hand, abs=1e-9)
    assert f"{by_hand:.1f}" == line.reported


def test_scope_1_of_the_maker_in_2023_is_its_fuels_times_the_guideline(lines):
    line = only(lines, "Hikvision", 2023, "scope1")
    gasoline = 463.7 * 43.07 * 18.9 * 0.98
    diesel = 35.0 * 42.652 * 20.2 * 0.98
    gas = 247.2 * 389.31 * 15.3 * 0.99
    by_hand = (gasoline + diesel + gas) * 44 / 12 / 1000
    assert float(line.recomputed) == pytest.approx(by_hand, abs=1e-6)
    assert round(by_hand, 1) == 6809.6


def test_standard_coal_of_2022_is_the_printed_energy_times_gb_t_2589(lines):
    direct = 282.4 * 1.4714 + 31.3 * 1.4571 + 195.6 * 10 * 1.215
    assert float(only(lines, "Hikvision", 2022, "direct_energy").recomputed) == pytest.approx(
        direct
    )
    indirect = only(lines, "Hikvision", 2022, "indirect_energy")
    assert indirect.recomputed == Fraction("223072.1") * Fraction("0.1229")


@pytest.mark.parametrize(
    ("company", "year", "percent"),
    [
        ("SenseTime", 2021, "+0.730"),  # 12,300.3 x 0.5703 = 7,014.86 against 6,964.0
        ("SenseTime", 2022, "+0.229"),  # 53,434.5 x 0.5703 = 30,473.70 against 30,404.0
    ],
)
def test_scope_2_stays_as_it_falls_out(lines, company, year, percent):
    [line] = [
        each
        for each in lines
        if (each.company, each.year, each.metric) == (company, year, "scope2")
        and each.basis == "set:cn-mee-2023-notice"
    ]
    share = 100 * line.difference / Fraction(line.reported)
    assert f"{float(share):+.3f}" == percent
    assert line.promise == "as it falls out"


def test_the_one_misprint_is_found(lines):
    [line] = [each for each in lines if each.promise == "misprint"]
    assert (line.year, line.table, line.reported) == (2019, "water", "20.55")
    # 1,186,882.2 / 57,658.11
    assert round(float(line.recomputed), 4) == 20.5848


def test_what_rests_on_an_inference_is_no_reproduction(reproduce, lines):
    inference = only(lines, "Hikvision", 2023, "indirect_energy", "inference")
    assert inference.is_kept  # (283,433.1 - 12,533.7 - 4,500.0) x 0.1229 = 32,740.49
    before, after = reproduce.page([inference]).split("No reproductions")
    assert ": indirect energy" not in before
    assert ": indirect energy" in after


def test_a_figure_that_cannot_be_reproduced_says_why(lines):
    missing = [each for each in lines if each.recomputed is None]
    assert {each.company for each in missing} == {"SenseTime", "ZKTeco"}
    assert all(each.reading for each in missing)


def test_every_recomputable_figure_of_the_tables_is_in_the_plan(reproduce, lines):
    planned = {(each.company, each.year, each.table, each.metric) for each in lines}
    named = (
        "scope1",
        "scope2",
        "scope1_2_total",
        "direct_energy",
        "indirect_energy",
        "total_energy",
    )
    for row in reproduce._rows("published.csv"):
        if row["metric"] in named or row["metric"].endswith("intensity"):
            assert (row["company"], int(row["year"]), row["table"], row["metric"]) in planned
