"""Faults of factor sets: each value by itself, the values of a set together, and sets among sets.

A set that would be completed in silence, or whose values contradict each other, is a fault here,
so that no rule about sets has to be trusted to whoever adds one. Where a publisher prints the same
thing twice (parts and their total, per tonne and per energy), the two must agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from carbon.errors import Problem, UnitError
from carbon.library.measure import measure
from carbon.library.rows import NUMBER, Known, Row, fault, number, repeated, word
from carbon.library.words import EDITION_COLUMNS

SET_COLUMNS = (*EDITION_COLUMNS.split()[:7], "source_id")  # the same in every row of a set
PARTS = ("CO2", "CH4_fossil", "CH4_biogenic", "N2O", "CO2e", "CO2e_outside")
GASES_OF_SETS = (*PARTS, "CO2_biogenic")
TOTAL = "CO2e_total"  # the printed sum of the parts beside it: held against them, never multiplied
PROPERTIES = ("heating_value", "carbon_content", "oxidised", "density", "standard_coal")
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
# Families that no inventory takes a factor from, because they measure something else.
APART = ("margin", "lifecycle")
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
SHARES = ("oxidised", "efficiency", "loss_share", "loss_rate")
ACCOUNTINGS = ("all", "location", "market")
CONFIDENCES = ("high", "medium", "low")  # low is never a default
GRID_LIMIT = 1500  # no grid emits more [g/kWh]
AGREEMENT = Fraction(2, 1000)  # of a value printed in two units, beyond what its rounding explains


def lint_sets(rows: Iterable[Row], known: Known) -> list[Problem]:
    """Faults of the rows of editions, of sets, and of sets that get in each other's way."""
    faults: list[Problem] = []
    sets: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        faults += _row(row, known)
        sets[row["set_id"]].append(row)
    for several in sets.values():
        faults += _set(several)
    firsts = [several[0] for several in sets.values()]
    return faults + _overlaps([row for row in firsts if not _years(row)], known)


def _row(row: Row, known: Known) -> list[Problem]:
    family = row["topic"].partition("/")[0]
    faults = word(row, "quantity", _quantities(row, family, known), "unknown-quantity")
    faults += word(row, "source_id", known.sources, "unknown-source")
    faults += word(row, "confidence", CONFIDENCES, "unknown-confidence")
    faults += word(row, "accounting", ACCOUNTINGS, "unknown-accounting")
    if known.regions is not None:
        faults += word(row, "region", known.regions, "unknown-region")
    if family not in FAMILIES:
        message = f"{row['topic']!r} belongs to no family of topics"
        faults.append(fault("unknown-topic", message, row, ", ".join(FAMILIES)))
    if not row["locator"].strip():
        message = f"{row['set_id']} does not say where in its source {row['quantity']} stands"
        faults.append(fault("no-locator", message, row))
    source = known.sources.get(row["source_id"])
    if source is not None and source["redistribution"] == "no":
        message = f"the licence of {row['source_id']} forbids to pass on its values"
        faults.append(
            fault(
                "not-redistributable",
                message,
                row,
                fix="take the value out, and say in withheld.csv where to get it",
            )
        )
    return faults + _years(row) + _value(row) + _unit(row, family)


def _quantities(row: Row, family: str, known: Known) -> Iterable[str]:
    """What a set of a family may print."""
    if row["series"] == "composition":
        return known.gases
    if family in REFERENCE and family not in FACTORS:
        return REFERENCE[family]
    heat = OF_HEAT if family in ("heat", "cooling") else ()
    return (*QUANTITIES, *heat, *REFERENCE.get(family, ()))


def _value(row: Row) -> list[Problem]:
    """A fault where a value is no number, or out of the range of its quantity."""
    faults = number(row, "value")
    if not NUMBER.fullmatch(row["value"]):
        return faults
    value, quantity = Decimal(row["value"]), row["quantity"]
    if quantity == "oxidised" and value > 1:
        message = f"the oxidised share lies between 0 and 1, unlike {row['value']}"
        faults.append(fault("bad-value", message, row, fix="write 98 % as 0.98"))
    if quantity == "loss_share" and value >= (100 if row["unit"] == "%" else 1):
        message = f"a network cannot lose all that is fed into it, unlike {row['value']}"
        faults.append(fault("bad-value", message, row, fix="write 4.2 % as 0.042"))
    if quantity in ("heating_value", "density", "efficiency") and not value:
        message = f"{quantity} cannot be 0"
        faults.append(fault("bad-value", message, row))
    return faults


def _years(row: Row) -> list[Problem]:
    first, last = row["first_year"], row["last_year"]
    if first.isdecimal() and last.isdecimal() and 1900 <= int(first) <= int(last) <= 2200:
        return []
    message = f"the years {first} to {last} are not two years in order"
    return [fault("bad-years", message, row, fix="write them like 2023 and 2025")]


def _unit(row: Row, family: str) -> list[Problem]:
    """A fault where a unit is unknown, or not one of its quantity; and a grid beyond belief."""
    try:
        meant = measure(row["unit"])
    except UnitError as found:
        return [fault("unknown-unit", found.message, row, found.looked_for)]
    quantity = row["quantity"]
    if row["series"] == "composition" or quantity in SHARES:
        wanted: tuple[str, ...] = ("1",)
    elif quantity == "heating_value":
        wanted = ("MJ", "MJ_gross")
    elif family in REFERENCE and family not in FACTORS:
        wanted = (meant.of,)
    else:
        wanted = ("g",)
    if meant.of not in wanted:
        message = f"{row['unit']!r} is no unit of {quantity}"
        return [fault("wrong-unit", message, row)]
    is_grid = family == "electricity" and meant.per == "kWh" and NUMBER.fullmatch(row["value"])
    if is_grid and Fraction(row["value"]) * meant.amount > GRID_LIMIT:
        message = f"{row['value']} {row['unit']} is more than any grid emits"
        return [
            fault(
                "implausible-grid",
                message,
                row,
                f"at most {GRID_LIMIT} g/kWh",
                fix="look at the unit: g or kg, kWh or MWh",
            )
        ]
    return []


def _set(rows: list[Row]) -> list[Problem]:
    """Faults of one set: rows that differ in what they share, values it lacks or contradicts."""
    row = rows[0]
    faults = repeated(rows, "set_id", "quantity", "unit")
    for other in rows[1:]:
        differing = [column for column in SET_COLUMNS if other[column] != row[column]]
        if differing:
            message = f"the rows of {row['set_id']} differ in {', '.join(differing)}"
            faults.append(fault("uneven-set", message, other))
    lacking = _lacking(row["topic"].partition("/")[0], row["series"], rows)
    if lacking:
        message = f"{row['set_id']} lacks {lacking}"
        faults.append(fault("incomplete-set", message, row))
    sound = [each for each in rows if NUMBER.fullmatch(each["value"]) and not _unreadable(each)]
    return faults + list(_sums(sound)) + list(_contradictions(sound))


def _unreadable(row: Row) -> bool:
    try:
        measure(row["unit"])
    except UnitError:
        return True
    return False


def _lacking(family: str, series: str, rows: list[Row]) -> str:
    """What a set needs and has not; '' where it has all."""
    have = {row["quantity"] for row in rows}
    if series == "composition":
        whole = sum(Decimal(row["value"]) for row in rows if NUMBER.fullmatch(row["value"]))
        return "" if whole == 100 else f"{100 - whole} % of its mass"
    if have & {*REFERENCE.get(family, ())}:
        return ""
    if family in REFERENCE and family not in FACTORS:
        return "a figure: " + ", ".join(REFERENCE[family])
    if family == "standard_coal":
        return "" if "standard_coal" in have else "standard_coal"
    if have & set(GASES_OF_SETS):
        return ""
    if family != "fuel":
        return "a gas: " + ", ".join(GASES_OF_SETS)
    return ", ".join(sorted({"carbon_content", "oxidised"} - have))


def _sums(rows: list[Row]) -> Iterator[Problem]:
    """Printed totals that the printed parts do not add up to, within their rounding."""
    for total in rows:
        if total["quantity"] != TOTAL:
            continue
        below, gwp_set = _below(total), measure(total["unit"]).gwp_set
        parts = [row for row in rows if row["quantity"] in PARTS and _below(row) == below]
        if any(_is_mass(row, gwp_set) for row in parts) or not parts:
            message = f"{total['set_id']} prints a total, and not what it is made of in its unit"
            yield fault("bad-sum", message, total, fix="print its gases as CO2e, or call it CO2e")
            continue
        apart = abs(_grams(total) - sum(map(_grams, parts)))
        if apart > sum(map(_half_step, [total, *parts])):
            said = " + ".join(row["value"] for row in parts)
            message = f"{total['set_id']}: {said} do not add up to {total['value']}"
            yield fault("bad-sum", message, total, fix="compare each with the publication")


def _below(row: Row) -> str:
    """What stands below the line of a unit as it is printed: km and miles are apart."""
    unit = row["unit"]
    return unit.partition(" per ")[2] or unit.partition("/")[2]


def _is_mass(row: Row, gwp_set: str) -> bool:
    """Whether a part is printed as the mass of its gas, not as CO2e of the total's GWP set."""
    return row["quantity"] != "CO2" and measure(row["unit"]).gwp_set != gwp_set


def _grams(row: Row) -> Fraction:
    return Fraction(row["value"]) * measure(row["unit"]).amount


def _half_step(row: Row) -> Fraction:
    """Half a unit of the last printed digit. [g]"""
    exponent = int(Decimal(row["value"]).as_tuple().exponent)
    return Fraction(10) ** exponent / 2 * measure(row["unit"]).amount


def _contradictions(rows: list[Row]) -> Iterator[Problem]:
    """A gas printed in two units that the printed heating value or density joins differently."""
    bridges = {}
    for row in rows:
        if row["quantity"] in ("heating_value", "density"):
            meant = measure(row["unit"])
            of = "kg" if row["quantity"] == "density" else meant.of
            size = Fraction(row["value"]) * meant.amount / (1000 if of == "kg" else 1)
            bridges[meant.per, of] = size
    for one, other in combinations(rows, 2):
        if one["quantity"] != other["quantity"] or one["quantity"] not in GASES_OF_SETS:
            continue
        for first, second in ((one, other), (other, one)):
            here, there = measure(first["unit"]), measure(second["unit"])
            bridge = bridges.get((here.per, there.per))
            if not bridge or here.gwp_set != there.gwp_set:
                continue
            expected, printed = _grams(second) * bridge, _grams(first)
            slack = _half_step(first) + _half_step(second) * bridge + AGREEMENT * printed
            if abs(expected - printed) > slack:
                message = (
                    f"{first['set_id']}: {second['value']} {second['unit']} makes"
                    f" {float(expected / here.amount):.6g} {first['unit']}, not {first['value']}"
                )
                yield fault("contradiction", message, first, fix="compare with the publication")


def _overlaps(firsts: list[Row], known: Known) -> list[Problem]:
    """Sets of the same series, place and year, of which none follows the other.

    A later edition may print the same year again: the newest one known at the run's date is taken.
    """
    faults: list[Problem] = []
    standing: dict[tuple[str, ...], Row] = {}
    for row in firsts:
        source = known.sources.get(row["source_id"])
        published = source["published_on"] if source is not None else ""
        for year in range(int(row["first_year"]), int(row["last_year"]) + 1):
            key = (
                row["topic"],
                row["region"],
                row["series"],
                row["accounting"],
                str(year),
                published,
            )
            other = standing.setdefault(key, row)
            if other is not row:
                message = (
                    f"{row['set_id']} and {other['set_id']} both hold for {row['topic']}, "
                    f"{row['region']}, {row['series']}, {year}"
                )
                faults.append(fault("overlap", message, row))
                break
    return faults
