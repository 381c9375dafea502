-- One row per scenario, reporting year, site, accounting, line, category and gas: the sums of a year
-- times the coefficients of its months, exact, and so what `emission` adds up to.
-- A closed year comes to what it was closed with, by value: what has moved since is told by a check
-- and counts only once the year is restated.
with closed_year as (
    select distinct
        reporting_year,
        'actual' as scenario
    from closed_total
)
select
    f.scenario,
    f.reporting_year,
    f.site,
    f.accounting,
    case when k.is_in_scopes or f.line = 'energy' then f.line else 'outside' end as line,
    f.category,
    k.gas,
    cast(sum(cast(f.quantity * k.mass_g as decimal(38, 18))) as decimal(38, 18)) as mass_g,
    cast(sum(cast(f.quantity * k.co2e_g as decimal(38, 18))) as decimal(38, 18)) as co2e_g
from year_flow as f
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
    and k.part = f.part
left join closed_year as y
    on y.reporting_year = f.reporting_year
    and y.scenario = f.scenario
where y.reporting_year is null
group by
    f.scenario, f.reporting_year, f.site, f.accounting,
    case when k.is_in_scopes or f.line = 'energy' then f.line else 'outside' end,
    f.category, k.gas
union all
select
    'actual' as scenario,
    reporting_year,
    site,
    accounting,
    line,
    category,
    gas,
    mass_g,
    co2e_g
from closed_total
