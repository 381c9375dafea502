-- One row per entry and month that counts other than it was recorded, with what it counts more.
-- A bill that its meter's readings split leaves its days for them. Readings of a day that a bill of
-- the same meter covers count nothing beside it: the bill is what was paid for, they are its shape.
with whole as (
    select
        em.entry_id,
        cast(sum(em.quantity) as decimal(17, 6)) as quantity
    from entry_month as em
    join metered_bill as b on b.entry_id = em.entry_id
    group by em.entry_id
),
billed_day as (
    select
        d.entry_id,
        d.day
    from reading_day as d
    join month as m on m.month = d.month
    join metered_bill as b
        on b.key_id = d.key_id
        and d.day >= b.first_day
        and d.day <= b.last_day
        and b.batch_id <= m.cut_off
    left join superseded_entry as s
        on s.entry_id = b.entry_id
        and s.cut_off = m.cut_off
    where s.entry_id is null
    group by d.entry_id, d.day
)
select
    em.entry_id,
    em.batch_id,
    em.key_id,
    em.month,
    em.unit,
    em.is_estimate,
    cast(
        cast(round(w.quantity * p.share_until, 6) as decimal(17, 6))
        - cast(round(w.quantity * p.share_before, 6) as decimal(17, 6))
        - em.quantity
        as decimal(17, 6)
    ) as quantity
from entry_month as em
join bill_profile as p
    on p.entry_id = em.entry_id
    and p.month = em.month
join whole as w on w.entry_id = em.entry_id
union all
select
    em.entry_id,
    em.batch_id,
    em.key_id,
    em.month,
    em.unit,
    em.is_estimate,
    cast(-sum(d.quantity) as decimal(17, 6)) as quantity
from entry_month as em
join reading_day as d
    on d.entry_id = em.entry_id
    and d.month = em.month
join billed_day as b
    on b.entry_id = d.entry_id
    and b.day = d.day
group by em.entry_id, em.batch_id, em.key_id, em.month, em.unit, em.is_estimate
