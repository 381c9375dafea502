"""Published examples of screening by leak rates, from register to total."""

from __future__ import annotations

from decimal import Decimal

import pytest
from leaking import kept, log, results
from published import edition, prints, published, total

from carbon.inputs.leaks import leak_rate
from carbon.library import load
from carbon.settings import read

EPA = 'gwp = "AR4"\nrefrigerant = "screening"\n[policy.leak]\ndefault = "epa-screening"'
FIRE = EPA.replace("epa-screening", "epa-fire-suppression")


@pytest.mark.parametrize(
    ("kind", "gas", "printed"),
    [
        ("domestic_refrigeration", "R-32", "759.375"),
        ("stand-alone_commercial_applications", "R-134a", "4,676.1"),
        ("medium_and_large_commercial_refrigeration", "R-14", "25,865"),
        ("transport_refrigeration", "SF6", "35,910"),
        ("industrial_refrigeration", "R-23", "48,840"),
        ("chillers", "R-125", "4,112.5"),
    ],
)
@published("US EPA, Simplified GHG Emissions Calculator, refrigeration and AC, screening method")
def test_new_charge_and_operating_and_disposed_capacity_leak_by_their_rates(
    make, kind, gas, printed
):
    """100 kg are new on the last day of the year, 1 kg runs all year, 0.5 kg goes on its first.

    The example is printed in pounds; it is the same number in any unit of mass.
    """
    book = kept(
        make,
        f"unit new {kind} {gas} 100kg 2023-12-31 charged=site",
        f"unit stays {kind} {gas} 1kg 2015-01-01",
        f"unit old {kind} {gas} 0.5kg 2010-05-01 retired=2023-01-01",
        "top-up of stays 2023-12-01 0kg",
        policy=EPA,
    )
    assert prints(total(book, "scope1"), printed)


@pytest.mark.parametrize(
    ("kind", "gas", "capacity", "printed"),
    [
        ("fixed_fire_suppression", "R-125", 2, "245.0"),
        ("fire_extinguisher", "R-125", 2, "175"),
        ("fire_extinguisher", "R-23", 2, "740"),
        ("fixed_fire_suppression", "R-744", 1000, "35"),
        ("fire_extinguisher", "R-744", 1000, "25"),
    ],
)
@published("US EPA, Simplified GHG Emissions Calculator, fire suppression, screening method")
def test_fire_suppression_leaks_a_share_of_its_capacity(make, kind, gas, capacity, printed):
    book = kept(
        make,
        f"unit stays {kind} {gas} {capacity}kg 2015-01-01",
        "top-up of stays 2023-12-01 0kg",
        policy=FIRE,
    )
    assert prints(total(book, "scope1"), printed)


def truck(make, charge, rate):
    """A refrigerated truck's unit, with a leak rate of the book's own."""
    book = kept(make, policy='gwp = "AR4"\nrefrigerant = "screening"')
    own = edition(f"leak/truck-unit,annual_leak,{rate},% of charge per year", region="hq")
    (book.folder / "factors" / "trucks.csv").write_text(own, encoding="utf-8")
    return book, f"unit truck truck_unit R-134a {charge}kg 2015-01-01"


@pytest.mark.parametrize(
    ("charge", "rate", "mass", "printed"),
    [("1.5", "15", "0.225", "321.75"), ("15", "15", "2.25", "3,217.5")],
)
@published("Smart Freight Centre, GLEC Framework v3 (2024), module 4, section 1.2")
def test_a_truck_leaks_a_share_of_its_charge(make, charge, rate, mass, printed):
    book, unit = truck(make, charge, rate)
    log(book, unit)
    log(book, "top-up of truck 2023-12-01 0kg")
    assert prints(results(book)["screening"], mass)
    assert prints(total(book, "scope1"), printed)


@published("Smart Freight Centre, GLEC Framework v3 (2024), module 4, section 1.2")
def test_the_freight_units_of_ten_trucks_leak_a_share_of_their_charge(make):
    """5.5 kg x 32.5 % = 1.787 kg as printed, cut from 1.7875."""
    book, unit = truck(make, "5.5", "32.5")
    log(book, unit)
    log(book, "top-up of truck 2023-12-01 0kg")
    assert results(book)["screening"] == Decimal("1.7875")


AS_PRINTED = """
domestic-refrigeration                         0.6  0.3  80   65
small-hermetic-stand-alone-refrigeration-units 1    1.5  80   60
condensing-units                               2    10   80   85
centralised-supermarket-refrigeration-systems  2    17   100  92
industrial-systems                             1    8    100  85
small-stationary-air-conditioning              0.5  3    80   70
medium-stationary-air-conditioning             1    6    80   70
large-stationary-air-conditioning-chillers     0.5  3    80   80
heat-pumps                                     1    6    80   66
land-transport-refrigeration                   0.2  15   50   80
marine-transport-refrigeration                 1    39   50   71
light-duty-mobile-air-conditioning             0.5  10   50   70
other-mobile-air-conditioning                  0.5  10   50   70
"""


@pytest.mark.parametrize("line", AS_PRINTED.split("\n")[1:-1], ids=lambda line: line.split()[0])
@published("HM Government, Environmental Reporting Guidelines (2019), annex C")
def test_equipment_in_great_britain_leaks_by_the_printed_rates(line):
    kind, *printed = line.split()
    k, x, y, z = (Decimal(each) / 100 for each in printed)
    book = read('[organisation]\nname = "A"\n[[site]]\nname = "hq"\nregion = "GB"\n')
    found = leak_rate(book, load(), book.site[0], kind)
    assert (found.installation, found.annual, found.disposal) == (k, x, y * (1 - z))
