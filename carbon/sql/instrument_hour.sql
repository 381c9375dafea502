-- One row per scenario, instrument that is matched by the hour, and hour: its energy, parted as its
-- generation was. Parts telescope, so that the hours of an instrument add up to it.
select
    i.scenario,
    i.instrument_id,
    h.month,
    h.period,
    cast(
        cast(round(i.energy_kwh * h.share_until, 6) as decimal(17, 6))
        - cast(round(i.energy_kwh * h.share_before, 6) as decimal(17, 6))
        as decimal(17, 6)
    ) as energy_kwh
from instrument_input as i
join instrument_grain as g
    on g.scenario = i.scenario
    and g.instrument_id = i.instrument_id
    and g.lacking = ''
join hour_share as h
    on h.meter = i.generation_meter
    and h.month = i.period
    and h.activity = 'offsite_generation'
