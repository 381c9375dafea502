-- One row per site, refrigerant and reporting year of which entries count beside a balance.
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
    e.site,
    e.refrigerant,
    e.reporting_year,
    b.method
from entered as e
join refrigerant_balance as b
    on b.site = e.site
    and b.refrigerant = e.refrigerant
    and b.reporting_year = e.reporting_year
where b.method <> ''
