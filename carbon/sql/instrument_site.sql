-- One row per scenario, instrument bound to a site, and reporting year: what that site used of it.
-- Better kinds first, then instrument_id; each takes what those before it left.
with queue as (
    select
        i.scenario,
        i.instrument_id,
        i.site,
        i.claim_year,
        i.energy_kwh,
        cast(sum(i.energy_kwh) over (
            partition by i.scenario, i.site, i.claim_year
            order by i.kind_order, i.instrument_id
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh
    from instrument_input as i
    where i.refusal = ''
        and i.site <> ''
)
select
    q.scenario,
    q.instrument_id,
    q.site,
    q.claim_year as reporting_year,
    cast(case
        when y.energy_kwh >= q.until_kwh then q.energy_kwh
        when y.energy_kwh > q.until_kwh - q.energy_kwh then y.energy_kwh - (q.until_kwh - q.energy_kwh)
        else cast(0 as decimal(17, 6))
    end as decimal(17, 6)) as used_kwh
from queue as q
join import_year as y
    on y.scenario = q.scenario
    and y.site = q.site
    and y.reporting_year = q.claim_year
