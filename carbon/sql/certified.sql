-- One row per scenario, reporting year and site: the electricity that instruments may cover, what
-- they cover of it, and what it emits location-based. All of it is the boundary's share of the site.
with used as (
    select
        scenario,
        reporting_year,
        site,
        cast(sum(used_kwh) as decimal(17, 6)) as used_kwh
    from instrument_use
    where used_kwh > 0
    group by scenario, reporting_year, site
),
bought as (
    select
        scenario,
        reporting_year,
        site,
        cast(sum(energy_kwh) as decimal(17, 6)) as energy_kwh
    from coverable_month
    group by scenario, reporting_year, site
),
emitted as (
    select
        scenario,
        reporting_year,
        site,
        cast(sum(co2e_g) as decimal(38, 18)) as co2e_g
    from emission
    where line = 'scope2'
        and accounting = 'location'
        and activity in ('electricity', 'electricity_including_pv', 'supplied_to_others')
    group by scenario, reporting_year, site
)
select
    u.scenario,
    u.reporting_year,
    u.site,
    b.energy_kwh,
    u.used_kwh,
    e.co2e_g
from used as u
join bought as b
    on b.scenario = u.scenario
    and b.reporting_year = u.reporting_year
    and b.site = u.site
join emitted as e
    on e.scenario = u.scenario
    and e.reporting_year = u.reporting_year
    and e.site = u.site
