-- One row per scenario, site and reporting year whose PV figures do not close or rest on a guess.
select
    scenario,
    site,
    reporting_year,
    cast(sum(case when export_meters = 0 then generated_kwh else cast(0 as decimal(17, 6)) end)
        as decimal(38, 6)) as unmetered_kwh,
    cast(sum(case when self_used_kwh < 0 then -self_used_kwh else cast(0 as decimal(17, 6)) end)
        as decimal(38, 6)) as exported_beyond_kwh,
    min(export_meters) as export_meters
from pv_month
group by scenario, site, reporting_year
having min(export_meters) = 0
    or min(self_used_kwh) < 0
