-- One row per scenario and unit whose sums could leave the width of a decimal: a bound is count
-- times largest quantity times largest coefficient, against 10^19 grams (10^13 t). One engine
-- raises there and another wraps without a word, so the bound is checked on every run.
with flows as (
    select
        scenario,
        unit,
        count(*) as rows_of_flow,
        max(case when quantity < 0 then -quantity else quantity end) as largest_quantity
    from flow
    group by scenario, unit
),
coefficients as (
    select
        unit,
        max(case when co2e_g > mass_g then co2e_g else mass_g end) as largest_g
    from coefficient
    group by unit
)
select
    f.scenario,
    f.unit,
    f.rows_of_flow
from flows as f
join coefficients as k on k.unit = f.unit
where cast(f.rows_of_flow as double) * cast(f.largest_quantity as double) * cast(k.largest_g as double)
    > 10000000000000000000.0
