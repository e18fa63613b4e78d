import { expect, test } from 'vitest';
import { createScheduler } from './scheduler.ts';
import { createTrace } from './trace.ts';

const forever = {
  untilMs: Number.POSITIVE_INFINITY,
  mostSteps: 1_000,
  isOver: () => false,
  afterStep: () => false,
};

test('events come in order of time, and of one moment in the order in which they were made', async () => {
  const scheduler = createScheduler(createTrace());
  const seen: string[] = [];
  for (const [ms, name] of [
    [30, 'c'],
    [10, 'a'],
    [10, 'b'],
  ] as const) {
    scheduler.after(ms, name, () => seen.push(name));
  }
  const callOff = scheduler.after(20, 'never', () => seen.push('never'));
  callOff();
  await scheduler.run(forever);
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(scheduler.steps()).toBe(3);
});

test('everything that needs no time happens before the next event', async () => {
  const scheduler = createScheduler(createTrace());
  const seen: number[] = [];
  scheduler.after(1, 'first', () => {
    void (async () => {
      for (let turn = 0; turn < 100; turn++) await Promise.resolve();
      seen.push(scheduler.nowMs());
    })();
  });
  scheduler.after(2, 'second', () => seen.push(scheduler.nowMs()));
  const start = scheduler.nowMs();
  await scheduler.run(forever);
  expect(seen).toEqual([start + 1, start + 2]);
});

test('a sleep ends in time, or at once when nobody waits for it any more', async () => {
  const scheduler = createScheduler(createTrace());
  const ended: number[] = [];
  const controller = new AbortController();
  const start = scheduler.nowMs();
  void scheduler.sleep(50).then(() => ended.push(scheduler.nowMs() - start));
  void scheduler.sleep(1_000, controller.signal).then(() => ended.push(scheduler.nowMs() - start));
  scheduler.after(10, 'abort', () => controller.abort());
  await scheduler.run(forever);
  expect(ended).toEqual([10, 50]);
});
