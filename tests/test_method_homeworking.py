"""Published factors of working from home, from hours to the total."""

from __future__ import annotations

from published import prints, published, total

PARTS = (
    "homeworking/office-equipment,CO2e,0.03144,kgCO2e(AR5)/FTE Working Hour",
    "homeworking/heating,CO2e,0.30234,kgCO2e(AR5)/FTE Working Hour",
    "homeworking/both,CO2e,0.33378,kgCO2e(AR5)/FTE Working Hour",
)


@published("UK Government GHG Conversion Factors for Company Reporting 2025 (DESNZ), Homeworking")
def test_equipment_and_heating_come_to_both(worked):
    parts = "homeworking,1000,person_hour,office-equipment\nhomeworking,1000,person_hour,heating"
    assert prints(total(worked(parts, *PARTS), "scope3"), "333.78")


def test_both_is_one_factor(worked):
    assert prints(total(worked("homeworking,1000,人时,both", *PARTS), "scope3"), "333.78")


def test_working_from_home_stands_with_commuting(worked):
    [row] = worked("homeworking,1,person_hour,both", *PARTS).inventory("2023", by=["category"]).rows
    assert row["category"] == "employee commuting"
