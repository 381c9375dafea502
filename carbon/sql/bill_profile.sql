-- One row per bill over several months that its own meter's readings split, and month.
-- They do where they cover every day of it. What is read is what was known at the earliest cut-off
-- of its months, so that its parts add up to it in closed years and open ones together.
with bill as (
    select
        b.entry_id,
        b.key_id,
        b.first_day,
        b.last_day,
        min(m.cut_off) as cut_off
    from metered_bill as b
    join entry_month as em
        on em.entry_id = b.entry_id
        and em.is_split
    join month as m on m.month = em.month
    group by b.entry_id, b.key_id, b.first_day, b.last_day
),
day_read as (
    select
        b.entry_id,
        b.last_day - b.first_day + 1 as days,
        d.month,
        d.day,
        cast(sum(d.quantity) as decimal(17, 6)) as quantity
    from bill as b
    join reading_day as d
        on d.key_id = b.key_id
        and d.day >= b.first_day
        and d.day <= b.last_day
        and d.batch_id <= b.cut_off
    left join superseded_entry as s
        on s.entry_id = d.entry_id
        and s.cut_off = b.cut_off
    where s.entry_id is null
    group by b.entry_id, b.first_day, b.last_day, d.month, d.day
    having sum(d.covered_s) >= max(d.day_s)
),
month_read as (
    select
        entry_id,
        days,
        month,
        count(*) as days_read,
        cast(sum(quantity) as decimal(17, 6)) as quantity
    from day_read
    group by entry_id, days, month
),
whole as (
    select
        entry_id,
        cast(sum(quantity) as decimal(17, 6)) as quantity
    from month_read
    group by entry_id, days
    having sum(days_read) = days
        and sum(quantity) > 0
        and min(quantity) >= 0
),
running as (
    select
        r.entry_id,
        r.month,
        r.quantity,
        cast(sum(r.quantity) over (
            partition by r.entry_id
            order by r.month
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_quantity,
        w.quantity as whole_quantity
    from month_read as r
    join whole as w on w.entry_id = r.entry_id
)
select
    entry_id,
    month,
    cast(
        cast(
            floor(
                cast(cast(cast(until_quantity - quantity as decimal(24, 6)) * 1000000 as decimal(18, 0)) as double)
                / cast(cast(cast(whole_quantity as decimal(24, 6)) * 1000000 as decimal(18, 0)) as double)
                * 1000000000000
            ) as decimal(13, 0)
        ) * cast('0.000000000001' as decimal(13, 12)) as decimal(13, 12)
    ) as share_before,
    cast(
        cast(
            floor(
                cast(cast(cast(until_quantity as decimal(24, 6)) * 1000000 as decimal(18, 0)) as double)
                / cast(cast(cast(whole_quantity as decimal(24, 6)) * 1000000 as decimal(18, 0)) as double)
                * 1000000000000
            ) as decimal(13, 0)
        ) * cast('0.000000000001' as decimal(13, 12)) as decimal(13, 12)
    ) as share_until
from running
