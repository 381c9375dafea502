-- One row per distinct factor key of `flow`, and of refrigerants whose balances are compared.
with asked as (
    select scenario, topic, family, place, policy, factor_year, accounting
    from year_flow
    union all
    select scenario, topic, family, place, policy, factor_year, accounting
    from refrigerant_need
)
select distinct
    scenario,
    topic,
    family,
    place,
    policy,
    factor_year,
    accounting
from asked
