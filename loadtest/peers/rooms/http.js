// The HTTP side: is the node ready, the back end opens rooms, and a stored timeline can be read.
import http from 'node:http';
import { isId, isSeq } from './request.js';
import { PAGE } from './store.js';

const BODY_AT_MOST = 64 * 1024;

export function httpServer({ store, tokens }) {
  return http.createServer(async (request, response) => {
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    try {
      await route(request, answer, { store, tokens });
    } catch (error) {
      console.error('http', error.message);
      answer(503, { error: 'unavailable' });
    }
  });
}

async function route(request, answer, { store, tokens }) {
  const url = new URL(request.url, 'http://node');
  if (url.pathname === '/readyz') {
    await store.ping();
    return answer(200, {});
  }
  if (tokens.bearer(request)?.role !== 'host') return answer(403, { error: 'forbidden' });

  if (request.method === 'POST' && url.pathname === '/rooms') {
    const { members } = JSON.parse(await body(request));
    return answer(201, { room: await store.open(members) });
  }
  const [, room] = /^\/rooms\/([^/]+)\/entries$/.exec(url.pathname) ?? [];
  const after = Number(url.searchParams.get('after') ?? 0);
  const limit = Math.min(Number(url.searchParams.get('limit') ?? PAGE), PAGE);
  if (!isId(room) || !isSeq(after) || !isSeq(limit)) return answer(404, { error: 'not found' });
  const page = await store.after(room, after, limit);
  return page ? answer(200, page) : answer(404, { error: 'not found' });
}

async function body(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > BODY_AT_MOST) throw new Error('the body is too long');
  }
  return text;
}
