-- One row per scenario, key, month and unit: recorded and planned quantities inside the boundary.
-- A planned month is a recorded month times its index, plus what the measures add.
with every as (
    select
        sc.scenario,
        e.key_id,
        e.month,
        e.unit,
        e.quantity
    from entry_current_month as e
    cross join scenario as sc
    where sc.is_recorded
    union all
    select
        sc.scenario,
        p.key_id,
        p.month,
        e.unit,
        cast(round(e.quantity * p.multiplier, 6) as decimal(17, 6)) as quantity
    from plan_index as p
    join scenario as sc on sc.plan = p.scenario
    join entry_current_month as e
        on e.key_id = p.key_id
        and e.month = p.base_month
    union all
    select
        sc.scenario,
        a.key_id,
        a.month,
        a.unit,
        a.quantity
    from plan_addition as a
    join scenario as sc on sc.plan = a.scenario
),
-- Summed by number, before the names of the key are joined on.
summed as (
    select
        scenario,
        key_id,
        month,
        unit,
        cast(sum(quantity) as decimal(17, 6)) as quantity
    from every
    group by scenario, key_id, month, unit
)
select
    ev.scenario,
    k.site,
    k.meter,
    case when mt.role is null then 'grid_import' else mt.role end as role,
    k.activity,
    k.detail,
    ev.month,
    ev.unit,
    ev.quantity,
    s.reporting_year
from summed as ev
join activity_key as k on k.key_id = ev.key_id
join site_month as s
    on s.scenario = ev.scenario
    and s.site = k.site
    and s.month = ev.month
left join meter as mt
    on mt.meter = k.meter
    and ev.month >= mt.first_month
    and ev.month < mt.left_month
