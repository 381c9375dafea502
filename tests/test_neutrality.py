"""Neutrality as an account: small books whose lines are worked out by hand."""

from __future__ import annotations

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from books import begun, kept
from hypothesis import given, settings
from hypothesis import strategies as st
from published import edition

from carbon.book import Book
from carbon.cli import run as carbon
from carbon.errors import CarbonError, UsageError

D = Decimal
TODAY = date(2026, 11, 20)
# One tonne a MWh location-based, and 1.1 t of what no instrument covers market-based.
FACTORS = ["electricity,CO2e,1,kgCO2e/kWh"]
MIX = "electricity,CO2e,1.1,kgCO2e/kWh,market"
TARGETS = (
    '[[target]]\nname = "neutral"\nkind = "neutral"\nyear = 2023\n'
    '[[target]]\nname = "net zero"\nkind = "net zero"\nyear = 2050\n'
)
GEC = {
    "instrument_id": "gec-1",
    "kind": "GEC",
    "market": "CN",
    "energy": "30",
    "unit": "MWh",
    "vintage": "2023",
    "claim_year": "2023",
    "retired_on": "2023-12-20",
    "beneficiary": "Acme",
}
CCER = {
    "credit_id": "ccer-1",
    "standard": "CCER",
    "kind": "avoidance",
    "vintage": "2022",
    "claim_year": "2023",
    "mass": "70",
    "unit": "t",
    "retired_on": "2024-03-01",
}


def book_in(folder: Path, *factors: str, scenarios=(), more: str = "") -> Book:
    """A book of one site that bought 100 MWh in 2023."""
    key = ("neutral", factors, tuple(scenarios), more)
    return kept(key, folder / "book", lambda: new(folder, factors, scenarios, more), TODAY)


def new(folder: Path, factors, scenarios, more: str) -> None:
    book = begun(folder / "book", "Acme", "CN-ZJ", TODAY)
    text = '[organisation]\nname = "Acme"\n[[site]]\nname = "hq"\nregion = "CN-ZJ"\n'
    (book.folder / "carbon.toml").write_text(text + TARGETS + more, encoding="utf-8")
    own = book.folder / "factors" / "example.csv"
    own.write_text(edition(*(factors or FACTORS), region="hq"), encoding="utf-8")
    for name, scenario in scenarios:
        (book.folder / "scenarios" / f"{name}.toml").write_text(scenario, encoding="utf-8")
    log(book, "entry", {"site": "hq", "activity": "electricity", "year": "2023"}, "100", "MWh")


def log(book: Book, what: str, fields: dict, quantity: str = "", unit: str = "") -> None:
    more = {"quantity": quantity, "unit": unit} if quantity else {}
    report = book.log("activity" if what == "entry" else what, fields | more)
    assert [each.message for each in report.problems if each.severity == "error"] == []


@pytest.fixture
def book(tmp_path: Path):
    def made(*several: tuple[str, dict], factors=(), scenarios=(), more: str = "") -> Book:
        made = book_in(tmp_path, *factors, scenarios=scenarios, more=more)
        for what, fields in several:
            log(made, what, fields)
        return made

    return made


def account(book: Book, period: str = "2023", *scenarios: str) -> list[tuple[str, str, Decimal]]:
    rows = book.neutrality(period, *scenarios)[1].rows
    return [(row["line"], row["what"], row["mass_t"]) for row in rows]


def year_row(book: Book, period: str = "2023", *scenarios: str) -> dict:
    return book.neutrality(period, *scenarios)[0].rows[0]


def missing(book: Book, period: str = "2023", *scenarios: str) -> list[dict]:
    return book.neutrality(period, *scenarios)[3].rows


def test_gross_less_certificates_less_credits_is_nothing_and_gross_stays(book):
    told = account(book(("instrument", GEC), ("credit", CCER)))
    assert told == [
        ("emitted", "Scope 1", 0),
        ("emitted", "Scope 2, location-based", 100),
        ("gross", "", 100),
        ("covered", "GEC", -30),
        ("residual", "market-based", 70),
        ("credits", "CCER, avoidance, 2022", -70),
        ("rest", "at or below zero", 0),
    ]


def test_nothing_is_missing_of_a_year_that_is_retired_whole(book):
    assert missing(book(("instrument", GEC), ("credit", CCER))) == []


def test_a_residual_mix_and_a_contract_s_own_factor_are_lines_of_their_own(book):
    ppa = GEC | {"instrument_id": "ppa", "kind": "PPA", "energy": "20", "factor": "50"}
    told = account(book(("instrument", GEC), ("instrument", ppa), factors=[*FACTORS, MIX]))
    # 100 - 30 - 20, + 20 MWh x 0.05, + 50 MWh x 0.1 = 56; 50 x 1.1 + 1 = 56
    assert told[3:] == [
        ("covered", "GEC", -30),
        ("covered", "PPA", -20),
        ("conveyed", "factors of the instruments", 1),
        ("difference", "uncovered at market-based factors", 5),
        ("residual", "market-based", 56),
        ("rest", "above zero", 56),
    ]


def test_credits_not_retired_count_nothing_and_are_missing(book):
    unretired = {key: value for key, value in CCER.items() if key != "retired_on"}
    made = book(("instrument", GEC), ("credit", unretired))
    assert account(made)[-1] == ("rest", "above zero", 70)
    [row] = missing(made)
    assert (row["state"], row["amount"], row["unit"], row["mass_t"]) == ("retire", 70, "t", 70)


def test_certificates_not_retired_are_missing_with_what_they_would_take_off(book):
    unretired = {key: value for key, value in GEC.items() if key != "retired_on"}
    rows = missing(book(("instrument", unretired), ("credit", CCER)))
    # they take 30 MWh at 1 t off; the credits cover the other 70 t
    assert [(row["what"], row["amount"], row["mass_t"]) for row in rows] == [("GEC of CN", 30, 30)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"vintage": "2024"}, "generated in 2024, after 2023"),
        ({"vintage": "2017"}, "more than 5 years before 2023"),
        ({"retired_on": "2021-01-01"}, "before it was generated"),
    ],
)
def test_a_refused_credit_counts_nothing_and_says_why(book, change, reason):
    made = book(("credit", CCER | change))
    [row] = made.neutrality("2023")[2].rows
    assert (row["state"], row["counted"]) == ("refused", 0)
    assert reason in row["reason"]
    assert account(made)[-1] == ("rest", "above zero", 100)


APPROVED = '[[statement]]\nyear = 2023\nstatus = "approved"\non = 2024-02-01\n'


def test_a_credit_retired_after_the_claim_is_late(book):
    made = book(("credit", CCER), more=APPROVED)
    [row] = made.neutrality("2023")[2].rows
    assert (row["state"], row["counted"]) == ("late", 0)


def test_units_are_wanted_by_the_claim_of_the_year_where_it_is_dated(book):
    [row] = missing(book(more=APPROVED))
    assert row["by_on"] == date(2024, 2, 1)
    assert "the day has passed" in row["remark"]


def test_units_name_their_row_and_batch(book):
    rows = book(("instrument", GEC)).neutrality("2023")[2].rows
    assert rows[0]["recorded"] == "logged by hand, batch 2"


def scenario(*purchases: str) -> str:
    return 'name = "path"\nbase_year = 2023\nhorizon = 2027\n' + "".join(purchases)


def certificates(energy: int, price: str = "price_rmb_per_mwh = 5\n") -> str:
    return (
        '[[measure]]\nname = "green"\narea = "buildings"\nstage = "neutralisation"\n'
        'kind = "certificates"\ninstrument = "GEC"\nmarket = "CN"\n'
        f"energy_mwh = {{ 2027 = {energy} }}\n{price}"
        'source = "assumption"\n'
    )


def credits_of(mass: int, price: str = "price_rmb_per_t = 60\n", kind: str = "avoidance") -> str:
    return (
        '[[measure]]\nname = "offsets"\narea = "buildings"\nstage = "neutralisation"\n'
        f'kind = "credits"\nstandard = "CCER"\ncredit_kind = "{kind}"\n'
        f"mass_t = {{ 2027 = {mass} }}\n{price}"
        'source = "assumption"\n'
    )


def test_twenty_planned_and_not_retired_are_missing_by_the_end_of_the_year_at_their_price(book):
    made = book(scenarios=[("path", scenario(certificates(80), credits_of(20)))])
    rows = missing(made, "2027")
    assert [
        (row["what"], row["state"], row["amount"], row["by_on"], row["cost_rmb"]) for row in rows
    ] == [
        ("GEC of CN", "buy and retire", 80, date(2027, 12, 31), 400),  # 5 RMB a tonne
        ("CCER, avoidance", "buy and retire", 20, date(2027, 12, 31), 1200),
    ]
    assert year_row(made, "2027")["missing_rmb"] == 1600


def test_what_is_retired_for_the_year_already_is_taken_off_what_is_planned(book):
    early = GEC | {"claim_year": "2027", "vintage": "2026", "retired_on": "2026-10-01"}
    made = book(("instrument", early), scenarios=[("path", scenario(certificates(80)))])
    green = next(row for row in missing(made, "2027") if row["state"] == "buy and retire")
    assert (green["amount"], green["cost_rmb"]) == (50, 250)
    assert green["remark"] == "30 MWh of 80 retired already"


def test_planned_certificates_beyond_the_electricity_bought_are_not_missing(book):
    made = book(scenarios=[("path", scenario(certificates(130)))])
    [row] = missing(made, "2027")
    assert row["amount"] == 100
    assert row["remark"] == "30 MWh more are planned than can be used"


def test_a_rest_nobody_plans_takes_the_cheaper_way_first(book):
    made = book(scenarios=[("path", scenario(certificates(10), credits_of(20)))])
    rows = [row for row in missing(made, "2027") if row["state"] == "not planned"]
    # 100 - 10 - 20 = 70 t are left, and 90 MWh uncovered: certificates at 5 RMB cover all
    assert [(row["what"], row["amount"], row["mass_t"]) for row in rows] == [("GEC of CN", 70, 70)]


def test_the_same_electricity_is_covered_once_by_the_cheapest_certificates(book):
    dearer = certificates(1, "price_rmb_per_mwh = 8\n").replace("green", "dearer")
    other = certificates(1, "price_rmb_per_mwh = 6\n").replace("GEC", "green_power")
    other = other.replace('"green"', '"traded"')
    plan = scenario(dearer, certificates(1), other, credits_of(1))
    made = book(scenarios=[("path", plan)])
    gas = {"site": "hq", "activity": "natural_gas", "year": "2023"}
    log(made, "entry", gas, "10000", "m3")
    rows = [row for row in missing(made, "2027") if row["state"] == "not planned"]
    # 3 of 100 MWh are covered; the rest of it costs 5 a tonne, the gas is left to credits
    assert [(row["what"], row["price_rmb"]) for row in rows] == [
        ("GEC of CN", 5),
        ("CCER, avoidance", 60),
    ]
    assert rows[0]["mass_t"] == 97


def contract(energy: int, factor: int = 0, more: str = "") -> str:
    text = certificates(energy).replace('kind = "certificates"\ninstrument = "GEC"', 'kind = "ppa"')
    return text + f"factor_g_per_kwh = {factor}\n{more}"


SUPPLIER = (
    '[[measure]]\nname = "utility"\narea = "buildings"\nstage = "neutralisation"\n'
    'kind = "supplier"\nsite = "hq"\nmarket = "CN"\nfactor_g_per_kwh = 0\n'
    'start = "2024-01"\nsource = "assumption"\n'
)
LINE = contract(100, more='site = "hq"\nover = "a direct line"\n')


@pytest.mark.parametrize(
    ("planned", "what", "to_do", "cost"),
    [
        (contract(100), "PPA of CN", "sign and retire", 500),
        (LINE, "direct_wire of CN", "sign", 500),
        (SUPPLIER, "supplier_rate of CN", "sign and retire", None),
    ],
)
def test_a_planned_contract_is_to_be_signed_at_its_own_price(book, planned, what, to_do, cost):
    [row] = missing(book(scenarios=[("path", scenario(planned))]), "2027")
    assert (row["what"], row["state"], row["amount"], row["cost_rmb"]) == (what, to_do, 100, cost)


def test_a_planned_contract_takes_off_what_its_factor_leaves(book):
    rows = missing(book(scenarios=[("path", scenario(contract(100, 200)))]), "2027")
    # 100 MWh at 1 t, less 0.2 t of its own
    assert (rows[0]["state"], rows[0]["mass_t"]) == ("sign and retire", 80)


def test_a_supplier_of_half_is_the_way_where_no_other_is_planned(book):
    half = SUPPLIER + "share = 0.5\n"
    [_, row] = missing(book(scenarios=[("path", scenario(half))]), "2027")
    assert (row["what"], row["state"], row["mass_t"]) == ("supplier_rate of CN", "not planned", 50)


def test_a_supplier_without_a_price_leaves_certificates_with_one_comparable(book):
    plan = scenario(SUPPLIER + "share = 0.5\n", certificates(10))
    rows = missing(book(scenarios=[("path", plan)]), "2027")
    rest = [(row["what"], row["cost_rmb"]) for row in rows if row["state"] == "not planned"]
    assert rest == [("GEC of CN", 200)]  # 100 - 10 - 50 MWh at 5 RMB


def test_a_rest_is_covered_by_more_of_a_contract_as_far_as_its_factor_leaves(book):
    made = book(scenarios=[("path", scenario(contract(10, 200)))])
    [row] = [row for row in missing(made, "2027") if row["state"] == "not planned"]
    # 90 MWh are uncovered at 1 t; the contract takes 0.8 t off each
    assert (row["what"], row["amount"], row["mass_t"], row["price_rmb"]) == ("PPA of CN", 90, 72, 5)


def test_ways_without_a_price_are_not_compared(book):
    made = book(scenarios=[("path", scenario(certificates(10, ""), credits_of(20)))])
    rows = [row for row in missing(made, "2027") if row["state"] == "not planned"]
    assert [row["mass_t"] for row in rows] == [70, 70]
    assert all("not compared" in row["remark"] for row in rows)
    assert year_row(made, "2027")["missing_rmb"] == 1200  # the planned credits alone


def test_a_price_by_year_lies_between_those_stated(book):
    price = "price_rmb_per_mwh = { 2025 = 4, 2029 = 8 }\n"
    made = book(scenarios=[("path", scenario(certificates(80, price)))])
    assert missing(made, "2027")[0]["price_rmb"] == 6


def test_removals_count_for_net_zero_only_once_a_tenth_is_left(book):
    made = book(scenarios=[("path", scenario(certificates(80), credits_of(20, kind="removal")))])
    row = year_row(made, "2027")
    assert (row["removal_t"], row["net_zero_t"], row["net_zero_removals_t"]) == (20, 10, 0)


CUT = (
    '[[measure]]\nname = "cut"\narea = "buildings"\nstage = "reduction"\nkind = "efficiency"\n'
    'activity = "electricity"\ncut = 0.95\nstart = "2024-01"\nsource = "assumption"\n'
)


def test_after_a_cut_of_nineteen_in_twenty_removals_count_up_to_what_is_left(book):
    made = book(scenarios=[("path", scenario(CUT, credits_of(20, kind="removal")))])
    row = year_row(made, "2027")
    told = ("gross_t", "net_zero_t", "net_zero_removals_t", "real_reduction_t")
    assert [round(row[key], 6) for key in told] == [5, 10, 5, 95]
    assert round(row["real_reduction_share"], 6) == D("0.95")


def test_what_is_bought_is_no_real_reduction(book):
    made = book(scenarios=[("path", scenario(certificates(80), credits_of(20)))])
    row = year_row(made, "2027")
    assert (row["bought_share"], row["real_reduction_share"], row["rest_t"]) == (1, 0, 0)


def test_an_instrument_that_gets_lost_on_the_way_leaves_the_account_open(book, monkeypatch):
    made = book(("instrument", GEC), ("credit", CCER))
    monkeypatch.setattr("carbon.neutrality.account._covers", lambda run: {})
    # 30 MWh at 1 t are covered by the verdict, and by no instrument
    notes = made.neutrality("2023")[0].notes
    assert any(
        note.startswith("Accounts that do not close to zero: actual 2023 by 30") for note in notes
    )


def test_the_rest_is_that_of_the_verdict(book):
    made = book(("instrument", GEC))
    [(_, verdict), _] = made.targets()
    assert year_row(made)["rest_t"] == verdict.gap_t


def test_without_a_year_all_from_the_target_on_are_told(book):
    made = book(scenarios=[("path", scenario(certificates(80)))])
    rows = made.neutrality()[0].rows
    assert [(row["scenario"], row["year"]) for row in rows] == [
        ("actual", 2023),
        *(("path", year) for year in (2024, 2025, 2026, 2027)),
    ]


def test_an_incomplete_year_says_what_it_lacks(book):
    meter = '[[site]]\nname = "silent"\nregion = "CN-ZJ"\n'
    notes = book(more=meter).neutrality("2023")[0].notes
    assert any("actual: 2023 is incomplete (silent, electricity" in note for note in notes)


def test_a_year_out_of_reach_is_refused(book):
    with pytest.raises(CarbonError, match="2031 is neither recorded nor projected"):
        book().neutrality("2031")


def test_an_unknown_scenario_is_refused(book):
    with pytest.raises(UsageError, match="no scenario 'paht'"):
        book(scenarios=[("path", scenario(certificates(80)))]).neutrality("2027", "paht")


@settings(max_examples=8, deadline=None)  # each a book of its own
@given(
    energy=st.lists(st.decimals("0.001", 70, places=3), min_size=1, max_size=3),
    factors=st.lists(st.integers(0, 900), min_size=3, max_size=3),
    mass=st.decimals("0.1", 90, places=3),
)
def test_every_account_closes_to_zero(energy, factors, mass):
    with tempfile.TemporaryDirectory() as folder:
        made = book_in(Path(folder), *FACTORS, MIX)
        for number, (each, factor) in enumerate(zip(energy, factors, strict=False)):
            ppa = {"instrument_id": f"p{number}", "kind": "PPA", "factor": str(factor)}
            log(made, "instrument", GEC | ppa | {"energy": str(each)})
        log(made, "credit", CCER | {"mass": str(mass)})
        years, lines, *_ = made.neutrality("2023")
        signed = [row["mass_t"] for row in lines.rows if row["line"] in MOVES]
        assert abs(sum(signed) - years.rows[0]["rest_t"]) <= D("0.000001")
        [row] = [row for row in made.inventory("2023").rows]
        assert row["net_t"] == years.rows[0]["rest_t"]
        assert any("is 0 in every account" in note for note in years.notes)


MOVES = ("emitted", "covered", "conveyed", "difference", "credits")


def test_the_terminal_tells_the_account(book, capsys):
    made = book(("instrument", GEC), ("credit", CCER))
    assert carbon(["-C", str(made.folder), "neutrality", "2023"]) == 0
    out = capsys.readouterr().out
    assert "The account, 2023, actual" in out
    assert "is 0 in every account" in " ".join(out.split())
