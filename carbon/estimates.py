"""How much of a total rests on estimates: entries that say so, bills split over a year's end, gaps
that are filled, and refrigerants by screening.

`shares` gives the share of Scope 1+2 location-based, for any breakdown of `emission`; `filled` the
gaps that stand filled. Neither changes a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import Any

from carbon.run import Run

# Whose emissions are reckoned for a site as a whole, and whose without a detail, as in `trace`.
WHOLE = ("electricity_including_pv", "pv_generation")
PLAIN = (*WHOLE, "electricity", "supplied_to_others", "heat_supplied_to_others")


def shares(run: Run, by: Sequence[str] = ()) -> dict[tuple[Any, ...], float]:
    """By reporting year, and columns of `emission`: the estimated share of Scope 1+2. [1]"""
    names = ("reporting_year", *by)
    keys = ", ".join(f"e.{name}" for name in names)
    rows = run.rows(
        "with month_part as (select k.site, k.activity, r.month, r.unit,"
        f" case when k.activity in {WHOLE} then '' else k.meter end as meter,"
        f" case when k.activity in {PLAIN} then '' else k.detail end as detail,"
        " sum(r.quantity) as quantity, sum(r.estimated) as estimated"
        " from (select key_id, month, unit, quantity, estimated from entry_current_month"
        " union all select key_id, month, unit, quantity, quantity from filled_month) as r"
        " join activity_key as k on k.key_id = r.key_id"
        " left join meter_part as p on p.site = k.site and p.meter = k.meter"
        " and p.activity = k.activity and p.distance = 1 and p.is_counted"
        " and r.month >= p.first_month and r.month < p.left_month"
        " where p.meter is null group by all)"
        f" select {keys}, cast(sum(e.co2e_g) as double),"
        " list(cast(e.co2e_g as double) * case when e.activity = 'screening' then 1"
        " when p.quantity <> 0 then cast(p.estimated as double) / cast(p.quantity as double)"
        " else 0 end)"
        " from emission as e left join month_part as p on p.site = e.site"
        " and p.activity = e.activity and p.month = e.month and p.unit = e.unit"
        f" and p.meter = case when e.activity in {WHOLE} then '' else e.meter end"
        f" and p.detail = case when e.activity in {PLAIN} then '' else e.detail end"
        " where e.scenario = 'actual' and (e.line = 'scope1' or (e.line = 'scope2'"
        f" and e.accounting = 'location')) group by {keys}"
    )
    return {
        tuple(row[: len(names)]): fsum(row[-1]) / row[-2]  # the same in whatever order they come
        for row in rows
        if row[-2]
    }


def filled(run: Run) -> list[tuple[int, str, str, str, int, str]]:
    """Gaps that are filled: reporting year, site, meter, activity, month and method."""
    return [
        (row[0], row[1], row[2], row[3], row[4], row[5])
        for row in run.rows(
            "select distinct m.reporting_year, k.site, k.meter, k.activity, f.month, h.method"
            " from filled_month as f join activity_key as k on k.key_id = f.key_id"
            " join month as m on m.month = f.month join fill as h on h.key_id = f.key_id"
            " and h.month = f.month and h.unit = f.unit order by all"
        )
    ]
