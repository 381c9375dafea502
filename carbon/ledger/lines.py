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
            from entry_month as m
            join (select e.entry_id {CURRENT}) as c on c.entry_id = m.entry_id
            join entry_key as k on k.key_id = m.key_id
            where m.month between $since and $until
            group by {LINE}, m.month, m.unit
            """,
            {"since": since, "until": until},
        )
