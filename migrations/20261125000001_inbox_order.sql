-- Inboxes by what moved last, without a write to memberships for each message: `moved_at` follows `heads.at` in steps
-- of ten minutes (at < moved_at + 10 min, always), so a page looks at the rooms within one step of its end only.
alter table heads add column moved_at timestamptz not null default '-infinity';
alter table memberships add column moved_at timestamptz not null default '-infinity';
update heads set moved_at = at;
update memberships m set moved_at = h.at from heads h where h.order_id = m.order_id;
create index memberships_tab on memberships (user_id, tab, moved_at);
