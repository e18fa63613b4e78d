import { type CommitCertificate, RejectError, validityStake } from '@fastpay/protocol';
import type { ClientCore } from '../core.ts';
import { clientLimits } from '../limits.ts';
import { randomFraction } from '../ports/random.ts';
import type { LogPosition } from '../store/client-store.ts';
import { observe } from './observe.ts';
import { concernsOwner, takeIn } from './take-in.ts';

export interface CaughtUp {
  /** What was new, in the order in which it came. */
  readonly certificates: readonly CommitCertificate[];
  /** Whether anything stored has changed. */
  readonly changed: boolean;
  /** Why validators of stake ≥ v have not all answered; what came is stored all the same. */
  readonly incomplete?: RejectError;
}

/**
 * Takes in the logs of validators of stake ≥ v from where they were left, since one of them may leave things out (§9).
 * Begins with a random one, so that no relay or validator can count on being the one that is asked. Where a log was left
 * is the relay's word, and means nothing to a store that has replaced another: so each is begun anew now and then.
 * @param ahead Signers to ask before, as they claim to know more.
 */
export async function catchUp(core: ClientCore, ahead: readonly number[] = []): Promise<CaughtUp> {
  const { members } = core.context.committee;
  const needed = validityStake(core.context.committee);
  const first = Math.floor(randomFraction(core.random) * members.length);
  const certificates: CommitCertificate[] = [];
  let changed = false;
  let stake = 0n;
  let problem: RejectError | undefined;
  const inTurn = members.map((_member, turn) => (first + turn) % members.length);
  for (const signer of new Set([...ahead, ...inTurn])) {
    if (stake >= needed) break;
    try {
      changed = (await takeLogOf(core, signer, certificates)) || changed;
      stake += members[signer]?.stake ?? 0n;
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      problem = error;
    }
  }
  const caughtUp = { certificates, changed: changed || certificates.length > 0 };
  if (stake >= needed) return caughtUp;
  const text = 'too few validators answer to be sure that nothing is missing';
  return { ...caughtUp, incomplete: withCause(new RejectError('TEMPORARILY_UNAVAILABLE', text), problem) };
}

function withCause(error: RejectError, cause: RejectError | undefined): RejectError {
  error.cause = cause;
  return error;
}

/** Adds what is new to `certificates`; whether hearsay has changed. @throws RejectError. */
async function takeLogOf(core: ClientCore, signer: number, certificates: CommitCertificate[]): Promise<boolean> {
  const { owner, store, transport } = core;
  let changed = false;
  const { cursor: leftAt, begunAtMs } = await whereToGoOn(core, signer);
  let cursor = leftAt;
  for (let page = 0; page < clientLimits.syncPages; page++) {
    const log = await transport.accountLog({ owner, signer, afterCursor: cursor });
    for (const certificate of log.certificates) {
      if (concernsOwner(core, certificate) && (await takeIn(core, certificate))) certificates.push(certificate);
    }
    for (const hint of log.settlements) changed = (await observe(core, hint)) || changed;
    if (log.nextCursor > cursor) {
      cursor = log.nextCursor;
      await store.saveLogPosition(owner, signer, { cursor, begunAtMs });
    } else if (log.hasMore) {
      throw new RejectError('TEMPORARILY_UNAVAILABLE', 'the log goes round in circles');
    }
    if (!log.hasMore) break;
  }
  return changed;
}

async function whereToGoOn({ owner, store, clock }: ClientCore, signer: number): Promise<LogPosition> {
  const now = clock.nowMs();
  const left = await store.logPosition(owner, signer);
  // A clock that was put back would otherwise never come to it.
  const isOld = !left || left.begunAtMs > now || now - left.begunAtMs >= clientLimits.logRescanMs;
  return isOld ? { cursor: 0n, begunAtMs: now } : left;
}

/** The next time the logs of all validators are taken in from their beginning. */
export async function beginLogsAnew({ owner, store, clock, context }: ClientCore): Promise<void> {
  const begunAtMs = clock.nowMs();
  for (const signer of context.committee.members.keys()) {
    await store.saveLogPosition(owner, signer, { cursor: 0n, begunAtMs });
  }
}
