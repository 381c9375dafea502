-- One row per key, month and unit: what the ledger says at its cut-off.
-- A bill split over the end of a reporting year counts as an estimate of both years.
with counted as (
    select
        entry_id,
        batch_id,
        key_id,
        month,
        unit,
        is_estimate,
        quantity
    from entry_month
    union all
    select
        entry_id,
        batch_id,
        key_id,
        month,
        unit,
        is_estimate,
        quantity
    from entry_move
),
over_year_end as (
    select em.entry_id
    from entry_month as em
    join month as m on m.month = em.month
    where em.is_split
    group by em.entry_id
    having min(m.reporting_year) <> max(m.reporting_year)
)
select
    em.key_id,
    em.month,
    em.unit,
    cast(sum(em.quantity) as decimal(17, 6)) as quantity,
    cast(sum(
        case
            when em.is_estimate or y.entry_id is not null then em.quantity
            else cast(0 as decimal(17, 6))
        end
    ) as decimal(17, 6)) as estimated
from counted as em
join month as m on m.month = em.month
left join superseded_entry as s
    on s.entry_id = em.entry_id
    and s.cut_off = m.cut_off
left join over_year_end as y on y.entry_id = em.entry_id
where em.batch_id <= m.cut_off
    and s.entry_id is null
group by em.key_id, em.month, em.unit
