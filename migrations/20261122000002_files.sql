-- Files of rooms, and uploads: what has arrived of a file that is on its way. Bytes lie outside of the database.

create table files (
    order_id uuid not null,
    id uuid not null,
    name text not null constraint files_name
        check (char_length(name) between 1 and 255 and name !~ '[[:cntrl:]/\\]'),
    size bigint not null constraint files_size check (size between 0 and 9007199254740992),
    sha256 text not null constraint files_sha256 check (sha256 ~ '^[0-9a-f]{64}$'),
    media_type text not null constraint files_type check (char_length(media_type) between 3 and 127),
    user_id text not null,
    at timestamptz not null,
    -- Whether the bytes are kept here; what only the host keeps is a reference.
    stored boolean not null default false,
    primary key (order_id, id)
);
-- A download knows the file's id alone. Not unique: a unique index would have to begin with order_id to be spread.
create index files_id on files (id);

create table uploads (
    order_id uuid not null,
    id uuid not null,
    user_id text not null,
    name text not null constraint uploads_name
        check (char_length(name) between 1 and 255 and name !~ '[[:cntrl:]/\\]'),
    size bigint not null constraint uploads_size check (size between 1 and 9007199254740992),
    received bigint not null default 0,
    -- Chunks so far: as many as are sensible for the largest file.
    pieces integer not null default 0 constraint uploads_pieces check (pieces between 0 and 10000),
    -- Whose bytes are taken: the last who began to send. What others still send is dropped.
    writer uuid,
    -- It became a file of the room.
    done boolean not null default false,
    at timestamptz not null,
    expires_at timestamptz not null,
    -- Until when somebody puts it together, or removes it.
    lease_until timestamptz not null default '-infinity',
    primary key (order_id, id),
    constraint uploads_received check (received between 0 and size)
) with (fillfactor = 70);
create index uploads_id on uploads (id);
create index uploads_expires_at on uploads (expires_at);

-- The pieces, each where the one before ends: `received` moves only together with them.
create table upload_chunks (
    order_id uuid not null,
    upload_id uuid not null,
    start bigint not null constraint upload_chunks_start check (start >= 0),
    size bigint not null constraint upload_chunks_size check (size > 0),
    -- Names the object, beside upload and start: what was written twice lies twice.
    object uuid not null,
    primary key (order_id, upload_id, start)
);
