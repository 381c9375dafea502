-- One row per factor set, unit, share and part that the flows ask for.
select distinct
    c.set_id,
    f.unit,
    f.share,
    f.part
from flow as f
join factor_choice as c
    on c.scenario = f.scenario
    and c.topic = f.topic
    and c.place = f.place
    and c.policy = f.policy
    and c.factor_year = f.factor_year
    and c.accounting = f.accounting
