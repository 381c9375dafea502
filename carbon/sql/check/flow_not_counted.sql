-- One row per scenario, reporting year, line, accounting, topic, place and unit of flows that reach
-- no total, for want of a factor or of what the factor's unit needs.
with choice as (
    select
        c.scenario,
        c.topic,
        c.place,
        c.policy,
        c.factor_year,
        c.accounting,
        k.unit,
        k.share,
        k.part
    from factor_choice as c
    join coefficient as k on k.set_id = c.set_id
    group by c.scenario, c.topic, c.place, c.policy, c.factor_year, c.accounting, k.unit, k.share, k.part
)
select
    f.scenario,
    f.reporting_year,
    f.line,
    f.accounting,
    f.topic,
    f.place,
    f.unit,
    cast(sum(cast(f.quantity * f.part as decimal(38, 18))) as decimal(38, 6)) as quantity
from flow as f
left join choice as c
    on c.scenario = f.scenario
    and c.topic = f.topic
    and c.place = f.place
    and c.policy = f.policy
    and c.factor_year = f.factor_year
    and c.accounting = f.accounting
    and c.unit = f.unit
    and c.share = f.share
    and c.part = f.part
where c.unit is null
group by f.scenario, f.reporting_year, f.line, f.accounting, f.topic, f.place, f.unit
