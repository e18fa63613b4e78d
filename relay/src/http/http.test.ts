import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as schemas from '../rest/schemas.ts';
import { toJson } from '../rest/to-json.ts';
import { handMadeClient } from '../testing/hand-made-client.fixtures.ts';
import { silence, unreachable } from '../testing/hand-made-validator.fixtures.ts';
import { alice, createTestNetwork } from '../testing/network.fixtures.ts';
import { startTestRelay, type TestRelay } from '../testing/relay.fixtures.ts';

let directory: string;
const running: TestRelay[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-wallet-'));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html>wallet');
  writeFileSync(join(directory, 'sw.js'), 'worker');
  writeFileSync(join(directory, 'manifest.webmanifest'), '{}');
  writeFileSync(join(directory, 'assets/index-abc123.js'), 'code');
});
afterEach(async () => {
  for (const relay of running.splice(0)) {
    await relay.stop();
    expect(relay.broken).toEqual([]);
  }
  rmSync(directory, { recursive: true, force: true });
});

async function start(...parameters: Parameters<typeof startTestRelay>): Promise<TestRelay> {
  const relay = await startTestRelay(...parameters);
  running.push(relay);
  return relay;
}

describe('the wallet', () => {
  const page = { headers: { accept: 'text/html,*/*;q=0.8' } };

  test.each([
    ['/', 'no-cache'],
    ['/index.html', 'no-cache'],
    ['/sw.js', 'no-cache'],
    ['/manifest.webmanifest', 'no-cache'],
    ['/assets/index-abc123.js', 'public, max-age=31536000, immutable'],
    ['/pay/someone', 'no-cache'],
  ])('%s is served with Cache-Control %s', async (path, cacheControl) => {
    const relay = await start({ options: { walletDirectory: directory } });
    const response = await fetch(`${relay.url}${path}`, page);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe(cacheControl);
    expect(response.headers.get('etag')).not.toBeNull();
  });

  test('every path without a file is its one page, but no missing file and no API path is', async () => {
    const relay = await start({ options: { walletDirectory: directory } });
    expect(await (await fetch(`${relay.url}/activity`, page)).text()).toContain('wallet');
    for (const path of ['/assets/index-gone.js', '/v1/nothing', '/../../etc/passwd.txt', '/%2e%2e/secret.txt']) {
      const response = await fetch(`${relay.url}${path}`, page);
      expect([path, response.status]).toEqual([path, 404]);
      expect(await response.text()).not.toContain('wallet');
    }
    expect((await fetch(`${relay.url}/activity`, { ...page, method: 'POST' })).status).toBe(404);
  });

  test('runs under a policy that loads and calls nothing else', async () => {
    const relay = await start({ options: { walletDirectory: directory, devnetUrl: 'http://127.0.0.1:4706' } });
    const { headers } = await fetch(`${relay.url}/`, page);
    const policy = headers.get('content-security-policy')?.split(';') ?? [];
    expect(policy).toEqual([
      "default-src 'self'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "img-src 'self' data: blob:",
      "connect-src 'self' http://127.0.0.1:4706",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types default',
    ]);
    // Workers load their parts by name, under the policy of their own file.
    const worker = (await fetch(`${relay.url}/sw.js`)).headers.get('content-security-policy')?.split(';');
    expect(worker).toEqual(policy.slice(0, -2));
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('is not there without a directory', async () => {
    const relay = await start();
    expect((await fetch(`${relay.url}/`, page)).status).toBe(404);
  });
});

describe('pages of other origins', () => {
  const preflight = (relay: TestRelay, origin: string, path: string) =>
    fetch(`${relay.url}${path}`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });

  test.each(['/v1/payments', '/fastpay.v1.RelayService/GetCommitteeStatus'])(
    'may call %s when listed',
    async (path) => {
      const relay = await start({ options: { allowedOrigins: ['https://wallet.example'] } });
      const { headers } = await preflight(relay, 'https://wallet.example', path);
      expect(headers.get('access-control-allow-origin')).toBe('https://wallet.example');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(
        (await preflight(relay, 'https://evil.example', path)).headers.get('access-control-allow-origin'),
      ).toBeNull();
    },
  );

  test('may not when nothing is listed', async () => {
    const relay = await start();
    const { headers } = await preflight(relay, 'https://wallet.example', '/v1/payments');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('operation', () => {
  test('health, readiness and metrics', async () => {
    const relay = await start();
    expect(await (await fetch(`${relay.url}/healthz`)).text()).toBe('ok\n');
    for (;;) {
      const response = await fetch(`${relay.url}/readyz`);
      if (response.status === 200) break;
      expect([response.status, await response.text()]).toEqual([503, 'the validators have not been looked at yet\n']);
    }
    const signedOrder = await relay.net.sign(alice);
    await relay.json('/v1/payments', { signedOrder: toJson(signedOrder) });
    const text = await (await fetch(`${relay.url}/metrics`)).text();
    expect(text).toContain('fastpay_relay_payments_total{outcome="paid"} 1');
    expect(text).toContain('fastpay_relay_validator_reachable{signer="3"} 1');
    expect(text).toContain('fastpay_relay_cached_payments 1');
    expect(text).toContain('fastpay_relay_requests_total{route="POST /v1/payments",status="200"} 1');
  });

  test('ready though validators are down: what it says is still of use', async () => {
    const net = createTestNetwork();
    const validators = [0, 1, 2, 3].map((signer) => handMadeClient(net, signer, { info: unreachable }));
    const relay = await start({ net, validators });
    for (;;) if ((await fetch(`${relay.url}/readyz`)).status === 200) break;
    const { members } = schemas.committee.parse((await relay.json('/v1/committee')).body);
    expect(members[0]?.status).toMatchObject({ reachable: false, error: 'the other side cannot be reached' });
  });

  test('a validator that answers as another is not reachable', async () => {
    const net = createTestNetwork();
    const validators = [0, 1, 2, 3].map((signer) => ({ ...handMadeClient(net, (signer + 1) % 4), signer }));
    const relay = await start({ net, validators });
    for (;;) if ((await fetch(`${relay.url}/readyz`)).status === 200) break;
    const { members } = schemas.committee.parse((await relay.json('/v1/committee')).body);
    expect(members[0]?.status).toMatchObject({ reachable: false, error: 'answers as another validator' });
  });

  test('the log names routes and ids, never what was sent', async () => {
    const relay = await start();
    const signedOrder = await relay.net.sign(alice);
    const certificate = await relay.net.commitCertificate(signedOrder, [0, 1, 2]);
    const { response } = await relay.json('/v1/payments?wait=paid', { signedOrder: toJson(signedOrder) });
    await relay.json('/v1/certificates', { certificate: toJson(certificate) });
    await fetch(`${relay.url}/v1/payments/secret-path?secret-query=1`);
    await fetch(`${relay.url}/secret-path`);
    const id = response.headers.get('x-request-id');
    await relay.stop();
    const log = relay.records.join('');
    expect(log).toContain(`"requestId":"${id}","route":"POST /v1/payments","status":200`);
    expect(log).not.toMatch(/secret|127\.0\.0\.1|payerSignature/);
    expect(log).not.toContain(alice.address);
  });

  test('stopping lets a running payment end, and closes idle streams and connections', async () => {
    const net = createTestNetwork();
    const gate = Promise.withResolvers<void>();
    const validators = [0, 1, 2, 3].map((signer) => {
      const client = handMadeClient(net, signer);
      const commit: typeof client.commit = async (...parameters) => {
        await gate.promise;
        return await client.commit(...parameters);
      };
      return handMadeClient(net, signer, { commit });
    });
    const relay = await start({ net, validators });
    const signedOrder = await net.sign(alice);
    const paid = relay.json('/v1/payments', { signedOrder: toJson(signedOrder) });
    const { transactionHash } = net.request(signedOrder);
    for (;;) {
      const { body } = await relay.json(`/v1/payments/${transactionHash}`);
      if (JSON.stringify(body).includes('"CERTIFIED"')) break;
    }
    const stopped = relay.stop();
    gate.resolve();
    expect((await paid).response.status).toBe(200);
    await stopped;
    await expect(fetch(`${relay.url}/healthz`)).rejects.toThrow();
  });

  test('a port that is taken fails the start', async () => {
    const relay = await start();
    const port = Number(new URL(relay.url).port);
    await expect(startTestRelay({ options: { listen: { host: '127.0.0.1', port } } })).rejects.toThrow('EADDRINUSE');
  });

  test('a validator that hangs does not hold up reading', async () => {
    const net = createTestNetwork();
    const hang = { account: (_account: unknown, _nonce: unknown, signal: AbortSignal) => silence(undefined, signal) };
    const validators = [0, 1, 2, 3].map((signer) => handMadeClient(net, signer, signer === 2 ? hang : {}));
    const relay = await start({ net, validators });
    const { body } = await relay.json(`/v1/accounts/${alice.address}/${net.network.assets[0]?.address}`);
    expect(body).toMatchObject({
      quorum: { signers: [0, 1, 3] },
      failures: [{ signer: 2, code: 'TEMPORARILY_UNAVAILABLE', detail: 'no answer in time' }],
    });
  });

  test('headers that never end do not keep a connection for ever', async () => {
    const relay = await start();
    const socket = connect(Number(new URL(relay.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n`);
    const [chunk] = await new Promise<Buffer[]>((resolve) => socket.once('data', (...data) => resolve(data)));
    expect(chunk?.toString('latin1')).toContain('431');
    socket.destroy();
  });
});
