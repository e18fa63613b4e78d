import { setTimeout as delay } from 'node:timers/promises';
import type { ChaosNetwork } from '../network/network.ts';
import { type Fault, kindOf } from './fault.ts';
import type { Wave } from './plan.ts';

/**
 * Injects one wave after the other until the time is up, healing each. Counts what was injected, by kind. After an
 * abort nothing more is done, not even healing: everything is being stopped.
 */
export async function breakAndHeal(
  waves: Iterator<Wave, unknown>,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
  dependencies: {
    readonly network: Pick<ChaosNetwork, 'inject' | 'heal'>;
    readonly onFault: (fault: Fault, atSeconds: number) => void;
  },
): Promise<ReadonlyMap<string, number>> {
  const { network, onFault } = dependencies;
  const injected = new Map<string, number>();
  const started = performance.now();
  const elapsedMs = () => performance.now() - started;
  while (elapsedMs() < seconds * 1_000 && !signal.aborted) {
    const step = waves.next();
    if (step.done) break;
    const { faults, lastsMs, pauseMs } = step.value;
    for (const fault of faults) {
      onFault(fault, elapsedMs() / 1_000);
      await network.inject(fault);
      injected.set(kindOf(fault), (injected.get(kindOf(fault)) ?? 0) + 1);
    }
    await waited(lastsMs, signal);
    if (signal.aborted) break;
    await network.heal();
    await waited(pauseMs, signal);
  }
  return injected;
}

async function waited(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
