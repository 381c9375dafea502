"""The months of a batch's entries: what `entry_month.sql` reads, and how a period is cut.

`BATCH_INPUT` names the temporary tables of one batch, `ENTRY_NEW` fills the first of them and
`month_shares` cuts a period into the rows of the last. Days are counted here once, when an entry is
written, so that no engine has to do arithmetic with dates.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from carbon.schema.kinds import (
    BOOL,
    COEFFICIENT,
    DATE,
    INT,
    LONG,
    QUANTITY,
    SHARE,
    TEXT,
    Relation,
)

# The inputs of entry_month.sql, made for one batch and gone with the connection.
BATCH_INPUT = {
    relation.name: relation
    for relation in (
        Relation(
            "entry_new",
            "one per entry of the batch that says a quantity",
            {
                "entry_id": LONG,
                "batch_id": INT,
                "key_id": INT,
                "activity": TEXT,
                "unit": TEXT,
                "quantity": QUANTITY,
                "quality": TEXT,
                "period_id": INT,
            },
        ),
        Relation(
            "unit_conversion",
            "one per activity and unit as entered",
            {"activity": TEXT, "unit": TEXT, "canonical_unit": TEXT, "factor": COEFFICIENT},
        ),
        Relation(
            "period",
            "one per distinct first and last day",
            {"period_id": INT, "start_on": DATE, "end_on": DATE},
        ),
        Relation(
            "period_month",
            "one per period and month it touches",
            {
                "period_id": INT,
                "month": INT,
                "share_before": SHARE,  # of the period's days, before the month
                "share_until": SHARE,  # of the period's days, until the end of the month
                "is_split": BOOL,
            },
        ),
    )
}

ENTRY_NEW = """
select e.entry_id, e.batch_id, e.key_id, k.activity, e.unit, e.quantity, e.quality, p.period_id
from entry as e
join entry_key as k on k.key_id = e.key_id
join period as p on p.start_on = e.start_on and p.end_on = e.end_on
where e.batch_id = ? and e.kind <> 'withdrawal'
"""


def month_shares(start_on: date, end_on: date) -> list[tuple[int, Decimal, Decimal, bool]]:
    """The months of a period: month, share of its days before and until its end, is it split.

    Shares are rounded down to twelve places and the last is exactly 1, so that parts taken as
    differences of rounded products add up to the whole.

    >>> month_shares(date(2023, 1, 30), date(2023, 2, 2))[0]
    (202301, Decimal('0E-12'), Decimal('0.500000000000'), True)
    """
    days = (end_on - start_on).days + 1
    is_split = (start_on.year, start_on.month) != (end_on.year, end_on.month)
    parts, before, first = [], Decimal("0E-12"), start_on
    while first <= end_on:
        following = (first.replace(day=1) + timedelta(days=31)).replace(day=1)
        gone = min((following - start_on).days, days)
        until = Decimal(gone * 10**12 // days).scaleb(-12)
        parts.append((first.year * 100 + first.month, before, until, is_split))
        before, first = until, following
    return parts
