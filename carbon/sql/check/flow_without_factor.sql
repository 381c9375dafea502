-- One row per topic, place, accounting and line that no factor set serves, with the years it lacks.
select
    f.scenario,
    f.line,
    f.topic,
    f.place,
    f.accounting,
    f.activity,
    min(f.factor_year) as first_year,
    max(f.factor_year) as last_year,
    f.unit,
    cast(sum(cast(f.quantity * f.part as decimal(38, 18))) as decimal(38, 6)) as quantity
from flow as f
left join factor_choice as c
    on c.scenario = f.scenario
    and c.topic = f.topic
    and c.place = f.place
    and c.policy = f.policy
    and c.factor_year = f.factor_year
    and c.accounting = f.accounting
where c.set_id is null
group by f.scenario, f.line, f.topic, f.place, f.accounting, f.activity, f.unit
