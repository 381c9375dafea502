-- One row per site, refrigerant and reporting year of a balance: the factor its tonnes take, as the
-- last month of the year has it, whether or not a result is used.
with last_month as (
    select
        scenario,
        site,
        reporting_year,
        max(month) as month
    from site_month
    where scenario = 'actual'
    group by scenario, site, reporting_year
)
select
    s.scenario,
    b.site,
    b.refrigerant,
    b.reporting_year,
    'refrigerant/' || b.refrigerant as topic,
    'refrigerant' as family,
    b.site as place,
    s.policy,
    s.factor_year,
    'all' as accounting,
    s.share
from refrigerant_balance as b
join last_month as m
    on m.site = b.site
    and m.reporting_year = b.reporting_year
join site_month as s
    on s.scenario = m.scenario
    and s.site = m.site
    and s.month = m.month
