-- One row per scenario, reporting year, site and step of its electricity: what was imported, what
-- each instrument covers of it, and what the uncovered rest takes, by factor set and its fit, with
-- what was emitted. PV used on site whose certificates were sold takes a factor as well, beside the
-- import. Public charging is bought elsewhere and no instrument covers it. All of it is the
-- boundary's share of the site.
with market as (
    select
        scenario, reporting_year, site, activity, topic, place, policy, factor_year,
        cast(round(quantity * share, 6) as decimal(17, 6)) as energy_kwh,
        cast(null as decimal(38, 18)) as co2e_g
    from flow
    where accounting = 'market'
        and line = 'scope2'
        and topic = 'electricity'
        and activity <> 'public_charging'
    union all
    select
        scenario, reporting_year, site, activity, topic, place, policy, factor_year,
        cast(0 as decimal(17, 6)) as energy_kwh,
        co2e_g
    from emission
    where accounting = 'market'
        and line = 'scope2'
        and activity <> 'public_charging'
),
step as (
    select
        c.scenario, c.reporting_year, c.site,
        1 as turn, 'imported' as step, '' as name, '' as place, '' as policy, 0 as factor_year,
        c.energy_kwh, cast(null as decimal(38, 18)) as co2e_g
    from coverable_month as c
    union all
    select
        u.scenario, u.reporting_year, u.site,
        2 as turn, 'covered' as step, u.instrument_id as name, '' as place, '' as policy, 0 as factor_year,
        u.used_kwh as energy_kwh, cast(null as decimal(38, 18)) as co2e_g
    from instrument_use as u
    where u.used_kwh > 0
    union all
    select
        u.scenario, u.reporting_year, u.site,
        2 as turn, 'covered' as step, u.instrument_id as name, '' as place, '' as policy, 0 as factor_year,
        cast(0 as decimal(17, 6)) as energy_kwh, m.co2e_g
    from instrument_use as u
    join market as m
        on m.scenario = u.scenario
        and m.site = u.site
        and m.reporting_year = u.reporting_year
        and m.topic = 'instrument/' || u.instrument_id
    where u.used_kwh > 0
    union all
    select
        m.scenario, m.reporting_year, m.site,
        case when m.activity = 'pv_generation' then 4 else 3 end as turn,
        case when m.activity = 'pv_generation' then 'PV, certificates sold' else 'uncovered' end as step,
        '' as name, m.place, m.policy, m.factor_year,
        m.energy_kwh, m.co2e_g
    from market as m
    where m.topic = 'electricity'
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
    cast(sum(s.energy_kwh) as decimal(17, 6)) as energy_kwh,
    cast(sum(s.co2e_g) as decimal(38, 18)) as co2e_g
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
