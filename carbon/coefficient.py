"""Coefficients: what one unit of an activity emits, worked out once and exactly.

`coefficients` takes a factor set as printed, the canonical unit of an entry and a GWP set, and
gives grams of each gas and grams of CO2e as fractions, with the equation a person can redo by
hand. `rounded` is the one rounding they undergo. A value that would need something the set does
not print (a density, a heating value) is refused, never borrowed from another set.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

from carbon.errors import FactorError
from carbon.units import MJ_PER_KWH

if TYPE_CHECKING:
    from carbon.library import FactorSet, Library, Printed

SCALE = 12  # decimals of a coefficient
LIMIT = 10**8  # what a coefficient stays below, as its column has eight digits before the point [g]
CARBON_TO_CO2 = Fraction(44, 12)  # molar masses, as the guidelines print them
UNSPLIT = "CO2e (unsplit"  # begins the name of what was printed as CO2e alone
STANDARD_COAL = "standard coal"
COMPOSITION = "composition"  # the series of a refrigerant told by its components
GASES = {  # quantity of a set -> gas
    "CO2": "CO2",
    "CH4_fossil": "CH4_fossil",
    "CH4_biogenic": "CH4_biogenic",
    "N2O": "N2O",
    "CO2_biogenic": "CO2_biogenic",
    "CO2e": UNSPLIT,
    "CO2e_outside": UNSPLIT,  # of gases outside the Kyoto basket
}
PROPERTIES = (("heating_value", 1), ("density", 1000))  # and how much of a unit a printed one is
VOLUMES = ("L", "m3", "Nm3")
HEATING = {"MJ": "net", "MJ_gross": "gross"}  # units of energy of a fuel, and their heating value
WRITTEN = {"MJ_gross": "MJ (gross)", "room_night": "room night"}  # as a person writes them
AS_BILLED = "m3 as billed taken as the printed Nm3; the reference state of the set is not stated"
AS_MEASURED = "Nm3 taken as the printed m3; the reference state of the set is not stated"


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A gas and how much of it one canonical unit emits."""

    gas: str
    mass_g: Fraction
    co2e_g: Fraction
    equation: str
    is_in_scopes: bool = True
    parts: tuple[Printed, ...] = ()  # the printed values it rests on, in the order of the equation


@dataclass(frozen=True, slots=True)
class Term:
    """A step of an equation: its exact factor, how it is written, and the value it rests on."""

    factor: Fraction
    text: str
    part: Printed | None = None
    remark: str = ""


Ways = dict[str, list[Term]]  # a unit -> the steps that lead to it


def rounded(number: Fraction) -> Decimal:
    """A coefficient at its scale, half away from zero.

    >>> rounded(Fraction(1, 3)), rounded(Fraction(-5, 10**13))
    (Decimal('0.333333333333'), Decimal('-1E-12'))
    """
    with localcontext() as context:
        context.prec = 60
        doubled = 2 * abs(number) * 10**SCALE
        units = (doubled.numerator // doubled.denominator + 1) // 2
        signed = Decimal(units if number >= 0 else -units)
        return signed.scaleb(-SCALE, context)


def coefficients(
    factor_set: FactorSet, unit: str, gwp_set: str, library: Library
) -> list[Coefficient]:
    """What one canonical `unit` emits by a factor set, gas by gas.

    Raises FactorError ('no-density', 'no-heating-value', 'unit-not-served', 'no-gwp') where the
    set does not print what the unit needs, 'factor-too-large' where its values are beyond belief.
    """
    made = _made(factor_set, unit, gwp_set, library)
    for each in made:
        grams = max(each.mass_g, each.co2e_g)
        if rounded(grams) >= LIMIT:
            of = f"{each.gas} of one {WRITTEN.get(unit, unit)}"
            raise FactorError(
                "factor-too-large",
                f"{factor_set.set_id} makes {float(grams / 10**6):,.6g} t of {of}",
                looked_for=f"less than {LIMIT // 10**6} t",
                remedy="look at its units: g, kg or t, per kg or per t",
            )
    return made


def _made(factor_set: FactorSet, unit: str, gwp_set: str, library: Library) -> list[Coefficient]:
    if factor_set.series == COMPOSITION:
        return [_leaked(factor_set, part, unit, gwp_set, library) for part in _sorted(factor_set)]
    if factor_set.family == "standard_coal":
        return [_standard_coal(factor_set, unit)]
    ways = _ways(factor_set, unit)
    found = [
        _printed_gas(factor_set, quantity, unit, ways, gwp_set, library)
        for quantity in GASES
        if quantity in factor_set.values
    ]
    if "carbon_content" in factor_set.values:
        found.insert(0, _burned(factor_set, unit, ways, gwp_set, library))
    return found


def unsplit(made_with: str, is_outside: bool = False) -> str:
    """The gas of what is printed as CO2e alone, by the GWP set it was made with.

    is_outside : of gases outside the Kyoto basket.

    >>> unsplit("AR5"), unsplit(""), unsplit("AR5", is_outside=True)
    ('CO2e (unsplit, AR5)', 'CO2e (unsplit)', 'CO2e (unsplit, AR5, non-Kyoto)')
    """
    return ", ".join([UNSPLIT, *filter(None, [made_with]), *["non-Kyoto"] * is_outside]) + ")"


def in_scopes(made: Iterable[Coefficient]) -> Fraction:
    """What some coefficients of one unit come to in the scopes: without biogenic CO2 and gases
    outside the Kyoto basket. [g CO2e]"""
    return sum((each.co2e_g for each in made if each.is_in_scopes), Fraction(0))


def serves(factor_set: FactorSet, unit: str, gwp_set: str, library: Library) -> bool:
    """Whether a set prints what a unit needs: a density for litres, a heating value for energy."""
    try:
        return bool(coefficients(factor_set, unit, gwp_set, library))
    except FactorError:
        return False


def _sorted(factor_set: FactorSet) -> list[Printed]:
    return sorted(factor_set.printed, key=lambda part: part.quantity)


def _leaked(
    factor_set: FactorSet, part: Printed, unit: str, gwp_set: str, library: Library
) -> Coefficient:
    """A component of a refrigerant: its share of the mass that got out."""
    if unit != "kg":
        raise _not_served(factor_set, unit, "kg")
    name = factor_set.topic.partition("/")[2]
    share = Term(part.number / 100, f"{part.value} % of {name}", part)
    grams = Term(Fraction(1000), "1000 g/kg")
    return _coefficient(part.quantity, [share, grams], unit, gwp_set, library)


def _burned(
    factor_set: FactorSet, unit: str, ways: Ways, gwp_set: str, library: Library
) -> Coefficient:
    """CO2 of combustion: heating value x carbon content x oxidised share x 44/12.

    Source: IPCC and NDRC guidelines, combustion equation.
    """
    carbon = factor_set.values["carbon_content"]
    oxidised = factor_set.values["oxidised"]
    if not 0 <= oxidised.number <= 1:
        raise FactorError(
            "bad-share",
            f"the oxidised share of {factor_set.set_id} must lie between 0 and 1, "
            f"not {oxidised.value}",
        )
    terms = [
        *_path(factor_set, unit, carbon.measure.per, ways),
        Term(carbon.number * carbon.measure.amount, str(carbon), carbon),
        Term(oxidised.number, str(oxidised), oxidised),
        Term(CARBON_TO_CO2, "44/12"),
    ]
    return _coefficient("CO2", terms, unit, gwp_set, library)


def _printed_gas(
    factor_set: FactorSet,
    quantity: str,
    unit: str,
    ways: Ways,
    gwp_set: str,
    library: Library,
) -> Coefficient:
    """A gas whose factor is printed: for the unit itself, else for one that is reached from it.

    One printed as CO2e of a GWP set is turned back into mass; what is printed as CO2e alone keeps
    the GWP set it was made with.
    """
    printed = min(
        factor_set.of(quantity),
        key=lambda each: len(ways.get(each.measure.per, ())) if each.measure.per in ways else 99,
    )
    measure = printed.measure
    terms = [
        *_path(factor_set, unit, measure.per, ways),
        Term(printed.number * measure.amount, str(printed), printed),
    ]
    terms += _boiler(factor_set)
    gas = GASES[quantity]
    if gas == UNSPLIT:
        gas = unsplit(measure.gwp_set, is_outside=quantity == "CO2e_outside")
        return _coefficient(gas, terms, unit, gwp_set, library)
    if measure.gwp_set:
        made_with = _gwp(gas, measure.gwp_set, library)
        terms.append(Term(1 / made_with, f"1/{_plain(made_with)} ({measure.gwp_set})"))
    return _coefficient(gas, terms, unit, gwp_set, library)


def _boiler(factor_set: FactorSet) -> list[Term]:
    """The step from heat delivered to the fuel burned for it, where a set of heat states it.

    Source: US EPA, Simplified GHG Emissions Calculator, steam: quantity / efficiency x factor.
    """
    if "efficiency" not in factor_set.values:
        return []
    stated = factor_set.values["efficiency"]
    share = stated.number * stated.measure.amount
    return [Term(1 / share, f"1/{stated} (boiler efficiency)", stated)]


def _standard_coal(factor_set: FactorSet, unit: str) -> Coefficient:
    """Coal equivalent: by the printed coefficient, or for energy by the heat of standard coal."""
    printed = factor_set.values["standard_coal"]
    heat = factor_set.values.get("heating_value")
    energy = {"MJ": Fraction(1), "kWh": MJ_PER_KWH}
    if unit in energy and heat is not None and printed.measure.per not in energy:
        per_gram = heat.number * heat.measure.amount / 10**6  # [MJ/gce]: per tce to per gce
        terms = [Term(energy[unit] / per_gram, f"1 {unit} / {heat}", heat)]
    else:
        terms = [
            *_path(factor_set, unit, printed.measure.per, _ways(factor_set, unit)),
            Term(printed.number * printed.measure.amount, str(printed), printed),
        ]
    mass = _product(terms)
    return Coefficient(
        STANDARD_COAL, mass, Fraction(0), _equation(terms, mass, f"gce/{unit}"), True, _parts(terms)
    )


def _coefficient(
    gas: str, terms: list[Term], unit: str, gwp_set: str, library: Library
) -> Coefficient:
    """The product of the terms as mass, and times its GWP as CO2e."""
    mass, gwp = _product(terms), _gwp(gas, gwp_set, library)
    kind = "g CO2e" if gas.startswith(UNSPLIT) else "g"
    equation = _equation(terms, mass, f"{kind}/{unit}")
    if gwp != 1:
        equation += f"; x GWP {_plain(gwp)} ({gwp_set}) = {_plain(mass * gwp)} g CO2e/{unit}"
    return Coefficient(gas, mass, mass * gwp, equation, library.is_in_scopes(gas), _parts(terms))


def _gwp(gas: str, gwp_set: str, library: Library) -> Fraction:
    if gas.startswith(UNSPLIT):
        return Fraction(1)
    if (gwp_set, gas) not in library.gwp:
        raise FactorError(
            "no-gwp",
            f"{gwp_set} gives no global warming potential for {gas}",
            remedy="add it to emission_factors/gwp.csv, or choose another gwp in carbon.toml",
        )
    return library.gwp[gwp_set, gas]


def _ways(factor_set: FactorSet, unit: str) -> Ways:
    """The units that lead from a unit by what the set prints, each with its steps.

    Its heating values lead from an amount to energy, its density from a volume to a mass. The
    shortest way is kept, so that no step is taken in vain.
    """
    ways: Ways = {unit: []}
    for here in (queue := [unit]):
        for there, term in _steps(factor_set, here):
            if there not in ways:
                ways[there] = [*ways[here], term]
                queue.append(there)
    return ways


def _path(factor_set: FactorSet, unit: str, per: str, ways: Ways) -> list[Term]:
    """The steps from a unit of an entry to the unit a value is printed for."""
    if per not in ways:
        raise _not_served(factor_set, unit, per)
    return ways[per]


def _steps(factor_set: FactorSet, here: str) -> list[tuple[str, Term]]:
    """Where one step leads from a unit, by what the set prints."""
    steps: list[tuple[str, Term]] = []
    for quantity, size in PROPERTIES:
        if factor_set.family == "standard_coal":
            continue
        for printed in factor_set.of(quantity):
            per, there = printed.measure.per, "kg" if quantity == "density" else printed.measure.of
            ratio = printed.number * printed.measure.amount / size
            if here == per:
                steps.append((there, Term(ratio, str(printed), printed)))
            if here == there:
                steps.append((per, Term(1 / ratio, f"1/({printed})", printed)))
    if here == "kWh":
        steps.append(("MJ", Term(MJ_PER_KWH, "3.6 MJ/kWh")))
    if here == "MJ":
        steps.append(("kWh", Term(1 / MJ_PER_KWH, "1/3.6 kWh/MJ")))
    if "density" in factor_set.values:  # a liquid
        if here == "L":
            steps.append(("m3", Term(Fraction(1, 1000), "0.001 m3/L")))
        if here == "m3":
            steps.append(("L", Term(Fraction(1000), "1000 L/m3")))
    else:
        if here == "m3":
            steps.append(("Nm3", Term(Fraction(1), "", remark=AS_BILLED)))
        if here == "Nm3":
            steps.append(("m3", Term(Fraction(1), "", remark=AS_MEASURED)))
    return steps


def _not_served(factor_set: FactorSet, unit: str, per: str) -> FactorError:
    """Why a set cannot serve a unit, and what would help."""
    if factor_set.completes and per in (*HEATING, "kWh"):
        return FactorError(
            "no-heating-value",
            f"{factor_set.completed_by} prints its gases per {WRITTEN.get(per, per)}, and"
            f" {factor_set.completes} states no heating value that leads there from {unit}",
            remedy="name another set under [policy.non_co2], or state the heating value in a set"
            " of your own",
        )
    basis = _basis(factor_set, per)
    written = " or ".join(WRITTEN.get(each, each) for each in basis)
    own = "add a set of your own that states it to the book's factors/"
    fuel = factor_set.family in ("fuel", "standard_coal")
    said = f"{factor_set.set_id} is per {written} and states no"
    if fuel and unit in HEATING and {*HEATING} & {*basis}:
        return FactorError(
            "other-heating-value",
            f"{said} other heating value, so {HEATING[unit]} energy of {factor_set.topic} cannot be"
            " converted",
            remedy=f"enter it in {written}, or {own}",
        )
    if fuel and unit in VOLUMES and "kg" in basis and "density" not in factor_set.values:
        return FactorError(
            "no-density",
            f"{said} density, so {unit} of {factor_set.topic} cannot be converted",
            remedy=f"enter it in {written}, or {own}",
        )
    if fuel and unit in (*VOLUMES, "kg") and {*basis} <= {*HEATING}:
        return FactorError(
            "no-heating-value",
            f"{said} heating value, so {unit} of {factor_set.topic} cannot be converted",
            remedy=f"enter it in {written}, or {own}",
        )
    return FactorError(
        "unit-not-served",
        f"{factor_set.set_id} is per {written} and cannot serve {unit}",
        remedy=f"enter it in {written}",
    )


def _basis(factor_set: FactorSet, per: str) -> list[str]:
    """The units a set is for: those of its values, and those of its heating values."""
    rates = (*GASES, "carbon_content", "standard_coal")
    heats = () if factor_set.family == "standard_coal" else factor_set.of("heating_value")
    every = [*heats, *(each for each in factor_set.printed if each.quantity in rates)]
    return list(dict.fromkeys([*(each.measure.per for each in every), per]))


def _product(terms: list[Term]) -> Fraction:
    product = Fraction(1)
    for term in terms:
        product *= term.factor
    return product


def _parts(terms: list[Term]) -> tuple[Printed, ...]:
    return tuple(term.part for term in terms if term.part is not None)


def _equation(terms: list[Term], result: Fraction, unit: str) -> str:
    """The terms multiplied, as a person would write it down."""
    written = " x ".join(term.text for term in terms if term.text)
    remarks = "".join(f" ({term.remark})" for term in terms if term.remark)
    return f"{written} = {_plain(result)} {unit}{remarks}"


def _plain(number: Fraction) -> str:
    """A number in full where it ends within twelve decimals, else rounded there with dots.

    >>> _plain(Fraction("0.5703")), _plain(Fraction(1, 3))
    ('0.5703', '0.333333333333...')
    """
    near = rounded(number)
    text = f"{near:f}".rstrip("0").rstrip(".") if "." in f"{near:f}" else f"{near:f}"
    return text if Fraction(near) == number else text + "..."
