import { expect, test } from 'vitest';
import { type Backend, createGroupCommitKv, type Schedule } from './group-commit.ts';
import type { Operation } from './kv.ts';
import { createMemoryKv } from './memory.ts';
import type { Change } from './pending-group.ts';
import { dump } from './testing/crashable-kv.ts';

const key = (value: number) => Uint8Array.of(value);
const put = (name: number, value: number): Operation => ({ type: 'put', key: key(name), value: key(value) });

/** A backend whose commits end when the test says so. */
function createSlowBackend() {
  const stored = createMemoryKv();
  const commits: { readonly changes: readonly Change[]; succeed(): Promise<void>; fail(error: Error): void }[] = [];
  const scheduled: (() => void)[] = [];
  const schedule: Schedule = (callback) => void scheduled.push(callback);
  let isClosed = false;
  const backend: Backend = {
    get: stored.get,
    range: stored.range,
    commit(changes) {
      const list = [...changes];
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      commits.push({
        changes: list,
        async succeed() {
          await stored.write(
            list.map((change) =>
              change.value
                ? { type: 'put', key: change.key, value: change.value }
                : { type: 'delete', key: change.key },
            ),
          );
          resolve();
          // Lets everything that waits for the commit go on.
          await new Promise(setImmediate);
        },
        fail: reject,
      });
      return promise;
    },
    close() {
      isClosed = true;
      return Promise.resolve();
    },
  };
  return {
    backend,
    commits,
    schedule,
    isClosed: () => isClosed,
    turn: () => {
      for (const callback of scheduled.splice(0)) callback();
    },
  };
}

/** Whether a promise has settled once everything has run that waits for nothing. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = () => {
    settled = true;
  };
  promise.then(note, note);
  await new Promise(setImmediate);
  return settled;
}

test('batches of one turn share a commit, with the last word on each key', async () => {
  const slow = createSlowBackend();
  const kv = createGroupCommitKv(slow.backend, slow);
  const writes = [kv.write([put(1, 1), put(2, 2)]), kv.write([put(1, 3), { type: 'delete', key: key(2) }])];
  slow.turn();
  expect(slow.commits.map(({ changes }) => changes)).toEqual([
    [
      { key: key(1), value: key(3) },
      { key: key(2), value: undefined },
    ],
  ]);
  await slow.commits[0]?.succeed();
  await Promise.all(writes);
});

test('what comes during a commit waits for it, and is promised only after its own', async () => {
  const slow = createSlowBackend();
  const kv = createGroupCommitKv(slow.backend, slow);
  const first = kv.write([put(1, 1)]);
  slow.turn();
  const second = kv.write([put(1, 2), put(2, 2)]);
  slow.turn();
  expect(slow.commits).toHaveLength(1);
  expect(dump(kv)).toEqual([
    [key(1), key(2)],
    [key(2), key(2)],
  ]);
  await slow.commits[0]?.succeed();
  await first;
  expect(await isSettled(second)).toBe(false);
  expect(kv.get(key(1))).toEqual(key(2));
  slow.turn();
  expect(slow.commits).toHaveLength(2);
  await slow.commits[1]?.succeed();
  await second;
});

test('an empty batch promises what was written before it', async () => {
  const slow = createSlowBackend();
  const kv = createGroupCommitKv(slow.backend, slow);
  const write = kv.write([put(1, 1)]);
  slow.turn();
  const empty = kv.write([]);
  expect(await isSettled(empty)).toBe(false);
  await slow.commits[0]?.succeed();
  await Promise.all([write, empty]);
});

test('a failed commit rejects its batches and all that wait, and ends the store', async () => {
  const slow = createSlowBackend();
  const kv = createGroupCommitKv(slow.backend, slow);
  const first = kv.write([put(1, 1)]);
  slow.turn();
  const second = kv.write([put(2, 2)]);
  const disk = new Error('the disk is gone');
  slow.commits[0]?.fail(disk);
  for (const write of [first, second, kv.write([put(3, 3)])]) {
    await expect(write).rejects.toThrow('could not make a batch durable');
  }
  await expect(first).rejects.toMatchObject({ cause: disk });
  slow.turn();
  expect(slow.commits).toHaveLength(1);
  expect(() => kv.get(key(1))).toThrow('could not make a batch durable');
  expect(() => kv.range({ start: key(0), end: key(9) })).toThrow('could not make a batch durable');
  await kv.close();
  expect(slow.isClosed()).toBe(true);
});

test('close waits for what was written, and takes no more', async () => {
  const slow = createSlowBackend();
  const kv = createGroupCommitKv(slow.backend, slow);
  const write = kv.write([put(1, 1)]);
  const closed = kv.close();
  await expect(kv.write([put(2, 2)])).rejects.toThrow('closing');
  expect(slow.isClosed()).toBe(false);
  slow.turn();
  await slow.commits[0]?.succeed();
  await Promise.all([write, closed]);
  expect(slow.isClosed()).toBe(true);
  expect(() => kv.get(key(1))).toThrow('closed');
});
