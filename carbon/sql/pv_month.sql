-- One row per scenario, site and month with PV: generation = self-use + export.
-- Without an export meter all of it is taken as self-used, which makes self-use an estimate.
select
    a.scenario,
    a.site,
    a.month,
    a.reporting_year,
    cast(sum(case when a.activity = 'pv_generation' then a.quantity else cast(0 as decimal(17, 6)) end)
        as decimal(17, 6)) as generated_kwh,
    cast(sum(case when a.activity = 'pv_export' then a.quantity else cast(0 as decimal(17, 6)) end)
        as decimal(17, 6)) as exported_kwh,
    cast(sum(case when a.activity = 'pv_generation' then a.quantity else -a.quantity end)
        as decimal(17, 6)) as self_used_kwh,
    max(case when a.activity = 'pv_export' then 1 else 0 end) as export_meters
from activity_month as a
where a.activity in ('pv_generation', 'pv_export')
group by a.scenario, a.site, a.month, a.reporting_year
