"""Instruments in a book: every criterion, what is refused and why, where the rest goes."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from carbon.book import Book
from carbon.errors import CarbonError
from carbon.inputs.criteria import JUDGES
from carbon.library import load
from carbon.schema import ADDED

D = Decimal
SITES = (
    '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n',
    '[[site]]\nname = "plant"\nregion = "CN-SH"\n',
    '[[site]]\nname = "berlin"\nregion = "DE"\n',
)
GEC = {
    "instrument_id": "gec-1",
    "kind": "GEC",
    "market": "CN",
    "energy": "60",
    "unit": "MWh",
    "vintage": "2023",
    "claim_year": "2023",
    "retired_on": "2023-12-20",
    "beneficiary": "Acme",
}
PPA = GEC | {"instrument_id": "ppa", "kind": "PPA", "factor": "0"}
RATE = GEC | {"instrument_id": "rate", "kind": "supplier_rate", "factor": "200"}
DRAFT = '[policy]\nscope2_rules = "draft hourly 2025"\n'


@pytest.fixture
def book(make):
    """Three sites that buy 10 MWh a month; `book(draft)` with more of carbon.toml."""

    def made(more: str = "") -> Book:
        bills = {(site, 2023): 10 for site in ("hq", "plant", "berlin")}
        return make(*SITES, more, bills=bills)

    return made


def log(book: Book, *several: dict[str, str]) -> Book:
    for fields in several:
        report = book.log("instrument", fields)
        assert [each.message for each in report.problems if each.severity == "error"] == []
    return book


def refused(book: Book) -> dict[str, str]:
    """Why instruments are not used, by id."""
    _, held, _ = book.instruments("2023")
    return {row["instrument_id"]: row["reason"] for row in held.rows if row["refused_mwh"]}


def used(book: Book) -> dict[str, Decimal]:
    _, held, _ = book.instruments("2023")
    return {row["instrument_id"]: row["used_mwh"] for row in held.rows if row["used_mwh"]}


def state(book: Book, criterion: str) -> tuple[str, str]:
    _, _, criteria = book.instruments("2023")
    [row] = [row for row in criteria.rows if row["criterion"] == criterion]
    return row["state"], row["reason"]


def scope2(book: Book) -> tuple[Decimal, Decimal]:
    [row] = book.inventory("2023").rows
    return row["scope2_location_t"], row["scope2_market_t"]


# What refuses an instrument.


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"conveys_attribute": "no"}, "it does not convey the attributes of the generation"),
        (
            {"credit_id": "VCS-9"},
            "the same generation is credited as carbon credit VCS-9: a MWh is one certificate or"
            " one credit",
        ),
        ({"retired_on": ""}, "not retired"),
        ({"beneficiary": "Other"}, "retired for Other"),
        ({"vintage": "2021"}, "its vintage 2021 is not near 2023"),
        ({"vintage": "2024", "retired_on": "2024-02-01"}, "generated in 2024, after 2023"),
        (
            {"vintage": "2023-06", "retired_on": "2023-05-31"},
            "retired in 2023-05, before it was generated",
        ),
        ({"market": "DE"}, "a GEC is no instrument of the market DE"),
        ({"site": "berlin"}, "the site is outside its market CN"),
        ({"allocation": "hq; berlin"}, "site berlin is outside its market CN"),
    ],
)
def test_an_instrument_that_fails_a_criterion_is_refused_with_the_reason(book, said, reason):
    told = {name: text for name, text in (GEC | said).items() if text}
    assert refused(log(book(), told)) == {"gec-1": reason}


def test_a_month_of_generation_is_judged_by_the_reporting_year_it_lies_in(make):
    bills = {("hq", 2023): 10, ("hq", 2024): 10}
    made = make(SITES[0], bills=bills, more="reporting_year_starts = 4")
    log(made, GEC | {"vintage": "2024-02", "retired_on": "2024-03-01"})
    assert used(made) == {"gec-1": 60}


def test_a_ledger_of_an_earlier_version_says_nothing_of_what_came_later(book):
    made = log(book(), GEC)
    with duckdb.connect(made.folder / "ledger.duckdb") as con:
        for table, name in ADDED:
            con.execute(f"alter table {table} drop column {name}")
    assert used(made) == {"gec-1": 60}


def test_a_supplier_rate_that_counts_what_was_sold_is_refused(book):
    made = log(book(), RATE | {"net_of_sold": "no"})
    assert refused(made)["rate"].startswith("the rate counts generation whose attributes were sold")


def test_a_supplier_rate_net_of_what_was_sold_passes(book):
    made = log(book(), RATE | {"net_of_sold": "yes"})
    assert state(made, "Net of what was sold") == ("passed", "stated")


def test_what_a_contract_does_not_state_is_told_and_not_refused(book):
    made = log(book(), PPA)
    assert used(made) == {"ppa": 60}
    assert state(made, "Attribute conveyed")[0] == "not stated"


@pytest.mark.parametrize(("vintage", "is_used"), [("2024", True), ("2025", False)])
def test_an_i_rec_of_chinese_generation_is_recognised_until_2024(make, vintage, is_used):
    made = make(*SITES[:1], bills={("hq", 2025): 10})
    retired = {"retired_on": "2025-12-01", "vintage": vintage, "claim_year": "2025"}
    log(made, GEC | retired | {"kind": "I-REC"})
    _, held, _ = made.instruments("2025")
    assert bool(held.rows[0]["used_mwh"]) is is_used


def test_a_direct_line_needs_no_retirement(book):
    line = {name: text for name, text in PPA.items() if name != "retired_on"}
    made = log(book(), line | {"kind": "direct line", "site": "hq", "conveys_attribute": "yes"})
    assert used(made) == {"ppa": 60}


def test_the_first_criterion_in_order_is_the_reason(book):
    made = log(book(), GEC | {"conveys_attribute": "no", "beneficiary": "Other"})
    assert refused(made)["gec-1"].startswith("it does not convey")


# Used twice.


def test_serial_numbers_that_two_instruments_hold_count_once(book):
    first = GEC | {"serials": "Z-001 to Z-060", "energy": "60"}
    second = GEC | {"instrument_id": "gec-2", "serials": "Z-060 to Z-099", "energy": "40"}
    made = log(book(), second, first)  # the order of recording decides nothing
    assert refused(made) == {"gec-2": "its serial number Z-060 is used by gec-1 already"}


def test_a_refused_instrument_holds_no_serial_numbers(book):
    first = GEC | {"serials": "Z-1 to Z-60", "beneficiary": "Other"}
    second = GEC | {"instrument_id": "gec-2", "serials": "Z-1 to Z-60"}
    assert used(log(book(), first, second)) == {"gec-2": 60}


def test_the_earlier_claim_keeps_its_serial_numbers(book):
    old = GEC | {"serials": "Z-1", "instrument_id": "z", "vintage": "2022", "claim_year": "2022"}
    made = log(book(), GEC | {"serials": "Z-1"}, old | {"retired_on": "2022-12-20"})
    assert refused(made) == {"gec-1": "its serial number Z-1 is used by z already"}


def test_a_closed_year_keeps_its_serial_numbers(book):
    made = log(book(), GEC | {"serials": "Z-1 to Z-60"})
    before = scope2(made)
    made.close("2023")
    made.withdraw("gec-1")
    earlier = {"claim_year": "2022", "vintage": "2022", "retired_on": "2022-12-20"}
    log(made, GEC | earlier | {"instrument_id": "a", "serials": "Z-60"})
    _, held, _ = made.instruments()
    reasons = {row["instrument_id"]: row["reason"] for row in held.rows}
    assert reasons["a"] == "its serial number Z-60 is used by gec-1 already"
    assert scope2(made) == before


# Where it may go.


def test_an_instrument_goes_to_its_sites_by_their_shares(book):
    made = log(book(), GEC | {"allocation": "plant: 25 %; hq: 0.75"})
    _, held, _ = made.instruments("2023")
    assert held.rows[0]["used_at"] == "hq 45.000, plant 15.000"


def test_a_share_that_a_site_cannot_use_is_refused_and_goes_nowhere_else(book):
    made = log(book(), GEC | {"energy": "200", "allocation": "hq: 0.9; plant: 0.1"})
    # 180 MWh to a site that bought 120
    assert refused(made) == {
        "gec-1": "more than was left to it of the electricity its sites bought from the grid"
        " that year"
    }
    assert used(made) == {"gec-1": 140}


def test_a_list_fills_its_sites_in_order(book):
    made = log(book(), GEC | {"energy": "150", "allocation": "plant; hq"})
    _, held, _ = made.instruments("2023")
    assert held.rows[0]["used_at"] == "plant 120.000, hq 30.000"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"allocation": "hq: 0.4; plant: 0.5"}, "bad-allocation"),
        ({"allocation": "hq: 0.4; plant"}, "bad-allocation"),
        ({"allocation": "hq; hq"}, "bad-allocation"),
        ({"allocation": "hq; plnt"}, "unknown-site"),
        ({"allocation": "hq; plant", "site": "hq"}, "site-and-allocation"),
        ({"serials": "A-9 to B-3"}, "bad-serials"),
        ({"serials": "A-9 to A-3"}, "bad-serials"),
        ({"conveys_attribute": "perhaps"}, "unknown-statement"),
        ({"vintage": "2023-13"}, "impossible-date"),
        ({"vintage": "July"}, "not-a-date"),
    ],
)
def test_what_cannot_be_read_is_refused_before_it_is_recorded(book, said, code):
    report = book().log("instrument", GEC | said)
    assert [each.code for each in report.problems if each.severity == "error"] == [code]


def test_what_a_new_field_says_is_a_change_and_what_it_leaves_blank_is_none(book):
    made = log(book(), GEC)
    assert made.log("instrument", GEC).known == 1
    assert len(made.log("instrument", GEC | {"serials": "Z-1"}).offered) == 1


# The waterfall.


def test_the_waterfall_of_a_site_goes_down_the_tiers_to_the_residual_mix(book):
    made = log(book(), RATE | {"site": "hq", "energy": "20"}, GEC | {"site": "hq"})
    rows = [row for row in made.instruments("2023")[0].rows if row["site"] == "hq"]
    assert [(row["step"], row["by"], row["energy_mwh"], row["remark"]) for row in rows] == [
        ("imported", "", 120, ""),
        ("certificate", "gec-1", 60, "GEC, 0 g CO2e/kWh"),
        ("supplier rate", "rate", 20, "supplier_rate, 200 g CO2e/kWh"),
        ("uncovered", "cn-stat-residual-2023", 40, "residual mix"),
    ]
    # 20 MWh at 200 g/kWh, 40 at 609.6
    assert [row["market_t"] for row in rows] == [None, 0, 4, D("24.384")]


def test_where_no_residual_mix_exists_the_grid_average_is_flagged(book):
    rows = book().instruments("2023")[0].rows
    [berlin] = [row for row in rows if (row["site"], row["step"]) == ("berlin", "uncovered")]
    assert berlin["remark"] == "grid average, no residual mix"


def test_the_waterfall_says_that_it_closes(book):
    [closes, *_] = log(book(), GEC).instruments("2023")[0].notes
    assert closes.startswith("Imported less covered and uncovered is 0")


def test_the_waterfall_says_why_market_based_exceeds_location_based(book):
    notes = book().instruments("2023")[0].notes
    # 120 MWh at 0.6096 and 0.5306
    assert notes[1].startswith(
        "Market-based exceeds location-based at hq 2023 (73.2 t and 63.7 t), plant 2023"
    )


def test_each_fit_of_a_set_takes_its_own_part_of_the_year(make):
    """April to December take the set of 2023, January to March its age of a year."""
    said = '[policy]\nfactor_year = "calendar year"\n'
    bills = {("hq", 2023): 10, ("hq", 2024): 10}
    made = make(SITES[0], said, bills=bills, more="reporting_year_starts = 4\n")
    rows = [row for row in made.instruments("2023")[0].rows if row["step"] == "uncovered"]
    # 90 and 30 MWh at 0.6096 t/MWh
    assert sorted(row["market_t"] for row in rows) == [D("18.288"), D("54.864")]


def test_a_year_of_which_nothing_is_known_is_refused(book):
    with pytest.raises(CarbonError, match="no electricity is recorded for 2019"):
        book().instruments("2019")


def test_a_covered_kwh_is_explained_down_to_its_bill(book):
    made = log(book(), PPA | {"factor": "30", "energy": "500", "site": "hq"})
    told = made.explain("scope2-market 2023-05 hq")
    [chain] = told.chains
    assert (chain.set_id, chain.equation) == ("instrument/ppa", "30 g CO2e/kWh, stated by itself")
    assert (chain.row, chain.flow_quantity, chain.mass_g) == (6, 10000, 300000)


def test_the_energy_sheet_certifies_the_boundarys_share_of_what_is_covered(make):
    half = SITES[0] + "share = 0.5\n"
    said = {"bills": {("hq", 2023): 10}, "more": 'consolidation = "equity share"\n'}
    made = log(make(half, **said), GEC | {"energy": "30"})
    _, electricity = made.energy("2023")
    row = electricity.rows[-1]
    # half of 120 MWh, of which 30 MWh are certified
    assert (row["bought_mwh"], row["certified_mwh"], row["renewable_share"]) == (60, 30, D("0.5"))


def test_a_meter_of_generation_must_be_declared_as_one(book):
    meters = (
        '[[site.meter]]\nname = "wind"\nrole = "offsite_generation"\n[[site.meter]]\nname = "m"\n'
    )
    made = log(book(meters), GEC | {"generation_meter": "wind"})
    report = made.log("instrument", PPA | {"generation_meter": "m"})
    [fault] = [each for each in report.problems if each.severity == "error"]
    assert "'m'" in fault.message
    assert (fault.nearest, 'role = "offsite_generation"' in fault.remedy) == ("", True)


# The draft of 2025.


def test_in_the_draft_an_instrument_without_its_month_is_refused(book):
    made = log(book(DRAFT), GEC)
    assert refused(made) == {
        "gec-1": "it states no month of generation, which the draft rules ask for"
    }


def test_in_the_draft_a_month_covers_no_other_month(book):
    june = GEC | {"vintage": "2023-06", "energy": "25", "allocation": "hq"}
    made = log(book(DRAFT), june)
    assert used(made) == {"gec-1": 10}
    assert refused(made) == {
        "gec-1": "more than was left to it of the electricity its sites bought from the grid"
        " that month"
    }


def test_in_2015_the_month_of_generation_covers_the_whole_year(book):
    assert used(log(book(), GEC | {"vintage": "2023-06"})) == {"gec-1": 60}


def test_in_the_draft_a_month_of_another_year_is_refused(book):
    made = log(book(DRAFT), GEC | {"vintage": "2022-12"})
    assert refused(made) == {"gec-1": "generated in 2022-12, outside 2023"}


def test_the_draft_is_called_a_draft_wherever_its_figures_stand(book):
    made = book(DRAFT)
    places = [
        " ".join(made.inventory().notes),
        " ".join(made.instruments("2023")[0].notes),
        " ".join(made.project().notes),
        " ".join(made.report().status),
        " ".join(each.message for each in made.check() if each.code == "draft-rules"),
    ]
    assert ["a draft under consultation, not in force" in place for place in places] == [True] * 5
    assert made.explain("scope2-market 2023").title.endswith("by draft rules")


def test_the_draft_remarks_on_a_plain_grid_average(book):
    [said] = [each.message for each in book(DRAFT).check() if each.code == "no-residual-mix"]
    assert said.endswith("the draft rules would not allow that")


def test_the_rules_of_2015_say_nothing_of_a_draft(book):
    made = book()
    assert "draft" not in " ".join([*made.inventory().notes, *made.instruments("2023")[0].notes])


def test_a_year_closed_by_the_rules_of_2015_keeps_them(book):
    made = log(book(), GEC)
    before = scope2(made)
    made.close("2023")
    path = made.folder / "carbon.toml"
    path.write_text(path.read_text(encoding="utf-8") + DRAFT, encoding="utf-8")
    assert scope2(made) == before
    assert used(made) == {"gec-1": 60}
    assert "closed-year-moved" not in {each.code for each in made.check()}


# The library.


def test_every_criterion_has_a_judge_and_every_judge_a_criterion():
    assert {each.criterion for each in load().criteria} == set(JUDGES)


def test_the_kinds_stand_in_the_order_of_the_guidance():
    kinds = load().instruments
    certificates = ("GEC", "green_power", "GO", "REC", "REGO", "I-REC")
    expected = dict.fromkeys(certificates, 1) | dict.fromkeys(("PPA", "direct_wire"), 2)
    expected |= dict.fromkeys(("supplier_rate", "green_tariff"), 3)
    assert {kind: kinds[kind].order for kind in expected} == expected


def test_of_part_owned_sites_the_share_is_matched(make):
    place = SITES[0].replace("region", "share = 0.4\nregion", 1)
    name = place.split('"')[1]
    book = make(place, bills={(name, 2023): 10}, more='consolidation = "equity share"')
    log(book, GEC | {"energy": "30"})
    table = book.instruments("2023")[0]
    # 120 MWh x 0.4 = 48 MWh, of which 30 are covered
    assert [(row["step"], row["energy_mwh"]) for row in table.rows] == [
        ("imported", 48),
        ("certificate", 30),
        ("uncovered", 18),
    ]
    assert f"Of {name} energy is the share that the boundary counts." in table.notes
    uncovered = table.rows[-1]["market_t"]
    assert uncovered == book.inventory("2023").rows[0]["scope2_market_t"]
    assert uncovered == 18 * Decimal("0.6096")
