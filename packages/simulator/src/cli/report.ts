import { FAULTS, type Fault, SITUATIONS, type Situation } from '../run/coverage.ts';
import type { Shrunk } from '../shrink/shrink.ts';
import type { BatchResult } from './batch.ts';

/** Sums over all batches. */
export interface Summary {
  add(result: BatchResult): void;
  readonly seeds: number;
  readonly steps: number;
  readonly failures: BatchResult['failures'];
  /** Names of what never happened, in words. */
  missing(): readonly string[];
  lines(seconds: number): readonly string[];
}

export function createSummary(): Summary {
  const faults = new Map<Fault, number>();
  const situations = new Map<Situation, number>();
  const failures: BatchResult['failures'][number][] = [];
  let seeds = 0;
  let steps = 0;
  let virtualMs = 0;
  let cpuSeconds = 0;
  let deepestChain = 0;

  const count = (value: number) => value.toLocaleString('en');

  const summary: Summary = {
    get seeds() {
      return seeds;
    },
    get steps() {
      return steps;
    },
    failures,
    add(result) {
      seeds += result.seeds;
      steps += result.steps;
      virtualMs += result.virtualMs;
      deepestChain = Math.max(deepestChain, result.deepestChain);
      cpuSeconds += result.cpuSeconds;
      failures.push(...result.failures);
      for (const [fault, times] of result.faults) faults.set(fault, (faults.get(fault) ?? 0) + times);
      for (const [situation, times] of result.situations)
        situations.set(situation, (situations.get(situation) ?? 0) + times);
    },
    missing: () => [
      ...FAULTS.filter((fault) => !faults.has(fault)).map((fault) => `fault ${fault}`),
      ...Object.entries(SITUATIONS)
        .filter(([name]) => !situations.has(name as Situation))
        .map(([, words]) => words),
    ],
    lines(seconds) {
      return [
        `${count(seeds)} seeds, ${count(steps)} steps, ${count(Math.round(virtualMs / 3_600_000))} hours of virtual time`,
        `${seconds.toFixed(1)} s; ${(seeds / cpuSeconds).toFixed(0)} seeds and ${count(Math.round(steps / cpuSeconds))} steps for each second of a core`,
        '',
        'faults',
        ...FAULTS.map((fault) => `  ${fault.padEnd(30)}${count(faults.get(fault) ?? 0).padStart(12)}`),
        '',
        'situations',
        ...Object.entries(SITUATIONS).map(
          ([name, words]) => `  ${count(situations.get(name as Situation) ?? 0).padStart(12)}  ${words}`,
        ),
        `  ${count(deepestChain).padStart(12)}  payments in the deepest chain of unsettled spends (ten have to occur)`,
      ];
    },
  };
  return summary;
}

/** A shrunk failure, for people. */
export function describeShrunk({ plan, faults, result, runs }: Shrunk): readonly string[] {
  const [violation] = result.violations;
  const plain = (value: unknown) =>
    JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? Number(inner) : inner));
  return [
    `  shrunk in ${runs} runs to ${plan.actions.length} actions and ${faults.length} message faults, ${result.steps} steps:`,
    `  stakes ${plan.stakes.join(', ')}; Byzantine ${plan.byzantine.join(', ') || 'none'}; devices ${plan.devices.map(({ name }) => name).join(', ')}`,
    ...plan.actions.map((action) => `    ${plain(action)}`),
    ...faults.map((fault) => `    ${fault}`),
    `  ${violation?.invariant}: ${violation?.what}`,
    ...result.lines.map((line) => `    ${line}`),
  ];
}
