-- One row a room carries the last seq. It is updated with every entry: half of its page stays free, so that updates
-- stay on the page and touch no index.
create table if not exists rooms (
  id uuid primary key,
  head bigint not null default 0
) with (fillfactor = 50);

create table if not exists members (
  room uuid not null references rooms,
  member text not null,
  primary key (room, member)
);

create table if not exists entries (
  room uuid not null references rooms,
  seq bigint not null,
  id uuid not null unique,
  sender text not null,
  text text not null,
  at timestamptz not null default now(),
  primary key (room, seq)
);
