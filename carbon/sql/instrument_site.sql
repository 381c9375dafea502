-- One row per scenario, instrument bound to a site, and that site: what it used of it.
-- Better kinds first, then instrument_id; each takes what those before it left in its period.
with queue as (
    select
        p.scenario,
        p.instrument_id,
        p.site,
        p.period,
        p.energy_kwh,
        cast(sum(p.energy_kwh) over (
            partition by p.scenario, p.site, p.period
            order by p.kind_order, p.instrument_id
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh
    from instrument_part as p
    where p.site <> ''
)
select
    q.scenario,
    q.instrument_id,
    q.site,
    q.period,
    cast(case
        when y.energy_kwh >= q.until_kwh then q.energy_kwh
        when y.energy_kwh > q.until_kwh - q.energy_kwh then y.energy_kwh - (q.until_kwh - q.energy_kwh)
        else cast(0 as decimal(17, 6))
    end as decimal(17, 6)) as used_kwh
from queue as q
join import_period as y
    on y.scenario = q.scenario
    and y.site = q.site
    and y.period = q.period
