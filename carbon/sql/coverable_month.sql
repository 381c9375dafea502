-- One row per scenario, site, meter and month: electricity that instruments may cover, and the
-- period it is matched in. Of a site that the boundary counts in part it is that part: an instrument
-- is not spent on what others answer for. A leased site that stands in Scope 3 has no market-based
-- figure.
select
    i.scenario,
    i.site,
    i.meter,
    i.activity,
    i.month,
    i.reporting_year,
    m.period,
    s.market,
    case
        when s.share = 1 then i.energy_kwh
        else cast(round(i.energy_kwh * s.share, 6) as decimal(17, 6))
    end as energy_kwh
from import_month as i
join site_month as s
    on s.scenario = i.scenario
    and s.site = i.site
    and s.month = i.month
join matching_month as m on m.month = i.month
where s.treatment = ''
