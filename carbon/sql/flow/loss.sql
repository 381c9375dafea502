-- One row per scenario, site, meter, activity, month and loss set of energy delivered: what the
-- network lost to deliver it, Scope 3, location-based. Energy supplied to others takes its losses
-- along. What arises at a site that is itself Scope 3 has no losses of its own here.
select
    d.scenario,
    d.site,
    d.meter,
    d.activity,
    d.detail,
    d.month,
    'location' as accounting,
    'scope3' as line,
    'fuel- and energy-related activities' as category,
    c.family,
    c.topic,
    d.place,
    d.unit,
    c.part,
    false as is_own_share,
    d.quantity
from delivered_month as d
join site_month as s
    on s.scenario = d.scenario
    and s.site = d.site
    and s.month = d.month
join loss_choice as c
    on c.carrier = d.carrier
    and c.place = d.place
    and c.policy = s.policy
    and c.factor_year = s.factor_year
where s.treatment = ''
