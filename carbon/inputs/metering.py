"""Meters with readings: the bills beside them."""

from __future__ import annotations

from carbon.engine import Row
from carbon.ledger import Ledger

# An estimate gives way to nothing and nothing to it: both count, and `check` tells. A credit is
# taken off whatever counts, and no readings give way to it.
BILLS = """
select e.entry_id, e.batch_id, e.key_id, e.start_on, e.end_on
from entry as e
join entry_key as k on k.key_id = e.key_id
left join reading_set as s on s.entry_id = e.entry_id
where s.entry_id is null
    and e.kind <> 'withdrawal'
    and e.quality <> 'estimated'
    and (e.quantity >= 0 or k.activity = 'storage_change')
    and e.batch_id <= ?
    and e.key_id in (select key_id from reading_day)
order by e.entry_id
"""


def metered_bill(ledger: Ledger, cut_off: int) -> list[Row]:
    """Bills of meters whose readings are recorded too, their days as numbers."""
    rows = ledger.con.execute(BILLS, [cut_off]).fetchall()
    return [(*ids, start_on.toordinal(), end_on.toordinal()) for *ids, start_on, end_on in rows]
