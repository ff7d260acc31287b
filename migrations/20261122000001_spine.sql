-- The spine: users, rooms, timelines, orders, case streams, inboxes, timers.
-- Everything of one room is keyed by its order_id first, so that rooms can be spread over servers.
-- Limits repeat those of order-domain; names of constraints are read by order-actions (refusals.rs).

-- One row: which life of this database this is. A restored backup gets a new epoch.
create table deployment (
    only_row boolean primary key default true check (only_row),
    epoch uuid not null,
    -- What the addresses of downloads are signed with, by every node alike.
    link_key bytea not null default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
        constraint deployment_link_key check (octet_length(link_key) = 32)
);
insert into deployment (epoch) values (gen_random_uuid());

create table users (
    id text primary key constraint users_id check (id ~ '^[A-Za-z0-9._:-]{1,64}$'),
    -- What the last token said this user is: user, agent, admin, host; null until one was seen.
    account text constraint users_account check (account in ('user', 'agent', 'admin', 'host')),
    name text constraint users_name check (char_length(name) between 1 and 200),
    email text constraint users_email check (char_length(email) between 1 and 320),
    phone text constraint users_phone check (char_length(phone) between 1 and 64),
    locale text constraint users_locale check (char_length(locale) between 1 and 64),
    avatar_url text constraint users_avatar_url check (char_length(avatar_url) between 1 and 2000),
    registered_at timestamptz,
    -- The host gave the profile: a token's name does not replace it.
    put_at timestamptz
);
-- Agents are few among users: whom a case may be handed over to.
create index users_agents on users (id) where account = 'agent';

create table revocations (
    user_id text primary key,
    -- Tokens issued up to this moment are refused.
    up_to timestamptz not null,
    revoked_at timestamptz not null
);
create index revocations_revoked_at on revocations (revoked_at);

-- The hot row of a room: its lock orders the room and authorises what is written under it.
-- No index on what changes and room in the page, so that updates stay HOT.
create table heads (
    order_id uuid primary key,
    kind text not null constraint heads_kind check (kind in ('order', 'conversation')),
    head bigint not null default 0 constraint heads_head check (head >= 0),
    -- When the last entry was written: time in a room never goes back.
    at timestamptz not null,
    -- Follows `at` in steps of ten minutes (at < moved_at + 10 min): the memberships are written that often only. Minus
    -- infinity, and the next entry is a step: what is unread was written down (memberships.quiet_unread).
    moved_at timestamptz not null default '-infinity',
    version bigint not null,
    buyer text not null,
    seller text not null constraint heads_seller check (seller <> buyer),
    agents text[] not null default '{}',
    -- Which agent has the case, and until when they have the time to join: then another may take it.
    claimed_by text,
    claimed_until timestamptz,
    case_opened_at timestamptz,
    archived boolean not null default false,
    -- Entries so far that count as unread for a side: neither its own nor the chatbot's.
    for_buyer bigint not null default 0,
    for_seller bigint not null default 0,
    constraint heads_claim check ((claimed_by is null) = (claimed_until is null))
) with (fillfactor = 70);

-- What folding the timeline gives, kept so that a decision need not fold.
create table orders (
    order_id uuid primary key,
    doc jsonb not null,
    -- Contact data stays out of timeline and document.
    shipping_address text constraint orders_shipping_address check (char_length(shipping_address) <= 4000)
) with (fillfactor = 80);

-- Which placement made which order: a purchase that is reported twice is one order.
create table placements (
    command_id uuid primary key,
    order_id uuid not null,
    digest bytea not null constraint placements_digest check (octet_length(digest) = 32)
);

-- One conversation per pair of users, whichever of them asks.
create table conversations (
    first_user text collate "C" not null,
    second_user text collate "C" not null,
    order_id uuid not null,
    -- Who of the two began it, and when; null if the host did. Counted by the day.
    opened_by text,
    opened_at timestamptz not null,
    primary key (first_user, second_user),
    constraint conversations_pair check (first_user < second_user)
);
create index conversations_opened on conversations (opened_by, opened_at) where opened_by is not null;

-- The timeline. No foreign keys: they would lock the head row once more for each entry.
create table entries (
    order_id uuid not null,
    seq bigint not null constraint entries_seq check (seq > 0),
    at timestamptz not null,
    role text not null constraint entries_role
        check (role in ('buyer', 'seller', 'agent', 'admin', 'bot', 'system', 'host')),
    user_id text,
    name text,
    -- Whose command ids these are: the user, or '@' and the role, which no user id can be.
    sender text not null,
    command_id uuid not null,
    event jsonb not null,
    for_buyer bigint not null,
    for_seller bigint not null,
    -- Only on the first entry of a command: what its acknowledgement says, and its payload's SHA-256.
    digest bytea constraint entries_digest check (octet_length(digest) = 32),
    last_seq bigint,
    version bigint,
    primary key (order_id, seq),
    constraint entries_ack check ((digest is null) = (version is null) and (digest is null) = (last_seq is null))
);
-- Exactly once per sender and id; entries that follow from the first are not in it.
create unique index entries_command on entries (order_id, sender, command_id) where digest is not null;
-- What the order at an earlier entry is folded from: few of the entries of a room that talks much.
create index entries_acts on entries (order_id, seq) where role <> 'bot' and event->>'type' not like 'message.%';
-- Which messages were taken back, each once.
create unique index entries_retracted on entries (order_id, ((event->>'seq')::bigint))
    where event->>'type' = 'message.retracted';

-- The desk's own stream about a room. Another table and another type than entries: it cannot leak into a room.
create table case_heads (
    order_id uuid primary key,
    head bigint not null
) with (fillfactor = 70);
create table case_entries (
    order_id uuid not null,
    seq bigint not null constraint case_entries_seq check (seq > 0),
    at timestamptz not null,
    role text not null,
    user_id text,
    name text,
    sender text not null,
    command_id uuid not null,
    event jsonb not null,
    -- Only when the command wrote nothing to the timeline.
    digest bytea constraint case_entries_digest check (octet_length(digest) = 32),
    version bigint,
    primary key (order_id, seq)
);
create unique index case_entries_command on case_entries (order_id, sender, command_id) where digest is not null;
-- Which staff looked in, and when.
create index case_entries_reads on case_entries (order_id, user_id, at) where event->>'type' = 'case.read';

-- Open cases, for the queue of the desk.
create table desk (
    order_id uuid primary key,
    kind text not null constraint desk_kind check (kind in ('dispute', 'cancel', 'idle')),
    title text not null,
    opened_by text,
    reason text,
    opened_at timestamptz not null,
    -- Nobody joined in time: it stands at the front.
    escalated_at timestamptz,
    claimed_by text,
    -- When another agent may take it from them; null while nobody has it, and once somebody joined.
    claimable_from timestamptz
);
create index desk_waiting on desk ((escalated_at is null), opened_at, order_id);

-- A user's rooms and how far they were read. A side is a party's; agents have a cursor only.
create table memberships (
    user_id text not null,
    order_id uuid not null,
    side text constraint memberships_side check (side in ('buyer', 'seller')),
    other text,
    tab text constraint memberships_tab
        check (tab in ('new', 'active', 'delivered', 'disputed', 'done', 'conversations')),
    read_seq bigint not null default 0,
    -- The running count of the side at read_seq: unread is a subtraction.
    read_count bigint not null default 0,
    -- What is unread in a room that is quiet: its next entry moves it (moved_at), and empties this. Null: look at the room.
    quiet_unread bigint constraint memberships_quiet_unread check (quiet_unread >= 0),
    -- As in heads: a page of an inbox looks at the rooms within one step of its end only.
    moved_at timestamptz not null default '-infinity',
    primary key (user_id, order_id),
    constraint memberships_party check ((side is null) = (other is null) and (side is null) = (tab is null))
-- Vacuumed often: the counts of an inbox's tabs read the index alone where the pages are known to be visible.
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01);
create index memberships_tab on memberships (user_id, tab, moved_at);
-- What a greeting counts: rooms that are not known to be read. Whoever asks says both conditions in these words.
create index memberships_unread on memberships (user_id, moved_at)
    where side is not null and quiet_unread is distinct from 0;

-- When a room's next timer is due, and until when somebody has it in hand.
create table wakes (
    order_id uuid primary key,
    at timestamptz not null,
    lease_until timestamptz not null default '-infinity'
) with (fillfactor = 80);
create index wakes_at on wakes (at);
