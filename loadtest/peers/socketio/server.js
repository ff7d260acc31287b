// Durable chat rooms on Socket.IO. A message is stored before anybody sees it and before it is acked; the Redis adapter
// carries it to the other nodes; who comes back asks for what came after the last seq it knows.
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { endWith, httpServer, isId, isMessage, isSeq, settings, Store, Tokens } from 'rooms';
import { Server } from 'socket.io';

const { port, databaseUrl, redisUrl, tokenSecret } = settings('DATABASE_URL', 'REDIS_URL');
const store = new Store(databaseUrl);
const tokens = new Tokens(tokenSecret);
await store.migrate();

// Publishes of one turn of the event loop share a write.
const publisher = new Redis(redisUrl, { enableAutoPipelining: true });
const subscriber = new Redis(redisUrl);

const server = httpServer({ store, tokens });
const io = new Server(server, {
  adapter: createAdapter(publisher, subscriber),
  transports: ['websocket'],
  serveClient: false,
  maxHttpBufferSize: 64 * 1024,
});

io.use((socket, next) => {
  const holder = tokens.holder(socket.handshake.auth.token);
  if (!holder) return next(new Error('unauthorized'));
  socket.data.user = holder.user;
  next();
});

io.on('connection', (socket) => {
  socket.on('join', answered(join));
  socket.on('send', answered(send));

  async function join({ room, after }) {
    if (!isId(room) || !isSeq(after)) return { error: 'invalid' };
    if (!(await store.isMember(room, socket.data.user))) return { error: 'forbidden' };
    // First in, then the history: what is said in between comes twice rather than never.
    await socket.join(room);
    return store.after(room, after);
  }

  async function send({ room, id, text }) {
    if (!isMessage({ room, id, text })) return { error: 'invalid' };
    if (!socket.rooms.has(room)) return { error: 'forbidden' };
    const entry = await store.append({ room, id, text, sender: socket.data.user });
    io.to(room).emit('entry', room, entry);
    return { id, seq: entry.seq };
  }
});

/** Every question gets an answer, also when Postgres is away. */
function answered(handle) {
  return async (question, ack) => {
    if (typeof ack !== 'function') return;
    try {
      ack(await handle(question ?? {}));
    } catch (error) {
      console.error(handle.name, error.message);
      ack({ error: 'unavailable', retry: true });
    }
  };
}

server.listen(port, '127.0.0.1');
endWith(async () => {
  await io.close();
  await store.close();
});
