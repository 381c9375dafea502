-- One row per scenario, reporting year, site, accounting, line, category, factor key, unit, share and
-- part: how much of which factor in a year. What is multiplied alike is summed first, so that totals
-- and needs of factors read a twelfth of `flow`.
select
    scenario,
    reporting_year,
    site,
    accounting,
    line,
    category,
    family,
    topic,
    place,
    policy,
    factor_year,
    unit,
    share,
    part,
    cast(sum(quantity) as decimal(17, 6)) as quantity
from flow
group by
    scenario, reporting_year, site, accounting, line, category, family, topic, place, policy, factor_year,
    unit, share, part
