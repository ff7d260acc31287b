// Rooms, members and entries in Postgres. An entry's seq is taken from its room's row in the statement that stores the
// entry, so that a room has no gaps and no two entries share a place. What is sent twice with the same id is stored once.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';

export const PAGE = 500;

/** Of a unique violation. */
const DUPLICATE = '23505';
/** Any number, as long as all nodes use the same. */
const SCHEMA_LOCK = 7_401_926;

const APPEND = {
  name: 'append',
  text: `
    with moved as (update rooms set head = head + 1 where id = $1 returning head)
    insert into entries (room, seq, id, sender, text)
    select $1, moved.head, $2, $3, $4 from moved
    returning room, seq, id, sender, text, at`,
};

// Rooms are locked in the order of their ids, so that two nodes never wait for each other.
const APPEND_ALL = {
  name: 'append_all',
  text: `
    with said as (
      select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) with ordinality
        as said (room, id, sender, text, place)
    ), locked as (
      select id from rooms where id in (select room from said) order by id for update
    ), moved as (
      update rooms set head = rooms.head + counted.many
      from (select room, count(*) as many from said group by room) counted join locked on locked.id = counted.room
      where rooms.id = locked.id
      returning rooms.id, rooms.head - counted.many as base
    )
    insert into entries (room, seq, id, sender, text)
    select room, base + row_number() over (partition by room order by place), said.id, sender, text
    from said join moved on moved.id = said.room
    returning room, seq, id, sender, text, at`,
};

// One statement sees one moment: the head belongs to the entries.
const AFTER = {
  name: 'after',
  text: `
    select rooms.head, later.* from rooms
    left join lateral (
      select seq, id, sender, text, at from entries where room = rooms.id and seq > $2 order by seq limit $3
    ) later on true
    where rooms.id = $1
    order by later.seq`,
};

export class Store {
  constructor(connectionString, { connections = 20 } = {}) {
    this.pool = new pg.Pool({ connectionString, max: connections, statement_timeout: 10_000 });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', (error) => console.error('postgres', error.message));
  }

  /** Creates the tables; nodes that start together wait for each other. */
  async migrate() {
    const schema = await readFile(new URL('schema.sql', import.meta.url), 'utf8');
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
      await client.query(schema);
      await client.query('commit');
    } finally {
      client.release();
    }
  }

  async ping() {
    await this.pool.query('select 1');
  }

  async open(members) {
    const room = randomUUID();
    await this.pool.query(
      `with opened as (insert into rooms (id) values ($1) returning id)
       insert into members (room, member) select opened.id, unnest($2::text[]) from opened`,
      [room, members],
    );
    return room;
  }

  async isMember(room, member) {
    const { rowCount } = await this.pool.query({
      name: 'is_member',
      text: 'select 1 from members where room = $1 and member = $2',
      values: [room, member],
    });
    return rowCount > 0;
  }

  /** Stores one message; the entry of the first time when its id is known. */
  async append({ room, id, sender, text }) {
    try {
      const { rows } = await this.pool.query({ ...APPEND, values: [room, id, sender, text] });
      return entry(rows[0]);
    } catch (error) {
      if (error.code !== DUPLICATE) throw error;
      return this.known(room, id);
    }
  }

  /**
   * Stores many messages in one statement; their entries, in the order of the messages. A known id fails the
   * statement as a whole; then each is stored by itself.
   */
  async appendAll(messages) {
    const column = (name) => messages.map((message) => message[name]);
    const values = [column('room'), column('id'), column('sender'), column('text')];
    try {
      const { rows } = await this.pool.query({ ...APPEND_ALL, values });
      const stored = new Map(rows.map((row) => [row.id, entry(row)]));
      return messages.map((message) => stored.get(message.id));
    } catch (error) {
      if (error.code !== DUPLICATE) throw error;
      const entries = [];
      for (const message of messages) entries.push(await this.append(message));
      return entries;
    }
  }

  /** Entries after `after`, at most a page, and the last seq that exists. */
  async after(room, after, limit = PAGE) {
    const { rows } = await this.pool.query({ ...AFTER, values: [room, after, limit] });
    if (rows.length === 0) return undefined;
    const head = Number(rows[0].head);
    const entries = rows.filter((row) => row.seq !== null).map(entry);
    return { entries, head, more: entries.length > 0 && entries.at(-1).seq < head };
  }

  async known(room, id) {
    const { rows } = await this.pool.query(
      'select seq, id, sender, text, at from entries where room = $1 and id = $2',
      [room, id],
    );
    if (rows.length === 0) throw new Error('the id belongs to another room');
    return entry(rows[0]);
  }

  close() {
    return this.pool.end();
  }
}

/** As it goes over the wire: the same for everybody, live or from the history. */
function entry({ seq, id, sender, text, at }) {
  return { seq: Number(seq), id, sender, at: at.toISOString(), text };
}
