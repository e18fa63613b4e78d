import type { Plan } from '../plan/plan.ts';
import { START_MS } from '../time/scheduler.ts';
import type { Fault, Situation } from './coverage.ts';
import { play } from './play.ts';
import { createWorld, type Violation } from './world.ts';

/** What came of one run. */
export interface RunResult {
  readonly seed: number;
  readonly steps: number;
  readonly virtualMs: number;
  /** How many payments, each out of the one before and none settled, at most. */
  readonly deepestChain: number;
  /** Equal for equal histories. */
  readonly traceHash: string;
  readonly faults: readonly (readonly [Fault, number])[];
  readonly situations: readonly (readonly [Situation, number])[];
  /** The first ones; a run ends at the first. */
  readonly violations: readonly Violation[];
  /** Message faults that happened, by name. */
  readonly messageFaults: readonly string[];
  /** The last lines of the trace, when they were asked for. */
  readonly lines: readonly string[];
}

export interface RunOptions {
  /** Leaves out message faults, by name. */
  readonly isAllowed?: (fault: string) => boolean;
  readonly keptTraceLines?: number;
}

/** Carries out a plan: faults until their time is over, then peace, then the question whether all came to a good end. */
export async function runPlan(
  plan: Plan,
  { isAllowed = () => true, keptTraceLines = 0 }: RunOptions = {},
): Promise<RunResult> {
  const world = createWorld(plan, { isAllowed, keptTraceLines });
  const onUnhandled = (error: unknown) => world.broken('nobody caught', error);
  process.on('unhandledRejection', onUnhandled);
  try {
    await play(world);
  } finally {
    process.off('unhandledRejection', onUnhandled);
  }
  const { scheduler, trace, faults, situations, violations, fates } = world;
  return {
    seed: plan.seed,
    steps: scheduler.steps(),
    virtualMs: scheduler.nowMs() - START_MS,
    deepestChain: world.model.deepestUnsettledChain,
    traceHash: trace.hash(),
    faults: faults.entries(),
    situations: situations.entries(),
    violations: violations.slice(0, 5),
    messageFaults: fates.injected,
    lines: trace.lines(),
  };
}
