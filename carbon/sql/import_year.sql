-- One row per scenario, site and reporting year: electricity that certificates may cover.
select
    i.scenario,
    i.site,
    s.market,
    i.reporting_year,
    cast(sum(i.energy_kwh) as decimal(17, 6)) as energy_kwh
from import_month as i
join site_month as s
    on s.scenario = i.scenario
    and s.site = i.site
    and s.month = i.month
group by i.scenario, i.site, s.market, i.reporting_year
having sum(i.energy_kwh) > 0
