-- One row per flow and gas: quantity times coefficient, the one multiplication.
-- Gases outside the Kyoto basket and biogenic CO2 stand outside the scopes, wherever they arose.
select
    f.scenario,
    f.site,
    f.meter,
    f.activity,
    f.detail,
    f.month,
    f.reporting_year,
    f.accounting,
    case when k.is_in_scopes or f.line = 'energy' then f.line else 'outside' end as line,
    f.category,
    f.topic,
    f.place,
    f.policy,
    f.factor_year,
    f.unit,
    f.share,
    c.set_id,
    k.gas,
    f.quantity,
    cast(f.quantity * k.mass_g as decimal(38, 18)) as mass_g,
    cast(f.quantity * k.co2e_g as decimal(38, 18)) as co2e_g
from flow as f
join factor_choice as c
    on c.scenario = f.scenario
    and c.topic = f.topic
    and c.place = f.place
    and c.policy = f.policy
    and c.factor_year = f.factor_year
    and c.accounting = f.accounting
join coefficient as k
    on k.set_id = c.set_id
    and k.unit = f.unit
    and k.share = f.share
