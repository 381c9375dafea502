-- One row per scenario, site, meter, month and accounting of electricity: location-based on all
-- that was imported; market-based, of the boundary's share, on what no instrument covers, and on each
-- covered part apart.
-- Own PV used on site has no line; that of a third party behind the meter is bought at the plant's
-- own rate. Where the certificates were sold, either takes the residual mix, and by policy the grid
-- average as well.
with account as (
    select 'location' as accounting
    union all select 'market'
),
covered as (
    select
        scenario,
        site,
        meter,
        activity,
        month,
        cast(sum(covered_kwh) as decimal(17, 6)) as covered_kwh
    from covered_month
    group by scenario, site, meter, activity, month
),
pv as (
    select
        u.scenario, u.site, u.meter, u.month, a.accounting,
        case
            when u.is_sold and (a.accounting = 'market' or u.is_on_grid) then 'electricity'
            when u.owner <> '' then 'direct_line'
            else ''
        end as family,
        case
            when u.is_sold and (a.accounting = 'market' or u.is_on_grid) then 'electricity'
            when u.owner <> '' then 'direct_line/pv'
            else ''
        end as topic,
        u.used_kwh
    from pv_use_month as u
    cross join account as a
),
part as (
    select
        i.scenario, i.site, i.meter, i.activity, i.month,
        'location' as accounting, 'electricity' as family, 'electricity' as topic,
        false as is_own_share,
        i.energy_kwh
    from import_month as i
    union all
    select
        i.scenario, i.site, i.meter, i.activity, i.month,
        'market' as accounting, 'electricity' as family, 'electricity' as topic,
        true as is_own_share,
        cast(i.energy_kwh - case when c.covered_kwh is null then cast(0 as decimal(17, 6)) else c.covered_kwh end
            as decimal(17, 6)) as energy_kwh
    from coverable_month as i
    left join covered as c
        on c.scenario = i.scenario
        and c.site = i.site
        and c.meter = i.meter
        and c.activity = i.activity
        and c.month = i.month
    union all
    select
        c.scenario, c.site, c.meter, c.activity, c.month,
        'market' as accounting, 'instrument' as family, 'instrument/' || c.instrument_id as topic,
        true as is_own_share,
        c.covered_kwh as energy_kwh
    from covered_month as c
    union all
    select
        u.scenario, u.site, u.meter, 'pv_generation' as activity, u.month,
        u.accounting, u.family, u.topic,
        false as is_own_share,
        u.used_kwh as energy_kwh
    from pv as u
    where u.topic <> ''
        and u.used_kwh > 0
)
select
    scenario,
    site,
    meter,
    activity,
    '' as detail,
    month,
    accounting,
    'scope2' as line,
    'purchased electricity' as category,
    family,
    topic,
    case when meter = '' then site else meter end as place,
    'kWh' as unit,
    cast(1 as decimal(13, 12)) as part,
    is_own_share,
    energy_kwh as quantity
from part
where energy_kwh <> 0
