import type { Action, Plan } from '../plan/plan.ts';
import { type RunResult, runPlan } from '../run/run-plan.ts';

/** A failing run with as little left in it as could be found. */
export interface Shrunk {
  readonly plan: Plan;
  /** Message faults that are left, by name. */
  readonly faults: readonly string[];
  readonly result: RunResult;
  /** How many runs it took. */
  readonly runs: number;
}

interface Candidate {
  readonly plan: Plan;
  readonly faults: readonly string[];
}

/**
 * Takes things out of a failing run as long as it fails in the same invariant: message faults, then actions, then
 * peculiarities of the actors. `mostRuns` bounds the work.
 */
export async function shrink(plan: Plan, failed: RunResult, { mostRuns = 300 } = {}): Promise<Shrunk> {
  const invariant = failed.violations[0]?.invariant;
  if (invariant === undefined) throw new Error(`seed ${plan.seed} did not fail`);
  let best: Candidate = { plan, faults: failed.messageFaults };
  let result = failed;
  let runs = 0;

  /** Keeps the candidate if it still fails. */
  async function keeps(candidate: Candidate): Promise<boolean> {
    if (runs >= mostRuns) return false;
    runs++;
    const allowed = new Set(candidate.faults);
    const tried = await runPlan(candidate.plan, { isAllowed: (fault) => allowed.has(fault), keptTraceLines: 60 });
    if (!tried.violations.some((violation) => violation.invariant === invariant)) return false;
    best = candidate;
    result = tried;
    return true;
  }

  await keeps(best);
  await leaveOut(
    () => best.faults,
    (faults) => keeps({ ...best, faults }),
  );
  await leaveOut<Action>(
    () => best.plan.actions,
    (actions) => keeps({ ...best, plan: { ...best.plan, actions } }),
  );
  for (const simpler of simplifications) await keeps({ ...best, plan: simpler(best.plan) });
  await leaveOut(
    () => best.plan.byzantine,
    (byzantine) => keeps({ ...best, plan: { ...best.plan, byzantine } }),
  );
  await leaveOut(
    () => best.faults,
    (faults) => keeps({ ...best, faults }),
  );
  return { plan: best.plan, faults: best.faults, result, runs };
}

/** Without everything, without halves, without quarters, …, without each one. */
async function leaveOut<Item>(
  items: () => readonly Item[],
  keeps: (left: readonly Item[]) => Promise<boolean>,
): Promise<void> {
  if (items().length === 0 || (await keeps([]))) return;
  for (let size = Math.ceil(items().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < items().length; ) {
      const left = items().toSpliced(start, size);
      if (!(await keeps(left))) start += size;
    }
  }
}

const simplifications: readonly ((plan: Plan) => Plan)[] = [
  (plan) => ({ ...plan, hasByzantineRelay: false }),
  (plan) => ({ ...plan, validatorSkewMs: plan.stakes.map(() => 0) }),
  (plan) => ({ ...plan, diskSlownessMs: plan.stakes.map(() => 20) }),
  (plan) => ({ ...plan, devices: plan.devices.map((device) => ({ ...device, skewMs: 0 })) }),
  (plan) => ({ ...plan, byzantineStays: false }),
  (plan) => ({ ...plan, byzantineHabits: { silence: 0, garbage: 0, lies: 0 } }),
  (plan) => ({ ...plan, attackers: 0, actions: plan.actions.filter(({ type }) => type !== 'attack') }),
  (plan) => {
    const used = new Set(plan.actions.flatMap((action) => ('device' in action ? [action.device] : [])));
    return { ...plan, devices: plan.devices.filter(({ name }) => used.has(name)) };
  },
];
