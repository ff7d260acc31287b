// One Redis channel a room. A node listens to a channel while it has members of the room; what is published is the frame
// that members get, so that nobody parses or writes it again on the way.
import { Redis } from 'ioredis';

const SLOW_BYTES = 4 * 1024 * 1024;
const CHANNEL = 'room:';

export class Fanout {
  #rooms = new Map();

  constructor(redisUrl) {
    // Publishes of one turn of the event loop share a write.
    this.publisher = new Redis(redisUrl, { enableAutoPipelining: true });
    this.subscriber = new Redis(redisUrl);
    this.subscriber.on('messageBuffer', (channel, frame) => this.#deliver(channel.toString(), frame));
  }

  async join(room, socket) {
    const channel = CHANNEL + room;
    let members = this.#rooms.get(channel);
    if (!members) {
      members = { sockets: new Set(), listening: this.subscriber.subscribe(channel) };
      this.#rooms.set(channel, members);
    }
    members.sockets.add(socket);
    await members.listening;
  }

  leave(room, socket) {
    const channel = CHANNEL + room;
    const members = this.#rooms.get(channel);
    members?.sockets.delete(socket);
    if (members?.sockets.size === 0) {
      this.#rooms.delete(channel);
      this.subscriber.unsubscribe(channel).catch((error) => console.error('redis', error.message));
    }
  }

  publish(room, frame) {
    this.publisher.publish(CHANNEL + room, frame).catch((error) => console.error('redis', error.message));
  }

  #deliver(channel, frame) {
    for (const socket of this.#rooms.get(channel)?.sockets ?? []) {
      if (socket.readyState !== socket.OPEN) continue;
      // Who does not read comes back with a cursor instead of filling the memory.
      if (socket.bufferedAmount > SLOW_BYTES) socket.terminate();
      else socket.send(frame, { binary: false });
    }
  }

  close() {
    this.publisher.disconnect();
    this.subscriber.disconnect();
  }
}
