-- One row per scenario, reporting year, site, accounting, line, category and gas.
select
    scenario,
    reporting_year,
    site,
    accounting,
    line,
    category,
    gas,
    cast(sum(mass_g) as decimal(38, 18)) as mass_g,
    cast(sum(co2e_g) as decimal(38, 18)) as co2e_g
from emission
group by scenario, reporting_year, site, accounting, line, category, gas
