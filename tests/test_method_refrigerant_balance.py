"""Published examples of the mass balance and the simplified balance, from record to total."""

from __future__ import annotations

from decimal import Decimal

import pytest
from leaking import POUND_KG, kept
from published import prints, published, total

AR4 = 'gwp = "AR4"'


def pounds(book):
    """Scope 1 of 2023. [lb CO2e]"""
    return total(book, "scope1") / Decimal(POUND_KG)


@pytest.mark.parametrize(
    ("gas", "each", "printed"),
    [
        ("R-744", 100, "300"),
        ("R-23", 1, "44,400"),
        ("R-125", 1, "10,500"),
        ("SF6", 1, "68,400"),
        ("R-14", 1, "22,170"),
        ("R-507A", 1, "11,955"),
    ],
)
@published("US EPA, Simplified GHG Emissions Calculator, refrigeration and AC, material balance")
def test_stock_decrease_and_purchases_and_capacity_decrease(make, gas, each, printed):
    book = kept(
        make,
        f"unit old chiller {gas} {each}lb 2010-05-01 retired=2023-06-30",
        f"count {gas} 2022-12-31 {2 * each}lb",
        f"purchase {gas} 2023-03-01 {each}lb",
        f"count {gas} 2023-12-31 {each}lb",
        policy=AR4,
    )
    assert prints(pounds(book), printed)


@pytest.mark.parametrize(
    ("gas", "new", "capacity", "recharge", "disposed", "recovered", "printed"),
    [
        ("R-744", 100, 50, 100, 50, 25, "175"),
        ("R-143a", 1, 0.5, 1, 1, 0.5, "8,940"),
        ("R-152a", 1, 0.5, 1, 1, 0.5, "248"),
        ("R-407A", 1, 0.5, 1, 1, 0.5, "4,214"),
        ("R-116", 1, 0.5, 1, 1, 0.5, "24,400"),
    ],
)
@published("US EPA, Simplified GHG Emissions Calculator, refrigeration and AC, simplified balance")
def test_installation_loss_and_recharge_and_disposal_loss(
    make, gas, new, capacity, recharge, disposed, recovered, printed
):
    book = kept(
        make,
        f"unit new chiller {gas} {capacity}lb 2023-02-01 charged=site",
        f"install of new 2023-02-01 {new}lb",
        f"unit stays chiller {gas} 1lb 2015-01-01",
        f"top-up of stays 2023-05-01 {recharge}lb",
        f"unit old chiller {gas} {disposed}lb 2010-05-01 retired=2023-06-30",
        f"dispose of old 2023-06-30 {recovered}lb",
        policy=AR4,
    )
    assert prints(pounds(book), printed)


@published("US EPA, Simplified GHG Emissions Calculator, fire suppression, simplified balance")
def test_fire_suppression_loses_in_the_same_way(make):
    book = kept(
        make,
        "unit new fire_extinguisher R-23 1.5lb 2023-02-01 charged=site",
        "install of new 2023-02-01 1lb",
        "unit stays fire_extinguisher R-23 1lb 2015-01-01",
        "top-up of stays 2023-05-01 0.5lb",
        "unit old fire_extinguisher R-23 1.5lb 2010-05-01 retired=2023-06-30",
        "dispose of old 2023-06-30 1lb",
        policy=AR4,
    )
    assert prints(pounds(book), "7,400")


@pytest.mark.parametrize(
    ("gas", "printed"),
    [("R-744", "2.5"), ("R-23", "37,000"), ("R-227ea", "8,050")],
)
@published("US EPA, Simplified GHG Emissions Calculator, fire suppression, material balance")
def test_fire_suppression_has_the_same_balance(make, gas, printed):
    book = kept(
        make,
        f"unit old fire_extinguisher {gas} 1kg 2010-05-01 retired=2023-06-30",
        f"count {gas} 2022-12-31 2kg",
        f"purchase {gas} 2023-03-01 0.5kg",
        f"count {gas} 2023-12-31 1kg",
        policy=AR4,
    )
    assert prints(total(book, "scope1"), printed)
