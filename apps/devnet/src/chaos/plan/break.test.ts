import { expect, test } from 'vitest';
import { breakAndHeal } from './break.ts';
import type { Wave } from './plan.ts';

const wave: Wave = {
  faults: [{ kind: 'kill relay' }, { kind: 'pause Tempo node' }],
  lastsMs: 1,
  pauseMs: 1,
};

function network() {
  const log: string[] = [];
  return {
    log,
    inject: (fault: { readonly kind: string }) => Promise.resolve(void log.push(fault.kind)),
    heal: () => Promise.resolve(void log.push('heal')),
  };
}

test('every wave is healed before the next one, the last one too, and all is counted', async () => {
  const broken = network();
  const injected = await breakAndHeal(
    [wave, wave].values(),
    { seconds: 60, signal: new AbortController().signal },
    { network: broken, onFault: () => undefined },
  );
  const once = ['kill relay', 'pause Tempo node', 'heal'];
  expect(broken.log).toEqual([...once, ...once]);
  expect(Object.fromEntries(injected)).toEqual({ 'kill relay': 2, 'pause Tempo node': 2 });
});

test('no wave is begun when the time is up or the run was stopped', async () => {
  const broken = network();
  const forever = { next: () => ({ done: false as const, value: wave }) };
  const dependencies = { network: broken, onFault: () => undefined };
  await breakAndHeal(forever, { seconds: 0, signal: new AbortController().signal }, dependencies);
  await breakAndHeal(forever, { seconds: 60, signal: AbortSignal.abort() }, dependencies);
  expect(broken.log).toEqual([]);
});

test('a run that is stopped heals nothing any more', async () => {
  const broken = network();
  const stop = new AbortController();
  const long = { ...wave, lastsMs: 60_000 };
  const breaking = breakAndHeal(
    [long, long].values(),
    { seconds: 60, signal: stop.signal },
    { network: broken, onFault: () => undefined },
  );
  await expect.poll(() => broken.log.length).toBe(2);
  stop.abort();
  await breaking;
  expect(broken.log).toEqual(['kill relay', 'pause Tempo node']);
});
