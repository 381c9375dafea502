-- One row per scenario, reporting year, site and step of its electricity: what was imported, what
-- each instrument covers of it, and what the uncovered rest takes, by factor set. PV used on site
-- whose certificates were sold takes a factor as well, beside the import. Public charging is bought
-- elsewhere and no instrument covers it.
with step as (
    select
        c.scenario, c.reporting_year, c.site,
        1 as turn, 'imported' as step, '' as name, '' as place, '' as policy, 0 as factor_year,
        c.energy_kwh
    from coverable_month as c
    union all
    select
        u.scenario, u.reporting_year, u.site,
        2 as turn, 'covered' as step, u.instrument_id as name, '' as place, '' as policy, 0 as factor_year,
        u.used_kwh as energy_kwh
    from instrument_use as u
    where u.used_kwh > 0
    union all
    select
        f.scenario, f.reporting_year, f.site,
        case when f.activity = 'pv_generation' then 4 else 3 end as turn,
        case when f.activity = 'pv_generation' then 'own PV, certificates sold' else 'uncovered' end as step,
        '' as name, f.place, f.policy, f.factor_year,
        f.quantity as energy_kwh
    from flow as f
    where f.accounting = 'market'
        and f.line = 'scope2'
        and f.topic = 'electricity'
        and f.activity <> 'public_charging'
),
-- A closed year keeps a set once for each accounting it served.
named as (
    select distinct
        set_id,
        series
    from factor_set
)
select
    s.scenario,
    s.reporting_year,
    s.site,
    s.turn,
    s.step,
    s.name,
    case when c.set_id is null then '' else c.set_id end as set_id,
    case when c.fit is null then '' else c.fit end as fit,
    case when x.series is null then '' else x.series end as series,
    cast(sum(s.energy_kwh) as decimal(17, 6)) as energy_kwh
from step as s
left join factor_choice as c
    on c.scenario = s.scenario
    and c.place = s.place
    and c.policy = s.policy
    and c.factor_year = s.factor_year
    and c.topic = 'electricity'
    and c.accounting = 'market'
left join named as x on x.set_id = c.set_id
group by s.scenario, s.reporting_year, s.site, s.turn, s.step, s.name, c.set_id, c.fit, x.series
