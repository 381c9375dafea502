-- One row per scenario, site and month in which the IT meters read more than the whole facility.
-- A month that lacks a figure proves nothing.
select
    scenario,
    site,
    month,
    it_kwh,
    facility_kwh
from facility_month
where facility_meters = 1
    and missing = 0
    and it_kwh > facility_kwh
