import { expect, test } from 'vitest';
import { createBoundedFetch } from './bounded-fetch.ts';

/** An answer without an end; says when nobody reads it any more. */
function endless() {
  let isCancelled = false;
  let sent = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      sent += 10;
      controller.enqueue(new Uint8Array(10));
    },
    cancel() {
      isCancelled = true;
    },
  });
  const response = new Response(body, { status: 201, headers: { 'content-type': 'application/proto' } });
  return { fetch: async () => response, isCancelled: () => isCancelled, sent: () => sent };
}

test('passes on an answer that is as long as it may be', async () => {
  const fetch = createBoundedFetch(async () => new Response('0123456789', { status: 503 }), 10);
  const response = await fetch('https://relay.example');
  expect(response.status).toBe(503);
  expect(await response.text()).toBe('0123456789');
});

test('passes on an answer without a body', async () => {
  const response = await createBoundedFetch(
    async () => new Response(null, { status: 204 }),
    10,
  )('https://relay.example');
  expect(response.status).toBe(204);
  expect(await response.text()).toBe('');
});

test('breaks off behind the bound, and reads no further', async () => {
  const { fetch, isCancelled, sent } = endless();
  const response = await createBoundedFetch(fetch, 25)('https://relay.example');
  expect(response.headers.get('content-type')).toBe('application/proto');
  await expect(response.arrayBuffer()).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  expect(isCancelled()).toBe(true);
  expect(sent()).toBeLessThan(100);
});
