-- One row per entry and month, in the activity's canonical unit: the first of the two roundings.
-- An entry over several months is split by days. Each part is the rounded total until the end of
-- its month less the rounded total before it, so that the parts add up to the whole exactly.
with whole as (
    select
        e.entry_id,
        e.batch_id,
        e.key_id,
        e.period_id,
        e.quality,
        c.canonical_unit as unit,
        cast(round(e.quantity * c.factor, 6) as decimal(17, 6)) as quantity
    from entry_new as e
    join unit_conversion as c
        on c.activity = e.activity
        and c.unit = e.unit
)
select
    w.entry_id,
    w.batch_id,
    w.key_id,
    p.month,
    w.unit,
    cast(
        round(w.quantity * p.share_until, 6) - round(w.quantity * p.share_before, 6)
        as decimal(17, 6)
    ) as quantity,
    w.quality = 'estimated' as is_estimate,
    p.is_split
from whole as w
join period_month as p on p.period_id = w.period_id
