-- One row per scenario, key, month and unit that counts: recorded and planned quantities inside the
-- boundary, without those that are in the figure of another meter already.
select
    scenario,
    site,
    meter,
    role,
    activity,
    detail,
    month,
    unit,
    quantity,
    reporting_year
from metered_month
where not is_part
