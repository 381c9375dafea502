-- One row per distinct factor key of the flows.
select distinct
    scenario,
    topic,
    family,
    place,
    policy,
    factor_year,
    accounting
from flow
