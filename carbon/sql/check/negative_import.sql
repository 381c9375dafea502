-- One row per scenario, site and reporting year with months in which less than nothing was bought,
-- all bills and meters of the site together.
with at_site as (
    select
        scenario,
        site,
        reporting_year,
        month,
        cast(sum(energy_kwh) as decimal(38, 6)) as energy_kwh
    from import_month
    group by scenario, site, reporting_year, month
)
select
    scenario,
    site,
    reporting_year,
    count(*) as months,
    cast(sum(energy_kwh) as decimal(38, 6)) as energy_kwh
from at_site
where energy_kwh < 0
group by scenario, site, reporting_year
