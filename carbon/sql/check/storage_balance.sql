-- One row per scenario, site, source and reporting year whose storage gives more than it took, or of
-- which only one side is metered.
with store as (
    select
        scenario,
        site,
        reporting_year,
        case when detail = 'grid' then 'grid' else 'PV' end as source,
        cast(sum(case when activity = 'storage_charge' then quantity else cast(0 as decimal(17, 6)) end)
            as decimal(17, 6)) as charged_kwh,
        cast(sum(case when activity = 'storage_discharge' then quantity else cast(0 as decimal(17, 6)) end)
            as decimal(17, 6)) as discharged_kwh,
        cast(sum(case when activity = 'storage_change' then quantity else cast(0 as decimal(17, 6)) end)
            as decimal(17, 6)) as store_change_kwh,
        max(case when activity = 'storage_charge' then 1 else 0 end) as has_charge,
        max(case when activity = 'storage_discharge' then 1 else 0 end) as has_discharge
    from activity_month
    where activity in ('storage_charge', 'storage_discharge', 'storage_change')
    group by scenario, site, reporting_year, case when detail = 'grid' then 'grid' else 'PV' end
)
select
    scenario,
    site,
    reporting_year,
    source,
    charged_kwh,
    discharged_kwh,
    store_change_kwh,
    has_charge,
    has_discharge
from store
where has_charge <> has_discharge
    or discharged_kwh + store_change_kwh > charged_kwh
