// Rooms in JetStream: one stream each, as a stream's seq is the only one there is. It has no gaps as long as nothing is
// deleted.
import { randomUUID } from 'node:crypto';
import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';

const STREAM_NOT_FOUND = 10_059;
/** In nanoseconds: what is sent again within it is stored once. */
const DUPLICATE_WINDOW = 120e9;

export class Streams {
  constructor(connection) {
    this.connection = connection;
  }

  /** An error until the nodes have agreed who leads. */
  async ping() {
    this.manager ??= await jetstreamManager(this.connection);
    await this.manager.getAccountInfo();
  }

  /** Members are not kept: NATS lets in whom its configuration lets in. */
  async open() {
    const room = randomUUID();
    await this.manager.streams.add({
      name: room,
      subjects: [`room.${room}`],
      storage: 'file',
      num_replicas: 1,
      duplicate_window: DUPLICATE_WINDOW,
      deny_delete: true,
      deny_purge: true,
    });
    return room;
  }

  /** Entries after `after`, at most `limit`, and the last seq that exists; the payload as it was sent. */
  async after(room, after, limit) {
    const head = await this.head(room);
    if (head === undefined) return undefined;
    const last = Math.min(head, after + limit);
    const entries = [];
    for (let seq = after + 1; seq <= last; seq += 1) {
      const message = await this.manager.streams.getMessage(room, { seq });
      entries.push({ seq, entry: message.json() });
    }
    return { entries, head, more: last < head };
  }

  async head(room) {
    try {
      const { state } = await this.manager.streams.info(room);
      return state.last_seq;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
      throw error;
    }
  }

  close() {
    return this.connection.close();
  }
}
