-- One row per scenario, appliance, refrigerant and month: what was topped up is taken as leaked.
-- A planned month repeats the leaks of its base month, as long as no measure says otherwise.
with ahead as (
    select distinct
        scenario,
        month,
        base_month
    from plan_index
),
refilled as (
    select
        sc.scenario,
        e.equipment_id,
        e.site,
        e.refrigerant,
        e.month,
        e.mass_kg
    from service_event as e
    cross join scenario as sc
    where e.event = 'top-up'
        and sc.is_recorded
    union all
    select
        sc.scenario,
        e.equipment_id,
        e.site,
        e.refrigerant,
        a.month,
        e.mass_kg
    from service_event as e
    join ahead as a on a.base_month = e.month
    join scenario as sc on sc.plan = a.scenario
    where e.event = 'top-up'
)
select
    e.scenario,
    e.site,
    e.equipment_id as meter,
    'service' as activity,
    e.refrigerant as detail,
    e.month,
    'all' as accounting,
    'scope1' as line,
    'fugitive emissions' as category,
    'refrigerant' as family,
    'refrigerant/' || e.refrigerant as topic,
    e.site as place,
    'kg' as unit,
    cast(1 as decimal(13, 12)) as part,
    cast(sum(e.mass_kg) as decimal(17, 6)) as quantity
from refilled as e
group by e.scenario, e.site, e.equipment_id, e.refrigerant, e.month
