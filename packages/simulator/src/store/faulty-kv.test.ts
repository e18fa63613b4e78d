import { expect, test } from 'vitest';
import { randomOf } from '../random/random.ts';
import { createScheduler } from '../time/scheduler.ts';
import { createTrace } from '../time/trace.ts';
import { createFaultyKv } from './faulty-kv.ts';

const put = (name: number, ...value: readonly number[]) => ({
  type: 'put' as const,
  key: Uint8Array.of(name),
  value: Uint8Array.from(value),
});

function createDisk() {
  const scheduler = createScheduler(createTrace());
  const options = { name: 'disk', slownessMs: 20, onWrite: () => undefined, onDurable: () => undefined };
  const disk = createFaultyKv(options, scheduler, randomOf(1, 'disk'));
  const rest = () =>
    scheduler.run({
      untilMs: scheduler.nowMs() + 1_000,
      mostSteps: 100,
      isOver: () => false,
      afterStep: () => false,
    });
  return { disk, rest };
}

test('a backup holds what was durable, and all that led to it', async () => {
  const { disk, rest } = createDisk();
  void disk.kv().write([put(1, 7, 8, 9)]);
  void disk.kv().write([put(1, 6)]);
  await rest();
  void disk.kv().write([put(2, 5)]);
  disk.backUp();
  await rest();
  expect(disk.hasRecorded(Uint8Array.of(5))).toBe(true);
  disk.crash(0);
  expect(disk.putBack()).toBe(true);
  expect(disk.kv().get(Uint8Array.of(1))).toEqual(Uint8Array.of(6));
  expect(disk.kv().get(Uint8Array.of(2))).toBeUndefined();
  expect(disk.hasRecorded(Uint8Array.of(8, 9))).toBe(true);
  expect(disk.hasRecorded(Uint8Array.of(9, 6))).toBe(false);
  expect(disk.hasRecorded(Uint8Array.of(5))).toBe(false);
});

test('a backup of everything replaces nothing; no backup replaces all', async () => {
  const { disk, rest } = createDisk();
  expect(disk.putBack()).toBe(false);
  void disk.kv().write([put(1, 1)]);
  await rest();
  disk.backUp();
  disk.crash(0);
  expect(disk.putBack()).toBe(false);
  const other = createDisk();
  void other.disk.kv().write([put(1, 1)]);
  await other.rest();
  other.disk.crash(0);
  expect(other.disk.putBack()).toBe(true);
  expect(other.disk.kv().get(Uint8Array.of(1))).toBeUndefined();
});
