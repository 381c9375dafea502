"""Words that files and classes of the library share: columns, quantities, families of topics."""

WORLD = "WORLD"
EDITION_COLUMNS = (
    "set_id topic region series first_year last_year accounting quantity value unit source_id "
    "locator confidence note"
)
FIRST_YEAR, LAST_YEAR = 1990, 2060  # of sets that are properties and have no year
METHANE_AND_N2O = ("CH4_fossil", "CH4_biogenic", "N2O")
PARTS = ("CO2", *METHANE_AND_N2O, "CO2e", "CO2e_outside")
GASES_OF_SETS = (*PARTS, "CO2_biogenic")
TOTAL = "CO2e_total"  # the printed sum of the parts beside it: held against them, never multiplied
PROPERTIES = (
    "heating_value",
    "carbon_content",
    "oxidised",
    "density",
    "standard_coal",
    "uncertainty",
)
QUANTITIES = (*GASES_OF_SETS, TOTAL, *PROPERTIES)
OF_HEAT = ("efficiency",)  # of the boiler whose fuel the gases of a set of heat are printed for
# Families whose sets are multiplied with an activity.
FACTORS = (
    "electricity",
    "fuel",
    "refrigerant",
    "heat",
    "cooling",
    "vehicle",
    "travel",
    "grid_loss",
    "upstream",
    "freight",
    "homeworking",
    "water",
    "waste",
    "material",
    "standard_coal",
)
# Families that no inventory takes a factor from: what they measure is something else, or of
# non_co2, CH4 and N2O of a fuel, a part that would be taken for the whole.
APART = ("margin", "lifecycle", "non_co2")
# Families of figures that are no emission factor, and the quantities they print.
REFERENCE = {
    "leak": (
        "charge_low",
        "charge_high",
        "installation_leak",
        "annual_leak",
        "annual_leak_low",
        "annual_leak_high",
        "remaining_charge",
        "recovered_charge",
    ),
    "benchmark": ("mean", "lower_quartile", "median", "upper_quartile"),
    "chiller": ("full_load", "part_load", "cop"),
    "uncertainty": ("uncertainty",),
    "grid_loss": (
        "loss_share",  # of what is fed into the network
        "loss_rate",  # of what comes out of it
    ),
}
FAMILIES = (*FACTORS, *APART, *(name for name in REFERENCE if name not in FACTORS))
ACCOUNTINGS = ("all", "location", "market")
CONFIDENCES = ("high", "medium", "low")  # low is never a default


def span(first: int, last: int) -> str:
    """Years as a person writes them; 'any' for those of a property.

    >>> span(2023, 2023), span(2022, 2025), span(1990, 2060)
    ('2023', '2022-2025', 'any')
    """
    if first <= FIRST_YEAR and last >= LAST_YEAR:
        return "any"
    return str(first) if first == last else f"{first}-{last}"
