"""The hours of a month, as its meters tell them: which part of the month each has.

Only the draft rules of Scope 2 ask, and only of months in which an instrument names the meter of
its generation. A meter tells the hours of a month that was read in whole, in intervals of an hour
or less, from files that say their time zone: a clock does not say which hour it was elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from carbon.engine import Row
from carbon.inputs.calendar import calendar
from carbon.inputs.views import Views
from carbon.inputs.words import ACTUAL, DRAFT, OFFSITE
from carbon.ledger import Ledger
from carbon.ledger.closings import Closing
from carbon.records import Instrument

PARTS = 10**12  # of a month, which its hours have whole numbers of

# In a chain of corrections the latest batch wins; a withdrawal ends the whole chain.
HOURS = """
with chain as (
    select chain_id, max(batch_id) as last_batch, bool_or(kind = 'withdrawal') as is_withdrawn
    from entry
    where supersedes <> 0 and batch_id <= $cut_off
    group by chain_id
),
counted as (
    select e.entry_id, e.key_id, e.unit, s.zone, year(e.start_on) * 100 + month(e.start_on) as month
    from entry as e
    join reading_set as s on s.entry_id = e.entry_id
    join entry_key as k on k.key_id = e.key_id
    left join chain as c on c.chain_id = e.chain_id
    where e.batch_id <= $cut_off
        and (c.chain_id is null or (e.batch_id >= c.last_batch and not c.is_withdrawn))
        and k.activity in ('electricity', $offsite)
        and year(e.start_on) * 100 + month(e.start_on) in (select unnest($months::integer[]))
),
day_read as (
    select c.key_id, c.month, d.day, sum(d.covered_s) >= max(d.day_s) as is_whole
    from counted as c
    join reading_day as d on d.entry_id = c.entry_id
    group by all
),
whole as (
    select key_id, month
    from day_read
    group by all
    having bool_and(is_whole)
        and count(*) = day(last_day(make_date(month // 100, month % 100, 1)))
),
told as (
    select key_id, month
    from counted
    group by all
    having min(zone) <> '' and count(distinct unit) = 1
),
hour_read as (
    select c.key_id, c.month, epoch_us(r.start_at) // 3600000000 as hour,
        max(r.length_s) as length_s, sum(r.quantity) as quantity
    from counted as c
    join whole as w on w.key_id = c.key_id and w.month = c.month
    join told as t on t.key_id = c.key_id and t.month = c.month
    join reading as r on r.entry_id = c.entry_id
    group by all
)
select case when k.activity = $offsite then '' else k.site end as site, k.meter, k.activity,
    h.month, h.hour, cast(sum(h.quantity) * 1000000 as hugeint) as millionths
from hour_read as h
join entry_key as k on k.key_id = h.key_id
where (h.key_id, h.month) in (
    select key_id, month from hour_read group by all
    having max(length_s) <= 3600 and min(quantity) >= 0 and sum(quantity) > 0
)
group by all
order by all
"""


def hour_share(
    ledger: Ledger,
    views: Views,
    cut_off: int,
    closings: Mapping[int, Closing],
    instruments: Mapping[str, Sequence[Instrument]],
) -> list[Row]:
    """The hours of the months that instruments with a generation meter are matched in, as known at
    the cut-off of each month."""
    wanted = {
        each.vintage_month
        for each in instruments[ACTUAL]
        if each.generation_meter and views.of(each.claim_year).settings.policy.scope2_rules == DRAFT
    }
    months: dict[int, list[int]] = {}  # by cut-off
    for month, year in calendar(views.now.settings) if wanted else ():
        if month in wanted:
            known = closings[year].cut_off if year in closings else cut_off
            months.setdefault(known, []).append(month)
    return [
        row
        for known, of in months.items()
        for row in _telescoped(
            ledger.con.execute(
                HOURS, {"cut_off": known, "months": of, "offsite": OFFSITE}
            ).fetchall()
        )
    ]


def _telescoped(rows: Iterable[Row]) -> Iterator[Row]:
    """Hours with the part of their month that is over before and after each, cut to 12 places, so
    that what is shared out by them adds up to the whole."""
    for (*key, month), several in groupby(rows, key=lambda row: row[:4]):
        hours = list(several)
        whole, until, before = sum(row[5] for row in hours), 0, Decimal(0)
        for *_, hour, millionths in hours:
            until += millionths
            share = Decimal(until * PARTS // whole).scaleb(-12)
            yield (*key, month, month * 1000 + hour % 1000, before, share)
            before = share
