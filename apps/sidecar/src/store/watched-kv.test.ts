import type { Kv } from '@fastpay/storage';
import { expect, it } from 'vitest';
import { createWatchedKv } from './watched-kv.ts';

class Ended extends Error {}

function setup(broken: Partial<Kv>) {
  const events: string[] = [];
  const working: Kv = {
    get: () => Uint8Array.of(1),
    range: () => [],
    write: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const kv = createWatchedKv(
    { ...working, ...broken },
    {
      onWrite: (seconds) => events.push(`written ${seconds}`),
      onFailure: (error) => {
        events.push(`failed ${(error as Error).message}`);
        throw new Ended();
      },
      nowMs: () => 0,
    },
  );
  return { kv, events };
}

it('passes through and times what works', async () => {
  const { kv, events } = setup({});
  expect(kv.get(Uint8Array.of(7))).toEqual(Uint8Array.of(1));
  await kv.write([]);
  expect(events).toEqual(['written 0']);
});

it('ends the process before the writer learns that a write failed', async () => {
  const { kv, events } = setup({ write: () => Promise.reject(new Error('disk full')) });
  const write = kv.write([]).then(
    () => events.push('answered'),
    (error) => events.push(error instanceof Ended ? 'ended' : 'other'),
  );
  await write;
  expect(events).toEqual(['failed disk full', 'ended']);
});

it.each([
  ['get', (kv: Kv) => kv.get(Uint8Array.of(1))],
  ['range', (kv: Kv) => [...kv.range({ start: Uint8Array.of(1), end: Uint8Array.of(2) })]],
  ['write', (kv: Kv) => kv.write([])],
] as const)('ends the process when %s throws', (method, act) => {
  const { kv, events } = setup({
    [method]: () => {
      throw new Error('unreadable page');
    },
  });
  expect(() => act(kv)).toThrow(Ended);
  expect(events).toEqual(['failed unreadable page']);
});

it('sees a range that fails half way', () => {
  const { kv, events } = setup({
    *range() {
      yield [Uint8Array.of(1), Uint8Array.of(1)] as const;
      throw new Error('unreadable page');
    },
  });
  expect(() => [...kv.range({ start: Uint8Array.of(1), end: Uint8Array.of(2) })]).toThrow(Ended);
  expect(events).toEqual(['failed unreadable page']);
});

it('refuses writes while it closes without calling the store broken', async () => {
  const { kv, events } = setup({});
  await kv.close();
  await expect(kv.write([])).rejects.toThrow('closing');
  expect(events).toEqual([]);
});
