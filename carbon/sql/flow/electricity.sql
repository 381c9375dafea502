-- One row per scenario, site, meter, month and accounting of electricity: location-based on all
-- that was imported; market-based on what no instrument covers, and on each covered part apart.
-- Self-used PV is free of emissions; where its certificates were sold it takes the residual mix.
with covered as (
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
part as (
    select
        i.scenario, i.site, i.meter, i.activity, i.month, i.reporting_year,
        'location' as accounting, 'electricity' as family, 'electricity' as topic,
        i.policy, i.factor_year, i.share, i.energy_kwh
    from import_month as i
    union all
    select
        i.scenario, i.site, i.meter, i.activity, i.month, i.reporting_year,
        'market' as accounting, 'electricity' as family, 'electricity' as topic,
        i.policy, i.factor_year, i.share,
        cast(i.energy_kwh - case when c.covered_kwh is null then cast(0 as decimal(17, 6)) else c.covered_kwh end
            as decimal(17, 6)) as energy_kwh
    from import_month as i
    left join covered as c
        on c.scenario = i.scenario
        and c.site = i.site
        and c.meter = i.meter
        and c.activity = i.activity
        and c.month = i.month
    union all
    select
        i.scenario, i.site, i.meter, i.activity, i.month, i.reporting_year,
        'market' as accounting, 'instrument' as family, 'instrument/' || c.instrument_id as topic,
        i.policy, i.factor_year, i.share, c.covered_kwh as energy_kwh
    from covered_month as c
    join import_month as i
        on i.scenario = c.scenario
        and i.site = c.site
        and i.meter = c.meter
        and i.activity = c.activity
        and i.month = c.month
    union all
    select
        p.scenario, p.site, '' as meter, 'pv_generation' as activity, p.month, p.reporting_year,
        'market' as accounting, 'electricity' as family, 'electricity' as topic,
        p.policy, p.factor_year, p.share, p.self_used_kwh as energy_kwh
    from pv_month as p
    join site as s
        on s.site = p.site
        and p.month >= s.first_month
        and p.month < s.left_month
    where s.is_pv_certificate_sold
)
select
    scenario,
    site,
    meter,
    activity,
    '' as detail,
    month,
    reporting_year,
    accounting,
    'scope2' as line,
    'purchased electricity' as category,
    family,
    topic,
    case when meter = '' then site else meter end as place,
    policy,
    factor_year,
    'kWh' as unit,
    share,
    energy_kwh as quantity
from part
where energy_kwh <> 0
