-- Cases that nobody joined in time stand at the front of the desk's queue.

alter table desk add column escalated_at timestamptz;

-- The desk holds open cases only and stays small, so a plain index will do. Nodes of the release before
-- still read by desk_opened_at: a later migration drops it.
create index desk_waiting on desk ((escalated_at is null), opened_at, order_id);

-- Cases that were escalated before this was kept, and that nobody joined since: their parties were told so.
update desk set escalated_at = escalated.at
from (
    select d.order_id, max(e.at) as at from desk d
    join entries e on e.order_id = d.order_id and e.at >= d.opened_at and e.event->>'type' = 'case.escalated'
    where not exists (select 1 from entries j where j.order_id = e.order_id and j.seq > e.seq
        and j.event->>'type' = 'agent.joined')
    group by d.order_id
) escalated
where escalated.order_id = desk.order_id;

update orders set doc = jsonb_set(doc, '{case,escalated_at}', to_jsonb(desk.escalated_at))
from desk
where desk.order_id = orders.order_id and desk.escalated_at is not null;
