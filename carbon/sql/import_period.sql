-- One row per scenario, site and period of matching: electricity that instruments may cover. Of a month
-- it is what its hours left, since what is matched by the hour comes first.
with hourly as (
    select distinct
        scenario,
        site,
        market,
        reporting_year,
        month
    from import_hour
),
bought as (
    select
        scenario,
        site,
        market,
        reporting_year,
        period,
        energy_kwh
    from coverable_month
    union all
    select
        u.scenario,
        u.site,
        h.market,
        h.reporting_year,
        u.month as period,
        cast(-u.used_kwh as decimal(17, 6)) as energy_kwh
    from hour_taken as u
    join hourly as h
        on h.scenario = u.scenario
        and h.site = u.site
        and h.month = u.month
    union all
    select
        scenario,
        site,
        market,
        reporting_year,
        period,
        energy_kwh
    from import_hour
)
select
    scenario,
    site,
    market,
    reporting_year,
    period,
    cast(sum(energy_kwh) as decimal(17, 6)) as energy_kwh
from bought
group by scenario, site, market, reporting_year, period
having sum(energy_kwh) > 0
