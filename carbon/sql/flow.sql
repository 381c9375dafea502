-- One row per scenario, site, meter, activity, detail, month, accounting, line, topic and unit:
-- how much of which factor. Everything above narrows to this relation, everything below reads it.
select * from flow_direct
union all
select * from flow_electricity
union all
select * from flow_energy
union all
select * from flow_refrigerant
