import type { VerificationContext } from '@fastpay/crypto';
import { type AccountId, type CommitCertificate, RejectError, slotKey } from '@fastpay/protocol';
import type { StaleLock, Validator } from '@fastpay/validator';
import type { Reporter } from '../evidence/reporter.ts';
import type { Witness } from '../evidence/witness.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Fatal } from '../process/fatal.ts';
import type { Clock } from '../service/dependencies.ts';
import { isCaughtUp } from './caught-up.ts';
import { closeSlot } from './close-slot.ts';
import { createDutyRoster, type Duty } from './duties.ts';
import { finishSlot } from './finish.ts';
import { followPeer } from './follow.ts';
import { peerLimits } from './limits.ts';
import type { Peer } from './peer.ts';
import { PeerError } from './peer-error.ts';
import type { Positions } from './positions.ts';
import { createTurns } from './turns.ts';
import { createOwnVoter } from './voter.ts';

export interface PeersOptions {
  /** Index of this validator. */
  readonly signer: number;
  /** Milliseconds between two looks at a peer that has nothing new. */
  readonly intervalMs: number;
  /** Age from which on a lock is finished by the validator itself (§5 rule 7). */
  readonly staleLockMs: number;
}

export interface PeersDependencies {
  readonly validator: Validator;
  readonly context: VerificationContext;
  readonly peers: readonly Peer[];
  readonly positions: Positions;
  readonly witness: Witness;
  readonly reporter: Reporter;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly fatal: Fatal;
  readonly clock: Clock;
}

/** Everything that this validator does with the others by itself: catching up, gossip, and ending slots left open. */
export interface Peers {
  start(): void;
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
  /** Signers of whom everything was known here at some time since the start. */
  caughtUpWith(): readonly number[];
  /** Whether they are so many that nothing is missing (§9). */
  hasCaughtUp(): boolean;
}

export function createPeers(options: PeersOptions, dependencies: PeersDependencies): Peers {
  const { signer, intervalMs, staleLockMs } = options;
  const { validator, context, peers, positions, witness, reporter, metrics, log, fatal, clock } = dependencies;
  const stopping = new AbortController();
  const { signal } = stopping;
  const caughtUp = new Set<number>();
  const roster = createDutyRoster();
  const inTurn = createTurns();
  const own = createOwnVoter({ signer }, { validator, unixMs: clock.unixMs });
  const voters = [own, ...peers];
  const running = new Set<Promise<void>>();
  let exitsAfter: AccountId | undefined;
  let locksAfter: StaleLock | undefined;
  let timer: NodeJS.Timeout | undefined;
  metrics.caughtUp.set(0);

  function hasCaughtUp(): boolean {
    return isCaughtUp(context.committee, signer, [...caughtUp]);
  }

  function onCaughtUp(peer: number): void {
    if (caughtUp.has(peer)) return;
    const before = hasCaughtUp();
    caughtUp.add(peer);
    metrics.caughtUp.set(caughtUp.size);
    if (!before && hasCaughtUp()) log.info({ peers: caughtUp.size }, 'caught up with the other validators');
  }

  /** What nothing expects ends the process: the state machine may have failed under it. */
  function run(work: Promise<void>): void {
    const watched = work
      .catch((error: unknown) => {
        if (!signal.aborted) fatal('the work with peers failed', error);
      })
      .finally(() => {
        running.delete(watched);
      });
    running.add(watched);
  }

  async function perform(duty: Duty): Promise<void> {
    const facts = { duty: duty.type, slot: slotKey(duty.type === 'close' ? duty.slot : duty.certificate.slot) };
    try {
      const ended = await endSlot(duty);
      roster.done(duty, ended ? 'ended' : 'open', clock.unixMs());
      metrics.duties.inc({ duty: duty.type, result: ended ? 'ended' : 'open' });
      if (ended) log.info({ ...facts, value: ended.value }, 'ended a slot that its owner had left open');
      else log.info(facts, 'too few validators took part in ending a slot');
    } catch (error) {
      roster.done(duty, 'open', clock.unixMs());
      if (!(error instanceof RejectError) && !(error instanceof PeerError)) throw error;
      metrics.duties.inc({ duty: duty.type, result: 'refused' });
      log.info({ ...facts, reason: error.message }, 'a slot could not be ended');
    }
  }

  function endSlot(duty: Duty): Promise<CommitCertificate | undefined> {
    const finishing = { context, voters, signal };
    if (duty.type === 'finish') return finishSlot(duty.certificate, finishing);
    return closeSlot(duty.slot, { ...finishing, validator, witness, unixMs: clock.unixMs });
  }

  /** The next accounts in turn, so that many that exit at once are all looked after. */
  function someExiting() {
    const { exiting } = peerLimits.duties;
    const page = validator.exitingAccounts(exiting, exitsAfter);
    exitsAfter = page.length < exiting ? undefined : page.at(-1)?.account;
    return page;
  }

  function someStaleLocks(nowMs: number) {
    const { staleLocks: limit } = peerLimits.duties;
    const lockedBeforeMs = nowMs - staleLockMs;
    const page = validator.staleLocks({ lockedBeforeMs, limit, ...(locksAfter ? { after: locksAfter } : {}) });
    locksAfter = page.length < limit ? undefined : page.at(-1);
    return page.map(({ certificate }) => certificate);
  }

  function lookForDuties(): void {
    if (validator.failure()) return;
    const nowMs = clock.unixMs();
    const duties = roster.next({
      mode: validator.mode(),
      signer,
      committeeSize: context.committee.members.length,
      nowMs,
      exiting: someExiting(),
      staleLocks: someStaleLocks(nowMs),
    });
    for (const duty of duties) run(perform(duty));
  }

  return {
    start() {
      for (const peer of peers) {
        const { unixMs, monotonicMs } = clock;
        const onEvidence = reporter.report;
        const follow = {
          validator,
          inTurn,
          positions,
          metrics,
          log,
          onEvidence,
          onCaughtUp,
          unixMs,
          monotonicMs,
          signal,
        };
        run(followPeer(peer, { intervalMs }, follow));
      }
      timer = setInterval(lookForDuties, peerLimits.duties.intervalMs);
    },
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await Promise.all(running);
      for (const peer of peers) peer.close();
      await positions.save();
    },
    caughtUpWith: () => [...caughtUp],
    hasCaughtUp,
  };
}
