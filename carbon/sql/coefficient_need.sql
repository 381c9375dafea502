-- One row per factor set, unit, share and part that the flows ask for, or a balance of refrigerant.
with asked as (
    select scenario, topic, place, policy, factor_year, accounting, unit, share, part
    from year_flow
    union all
    select
        scenario, topic, place, policy, factor_year, accounting,
        'kg' as unit, share, cast(1 as decimal(13, 12)) as part
    from refrigerant_need
)
select distinct
    c.set_id,
    f.unit,
    f.share,
    f.part
from asked as f
join factor_choice as c
    on c.scenario = f.scenario
    and c.topic = f.topic
    and c.place = f.place
    and c.policy = f.policy
    and c.factor_year = f.factor_year
    and c.accounting = f.accounting
