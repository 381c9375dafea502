-- One row per scenario, key, month, unit and component whose emissions are quantity times factor:
-- fuels burned, refrigerants refilled by entry, heat bought, trips made; and its standard coal.
-- A trip may be made in another country, whose factor it takes, and a policy may lead to another topic.
-- Heat and steam have one factor and stand in both accountings of Scope 2. A blend is split over its
-- components, so that what is biogenic of it stands outside the scopes; its standard coal is that of
-- the fuel.
with account as (
    select 'scope1' as line, 'all' as accounting
    union all select 'scope2', 'location'
    union all select 'scope2', 'market'
    union all select 'scope3', 'all'
    union all select 'outside', 'all'
    union all select 'energy', 'all'
)
select
    a.scenario,
    a.site,
    a.meter,
    a.activity,
    a.detail,
    a.month,
    b.accounting,
    m.line,
    m.category,
    m.family,
    case
        when p.topic is not null then p.topic
        when t.taken is not null then t.taken
        when m.is_detailed then m.topic || '/' || a.detail
        else m.topic
    end as topic,
    case
        when t.place <> '' then t.place
        when a.meter = '' then a.site
        else a.meter
    end as place,
    a.unit,
    case when p.part is null then cast(1 as decimal(13, 12)) else p.part end as part,
    false as is_own_share,
    a.quantity
from activity_month as a
join method as m on m.activity = a.activity
join account as b on b.line = m.line
left join fuel_part as p
    on p.site = a.site
    and p.activity = a.activity
    and p.detail = a.detail
    and p.unit = a.unit
    and a.month >= p.first_month
    and a.month < p.left_month
    and m.line <> 'energy'
left join topic_taken as t
    on t.topic = m.topic
    and t.detail = a.detail
    and a.month >= t.first_month
    and a.month < t.left_month
where m.method = 'direct'
