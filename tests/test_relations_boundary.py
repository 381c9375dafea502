"""What a leased site leaves out of certificates and of the months a year waits for."""

from __future__ import annotations

import pytest

TREATED = "downstream leased assets"


@pytest.mark.parametrize(("treatment", "sites"), [("", ["hall"]), (TREATED, [])])
def test_a_certificate_covers_only_what_stands_in_scope_2(relation, treatment, sites):
    place = {"site": "hall", "month": 202301}
    rows = relation(
        "coverable_month",
        import_month=[place | {"reporting_year": 2023, "energy_kwh": 5}],
        matching_month=[{"month": 202301, "period": 2023}],
        site_month=[place | {"treatment": treatment, "market": "CN"}],
    )
    assert [row["site"] for row in rows] == sites


@pytest.mark.parametrize(("treatment", "months"), [("", 12), (TREATED, 0)])
def test_a_year_waits_only_for_bills_of_scope_1_and_2(relation, treatment, months):
    bill = {"site": "hall", "activity": "electricity"}
    rows = relation(
        "coverage_month",
        activity_key=[bill | {"key_id": 1}],
        entry_current_month=[{"key_id": 1, "month": 202301, "quantity": 5}],
        expected_key=[bill | {"first_month": 190001, "left_month": 999912}],
        site=[{"site": "hall", "first_month": 190001, "treatment": treatment}],
    )
    assert len(rows) == months
