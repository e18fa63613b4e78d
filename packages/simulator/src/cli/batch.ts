import { drawPlan } from '../plan/draw-plan.ts';
import type { Plan } from '../plan/plan.ts';
import type { Size } from '../plan/sizes.ts';
import type { Fault, Situation } from '../run/coverage.ts';
import { runPlan } from '../run/run-plan.ts';
import type { Violation } from '../run/world.ts';

/** Seeds for one worker to run, one after another. */
export interface Batch {
  readonly first: number;
  readonly count: number;
  readonly crypto: CryptoChoice;
  readonly size: Size;
  /** Ends at the first violation. */
  readonly stopsAtFailure: boolean;
}

/** `mixed`: the real curves for one seed in fifty. */
export type CryptoChoice = Plan['crypto'] | 'mixed';

export interface BatchResult {
  readonly seeds: number;
  readonly steps: number;
  readonly virtualMs: number;
  /** How many payments, each out of the one before and none settled, at most. */
  readonly deepestChain: number;
  readonly faults: readonly (readonly [Fault, number])[];
  readonly situations: readonly (readonly [Situation, number])[];
  readonly failures: readonly { readonly seed: number; readonly violation: Violation }[];
  /** Processor time of the batch, seconds. */
  readonly cpuSeconds: number;
}

const REAL_SHARE = 50;

export function planOf(seed: number, { crypto, size }: Pick<Batch, 'crypto' | 'size'>): Plan {
  const mixed = seed % REAL_SHARE === 0 ? 'real' : 'simulated';
  return drawPlan(seed, { crypto: crypto === 'mixed' ? mixed : crypto, size });
}

export async function runBatch({ first, count, stopsAtFailure, ...choices }: Batch): Promise<BatchResult> {
  const faults = new Map<Fault, number>();
  const situations = new Map<Situation, number>();
  const failures: { seed: number; violation: Violation }[] = [];
  const started = process.threadCpuUsage();
  let steps = 0;
  let virtualMs = 0;
  let deepestChain = 0;
  let seeds = 0;
  for (let seed = first; seed < first + count; seed++) {
    const result = await runPlan(planOf(seed, choices));
    seeds++;
    steps += result.steps;
    virtualMs += result.virtualMs;
    deepestChain = Math.max(deepestChain, result.deepestChain);
    for (const [fault, times] of result.faults) faults.set(fault, (faults.get(fault) ?? 0) + times);
    for (const [situation, times] of result.situations)
      situations.set(situation, (situations.get(situation) ?? 0) + times);
    const [violation] = result.violations;
    if (violation) failures.push({ seed, violation });
    if (violation && stopsAtFailure) break;
    // Lets messages and garbage through between two runs.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { user, system } = process.threadCpuUsage(started);
  return {
    seeds,
    steps,
    virtualMs,
    deepestChain,
    faults: [...faults],
    situations: [...situations],
    failures,
    cpuSeconds: (user + system) / 1_000_000,
  };
}
