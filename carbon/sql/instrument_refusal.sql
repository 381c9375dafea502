-- One row per scenario and refused instrument: the first criterion it fails, in their order.
with failed as (
    select
        scenario,
        instrument_id,
        criterion,
        reason,
        row_number() over (partition by scenario, instrument_id order by turn, criterion) as place
    from instrument_criterion
    where state = 'failed'
)
select
    scenario,
    instrument_id,
    criterion,
    reason
from failed
where place = 1
