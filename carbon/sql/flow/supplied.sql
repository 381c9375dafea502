-- One row per scenario, site, meter, activity, month, accounting and line of bought energy supplied
-- to others: shown in Scope 3, location-based. Heat is also taken off Scope 2, by both methods, and
-- off the energy sheet here; electricity is, where it is counted.
with supplied as (
    select
        scenario, site, meter, activity, month, 'kWh' as unit,
        'location' as accounting, 'scope3' as line, 'energy supplied to others' as category,
        'electricity' as family, 'electricity' as topic,
        cast(-energy_kwh as decimal(17, 6)) as quantity
    from import_month
    where activity = 'supplied_to_others'
    union all
    select
        scenario, site, meter, 'heat_supplied_to_others' as activity, month, unit,
        'location' as accounting, 'scope3' as line, 'energy supplied to others' as category,
        'heat' as family, 'heat' as topic, quantity
    from heat_supplied_month
    union all
    select
        scenario, site, meter, 'heat_supplied_to_others' as activity, month, unit,
        'location' as accounting, 'scope2' as line, 'purchased heat and steam' as category,
        'heat' as family, 'heat' as topic,
        cast(-quantity as decimal(17, 6)) as quantity
    from heat_supplied_month
    union all
    select
        scenario, site, meter, 'heat_supplied_to_others' as activity, month, unit,
        'market' as accounting, 'scope2' as line, 'purchased heat and steam' as category,
        'heat' as family, 'heat' as topic,
        cast(-quantity as decimal(17, 6)) as quantity
    from heat_supplied_month
    union all
    select
        scenario, site, meter, 'heat_supplied_to_others' as activity, month, unit,
        'all' as accounting, 'energy' as line, 'purchased heat and steam' as category,
        'standard_coal' as family, 'standard_coal/heat' as topic,
        cast(-quantity as decimal(17, 6)) as quantity
    from heat_supplied_month
)
select
    scenario,
    site,
    meter,
    activity,
    '' as detail,
    month,
    accounting,
    line,
    category,
    family,
    topic,
    case when meter = '' then site else meter end as place,
    unit,
    cast(1 as decimal(13, 12)) as part,
    false as is_own_share,
    quantity
from supplied
where quantity <> 0
