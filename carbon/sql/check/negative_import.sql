-- One row per scenario, site and reporting year with months of negative grid import.
select
    scenario,
    site,
    reporting_year,
    count(*) as months,
    cast(sum(energy_kwh) as decimal(38, 6)) as energy_kwh
from import_month
where energy_kwh < 0
group by scenario, site, reporting_year
