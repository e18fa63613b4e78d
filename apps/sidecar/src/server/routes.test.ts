import { afterEach, expect, it } from 'vitest';
import { createListener } from './listener.ts';
import { createRoutes } from './routes.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(
  allowedOrigins: readonly string[] = [],
): Promise<{ readonly url: string; readonly errors: unknown[] }> {
  const errors: unknown[] = [];
  const handle = createRoutes(
    { allowedOrigins },
    {
      rpc: () => false,
      pages: {
        '/healthz': () => ({ status: 200, type: 'application/json', body: '{"healthy":true}\n' }),
        '/broken': () => Promise.reject(new Error('secret detail')),
      },
      onError: (error) => errors.push(error),
    },
  );
  const listener = createListener({ host: '127.0.0.1', port: 0, maxConnections: 10 }, { handle });
  const url = await listener.listen();
  cleanups.push(() => listener.drain(0));
  return { url, errors };
}

it('serves pages to GET and HEAD only', async () => {
  const { url } = await start();
  const page = await fetch(`${url}/healthz?x=1`);
  expect([page.status, await page.text()]).toEqual([200, '{"healthy":true}\n']);
  expect(await (await fetch(`${url}/healthz`, { method: 'HEAD' })).text()).toBe('');
  const post = await fetch(`${url}/healthz`, { method: 'POST', body: 'x' });
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

it('answers 404 to every other path', async () => {
  const { url } = await start();
  for (const path of ['/', '/healthz/', '/../etc/passwd', '/__proto__', '/constructor', '//']) {
    expect((await fetch(url + path)).status, path).toBe(404);
  }
});

it('gives every answer a request id, taking over a sane one of the caller', async () => {
  const { url } = await start();
  expect((await fetch(`${url}/healthz`)).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  const own = await fetch(`${url}/healthz`, { headers: { 'x-request-id': 'trace-7' } });
  expect(own.headers.get('x-request-id')).toBe('trace-7');
  const odd = await fetch(`${url}/healthz`, { headers: { 'x-request-id': 'a b"c' } });
  expect(odd.headers.get('x-request-id')).not.toBe('a b"c');
});

it('hides why a page failed', async () => {
  const { url, errors } = await start();
  const answer = await fetch(`${url}/broken`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('secret detail');
  expect(errors).toHaveLength(1);
});

it('lets browsers in from the configured origins only', async () => {
  const { url } = await start(['https://wallet.example']);
  const preflight = (origin: string) =>
    fetch(`${url}/fastpay.v1.ValidatorService/GetChainHead`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
  const allowed = await preflight('https://wallet.example');
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://wallet.example');
  expect(allowed.headers.get('access-control-allow-headers')).toContain('Connect-Protocol-Version');
  expect(allowed.headers.get('vary')).toBe('Origin');
  const denied = await preflight('https://evil.example');
  expect(denied.status).toBe(404);
  expect(denied.headers.get('access-control-allow-origin')).toBeNull();
});
