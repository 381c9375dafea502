-- One row per emission and recorded entry that feeds it: the way from a tonne back to its bill.
-- A total with PV in it is reckoned per site, PV by the meters that its plants name and all others
-- together; electricity has no detail. What was supplied to others is taken off, so there its entries
-- count with a minus.
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
    n.entry_id,
    case
        when e.activity in ('supplied_to_others', 'heat_supplied_to_others')
            and e.category <> 'energy supplied to others' then -em.quantity
        else em.quantity
    end as entry_quantity,
    n.quantity as entered_quantity,
    n.unit as entered_unit,
    n.start_on,
    n.end_on,
    n.quality,
    n.uncertainty_pct,
    n.evidence,
    n.note,
    n.row as file_row,
    b.file,
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
join entry_month as em
    on em.key_id = k.key_id
    and em.month = e.month
    and em.unit = e.unit
join entry as n on n.entry_id = em.entry_id
join batch as b on b.batch_id = n.batch_id
join month as m on m.month = em.month
left join superseded_entry as s
    on s.entry_id = em.entry_id
    and s.cut_off = m.cut_off
where s.entry_id is null
    and (e.activity <> 'pv_generation' or e.meter = case when t.meter is null then '' else t.meter end)
    and em.batch_id <= m.cut_off
