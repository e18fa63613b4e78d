import { expect, it, vi } from 'vitest';
import { createMailbox } from './mailbox.ts';

const { signal } = new AbortController();

it('gives out what was put in, in order, once', () => {
  const mailbox = createMailbox<number>(3);
  expect([mailbox.put(1), mailbox.put(2)]).toEqual([true, true]);
  expect(mailbox.take()).toEqual([1, 2]);
  expect(mailbox.take()).toEqual([]);
});

it('refuses beyond its capacity', () => {
  const mailbox = createMailbox<number>(1);
  expect([mailbox.put(1), mailbox.put(2)]).toEqual([true, false]);
  mailbox.clear();
  expect(mailbox.put(3)).toBe(true);
});

it('ends a wait by an item, a wake or an abort', async () => {
  const mailbox = createMailbox<number>(1);
  const controller = new AbortController();
  const byItem = mailbox.wait({ signal });
  mailbox.put(1);
  expect(await byItem).toBe('woken');
  expect(await mailbox.wait({ signal })).toBe('woken');
  mailbox.take();
  const byWake = mailbox.wait({ signal });
  mailbox.wake();
  expect(await byWake).toBe('woken');
  const byAbort = mailbox.wait({ signal: controller.signal });
  controller.abort();
  expect(await byAbort).toBe('woken');
  expect(await mailbox.wait({ signal: controller.signal })).toBe('woken');
});

it('ends a wait when the time is over', async () => {
  vi.useFakeTimers();
  try {
    const mailbox = createMailbox<number>(1);
    const wait = mailbox.wait({ signal, timeoutMs: 15_000 });
    vi.advanceTimersByTime(15_000);
    expect(await wait).toBe('timeout');
  } finally {
    vi.useRealTimers();
  }
});
