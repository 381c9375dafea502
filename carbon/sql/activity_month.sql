-- One row per scenario, key, month and unit: recorded and planned quantities inside the boundary.
-- A planned month is a recorded month times its index, plus what the measures add.
-- A month of a closed year takes the factors the year was closed with.
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
    s.share,
    case when m.closed <> '' and sc.fixed_month = 0 then m.closed else s.policy end as policy,
    f.factor_year,
    m.reporting_year
from summed as ev
join scenario as sc on sc.scenario = ev.scenario
join activity_key as k on k.key_id = ev.key_id
join month as m on m.month = ev.month
join site as s
    on s.site = k.site
    and ev.month >= s.first_month
    and ev.month < s.left_month
join factor_month as f
    on f.calendar = s.calendar
    and f.month = case when sc.fixed_month > 0 then sc.fixed_month else ev.month end
left join meter as mt
    on mt.meter = k.meter
    and ev.month >= mt.first_month
    and ev.month < mt.left_month
