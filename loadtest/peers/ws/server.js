// Durable chat rooms on plain WebSockets. A message is stored before anybody sees it and before it is acked; Redis carries
// it to the nodes that have members; who comes back asks for what came after the last seq it knows.
import { endWith, httpServer, isId, isMessage, isSeq, settings, Store, Tokens } from 'rooms';
import { WebSocketServer } from 'ws';
import { Fanout } from './fanout.js';
import { Lane } from './lane.js';

const ALIVE_EVERY_MS = 30_000;

const { port, databaseUrl, redisUrl, tokenSecret } = settings('DATABASE_URL', 'REDIS_URL');
const store = new Store(databaseUrl);
const tokens = new Tokens(tokenSecret);
const fanout = new Fanout(redisUrl);
await store.migrate();

/** `each`: one statement a message, as most do it. */
const lane = process.env.COMMIT === 'each' ? store : new Lane(store);

const server = httpServer({ store, tokens });
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 64 * 1024 });

server.on('upgrade', (request, stream, head) => {
  const holder = tokens.bearer(request);
  if (!holder) return stream.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
  sockets.handleUpgrade(request, stream, head, (socket) => serve(socket, holder.user));
});

function serve(socket, user) {
  const rooms = new Set();
  const handlers = new Map([
    ['join', join],
    ['send', send],
  ]);
  socket.isAlive = true;
  socket.on('pong', () => {
    socket.isAlive = true;
  });
  socket.on('close', () => {
    for (const room of rooms) fanout.leave(room, socket);
  });
  // The close that follows says enough.
  socket.on('error', () => {});
  socket.on('message', async (data) => {
    const question = parsed(data);
    const handle = handlers.get(question?.type);
    if (!handle) return socket.close(1008, 'not of the protocol');
    let answer;
    try {
      answer = await handle(question);
    } catch (error) {
      console.error(question.type, error.message);
      answer = { type: 'error', code: 'unavailable', retry: true };
    }
    socket.send(JSON.stringify({ ...answer, ref: question.ref }));
  });

  async function join({ room, after }) {
    if (!isId(room) || !isSeq(after)) return { type: 'error', code: 'invalid' };
    if (!(await store.isMember(room, user))) return { type: 'error', code: 'forbidden' };
    if (socket.readyState !== socket.OPEN) return {};
    // First in, then the history: what is said in between comes twice rather than never.
    rooms.add(room);
    await fanout.join(room, socket);
    return { type: 'joined', room, ...(await store.after(room, after)) };
  }

  async function send({ room, id, text }) {
    if (!isMessage({ room, id, text })) return { type: 'error', code: 'invalid' };
    if (!rooms.has(room)) return { type: 'error', code: 'forbidden' };
    const entry = await lane.append({ room, id, text, sender: user });
    fanout.publish(room, JSON.stringify({ type: 'entry', room, entry }));
    return { type: 'ack', id, seq: entry.seq };
  }
}

function parsed(data) {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

const alive = setInterval(() => {
  for (const socket of sockets.clients) {
    if (!socket.isAlive) {
      socket.terminate();
      continue;
    }
    socket.isAlive = false;
    socket.ping();
  }
}, ALIVE_EVERY_MS);

server.listen(port, '127.0.0.1');
endWith(async () => {
  clearInterval(alive);
  for (const socket of sockets.clients) socket.close(1001, 'the node stops');
  server.close();
  fanout.close();
  await store.close();
});
