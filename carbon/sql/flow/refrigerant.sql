-- One row per scenario, appliance (or site), refrigerant and month: what leaked of a refrigerant.
-- A planned month repeats the leaks of its base month, as far as no measure replaced the refrigerant.
with ahead as (
    select distinct
        scenario,
        month,
        base_month
    from plan_index
),
every as (
    select
        sc.scenario,
        r.site,
        r.equipment_id,
        r.refrigerant,
        r.method,
        r.month,
        r.mass_kg
    from refrigerant_month as r
    cross join scenario as sc
    where sc.is_recorded
    union all
    select
        sc.scenario,
        r.site,
        r.equipment_id,
        r.refrigerant,
        r.method,
        a.month,
        case
            when p.multiplier is null then r.mass_kg
            else cast(round(r.mass_kg * p.multiplier, 6) as decimal(17, 6))
        end as mass_kg
    from refrigerant_month as r
    join ahead as a on a.base_month = r.month
    join scenario as sc on sc.plan = a.scenario
    left join plan_leak as p
        on p.scenario = a.scenario
        and p.site = r.site
        and p.equipment_id = r.equipment_id
        and p.refrigerant = r.refrigerant
        and p.month = a.month
)
select
    scenario,
    site,
    equipment_id as meter,
    case
        when method = 'mass balance' then 'mass_balance'
        when method = 'simplified' then 'service'
        else 'screening'
    end as activity,
    refrigerant as detail,
    month,
    'all' as accounting,
    'scope1' as line,
    'fugitive emissions' as category,
    'refrigerant' as family,
    'refrigerant/' || refrigerant as topic,
    site as place,
    'kg' as unit,
    cast(1 as decimal(13, 12)) as part,
    false as is_own_share,
    mass_kg as quantity
from every
