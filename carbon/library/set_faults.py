"""Faults of factor sets: the values of a set together, and sets among sets.

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
from carbon.library.row_faults import lint_row, lint_years
from carbon.library.rows import NUMBER, Known, Row, fault, repeated
from carbon.library.words import (
    EDITION_COLUMNS,
    FACTORS,
    GASES_OF_SETS,
    METHANE_AND_N2O,
    PARTS,
    REFERENCE,
    TOTAL,
)

SET_COLUMNS = (*EDITION_COLUMNS.split()[:7], "source_id")  # the same in every row of a set
CARBON = ("CO2", "CO2_biogenic", "CO2e")  # one of which a fuel prints, or what it follows from
AS_TOTAL = f"call it {TOTAL}, which is compared and not counted; or keep one of them"
AGREEMENT = Fraction(2, 1000)  # of a value printed in two units, beyond what its rounding explains


def lint_sets(rows: Iterable[Row], known: Known) -> list[Problem]:
    """Faults of the rows of editions, of sets, and of sets that get in each other's way."""
    faults: list[Problem] = []
    sets: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        faults += lint_row(row, known)
        sets[row["set_id"]].append(row)
    for several in sets.values():
        faults += _set(several)
    firsts = [several[0] for several in sets.values()]
    return faults + _overlaps([row for row in firsts if not lint_years(row)], known)


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
    faults += _doubled(rows)
    sound = [each for each in rows if NUMBER.fullmatch(each["value"]) and not _unreadable(each)]
    return faults + list(_sums(sound)) + list(_contradictions(sound))


def _doubled(rows: list[Row]) -> list[Problem]:
    """Faults where a gas stands beside what holds it or makes it: both would be counted."""
    have = {row["quantity"]: row for row in rows}
    faults = []
    for whole, parts, fix in (
        ("CO2e", ("CO2", *METHANE_AND_N2O, "carbon_content"), AS_TOTAL),
        ("carbon_content", ("CO2",), "keep the CO2, or what it is worked out from"),
    ):
        apart = [name for name in parts if name in have]
        if whole in have and apart:
            message = (
                f"{rows[0]['set_id']} prints {whole} beside {', '.join(apart)}, which it holds"
            )
            faults.append(fault("counted-twice", message, have[whole], fix=fix))
    return faults


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
    if family != "fuel":
        return "" if have & {*GASES_OF_SETS} else "a gas: " + ", ".join(GASES_OF_SETS)
    burned = {"carbon_content", "oxidised"}
    if have & burned:
        return ", ".join(sorted(burned - have))
    if have & {*CARBON}:
        return ""
    return "its carbon: " + ", ".join(CARBON) + ", or carbon_content and oxidised"


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
    if row["quantity"] == "CO2":
        return False
    meant = measure(row["unit"])
    is_co2e = meant.species == "CO2e" or row["quantity"].startswith("CO2e")
    return not is_co2e or meant.gwp_set != gwp_set


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
