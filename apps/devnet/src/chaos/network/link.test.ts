import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Link, openLink } from './link.ts';

let server: Server;
let link: Link;
const clients: Socket[] = [];

beforeEach(async () => {
  // Says everything back.
  server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  link = await openLink((server.address() as { port: number }).port);
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await link.close();
  server.close();
});

function connect(): Socket {
  const socket = createConnection({ port: Number(new URL(link.url).port), host: '127.0.0.1' });
  clients.push(socket);
  socket.on('error', () => socket.destroy());
  return socket;
}

/** Unlike `once`, no error on the way is a failure: a reset is what is asked for. */
const closing = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

async function echo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString();
}

test('a link passes bytes on in both directions', async () => {
  expect(await echo(connect(), 'hello')).toBe('hello');
});

test('cutting resets what is open and what comes, until healed', async () => {
  const open = connect();
  await echo(open, 'hello');
  const closed = closing(open);
  link.cut();
  await closed;
  await closing(connect());
  link.heal();
  expect(await echo(connect(), 'again')).toBe('again');
});

test('stalling keeps bytes back, and healing lets the same bytes through in order', async () => {
  const socket = connect();
  await echo(socket, 'hello');
  link.stall();
  let received = '';
  socket.on('data', (data: Buffer) => {
    received += data;
  });
  socket.write('one');
  socket.write('two');
  // Another link's round trips are time enough for bytes that nothing holds back.
  const other = await openLink((server.address() as { port: number }).port);
  const free = createConnection({ port: Number(new URL(other.url).port), host: '127.0.0.1' });
  clients.push(free);
  for (let trip = 0; trip < 20; trip++) await echo(free, 'ping');
  expect(received).toBe('');
  link.heal();
  await expect.poll(() => received).toBe('onetwo');
  await other.close();
});

test('a delay makes every piece late', async () => {
  const socket = connect();
  await echo(socket, 'hello');
  link.delay(60);
  const started = performance.now();
  expect(await echo(socket, 'late')).toBe('late');
  // There and back.
  expect(performance.now() - started).toBeGreaterThan(100);
});
