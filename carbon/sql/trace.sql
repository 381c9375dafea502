-- One row per emission and recorded entry that feeds it: the way from a tonne back to its bill. What
-- fills a gap has no entry; it says how it was filled.
-- A total with PV in it is reckoned per site, PV by the meters that its plants name and all others
-- together, without sub-meters, which are in their main's already; electricity has no detail. What was
-- supplied to others is taken off, so there its entries count with a minus. A bill says whether its
-- meter's readings split it, a sum how many it is of.
with recorded as (
    select
        em.key_id,
        em.month,
        em.unit,
        cast(em.quantity + case when v.quantity is null then cast(0 as decimal(17, 6)) else v.quantity end
            as decimal(17, 6)) as quantity,
        em.entry_id
    from entry_month as em
    join month as m on m.month = em.month
    left join entry_move as v
        on v.entry_id = em.entry_id
        and v.month = em.month
    left join superseded_entry as s
        on s.entry_id = em.entry_id
        and s.cut_off = m.cut_off
    where s.entry_id is null
        and em.batch_id <= m.cut_off
    union all
    select
        key_id,
        month,
        unit,
        quantity,
        0 as entry_id
    from filled_month
)
select
    e.scenario,
    e.reporting_year,
    e.month,
    e.site,
    e.meter,
    e.activity,
    e.detail,
    e.accounting,
    e.line,
    e.category,
    e.topic,
    e.place,
    e.policy,
    e.factor_year,
    e.set_id,
    e.gas,
    e.unit,
    e.share,
    e.part,
    e.quantity as flow_quantity,
    e.mass_g,
    e.co2e_g,
    em.entry_id,
    case
        when e.activity in ('supplied_to_others', 'heat_supplied_to_others')
            and e.category <> 'energy supplied to others' then -em.quantity
        else em.quantity
    end as entry_quantity,
    case when p.entry_id is null then cast(0 as decimal(13, 12)) else p.share_before end as share_before,
    case when p.entry_id is null then cast(0 as decimal(13, 12)) else p.share_until end as share_until,
    case when r.entry_id is null then 0 else r.readings end as readings,
    case when r.entry_id is null then 0 else r.last_row end as last_row,
    case when em.entry_id = 0 then em.quantity else n.quantity end as entered_quantity,
    case when em.entry_id = 0 then em.unit else n.unit end as entered_unit,
    case when em.entry_id = 0 then f.start_on else n.start_on end as start_on,
    case when em.entry_id = 0 then f.end_on else n.end_on end as end_on,
    case when em.entry_id = 0 then 'filled' else n.quality end as quality,
    n.uncertainty_pct,
    case when em.entry_id = 0 then '' else n.evidence end as evidence,
    case when em.entry_id = 0 then f.told else n.note end as note,
    case when em.entry_id = 0 then 0 else n.row end as file_row,
    case when em.entry_id = 0 then '' else b.file end as file,
    b.recorded_at,
    b.recorded_by
from emission as e
join scenario as c
    on c.scenario = e.scenario
    and c.is_recorded
join activity_key as k
    on k.site = e.site
    and k.activity = e.activity
    and (k.meter = e.meter or e.activity in ('electricity_including_pv', 'pv_generation'))
    and (
        k.detail = e.detail
        or e.activity in (
            'electricity', 'electricity_including_pv', 'pv_generation', 'supplied_to_others',
            'heat_supplied_to_others'
        )
    )
left join pv_term as t
    on t.site = k.site
    and t.meter = k.meter
    and t.meter <> ''
    and e.month >= t.first_month
    and e.month < t.left_month
left join meter_part as mp
    on mp.site = k.site
    and mp.meter = k.meter
    and mp.activity = k.activity
    and mp.distance = 1
    and mp.is_counted
    and e.month >= mp.first_month
    and e.month < mp.left_month
join recorded as em
    on em.key_id = k.key_id
    and em.month = e.month
    and em.unit = e.unit
left join fill as f
    on em.entry_id = 0
    and f.key_id = em.key_id
    and f.month = em.month
    and f.unit = em.unit
left join bill_profile as p
    on p.entry_id = em.entry_id
    and p.month = em.month
left join reading_set as r on r.entry_id = em.entry_id
left join entry as n on n.entry_id = em.entry_id
left join batch as b on b.batch_id = n.batch_id
where mp.meter is null
    and (e.activity <> 'pv_generation' or e.meter = case when t.meter is null then '' else t.meter end)
