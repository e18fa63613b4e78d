import { expect, test } from 'vitest';
import { createProcessLocks, createWebLocks, type SigningLocks } from './locks.ts';

const never = new AbortController().signal;

/** An action that runs until it is told to end. */
function controlled(log: string[], name: string) {
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return {
    finish,
    run: async () => {
      log.push(`${name} begins`);
      await finished;
      log.push(`${name} ends`);
      return name;
    },
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

// Node has the Web Locks API itself.
const adapters: readonly [string, () => SigningLocks][] = [
  ['process locks', createProcessLocks],
  ['web locks', () => createWebLocks(navigator.locks)],
];

test.each(adapters)('%s run one holder of a name after the other', async (adapter, create) => {
  const locks = create();
  const log: string[] = [];
  const [first, second] = [controlled(log, 'first'), controlled(log, 'second')];
  const results = [locks.run(adapter, first.run, never), locks.run(adapter, second.run, never)];
  await settle();
  expect(log).toEqual(['first begins']);
  second.finish();
  first.finish();
  expect(await Promise.all(results)).toEqual(['first', 'second']);
  expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});

test.each(adapters)('%s do not keep other names waiting', async (adapter, create) => {
  const locks = create();
  const first = controlled([], 'first');
  const held = locks.run(`${adapter} a`, first.run, never);
  expect(await locks.run(`${adapter} b`, () => Promise.resolve(1), never)).toBe(1);
  first.finish();
  await held;
});

test.each(adapters)('%s go on after a holder that failed', async (adapter, create) => {
  const locks = create();
  await expect(locks.run(adapter, () => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
  expect(await locks.run(adapter, () => Promise.resolve(2), never)).toBe(2);
});

test.each(adapters)(
  '%s let a waiting caller give up, and nobody overtakes the holder for it',
  async (adapter, create) => {
    const locks = create();
    const log: string[] = [];
    const [first, third] = [controlled(log, 'first'), controlled(log, 'third')];
    const held = locks.run(adapter, first.run, never);
    const controller = new AbortController();
    const waiting = locks.run(adapter, () => Promise.resolve(log.push('second begins')), controller.signal);
    const last = locks.run(adapter, third.run, never);
    controller.abort(new Error('tired of waiting'));
    await expect(waiting).rejects.toThrow('tired of waiting');
    await settle();
    expect(log).toEqual(['first begins']);
    first.finish();
    third.finish();
    await Promise.all([held, last]);
    expect(log).toEqual(['first begins', 'first ends', 'third begins', 'third ends']);
  },
);
