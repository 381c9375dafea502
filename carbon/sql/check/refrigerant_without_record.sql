-- One row per site, refrigerant and reporting year with appliances in use of which nothing counts:
-- no method that the policy allows has its evidence, and no entry stands in for it.
with entered as (
    select distinct
        site,
        reporting_year,
        case when activity = 'sf6' then 'SF6' else detail end as refrigerant
    from activity_month
    where activity in ('refrigerant', 'sf6')
        and scenario = 'actual'
)
select
    b.site,
    b.refrigerant,
    b.reporting_year,
    b.appliances,
    b.services,
    b.openings + b.closings as counts
from refrigerant_balance as b
left join entered as e
    on e.site = b.site
    and e.refrigerant = b.refrigerant
    and e.reporting_year = b.reporting_year
where b.method = ''
    and e.site is null
