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
    m.reporting_year,
    'all' as accounting,
    'scope1' as line,
    'fugitive emissions' as category,
    'refrigerant' as family,
    'refrigerant/' || e.refrigerant as topic,
    e.site as place,
    case when m.closed <> '' and sc.fixed_month = 0 then m.closed else s.policy end as policy,
    f.factor_year,
    'kg' as unit,
    s.share,
    cast(sum(e.mass_kg) as decimal(17, 6)) as quantity
from refilled as e
join scenario as sc on sc.scenario = e.scenario
join month as m on m.month = e.month
join site as s
    on s.site = e.site
    and e.month >= s.first_month
    and e.month < s.left_month
join factor_month as f
    on f.calendar = s.calendar
    and f.month = case when sc.fixed_month > 0 then sc.fixed_month else e.month end
group by
    e.scenario, e.site, e.equipment_id, e.refrigerant, e.month, m.reporting_year,
    case when m.closed <> '' and sc.fixed_month = 0 then m.closed else s.policy end,
    f.factor_year, s.share
