-- One row per scenario, site and reporting year: electricity that certificates may cover.
with market as (
    select distinct
        site,
        market
    from site
)
select
    i.scenario,
    i.site,
    k.market,
    i.reporting_year,
    cast(sum(i.energy_kwh) as decimal(17, 6)) as energy_kwh
from import_month as i
join market as k on k.site = i.site
group by i.scenario, i.site, k.market, i.reporting_year
having sum(i.energy_kwh) > 0
