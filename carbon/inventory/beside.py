"""What stands beside the totals: energy, Scope 3, intensities, and what the tonnes rest on."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from carbon import basis
from carbon.engine import sql_text
from carbon.inputs import ACTUAL
from carbon.inventory.years import year_states, year_totals
from carbon.run import Run
from carbon.settings import DEGREE_DAYS
from carbon.tables import Column, Table, tonnes
from carbon.units import convert

PER = {"revenue": "million RMB", "people": "person"}  # what an intensity is printed per


# Column -> title, unit and what it is summed from, by reporting year. [kWh], [g]
APART = {
    "import_mwh": (
        "Grid import",
        "MWh",
        "select reporting_year, sum(energy_kwh) from import_month"
        " where scenario = 'actual' and activity <> 'supplied_to_others'",
    ),
    "supplied_mwh": (
        "of it supplied on",
        "MWh",
        "select reporting_year, -sum(energy_kwh) from import_month"
        " where scenario = 'actual' and activity = 'supplied_to_others'",
    ),
    "charged_mwh": (
        "of it vehicles",
        "MWh",
        "select reporting_year, sum(quantity) from metered_month"
        " where scenario = 'actual' and activity = 'electricity' and role = 'charger'",
    ),
    "public_mwh": (
        "Public charging",
        "MWh",
        "select reporting_year, sum(quantity) from activity_month"
        " where scenario = 'actual' and activity = 'public_charging'",
    ),
    "pv_mwh": (
        "PV generated",
        "MWh",
        "select reporting_year, sum(generated_kwh) from pv_month where scenario = 'actual'",
    ),
    "loss_t": (
        "of it grid losses",
        "t CO2e",
        "select reporting_year, sum(co2e_g) from total where scenario = 'actual'"
        " and line = 'scope3' and category = 'fuel- and energy-related activities'",
    ),
}


def outside(run: Run) -> Table:
    """What is reported apart: Scope 3, gases outside the scopes, energy in standard coal.

    Losses, energy supplied on and vehicles charged on site have a column where there are any.
    """
    totals = {y: total for (scenario, y), total in year_totals(run).items() if scenario == ACTUAL}
    apart = {
        each: value
        for each, (_, _, sql) in APART.items()
        if (value := dict(run.rows(f"{sql} group by 1"))) or each in ("import_mwh", "pv_mwh")
    }
    rows = [
        {
            "year": year,
            **{
                each: found[year].scaleb(-6 if each.endswith("_t") else -3)
                if year in found
                else None
                for each, found in apart.items()
            },
            "standard_coal_t": total.tonnes("standard_coal_g"),
            "scope3_t": total.tonnes("scope3_g"),
            "outside_t": total.tonnes("outside_g"),
        }
        for year, total in sorted(totals.items())
    ]
    columns = (
        Column("year", "Year"),
        *(Column(each, *APART[each][:2], "number") for each in apart if each != "loss_t"),
        Column("standard_coal_t", "Energy", "tce", "number"),
        Column("scope3_t", "Scope 3", "t CO2e", "mass"),
        *(Column(each, *APART[each][:2], "mass") for each in apart if each == "loss_t"),
        Column("outside_t", "Outside scopes", "t CO2e", "mass"),
    )
    title = "Energy, and emissions reported apart"
    return Table("outside", title, columns, rows, basis.flights(run))


def intensity(run: Run) -> Table:
    """Scope 1+2 location-based per unit of each denominator of the organisation, by year."""
    totals = {y: total for (scenario, y), total in year_totals(run).items() if scenario == ACTUAL}
    rows = []
    for each in run.ledger.current("denominator", run.cut_off):
        year, metric = each["period"], each["metric"]
        if each["site"] or year not in totals or not each["quantity"] or metric in DEGREE_DAYS:
            continue
        per = PER.get(metric, each["unit"])
        divisor = Fraction(each["quantity"]) * convert(1, each["unit"], per)
        gross = Fraction(tonnes(totals[year].gross_location_g))
        value = gross / divisor
        rows.append(
            {
                "year": year,
                "metric": metric,
                "quantity": Decimal(divisor.numerator) / Decimal(divisor.denominator),
                "unit": per,
                "intensity_t": Decimal(value.numerator) / Decimal(value.denominator),
            }
        )
    columns = (
        Column("year", "Year"),
        Column("metric", "Metric"),
        Column("quantity", "Denominator", kind="number"),
        Column("unit", "Unit"),
        Column("intensity_t", "Intensity", "t CO2e per unit", "number", decimals=2),
    )
    rows.sort(key=lambda row: (row["metric"], row["year"]))
    return Table("intensity", "Intensity, Scope 1+2 location-based", columns, rows)


QUALITIES = ("metered", "billed", "calculated", "estimated", "unstated", "filled")


def coverage(run: Run) -> Table:
    """How complete each year is, and what its tonnes rest on. Shares are of Scope 1+2 location."""
    weights: dict[int, dict[str, float]] = {}
    for year, quality, grams in run.rows(
        "select reporting_year, quality, sum(cast(co2e_g as double)"
        " * cast(entry_quantity as double) / cast(flow_quantity as double))"
        f" from ({sql_text('trace')}) as t where scenario = 'actual' and flow_quantity <> 0"
        " and (line = 'scope1' or (line = 'scope2' and accounting = 'location'))"
        " group by 1, 2 order by 1, 2"
    ):
        weights.setdefault(year, {})[quality] = grams
    for year, quality, grams in run.rows(
        "select reporting_year, case activity when 'screening' then 'estimated'"
        " when 'service' then 'metered' else 'calculated' end, sum(cast(co2e_g as double))"
        " from emission where scenario = 'actual' and line = 'scope1'"
        " and activity in ('service', 'screening', 'mass_balance') group by 1, 2 order by 1, 2"
    ):
        found = weights.setdefault(year, {})
        found[quality] = found.get(quality, 0.0) + grams
    rows = []
    for year, state in sorted(year_states(run).items()):
        found = weights.get(year, {})
        gross = sum(found.values())
        rows.append(
            {
                "year": year,
                "months": f"{state.covered} of {state.expected}",
                "missing": len(state.missing),
            }
            | {
                f"{quality}_share": found.get(quality, 0.0) / gross if gross else None
                for quality in QUALITIES
            }
        )
    is_filled = any("filled" in found for found in weights.values())
    columns = (
        Column("year", "Year"),
        Column("months", "Months"),
        Column("missing", "Gaps", kind="count"),
        Column("metered_share", "Metered", "%", "share"),
        Column("billed_share", "Billed", "%", "share"),
        Column("calculated_share", "Calculated", "%", "share"),
        Column("estimated_share", "Estimated", "%", "share"),
        Column("unstated_share", "Unstated", "%", "share"),
        *([Column("filled_share", "Filled", "%", "share")] if is_filled else ()),
    )
    return Table("coverage", "Coverage and data quality", columns, rows)
