"""Combined heat and power: how much of a plant's emissions its heat and its power carry.

`allocation` takes a run and a reporting year and gives a table: for each plant of the settings what
its fuel emitted, shared out to heat and power by the method named, with the factor a buyer takes.
The fuel stays in its scope in full; what was sold is shown beside it and never deducted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from carbon.coefficient import rounded
from carbon.errors import SettingsError, UsageError, nearest
from carbon.run import Run
from carbon.settings import Chp
from carbon.tables import Column, Table, tonnes
from carbon.units import MJ_PER_KWH

COLUMNS = (
    Column("plant", "Plant"),
    Column("product", "Product"),
    Column("energy_mwh", "Made", "MWh", "number"),
    Column("efficiency", "Effic.", kind="number", decimals=2),
    Column("share", "Share", kind="share"),
    Column("co2e_t", "Carries", "t CO2e", "mass"),
    Column("co2e_kg_per_kwh", "Factor", "kg/kWh", "number", 5),
    Column("sold_mwh", "Sold", "MWh", "number"),
    Column("sold_co2e_t", "Of it sold", "t CO2e", "mass"),
)
PRODUCTS = ("heat", "power")
MJ = {"heat": Fraction(1), "power": MJ_PER_KWH}  # in a canonical unit of what is recorded
KEPT = (
    "The fuel of a plant stays in its scope in full, {total:,.1f} t CO2e. What is sold is told"
    " beside it, not deducted. The factor, in CO2e, is for whoever buys."
)
EXAMPLE = '[[chp]] with plant = "METER", method = "efficiency", efficiencies = "US"'


@dataclass(frozen=True)
class Made:
    """What a plant made and sold in a year, as it counts by the consolidation approach. [MJ]"""

    heat: Fraction | None
    power: Fraction | None
    heat_sold: Fraction | None
    power_sold: Fraction | None


def allocation(run: Run, year: int) -> Table:
    """The emissions of each plant in a year, shared out to heat and power.

    Raises UsageError where the settings name no plant, SettingsError for unknown efficiencies.
    """
    plants = run.views.of(year).settings.chp or run.settings.chp
    if not plants:
        raise UsageError(
            "no-plant",
            "carbon.toml names no plant that makes heat and power",
            where="carbon.toml",
            looked_for=EXAMPLE,
            remedy="name it so, and record its fuel, chp_heat and chp_power on that meter",
        )
    rows, notes, total = [], [], Decimal(0)
    for plant in plants:
        grams, biogenic = emitted(run, plant.plant, year)
        found, said = _rows(run, plant, made(run, plant.plant, year), grams)
        rows += found
        notes += said
        total += grams or Decimal(0)
        if biogenic:
            notes.append(
                f"{plant.plant}: {tonnes(biogenic):,.1f} t of CO2 outside the scopes are in no"
                " factor above."
            )
    title = f"Heat and power {year}"
    said = [KEPT.format(total=tonnes(total)), *notes]
    return Table("chp", title, COLUMNS, rows, said, missing="")


def shares(
    heat: Fraction, power: Fraction, e_heat: Fraction, e_power: Fraction
) -> tuple[Fraction, Fraction]:
    """The shares of heat and power in what a plant emits; they add up to 1. [1]

    heat, power : what it made, in one unit. [MJ]
    e_heat, e_power : efficiencies, or weights, of making each for itself. [1]

    Source: GHG Protocol, tool for combined heat and power plants (2006), efficiency method.
    """
    of_heat, of_power = heat / e_heat, power / e_power
    whole = of_heat + of_power
    return of_heat / whole, of_power / whole


def _rows(run: Run, plant: Chp, amounts: Made, grams: Decimal | None) -> tuple[list, list[str]]:
    """The rows of heat and power of a plant, and what must be said of them."""
    e_heat, e_power, basis = _efficiencies(run, plant)
    notes = [f"{plant.plant}: {basis}."]
    lacking = [
        name
        for name, held in (
            ("fuel", grams),
            ("chp_heat", amounts.heat),
            ("chp_power", amounts.power),
        )
        if held is None
    ]
    energies = dict(zip(PRODUCTS, (amounts.heat, amounts.power), strict=True))
    solds = dict(zip(PRODUCTS, (amounts.heat_sold, amounts.power_sold), strict=True))
    carried: Sequence[Fraction | None] = (None, None)
    if lacking or not sum(filter(None, energies.values())):
        what = ", ".join(lacking) or "heat or power"
        notes.append(f"{plant.plant} is not shared out: no {what} is recorded on its meter.")
    else:
        carried = shares(amounts.heat, amounts.power, e_heat, e_power)
    efficiencies = dict(zip(PRODUCTS, (e_heat, e_power), strict=True))
    rows = []
    for product, share in zip(PRODUCTS, carried, strict=True):
        energy, sold = energies[product], solds[product]
        mass = None if share is None else Fraction(grams) * share
        per_mj = mass / energy if mass is not None and energy else None
        if sold and energy is not None and sold > energy:
            notes.append(f"{plant.plant} sold more {product} than it made: look at its entries.")
        rows.append(
            {
                "plant": plant.plant,
                "product": product,
                "energy_mwh": _mwh(energy),
                "efficiency": rounded(efficiencies[product]) if basis.startswith("eff") else None,
                "share": None if share is None else rounded(share),
                "co2e_t": None if mass is None else rounded(mass / 10**6),
                "co2e_kg_per_kwh": None if per_mj is None else rounded(per_mj * MJ_PER_KWH / 1000),
                "sold_mwh": _mwh(sold),
                "sold_co2e_t": _carried(sold, per_mj),
            }
        )
    return rows, notes


def _carried(energy: Fraction | None, per_mj: Fraction | None) -> Decimal | None:
    return None if energy is None or per_mj is None else rounded(energy * per_mj / 10**6)


def _mwh(energy: Fraction | None) -> Decimal | None:
    return None if energy is None else rounded(energy / MJ_PER_KWH / 1000)


def _efficiencies(run: Run, plant: Chp) -> tuple[Fraction, Fraction, str]:
    """What heat and power are divided by, and in words. Raises SettingsError for unknown ones."""
    if plant.method == "2:1":
        return Fraction(1), Fraction(1, 2), "a kilowatt-hour of power weighs two of heat"
    if plant.method == "energy":
        return Fraction(1), Fraction(1), "heat and power weigh by their energy"
    if not plant.efficiencies:
        heat, power = Fraction(plant.heat_efficiency), Fraction(plant.power_efficiency)
        return heat, power, f"efficiencies {float(heat):g} and {float(power):g} of the book's own"
    known = run.library.efficiencies
    if plant.efficiencies not in known:
        close = nearest(plant.efficiencies, known)
        raise SettingsError(
            "unknown-efficiencies",
            f"there are no reference efficiencies {plant.efficiencies!r}",
            where=f"carbon.toml, chp {plant.plant}",
            looked_for=", ".join(known),
            nearest=close,
            remedy="name one of these, or state heat_efficiency and power_efficiency",
        )
    each = known[plant.efficiencies]
    told = f"efficiencies of {each.source} ({each.confidence} confidence)"
    return each.heat, each.power, told


def emitted(run: Run, plant: str, year: int) -> tuple[Decimal | None, Decimal]:
    """What the fuel of a plant emitted: in the scopes, and outside of them. [g CO2e]

    At a leased site that stands in Scope 3 its fuel does too.
    """
    rows = run.engine.con.execute(
        "select line = 'outside', sum(co2e_g) from emission where scenario = 'actual'"
        " and reporting_year = ? and meter = ? and accounting = 'all'"
        " and line in ('scope1', 'scope3', 'outside') group by 1",
        [year, plant],
    ).fetchall()
    found = dict(rows)
    return found.get(False), found.get(True) or Decimal(0)


def made(run: Run, plant: str, year: int) -> Made:
    """What a plant made and sold in a year, by the share its site counts with."""
    rows = run.engine.con.execute(
        "select a.activity, sum(a.quantity * s.share) from activity_month as a"
        " join site_month as s on s.scenario = a.scenario and s.site = a.site"
        " and s.month = a.month where a.scenario = 'actual' and a.reporting_year = ?"
        " and a.meter = ? and starts_with(a.activity, 'chp_') group by 1",
        [year, plant],
    ).fetchall()
    found = dict(rows)

    def energy(product: str, ending: str = "") -> Fraction | None:
        held = found.get(f"chp_{product}{ending}")
        return None if held is None else Fraction(held) * MJ[product]

    return Made(energy("heat"), energy("power"), energy("heat", "_sold"), energy("power", "_sold"))
