"""What is recorded of each line (site, meter, activity, detail): its bills, its months, its unit.

A template of a year lays out its rows by them. Readings by the quarter of an hour are no bills that
anybody would type in, so a line of many entries gives its months alone.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from carbon.ledger.batches import Batches

CURRENT = """
from entry as e
join entry_key as k on k.key_id = e.key_id
left join entry as x on x.supersedes = e.entry_id
where x.entry_id is null and e.kind <> 'withdrawal'
"""
# Readings of a day that a bill of their meter covers count nothing beside it, as in `entry_move`;
# where none of an entry's days of a month is left, it has no row.
COUNTED = """
with billed_day as (
    select d.entry_id, d.month, d.day, d.quantity
    from reading_day as d
    semi join (
        select e.key_id, date_diff('day', date '0001-01-01', e.start_on) + 1 as first_day,
            date_diff('day', date '0001-01-01', e.end_on) + 1 as last_day
        from entry as e
        join entry_key as k on k.key_id = e.key_id
        left join reading_set as r on r.entry_id = e.entry_id
        left join entry as x on x.supersedes = e.entry_id
        where x.entry_id is null and r.entry_id is null and e.kind <> 'withdrawal'
            and e.quality <> 'estimated' and (e.quantity >= 0 or k.activity = 'storage_change')
    ) as b on b.key_id = d.key_id and d.day between b.first_day and b.last_day
),
billed as (
    select entry_id, month, count(*) as days, sum(quantity) as quantity from billed_day group by all
),
read as (select entry_id, month, count(*) as days from reading_day group by all)
select m.entry_id, m.key_id, m.month, m.unit, m.is_split,
    m.quantity - coalesce(b.quantity, 0) as quantity
from entry_month as m
left join billed as b on b.entry_id = m.entry_id and b.month = m.month
left join read as r on r.entry_id = m.entry_id and r.month = m.month
where b.days is null or b.days < r.days
"""
LINE = "k.site, k.meter, k.activity, k.detail"


class Lines(Batches):
    """The part of a ledger that is asked for whole lines."""

    def lines(self) -> list[dict[str, Any]]:
        """Every line with a current entry: the unit of its latest, and the last day there is."""
        return self._dicts(
            f"select {LINE}, arg_max(e.unit, concat(e.end_on, ' ', e.unit)) as unit,"
            f" max(e.end_on) as end_on {CURRENT} group by {LINE} order by {LINE}"
        )

    def bills(self, first: date, last: date, most: int) -> list[dict[str, Any]]:
        """Current entries that begin in a span of days, of lines that have at most `most`."""
        return self._dicts(
            f"""
            select * exclude (entries) from (
                select {LINE}, e.start_on, e.end_on, e.quantity, e.unit, e.quality, e.evidence,
                    e.note, e.uncertainty_pct, count(*) over (partition by e.key_id) as entries
                {CURRENT} and e.start_on between $first and $last
                    and e.entry_id in (select entry_id from ({COUNTED}))
            ) where entries <= $most
            order by site, meter, activity, detail, start_on, end_on, quantity, unit, note
            """,
            {"first": first, "last": last, "most": most},
        )

    def month_sums(self, since: int, until: int) -> list[dict[str, Any]]:
        """What the current entries of each line come to by month, in its canonical unit."""
        return self._dicts(
            f"""
            select {LINE}, m.month, m.unit, sum(m.quantity) as quantity
            from ({COUNTED}) as m
            join (select e.entry_id {CURRENT}) as c on c.entry_id = m.entry_id
            join entry_key as k on k.key_id = m.key_id
            where m.month between $since and $until
            group by {LINE}, m.month, m.unit
            """,
            {"since": since, "until": until},
        )
