-- One row per scenario, reporting year, site, accounting, line, category and gas.
-- A closed year comes to what it was closed with, by value: what has moved since is told by a check
-- and counts only once the year is restated.
with closed_year as (
    select distinct
        reporting_year,
        'actual' as scenario
    from closed_total
)
select
    e.scenario,
    e.reporting_year,
    e.site,
    e.accounting,
    e.line,
    e.category,
    e.gas,
    cast(sum(e.mass_g) as decimal(38, 18)) as mass_g,
    cast(sum(e.co2e_g) as decimal(38, 18)) as co2e_g
from emission as e
left join closed_year as c
    on c.reporting_year = e.reporting_year
    and c.scenario = e.scenario
where c.reporting_year is null
group by e.scenario, e.reporting_year, e.site, e.accounting, e.line, e.category, e.gas
union all
select
    'actual' as scenario,
    reporting_year,
    site,
    accounting,
    line,
    category,
    gas,
    mass_g,
    co2e_g
from closed_total
