import './support/patience.ts';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGrpcClient, type GrpcClient } from './support/grpc.ts';
import { type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

const SUBMIT_ORDER = '/fastpay.v1.ValidatorService/SubmitOrder';
const GET_CHAIN_HEAD = '/fastpay.v1.ValidatorService/GetChainHead';
const GET_ACCOUNT = '/fastpay.v1.ValidatorService/GetAccount';

let net: TestNetwork;
let sidecar: SidecarProcess;
let client: GrpcClient;

beforeAll(async () => {
  net = await createTestNetwork({ names: ['Dave'], config: { limits: { streamsPerAddress: 2 } } });
  sidecar = await startSidecarProcess(net.configFile('Dave'));
  client = await createGrpcClient(sidecar.url);
});
afterAll(async () => {
  client?.close();
  await sidecar?.stop();
  await net?.stop();
});

function post(path: string, type: string, body: Uint8Array | string): Promise<Response> {
  const content = typeof body === 'string' ? body : new Uint8Array(body);
  return fetch(sidecar.url + path, { method: 'POST', headers: { 'content-type': type }, body: content });
}

/** What comes back for raw bytes until the server closes or `enough` characters came. */
function raw(bytes: Uint8Array | string, enough = 12): Promise<string> {
  const { port } = new URL(sidecar.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.length >= enough) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

async function expectAlive(): Promise<void> {
  expect(await client.call('GetValidatorInfo', {})).toMatchObject({ name: 'Dave' });
}

it('survives garbage on the port', async () => {
  for (let round = 0; round < 50; round++)
    await raw(Buffer.concat([randomBytes(1 + round * 7), Buffer.from('\r\n\r\n')]));
  await raw(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), randomBytes(200)]), 10_000);
  await expectAlive();
});

it('survives requests that no URL can be made of', async () => {
  const body = 'content-type: application/json\r\ncontent-length: 2\r\n\r\n{}';
  await raw(`POST ${SUBMIT_ORDER} HTTP/1.0\r\n${body}`, 10_000);
  await raw(`POST ${SUBMIT_ORDER} HTTP/1.1\r\nHost: a b<>\r\nconnection: close\r\n${body}`, 10_000);
  await expectAlive();
});

it('refuses garbage in every encoding as a caller’s mistake', async () => {
  const garbage = randomBytes(300);
  const frame = Buffer.concat([Buffer.from([0]), Buffer.from([0, 0, 1, 44]), garbage]);
  const binary = await post(SUBMIT_ORDER, 'application/proto', garbage);
  expect([binary.status, await binary.json()]).toMatchObject([
    400,
    { code: 'invalid_argument', details: [{ type: 'fastpay.v1.Reject' }] },
  ]);
  expect(await (await post(SUBMIT_ORDER, 'application/grpc-web+proto', frame)).text()).toMatch(/grpc-status: ?3/);
  expect((await post(SUBMIT_ORDER, 'application/json', '{"signedOrder": 7}')).status).toBe(400);
  expect((await post(SUBMIT_ORDER, 'application/json', '{"signedOrder":')).status).toBe(400);
  expect((await post(SUBMIT_ORDER, 'text/plain', 'x')).status).toBe(415);
  expect((await post('/fastpay.v1.ValidatorService/Nothing', 'application/json', '{}')).status).toBe(404);
  const error = await client.callGarbage('SubmitOrder', garbage).catch((reason: unknown) => reason);
  expect(client.rejectOf(error)).toMatchObject({ code: 'INVALID_FORMAT', retryable: false });
  await expectAlive();
});

it('names the field that is missing or malformed', async () => {
  const empty = await post(SUBMIT_ORDER, 'application/json', '{}');
  expect([empty.status, await empty.json()]).toMatchObject([
    400,
    { code: 'invalid_argument', message: expect.stringContaining('signed_order') },
  ]);
  const short = await post(GET_ACCOUNT, 'application/json', '{"owner": "AAAA"}');
  expect(await short.json()).toMatchObject({ message: 'owner: has 20 bytes' });
});

it('refuses bodies beyond the limit, however they come', async () => {
  const large = new Uint8Array(262_145);
  expect((await post(SUBMIT_ORDER, 'application/proto', large)).status).toBe(400);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(large.length);
  const frame = Buffer.concat([Buffer.from([0]), length, large]);
  expect(await (await post(SUBMIT_ORDER, 'application/grpc-web+proto', frame)).text()).toMatch(/grpc-status: ?3/);
  await expect(
    client.call('SubmitOrder', {
      attachments: Array(300).fill({ signed_order: { payer_signature: Buffer.alloc(1_000) } }),
    }),
  ).rejects.toMatchObject({ code: 3 });
  const compressed = await fetch(sidecar.url + SUBMIT_ORDER, {
    method: 'POST',
    headers: { 'content-type': 'application/proto', 'content-encoding': 'gzip' },
    body: new Uint8Array(10),
  });
  expect(compressed.status).toBe(501);
  await expectAlive();
});

it('bounds the streams of one address and counts what it refused', async () => {
  const sessions = [client.stream('WatchBulletin', {}), client.stream('WatchBulletin', {})];
  for (const stream of sessions) stream.on('error', () => undefined);
  const refused = client.stream('WatchBulletin', {});
  const error = await new Promise<unknown>((resolve) => refused.on('error', resolve));
  expect(client.rejectOf(error)).toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE', retry_after_ms: '250' });
  for (const stream of sessions) stream.cancel();
  expect(await (await fetch(`${sidecar.url}/metrics`)).text()).toContain('fastpay_limited_total{limit="streams"} 1');
});

it('limits the rate of one address and tells when to come back', async () => {
  const flags = ['--limits.requestsPerSecondPerAddress', '1', '--limits.requestBurstPerAddress', '3'];
  const store = ['--dataDirectory', join(net.directory, 'limited.store')];
  const limited = await startSidecarProcess(net.configFile('Dave'), { flags: [...flags, ...store] });
  const ask = () =>
    fetch(`${limited.url}${GET_CHAIN_HEAD}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
  const answers: Response[] = [];
  for (let index = 0; index < 20; index++) answers.push(await ask());
  expect(answers.slice(0, 3).map(({ status }) => status)).not.toContain(429);
  const refused = answers.find(({ status }) => status === 429);
  expect(await refused?.json()).toMatchObject({ code: 'resource_exhausted', details: [{ type: 'fastpay.v1.Reject' }] });
  expect(await (await fetch(`${limited.url}/metrics`)).text()).toMatch(
    /^fastpay_limited_total\{limit="address"\} \d+$/m,
  );
  await limited.stop();
});
