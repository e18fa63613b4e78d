import { type Hash, RejectError, type SignedOrder } from '@fastpay/protocol';
import type { PaymentEvent } from '@fastpay/rpc';
import type { Collected } from './collect/collect-value.ts';
import { type DrivenValue, drivenKey } from './collect/driven-value.ts';
import { withDeadline } from './with-deadline.ts';

/** What a run has verified so far. */
export interface RunProgress {
  readonly signedOrder: SignedOrder | undefined;
  readonly votes: number;
  readonly commits: number;
}

/** Orders and proposals being driven; everyone who submits the same shares one run, from its beginning. */
export interface PaymentRuns {
  /** The steps from the first on, ending with `paid` or `stalled`. @throws RejectError RATE_LIMITED when too many run. */
  submit(driven: DrivenValue): AsyncIterable<PaymentEvent>;
  /** Of an order in the normal course. */
  progress(transactionHash: Hash): RunProgress | undefined;
  readonly active: number;
  /** Resolves when no run is left. */
  idle(): Promise<void>;
}

interface RunsDependencies {
  collect(driven: DrivenValue, emit: (event: PaymentEvent) => void, signal: AbortSignal): Promise<Collected>;
  onEnd(collected: Collected, seconds: number): void;
}

interface Run {
  readonly driven: DrivenValue;
  /** Bounded: a few for each validator. */
  readonly events: PaymentEvent[];
  readonly finished: Promise<unknown>;
  /** Resolves at the next event or at the end, and is then replaced. */
  change: PromiseWithResolvers<void>;
  isOver: boolean;
  /** A broken invariant; everyone who reads the run gets it. */
  broken?: { readonly error: unknown };
}

export function createPaymentRuns(
  { runs: maximum, timeoutMs }: { readonly runs: number; readonly timeoutMs: number },
  { collect, onEnd }: RunsDependencies,
): PaymentRuns {
  const runs = new Map<string, Run>();

  const start = (driven: DrivenValue): Run => {
    const announce = () => {
      run.change.resolve();
      run.change = Promise.withResolvers();
    };
    const emit = (event: PaymentEvent) => {
      run.events.push(event);
      announce();
    };
    const drive = async () => {
      const started = performance.now();
      try {
        const collected = await withDeadline(timeoutMs, (signal) => collect(driven, emit, signal));
        onEnd(collected, (performance.now() - started) / 1_000);
      } catch (error) {
        run.broken = { error };
      }
      run.isOver = true;
      runs.delete(drivenKey(driven));
      announce();
    };
    const run: Run = {
      driven,
      events: [],
      change: Promise.withResolvers(),
      isOver: false,
      finished: Promise.resolve().then(drive),
    };
    runs.set(drivenKey(driven), run);
    return run;
  };

  return {
    get active() {
      return runs.size;
    },
    submit(driven) {
      const running = runs.get(drivenKey(driven));
      if (!running && runs.size >= maximum) {
        throw new RejectError('RATE_LIMITED', 'the relay drives too many payments already', { retryAfterMs: 1_000 });
      }
      return eventsOf(running ?? start(driven));
    },
    progress(transactionHash) {
      const run = runs.get(transactionHash);
      if (!run) return undefined;
      const count = (type: PaymentEvent['type']) => run.events.filter((event) => event.type === type).length;
      return { signedOrder: run.driven.signedOrder, votes: count('vote'), commits: count('commit') };
    },
    async idle() {
      await Promise.all([...runs.values()].map(({ finished }) => finished));
    },
  };
}

async function* eventsOf(run: Run): AsyncIterable<PaymentEvent> {
  for (let index = 0; ; index++) {
    while (index >= run.events.length) {
      if (run.broken) throw run.broken.error;
      if (run.isOver) return;
      await run.change.promise;
    }
    const event = run.events[index];
    if (event) yield event;
  }
}
