import { request } from 'node:http';
import { toAddress } from '@fastpay/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DevnetError } from '../error.ts';
import { freePort } from '../ports.ts';
import { controlLimits } from './limits.ts';
import { startControl } from './server.ts';

const wallet = 'http://127.0.0.1:4700';
const validators = [{ name: 'Dave', signer: 0, running: true }];
let port = 0;
let close: () => Promise<void> = async () => undefined;
let given: string[] = [];
let switched: string[] = [];

beforeEach(async () => {
  port = await freePort();
  given = [];
  switched = [];
  const server = await startControl(
    { port, allowedOrigins: [wallet] },
    {
      async give(address) {
        given.push(address);
        return { transactionHash: '0x01', amount: 5n };
      },
      validators: {
        list: () => validators,
        async start(name) {
          switched.push(`start ${name}`);
        },
        async stop(name) {
          if (name !== 'Dave') throw new DevnetError(`There is no validator ${name}`);
          switched.push(`stop ${name}`);
        },
      },
      processes: () => [{ name: 'devnet', pid: 1 }],
    },
  );
  close = () => server.close();
});
afterEach(() => close());

const call = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, init);
const post = (path: string, body?: string, headers: Record<string, string> = {}) =>
  call(path, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });

/** fetch does not let a test choose the Host header. */
function statusForHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path: '/validators', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('faucet', () => {
  test('gives to an address and says what it gave', async () => {
    const address = `0x${'AB'.repeat(20)}`;
    const response = await post('/faucet', JSON.stringify({ address }));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ transactionHash: '0x01', amount: '5' });
    expect(given).toEqual([toAddress(address)]);
  });

  test.each(['', '{', '[]', '{"address":7}', '{"address":"0x12"}', `{"address":"${'x'.repeat(2_000)}"}`])(
    'refuses the body %s and gives nothing',
    async (body) => {
      const response = await post('/faucet', body);
      expect(response.status).toBe(400);
      expect(given).toEqual([]);
    },
  );

  test('says when to come again', async () => {
    for (let index = 0; index < controlLimits.giftBurst; index++) {
      await post('/faucet', JSON.stringify({ address: `0x${String(index).padStart(40, '0')}` }));
    }
    const statuses: number[] = [];
    for (let index = 0; index < 20; index++) {
      const response = await post('/faucet', JSON.stringify({ address: `0x${'1'.repeat(40)}` }));
      statuses.push(response.status);
      if (response.status === 429) expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(statuses).toContain(429);
  });
});

describe('validators', () => {
  test('are listed, stopped and started', async () => {
    expect(await (await call('/validators')).json()).toEqual(validators);
    expect((await post('/validators/Dave/stop')).status).toBe(200);
    expect((await post('/validators/Dave/start')).status).toBe(200);
    expect(switched).toEqual(['stop Dave', 'start Dave']);
  });

  test('an unknown one is refused by name', async () => {
    const response = await post('/validators/Mallory/stop');
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ title: 'There is no validator Mallory' });
  });
});

describe('who may call', () => {
  test('the wallet may, and its browser is told so', async () => {
    const response = await call('/validators', { headers: { origin: wallet } });
    expect(response.headers.get('access-control-allow-origin')).toBe(wallet);
    const preflight = await call('/faucet', { method: 'OPTIONS', headers: { origin: wallet } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type');
  });

  test('a page of another origin may not, not even without reading the answer', async () => {
    const response = await post('/validators/Dave/stop', undefined, { origin: 'http://elsewhere.example' });
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(switched).toEqual([]);
  });

  test('a name that was bound to this machine by somebody else may not', async () => {
    expect(await statusForHost('rebound.example')).toBe(403);
    expect(await statusForHost('localhost:4706')).toBe(200);
  });

  test('what is not a switch is not found', async () => {
    expect((await call('/')).status).toBe(404);
    expect((await call('/faucet')).status).toBe(404);
  });
});
