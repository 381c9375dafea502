"""Claims: a register beside the inventory, and substitutions worked out by the engine."""

from __future__ import annotations

from decimal import Decimal

import pytest
from published import total

from carbon.errors import CarbonError, UsageError

METRO = "travel/metro,CO2e,0.03,kgCO2e/pkm"
TAXI = "travel/taxi,CO2e,0.15,kgCO2e/pkm"
TRIPS = "metro_travel,1000,pkm\ntaxi,50,pkm\nnatural_gas,10,GJ"
SAID = {
    "claim_id": "C-1",
    "kind": "avoided emissions",
    "year": "2023",
    "description": "pumps sold",
    "mass": "4.5",
    "unit": "tCO2e",
    "evidence": "study 7",
}


def claim(book, **other: str):
    return book.log("claim", SAID | other)


def figures(book) -> list[dict]:
    """Every figure of the book: totals, the inventory, the verdicts."""
    found = book.sql("select * from total order by all").rows
    found += book.inventory().rows
    report = book.report()
    return [*found, *report.outside.rows, *(str(verdict) for verdict in report.verdicts)]


TARGET = '[[target]]\nname = "peak"\nkind = "peak"\nyear = 2025\n'


def test_a_claim_moves_no_total_and_no_verdict(worked):
    book = worked(TRIPS, METRO, TAXI, settings=TARGET)
    before = figures(book)
    claim(book)
    claim(book, claim_id="C-2", kind="biogas certificate", mass="1000000")
    assert figures(book) == before


def test_a_claim_is_no_line_of_the_inventory(worked):
    book = worked(TRIPS, METRO, TAXI)
    claim(book)
    lines = {row["line"] for row in book.sql("select distinct line from total").rows}
    assert lines == {"scope1", "scope3", "energy"}


def test_claims_are_listed_by_year(worked):
    book = worked(TRIPS, METRO, TAXI)
    claim(book)
    claim(book, claim_id="C-0", year="2024", mass="500", unit="kg")
    rows = book.claims().rows
    assert [(row["claim_id"], row["mass_t"]) for row in rows] == [
        ("C-1", Decimal("4.5")),
        ("C-0", Decimal("0.5")),
    ]
    assert [row["claim_id"] for row in book.claims("2024").rows] == ["C-0"]


def test_a_list_of_claims_says_that_they_are_no_inventory_figure(worked):
    [note] = worked(TRIPS, METRO, TAXI).claims().notes
    assert note == "A claim is no inventory figure: it is in no scope, no total and no target."


def test_a_claim_is_taken_back_by_its_id(worked):
    book = worked(TRIPS, METRO, TAXI)
    claim(book)
    book.withdraw("C-1")
    assert book.claims().rows == []


def test_a_claim_said_otherwise_is_offered_and_not_taken(worked):
    book = worked(TRIPS, METRO, TAXI)
    claim(book)
    report = claim(book, mass="5")
    assert len(report.offered) == 1
    assert [row["mass_t"] for row in book.claims().rows] == [Decimal("4.5")]


def test_a_file_of_claims_is_known_by_its_column(worked, tmp_path):
    book = worked(TRIPS, METRO, TAXI)
    path = tmp_path / "claims.csv"
    path.write_text(f"{','.join(SAID)}\n{','.join(SAID.values())}\n", encoding="utf-8")
    [report] = book.import_files([path])
    assert (report.layout, report.recorded) == ("claim", 1)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"mass": "-1"}, "negative-quantity"),
        ({"kind": "wish"}, "unknown-kind"),
        ({"year": "soon"}, "not-a-date"),
        ({"description": ""}, "blank-cell"),
        ({"unit": "kWh"}, "wrong-dimension"),
    ],
)
def test_a_claim_that_says_nothing_is_refused(worked, wrong, code):
    book = worked(TRIPS, METRO, TAXI)
    assert [each.code for each in claim(book, **wrong).problems] == [code]


def test_a_report_tells_that_claims_stand_apart(worked):
    book = worked(TRIPS, METRO, TAXI)
    claim(book)
    assert any(each.startswith("1 claim recorded apart") for each in book.report().footnotes)


def test_a_claim_without_evidence_is_a_finding(worked):
    book = worked(TRIPS, METRO, TAXI)
    claim(book, evidence="")
    [problem] = [each for each in book.check() if each.code == "claim-without-evidence"]
    assert "C-1" in problem.message


# Substitution


def compared(book, by="taxi", **other):
    return book.substitution("2023", "metro_travel", by, **other)


def test_a_substitution_is_the_difference_of_two_factors(worked):
    # 1,000 x 0.15 - 1,000 x 0.03 = 120; the taxi that was taken has no part in it
    [row] = compared(worked(TRIPS, METRO, TAXI)).rows
    assert (row["taken_kg"], row["instead_kg"], row["avoided_kg"]) == (30, 150, 120)


def test_a_substitution_names_both_factor_sets(worked):
    [row] = compared(worked(TRIPS, METRO, TAXI)).rows
    names = (row["taken_set"], row["instead_set"])
    assert names == ("example/travel/metro/all", "example/travel/taxi/all")


def test_the_other_factor_is_that_of_the_country_of_the_trip(worked):
    book = worked("metro_travel,1000,pkm,@GB", TAXI)
    [row] = compared(book).rows
    assert row["instead_set"] == "desnz-2023-taxi"


def test_a_substitution_by_something_detailed_takes_its_detail(worked):
    book = worked("metro_travel,1000,pkm,@GB")
    [row] = compared(book, "bus_travel", detail="coach").rows
    assert row["instead_set"] == "desnz-2023-bus-coach"


def test_a_substitution_changes_nothing(worked):
    book = worked(TRIPS, METRO, TAXI)
    before = figures(book)
    compared(book)
    assert figures(book) == before


def test_a_substitution_is_claimed_under_an_id(worked):
    book = worked(TRIPS, METRO, TAXI)
    compared(book, claim_id="S-1", evidence="log")
    [row] = book.claims().rows
    assert (row["mass_t"], row["kind"], row["baseline"]) == (
        Decimal("0.12"),
        "substitution",
        "taxi",
    )
    assert "1,000 pkm x (0.15 - 0.03 kg CO2e)" in row["method"]
    assert total(book, "scope3") == Decimal("37.5")  # 1,000 x 0.03 + 50 x 0.15, as before


def test_what_emitted_more_is_shown_and_cannot_be_claimed(worked):
    book = worked("taxi,1000,pkm", METRO, TAXI)
    [row] = book.substitution("2023", "taxi", "metro_travel").rows
    assert row["avoided_kg"] == -120
    with pytest.raises(CarbonError) as fault:
        book.substitution("2023", "taxi", "metro_travel", claim_id="S-1")
    assert fault.value.code == "nothing-avoided"


@pytest.mark.parametrize(
    ("taken", "by", "code"),
    [
        ("natural_gas", "taxi", "not-a-trip"),
        ("metro_travel", "taxy", "not-a-trip"),
        ("metro_travel", "taxi_vehicle", "other-unit"),
        ("metro_travel", "rail_travel", "missing-detail"),
    ],
)
def test_what_cannot_be_compared_is_refused(worked, taken, by, code):
    with pytest.raises(UsageError) as fault:
        worked(TRIPS, METRO, TAXI).substitution("2023", taken, by)
    assert fault.value.code == code


def test_a_substitution_without_the_other_factor_is_refused(worked):
    with pytest.raises(CarbonError) as fault:
        compared(worked("metro_travel,1000,pkm", METRO))
    assert fault.value.code == "missing-factor"


def test_a_year_without_such_trips_has_nothing_to_compare(worked):
    with pytest.raises(CarbonError) as fault:
        worked(TRIPS, METRO, TAXI).substitution("2022", "metro_travel", "taxi")
    assert fault.value.code == "no-figure"
