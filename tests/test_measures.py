"""`carbon measures`: what measures do alone, in their order and together, by hand beside each."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from books import begun

from carbon.abatement import Together, together
from carbon.book import Book
from carbon.cli import run as carbon
from carbon.errors import UsageError

TODAY = date(2026, 11, 20)
SETTINGS = """
[organisation]
name = "Acme"

[policy]
approval_needed = false
[policy.electricity]
CN = "set:cn-mee-2023-notice"

[[site]]
name = "works"
region = "CN-SH"

[[target]]
name = "Peak in 2024"
kind = "peak"
year = 2024

[[target]]
name = "Neutral by 2026"
kind = "neutral"
year = 2026
"""

# 12,000 MWh a year at 0.5703 t/MWh: 6,843.6 t. The grid falls by 10 % a year, to 0.4157487 t/MWh
# in 2026.
BILLS = "site,activity,month,quantity,unit\n" + "".join(
    f"works,electricity,2023-{month:02d},1000,MWh\n" for month in range(1, 13)
)
GRID = """
[[grid]]
region = "CN"
annual_change = -0.1
source = "assumption"
"""
FACTOR, THEN = Decimal("0.4157487"), Decimal("0.5703")
HEAD = 'name = "could"\nbase_year = 2023\nhorizon = 2028\n'


def measure(name: str, kind: str, said: str, status: str = "idea", **of: str) -> str:
    stage = of.get("stage", "reduction")
    area = of.get("area", "buildings")
    return (
        f'[[measure]]\nname = "{name}"\nkind = "{kind}"\narea = "{area}"\nstage = "{stage}"\n'
        f'status = "{status}"\nsource = "assumption: own number"\n{said}\n'
    )


def cut(name: str, status: str = "idea") -> str:
    said = 'site = "works"\nactivity = "electricity"\ncut = 0.10\nstart = "2024-01"'
    return measure(name, "efficiency", said, status)


def saving(name: str, energy: str) -> str:
    said = f'site = "works"\nactivity = "electricity"\nsaving = "{energy}"\nstart = "2024-01"'
    return measure(name, "saving", said)


CERTIFICATES = measure(
    "certificates",
    "certificates",
    'instrument = "GEC"\nmarket = "CN"\nenergy_mwh = { 2026 = 10000 }',
    stage="neutralisation",
    area="daily operation",
)
CREDITS = measure(
    "credits",
    "credits",
    'standard = "CCER"\ncredit_kind = "avoidance"\nmass_t = "rest"\nyears = [2026]',
    stage="neutralisation",
)
GROWTH = measure("growth", "growth", "rate = 0.05", stage="growth")
CHILLERS = cut("chillers", "approved") + "capex_rmb = 5000\n"
ALL = HEAD + CERTIFICATES + CHILLERS + cut("drives") + CREDITS + GRID


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("measures") / "book"
    book = begun(found, "Acme", "CN-SH", TODAY)
    (found / "carbon.toml").write_text(SETTINGS, encoding="utf-8")
    bills = found.parent / "bills.csv"
    bills.write_text(BILLS, encoding="utf-8")
    book.import_files([bills])
    return found


@pytest.fixture
def book(folder: Path) -> Book:
    return Book(folder, TODAY)


KNOWN: dict[str, Together] = {}


def found(book: Book, text: str = ALL, year: int = 0) -> Together:
    """What the measures of a scenario come to, worked out once."""
    key = f"{text}{year}"
    if key not in KNOWN:
        write(book, text)
        with book.run(["could"]) as run:
            KNOWN[key] = together(run, run.scenarios["could"], TODAY, year)
    return KNOWN[key]


def write(book: Book, text: str) -> None:
    (book.folder / "scenarios" / "could.toml").write_text(text, encoding="utf-8")


def test_a_measure_alone_is_told_at_the_grid_of_the_year_and_of_the_base_year(book):
    [chillers, drives] = found(book).reducing
    assert chillers.alone["location"] == drives.alone["location"] == 1200 * FACTOR
    assert chillers.alone_before["location"] == 1200 * THEN


def test_the_second_of_two_on_one_load_does_less_after_the_first(book):
    [chillers, drives] = found(book).reducing
    assert chillers.after["location"] == 1200 * FACTOR
    assert drives.after["location"] == 1080 * FACTOR  # a tenth of 10,800


def test_the_joint_effect_is_the_sum_less_what_the_grid_and_the_measures_take_from_it(book):
    known = found(book)
    assert known.alone_before("location") == 2400 * THEN
    assert known.lost_to_grid("location") == 2400 * (THEN - FACTOR)
    assert known.lost_to_measures("location") == 120 * FACTOR
    assert known.joint("location") == 2280 * FACTOR  # 12,000 x (1 - 0.9 x 0.9)


def test_certificates_find_less_to_cover_after_the_measures(book):
    known = found(book)
    [certificates, _] = known.bought
    # 10,000 MWh alone; 9,720 MWh are left by the measures, though the file states them later
    assert certificates.alone["market"] == 10000 * FACTOR
    assert certificates.after["market"] == 9720 * FACTOR
    assert known.lost_to_use("market") == 280 * FACTOR
    assert known.lost_to_use("location") == 0


def test_a_supplier_is_bought_after_what_reduces_and_before_credits(book):
    said = 'site = "works"\nmarket = "CN"\nfactor_g_per_kwh = 0\nshare = 0.5\nstart = "2024-01"'
    supplier = measure("supplier", "supplier", said, stage="neutralisation")
    known = found(book, HEAD + CREDITS + supplier + CHILLERS + GRID)
    assert [each.measure.name for each in known.reducing] == ["chillers"]
    assert [each.measure.name for each in known.bought] == ["supplier", "credits"]
    # half of 12,000 MWh alone, half of the 10,800 MWh that the chillers leave
    assert known.bought[0].after["market"] == 5400 * FACTOR
    assert known.lost_to_measures("market") == 0
    assert known.lost_to_use("market") == 600 * FACTOR


def test_what_measures_end_at_is_what_the_scenario_is_projected_to(book):
    known = found(book)
    write(book, ALL)
    rows = [row for row in book.project("could").rows if row["scenario"] == "could"]
    [row] = [row for row in rows if row["year"] == 2026]
    assert (known.end["location"], known.end["market"], known.end["net"]) == (
        row["location_t"],
        row["market_t"],
        row["net_t"],
    )


def test_savings_of_fixed_amounts_take_nothing_from_one_another(book):
    known = found(book, HEAD + saving("lamps", "100 MWh") + saving("pumps", "50 MWh"))
    assert known.lost_to_measures("location") == 0
    assert known.joint("location") == 150 * THEN  # no grid path: the factor of 2023 goes on
    assert known.lost_to_grid("location") == 0


def test_growth_stands_apart_before_the_grid_and_the_measures(book):
    known = found(book, HEAD + cut("chillers") + GROWTH + GRID)
    more = Decimal("1.157625")  # 1.05 ^ 3
    [growth] = known.growth
    assert growth.after["location"] == -12000 * (more - 1) * THEN
    assert known.at_grid["location"] == 12000 * more * FACTOR
    # the measure takes its tenth of the grown load
    assert known.joint("location") == 1200 * more * FACTOR
    assert [each.measure.name for each in known.effects] == ["chillers"]


def test_the_year_is_that_of_the_next_target_else_the_horizon(book):
    assert found(book).year == 2026  # 2024 is over
    assert found(book, ALL, 2028).year == 2028


def test_a_year_that_is_not_projected_is_refused(book):
    with pytest.raises(UsageError, match="2024 to 2028"):
        found(book, ALL, 2023)


def tables(book: Book, capsys, text: str = ALL) -> dict[str, list[dict]]:
    write(book, text)
    assert carbon(["measures", "could", "-C", str(book.folder), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out, parse_float=Decimal)["tables"]
    return {each["table"]: each["rows"] for each in told}


def test_the_printed_parts_add_up_to_the_printed_joint_effect(book, capsys):
    rows = tables(book, capsys)["measure_interaction"]
    for key in ("location_t", "market_t", "scope1_t"):
        *parts, joint = [Decimal(row[key]) for row in rows]
        assert sum(parts) == joint
    # 1,368.72, 997.797, 947.907 to a decimal each
    assert [row["location_t"] for row in rows] == [
        Decimal("1368.7"),
        Decimal("-370.9"),
        Decimal("-49.9"),
        0,
        Decimal("947.9"),
    ]


def test_the_way_from_the_base_year_adds_up(book, capsys):
    first, *steps, last = tables(book, capsys, ALL + GROWTH)["measure_way"]
    for key in ("location_t", "market_t", "net_t"):
        assert Decimal(first[key]) + sum(Decimal(row[key]) for row in steps) == Decimal(last[key])


def test_the_cells_of_area_and_stage_add_up_to_what_is_taken_off(book, capsys):
    told = tables(book, capsys)
    cells = {row["area"]: row for row in told["measure_matrix"]}
    assert cells["buildings"]["reduction_measures"] == 2
    assert cells["daily operation"]["neutralisation_t"] == 9720 * FACTOR
    assert cells["supply chain"]["all_t"] is None
    parts = [row["all_t"] or 0 for area, row in cells.items() if area != "all"]
    # all 6,843.6 x 0.9^3 at the grid of 2026, and 0 to 1 t more of whole credits
    assert sum(parts) == cells["all"]["all_t"]
    assert 0 <= cells["all"]["all_t"] - 12000 * FACTOR < 1


def test_tonnes_that_rest_on_ideas_are_told_apart(book, capsys):
    rows = {row["status"]: row for row in tables(book, capsys)["measure_status"]}
    assert (rows["approved"]["measures"], rows["idea"]["measures"]) == (1, 3)
    assert rows["approved"]["location_t"] == 1200 * FACTOR
    assert (rows["approved"]["electricity_mwh"], rows["idea"]["electricity_mwh"]) == (1200, 1080)
    assert (rows["approved"]["capex_rmb"], rows["idea"]["capex_rmb"]) == (5000, None)
    assert rows["idea"]["location_t"] == 1080 * FACTOR


def test_a_claim_stands_apart_and_moves_nothing(book, capsys):
    claim = measure(
        "metro", "avoided", 'baseline = "by taxi"\ntimes = { 2026 = 1000 }\nkg_each = 5'
    )
    told = tables(book, capsys, HEAD + cut("chillers") + claim)
    assert [row["measure"] for row in told["measure_effect"]] == ["chillers"]
    [row] = told["measure_claim"]
    assert (row["measure"], row["claimed_t"]) == ("metro", 5)  # 1,000 x 5 kg
    assert {row["area"]: row for row in told["measure_matrix"]}["all"]["all_measures"] == 1


def test_a_measure_that_changes_nothing_is_named(book, capsys):
    late = cut("late").replace("2024-01", "2027-01")
    write(book, HEAD + cut("chillers") + late)
    assert carbon(["measures", "could", "2026", "-C", str(book.folder)]) == 0
    assert "Changes nothing in 2026: late." in capsys.readouterr().out


def test_measures_that_exclude_each_other_are_said_to_be_counted_both(book, capsys):
    both = cut("chillers") + cut("drives") + 'instead_of = "chillers"\n'
    write(book, HEAD + both)
    assert carbon(["measures", "could", "-C", str(book.folder)]) == 0
    assert "chillers and drives stand instead of one another" in capsys.readouterr().out


def test_the_verb_names_the_measures_that_meet_on_one_load(book, capsys):
    write(book, ALL)
    assert carbon(["measures", "could", "-C", str(book.folder)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "works, electricity: chillers, then drives; their savings do not add up" in told
