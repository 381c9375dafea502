-- One row per scenario, site and period of matching: electricity that instruments may cover.
select
    scenario,
    site,
    market,
    reporting_year,
    period,
    cast(sum(energy_kwh) as decimal(17, 6)) as energy_kwh
from coverable_month
group by scenario, site, market, reporting_year, period
having sum(energy_kwh) > 0
