// The application's side of chat rooms on NATS JetStream: it opens rooms and reads stored timelines. Members speak to the
// NATS nodes themselves, over WebSocket.
import { connect } from '@nats-io/transport-node';
import { endWith, httpServer, settings, Tokens } from 'rooms';
import { Streams } from './streams.js';

const { port, natsServers, tokenSecret } = settings('NATS_SERVERS');
const streams = new Streams(
  await connect({ servers: natsServers.split(','), waitOnFirstConnect: true, maxReconnectAttempts: -1 }),
);
const server = httpServer({ store: streams, tokens: new Tokens(tokenSecret) });

server.listen(port, '127.0.0.1');
endWith(async () => {
  server.close();
  await streams.close();
});
