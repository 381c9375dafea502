-- One row per scenario, site, meter, activity, detail, month, accounting, line, topic, unit and part:
-- how much of which factor. Everything above narrows to this relation, everything below reads it.
-- What arises at a leased site that the approach counts as another's stands in Scope 3, location-
-- based, and in no energy sheet.
with every as (
    select * from flow_direct
    union all
    select * from flow_electricity
    union all
    select * from flow_energy
    union all
    select * from flow_refrigerant
    union all
    select * from flow_loss
    union all
    select * from flow_supplied
)
select
    e.scenario,
    e.site,
    e.meter,
    e.activity,
    e.detail,
    e.month,
    s.reporting_year,
    e.accounting,
    case when s.treatment <> '' and e.line in ('scope1', 'scope2') then 'scope3' else e.line end as line,
    case when s.treatment <> '' and e.line in ('scope1', 'scope2') then s.treatment else e.category end
        as category,
    e.family,
    e.topic,
    e.place,
    s.policy,
    s.factor_year,
    e.unit,
    case when e.is_own_share then cast(1 as decimal(13, 12)) else s.share end as share,
    e.part,
    e.quantity
from every as e
join site_month as s
    on s.scenario = e.scenario
    and s.site = e.site
    and s.month = e.month
where s.treatment = ''
    or not (e.accounting = 'market' or e.line = 'energy')
