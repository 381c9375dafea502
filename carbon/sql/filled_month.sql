-- One row per key, month and unit of a gap that is filled: the estimate that stands for the bill.
-- It is made anew in every run from what is recorded, so that the bill replaces it by coming. A closed
-- year keeps the estimates it was closed with.
with term as (
    select
        t.key_id,
        t.month,
        t.unit,
        cast(e.quantity * t.multiplier as decimal(38, 18)) as quantity
    from fill_term as t
    join entry_current_month as e
        on e.key_id = t.key_id
        and e.month = t.base_month
        and e.unit = t.unit
),
summed as (
    select
        key_id,
        month,
        unit,
        cast(sum(quantity) as decimal(38, 18)) as quantity
    from term
    group by key_id, month, unit
)
select
    key_id,
    month,
    unit,
    cast(round(quantity, 6) as decimal(17, 6)) as quantity
from summed
union all
select
    key_id,
    month,
    unit,
    quantity
from closed_fill
