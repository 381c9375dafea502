"""How well data centres use their power: electricity of the facility over that of its IT.

`pue` gives one row a site and month, and one a site and year. What lacks a meter is told and not
computed, and a facility that reads below its IT is an error.

Source: ISO/IEC 30134-2, power usage effectiveness.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from carbon.errors import CarbonError, counted
from carbon.inputs import month_list
from carbon.run import Run
from carbon.tables import Column, Table

YEAR_OF_MONTHS = 12
PUE = (
    Column("year", "Year"),
    Column("site", "Site"),
    Column("month", "Month"),
    Column("facility_kwh", "Facility", "kWh", "number", 0),
    Column("it_kwh", "IT", "kWh", "number", 0),
    Column("pue", "PUE", kind="number", decimals=3),
    Column("remark", "Remark"),
)


class Month(NamedTuple):
    """The electricity of a data centre in a month, None where nothing is recorded. [kWh]"""

    site: str
    year: int
    month: int
    facility_kwh: Decimal | None
    it_kwh: Decimal | None
    missing: int  # expected bills and meters without a figure

    @property
    def is_whole(self) -> bool:
        """Whether every meter has its figure."""
        return self.facility_kwh is not None and self.it_kwh is not None and not self.missing

    @property
    def is_below(self) -> bool:
        """Whether the facility reads less than its IT, which cannot be."""
        return self.is_whole and self.it_kwh > self.facility_kwh


def pue(run: Run, year: int = 0) -> Table:
    """PUE by site: of each year, or of the months of one year and of it as a whole.

    Raises CarbonError where no IT meter has a figure, or none in that year.
    """
    found = [each for each in _months(run) if not year or each.year == year]
    if not found:
        years = sorted({each.year for each in _months(run)})
        raise CarbonError(
            "no-figure",
            f"no IT load is recorded{f' for {year}' if year else ''}, so there is no PUE",
            looked_for="entries of it_load beside the electricity of the whole site",
            nearest=", ".join(map(str, years)),
            remedy="carbon log --site SITE --activity it_load --month 2023-01 --quantity ..."
            " --unit kWh",
        )
    rows: list[dict[str, Any]] = []
    for (site, of_year), months in groupby(found, key=lambda each: (each.site, each.year)):
        parts = list(months)
        rows += [_month(each) for each in parts] if year else []
        rows.append(_year(site, of_year, parts))
    notes = [
        "The facility is what the site imports and the PV it uses; fuels and bought cold are not in"
        " it. A month that lacks a meter is not computed, nor is a year that lacks a month.",
        *(["The row without a month is the whole year."] if year else []),
    ]
    title = f"Power usage effectiveness, {year}" if year else "Power usage effectiveness"
    is_blocked = any(each.is_below for each in found)
    columns = PUE if year else [column for column in PUE if column.key != "month"]
    return Table("pue", title, columns, rows, notes, "-", is_blocked)


def _months(run: Run) -> list[Month]:
    rows = run.rows(
        "select site, reporting_year, month, facility_kwh, it_kwh, facility_meters, it_meters,"
        " missing from facility_month where scenario = 'actual' order by 1, 2, 3"
    )
    return [
        Month(site, year, month, facility if has_it else None, it if of_it else None, missing)
        for site, year, month, facility, it, has_it, of_it, missing in rows
    ]


def _month(each: Month) -> dict[str, Any]:
    """A month with its PUE, or why it has none."""
    lacking = [
        name
        for name, value in (("facility", each.facility_kwh), ("IT", each.it_kwh))
        if value is None
    ]
    remark = ""
    if lacking:
        remark = f"no {' and no '.join(lacking)} meter"
    elif each.missing:
        remark = f"{counted(each.missing, 'meter')} without a figure"
    elif each.is_below:
        remark = "error: the facility reads less than its IT"
    elif not each.it_kwh:
        remark = "no IT load"
    is_known = each.is_whole and not each.is_below and each.it_kwh
    return {
        "year": each.year,
        "site": each.site,
        "month": each.month,
        "facility_kwh": each.facility_kwh,
        "it_kwh": each.it_kwh,
        "pue": each.facility_kwh / each.it_kwh if is_known else None,
        "remark": remark,
    }


def _year(site: str, year: int, months: Sequence[Month]) -> dict[str, Any]:
    """A year: its energy in the months that are whole, and its PUE where all of them are."""
    whole = [each for each in months if each.is_whole]
    facility = sum((each.facility_kwh for each in whole), Decimal(0))
    it = sum((each.it_kwh for each in whole), Decimal(0))
    below = [each.month for each in whole if each.is_below]
    remark = ""
    if below:
        remark = f"error: the facility reads less than its IT in {month_list(below)}"
    elif len(whole) < YEAR_OF_MONTHS:
        remark = f"{len(whole)} of {counted(YEAR_OF_MONTHS, 'month')} whole"
    is_known = len(whole) == YEAR_OF_MONTHS and it and not below
    return {
        "year": year,
        "site": site,
        "month": None,
        "facility_kwh": facility if whole else None,
        "it_kwh": it if whole else None,
        "pue": facility / it if is_known else None,
        "remark": remark,
    }
