-- One row per carrier, site and factor year of energy delivered for whose losses nothing is
-- published: they are missing from Scope 3, not 0. Closed years keep what they had.
select
    d.carrier,
    d.site,
    s.factor_year
from delivered_month as d
join site_month as s
    on s.scenario = d.scenario
    and s.site = d.site
    and s.month = d.month
join month as m on m.month = d.month
left join loss_choice as c
    on c.carrier = d.carrier
    and c.place = d.place
    and c.policy = s.policy
    and c.factor_year = s.factor_year
where d.scenario = 'actual'
    and m.closed = ''
    and s.treatment = ''
    and c.carrier is null
group by d.carrier, d.site, s.factor_year
