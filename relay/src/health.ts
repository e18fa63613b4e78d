import { committeeHash, domainSeparator, type Network, RejectError } from '@fastpay/protocol';
import type { ValidatorInfo, ValidatorStatus } from '@fastpay/rpc';
import type { ValidatorClient } from './upstream/validator-client.ts';
import { withDeadline } from './with-deadline.ts';

/** What the relay last saw of each validator. */
export interface Health {
  /** One entry for each member of the committee, in its order. */
  statuses(): readonly ValidatorStatus[];
  isReachable(signer: number): boolean;
  /** Whether every validator was looked at once. */
  readonly isSettled: boolean;
  stop(): void;
}

interface HealthOptions {
  readonly network: Network;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

interface HealthDependencies {
  readonly validators: readonly ValidatorClient[];
  /** Unix milliseconds. */
  now(): number;
  /** A validator that did not answer does now. */
  onReturn(signer: number): void;
  /** A failure that is no refusal: a broken invariant. */
  onBroken(error: unknown): void;
}

/** Looks at every validator at once and then every `intervalMs`. */
export function watchHealth(options: HealthOptions, dependencies: HealthDependencies): Health {
  const { network, intervalMs, timeoutMs } = options;
  let isStopped = false;
  const statuses = new Map<number, ValidatorStatus>();
  const timers = new Set<NodeJS.Timeout>();

  const look = async (validator: ValidatorClient) => {
    const { signer } = validator;
    const previous = statuses.get(signer);
    const started = performance.now();
    const status = await withDeadline(timeoutMs, (signal) => observe(validator, network, signal));
    const info = status.info ?? previous?.info;
    statuses.set(signer, {
      signer,
      reachable: status.error === '',
      latencyMs: performance.now() - started,
      error: status.error,
      checkedAtMs: dependencies.now(),
      ...(info ? { info } : {}),
    });
    if (status.error === '' && previous?.reachable === false) dependencies.onReturn(signer);
    if (isStopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      start(validator);
    }, intervalMs);
    timers.add(timer);
  };
  const start = (validator: ValidatorClient) => {
    look(validator).catch(dependencies.onBroken);
  };
  for (const validator of dependencies.validators) start(validator);

  return {
    statuses: () =>
      network.committee.members.map((_, signer) => {
        const error = dependencies.validators.some((validator) => validator.signer === signer)
          ? 'not looked at yet'
          : 'this relay has no address of it';
        return statuses.get(signer) ?? { signer, reachable: false, latencyMs: 0, error, checkedAtMs: 0 };
      }),
    isReachable: (signer) => statuses.get(signer)?.reachable ?? false,
    get isSettled() {
      return dependencies.validators.every(({ signer }) => statuses.has(signer));
    },
    stop() {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

async function observe(
  validator: ValidatorClient,
  network: Network,
  signal: AbortSignal,
): Promise<{ readonly info?: ValidatorInfo; readonly error: string }> {
  try {
    const info = await validator.info(signal);
    return { info, error: strangeness(info, validator.signer, network) };
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
    return { error: error.message };
  }
}

/** Why this is not the validator that the committee names; empty when it is. */
function strangeness(info: ValidatorInfo, signer: number, network: Network): string {
  const member = network.committee.members[signer];
  if (info.domainSeparator !== domainSeparator(network.domain)) return 'answers for another network';
  if (info.committeeHash !== committeeHash(network.committee)) return 'answers for another committee';
  if (info.signer !== signer || info.votingKey !== member?.votingKey) return 'answers as another validator';
  return '';
}
