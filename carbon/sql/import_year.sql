-- One row per scenario, site and reporting year: electricity that certificates may cover.
-- What is another's by its lease has no market-based figure, so no certificate is spent on it.
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
where s.treatment = ''
group by i.scenario, i.site, s.market, i.reporting_year
having sum(i.energy_kwh) > 0
