-- One row per scenario, site and month with PV: generation = self-use + export + change in store,
-- and self-use holds what storage lost. Without an export meter, metered self-use tells the export;
-- without either all of it is taken as self-used, which makes self-use an estimate.
-- What storage took from the grid (detail 'grid') is part of the import, and stays out.
with reading as (
    select
        scenario,
        site,
        month,
        reporting_year,
        cast(sum(case when activity = 'pv_generation' then quantity else cast(0 as decimal(17, 6)) end)
            as decimal(17, 6)) as generated_kwh,
        cast(sum(case when activity = 'pv_export' then quantity else cast(0 as decimal(17, 6)) end)
            as decimal(17, 6)) as exported_kwh,
        cast(sum(case
            when detail = 'grid' then cast(0 as decimal(17, 6))
            when activity = 'storage_charge' then quantity
            when activity in ('storage_discharge', 'storage_change') then -quantity
            else cast(0 as decimal(17, 6))
        end) as decimal(17, 6)) as storage_loss_kwh,
        cast(sum(case
            when activity = 'storage_change' and detail <> 'grid' then quantity
            else cast(0 as decimal(17, 6))
        end) as decimal(17, 6)) as store_change_kwh,
        cast(sum(case when activity = 'pv_self_used' then quantity else cast(0 as decimal(17, 6)) end)
            as decimal(17, 6)) as metered_kwh,
        cast(sum(case when activity = 'pv_potential' then quantity else cast(0 as decimal(17, 6)) end)
            as decimal(17, 6)) as potential_kwh,
        cast(sum(case when activity = 'pv_curtailed' then quantity else cast(0 as decimal(17, 6)) end)
            as decimal(17, 6)) as curtailed_kwh,
        max(case when activity in ('pv_generation', 'pv_export') then 1 else 0 end) as pv_meters,
        max(case when activity = 'pv_export' then 1 else 0 end) as export_meters,
        max(case when activity = 'pv_self_used' then 1 else 0 end) as use_meters,
        max(case when activity = 'pv_potential' then 1 else 0 end) as has_potential,
        max(case when activity = 'pv_curtailed' then 1 else 0 end) as has_curtailed
    from activity_month
    where activity in (
        'pv_generation', 'pv_export', 'pv_self_used', 'pv_potential', 'pv_curtailed',
        'storage_charge', 'storage_discharge', 'storage_change'
    )
    group by scenario, site, month, reporting_year
),
known as (
    select
        r.*,
        cast(case
            when export_meters = 0 and use_meters = 1
                then generated_kwh - metered_kwh - storage_loss_kwh - store_change_kwh
            else exported_kwh
        end as decimal(17, 6)) as known_export_kwh
    from reading as r
    where pv_meters = 1
)
select
    scenario,
    site,
    month,
    reporting_year,
    generated_kwh,
    known_export_kwh as exported_kwh,
    storage_loss_kwh,
    store_change_kwh,
    cast(generated_kwh - known_export_kwh - store_change_kwh as decimal(17, 6)) as self_used_kwh,
    cast(case
        when use_meters = 1
            then generated_kwh - metered_kwh - known_export_kwh - storage_loss_kwh - store_change_kwh
        else cast(0 as decimal(17, 6))
    end as decimal(17, 6)) as unexplained_kwh,
    case
        when has_potential = 0 and has_curtailed = 1 then cast(generated_kwh + curtailed_kwh as decimal(17, 6))
        else potential_kwh
    end as potential_kwh,
    case
        when has_curtailed = 0 and has_potential = 1 then cast(potential_kwh - generated_kwh as decimal(17, 6))
        else curtailed_kwh
    end as curtailed_kwh,
    case
        when has_potential = 1 and has_curtailed = 1
            then cast(potential_kwh - generated_kwh - curtailed_kwh as decimal(17, 6))
        else cast(0 as decimal(17, 6))
    end as uncurtailed_kwh,
    case when has_potential = 1 or has_curtailed = 1 then 1 else 0 end as curtailment_meters,
    case when export_meters = 1 or use_meters = 1 then 1 else 0 end as export_meters
from known
