import { type CryptoEngine, createVerificationContext } from '@fastpay/crypto';
import {
  type CommitCertificate,
  type Network,
  type ProvenPromise,
  type QuorumCertificate,
  RejectError,
  SKIP,
  type Slot,
} from '@fastpay/protocol';
import { collectPromises, collectValue, drivenProposal } from '@fastpay/relay/core';
import { type ExitingAccount, exitRoundAt, type Validator } from '@fastpay/validator';
import { simulatorLimits } from '../limits.ts';
import type { Scheduler } from '../time/scheduler.ts';
import type { ValidatorCalls } from './validator-calls.ts';

/** §5 rule 6: a validator whose turn it is ends the open slots of accounts that leave. */
export interface ExitDriver {
  /** One look; rounds for what is open, one account after another. Gives the certificates that came of it. */
  look(validator: Validator, accounts: readonly ExitingAccount[]): Promise<readonly CommitCertificate[]>;
}

interface ExitDriverDependencies {
  readonly engine: CryptoEngine;
  readonly validators: readonly ValidatorCalls[];
  readonly scheduler: Scheduler;
  /** By the validator's own clock, unix milliseconds. */
  nowMs(): number;
}

export function createExitDriver(
  network: Network,
  { engine, validators, scheduler, nowMs }: ExitDriverDependencies,
): ExitDriver {
  const context = createVerificationContext(network, engine);
  const { epoch } = network.committee;

  async function collecting<Result>(
    collect: (tools: Parameters<typeof collectPromises>[1], signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const ended = new AbortController();
    const callOff = scheduler.after(simulatorLimits.callTimeoutMs, 'driver gives up', () => ended.abort());
    const result = await collect(
      {
        context,
        validators,
        grace: () => scheduler.sleep(simulatorLimits.stallGraceMs),
        patience: () => scheduler.sleep(simulatorLimits.promiseGraceMs),
        supply: () => Promise.resolve([]),
        onMisbehaviour: () => undefined,
      },
      ended.signal,
    );
    callOff();
    return result;
  }

  /** One round, numbered by the turn, so that two turns never meet in one. */
  async function close(validator: Validator, slot: Slot): Promise<CommitCertificate | undefined> {
    const surroundings = { nowMs: nowMs() };
    const round = exitRoundAt(BigInt(Math.floor(surroundings.nowMs / 1_000)));
    const opening = await validator.drive({ type: 'newRound', slot, round }, surroundings);
    const newRound = { epoch, slot, round, authority: { type: 'driver', signature: opening } } as const;
    const collected = await collecting((tools, signal) =>
      collectPromises({ newRound, attachments: [] }, tools, signal),
    );
    if (collected.certificate) return collected.certificate;
    const { promises } = collected;
    const highest = highestLock(promises);
    const value = highest?.value ?? SKIP;
    const word = await validator.drive({ type: 'propose', slot, round, value }, { nowMs: nowMs() });
    const proposal = {
      epoch,
      slot,
      round,
      value,
      ...(highest?.signedOrder && { signedOrder: highest.signedOrder }),
      authority: { type: 'driver', signature: word },
    } as const;
    const driven = drivenProposal({
      proposal,
      promises: promises.map(({ promise }) => promise),
      lockCertificates: distinctLocks(promises),
      attachments: [],
    });
    const ended = await collecting((tools, signal) => collectValue(driven, () => undefined, tools, signal));
    return ended.type === 'resolved' ? ended.certificate : undefined;
  }

  return {
    async look(validator, accounts) {
      const certificates: CommitCertificate[] = [];
      for (const { openSlot } of accounts) {
        if (!openSlot) continue;
        try {
          const certificate = await close(validator, openSlot.slot);
          if (certificate) certificates.push(certificate);
        } catch (error) {
          // Not its turn, or not enough answer: the next turn tries again.
          if (!(error instanceof RejectError)) throw error;
        }
      }
      return certificates;
    },
  };
}

function highestLock(promises: readonly ProvenPromise[]): QuorumCertificate | undefined {
  let highest: QuorumCertificate | undefined;
  for (const { lockCertificate } of promises) {
    if (lockCertificate && (!highest || lockCertificate.round > highest.round)) highest = lockCertificate;
  }
  return highest;
}

function distinctLocks(promises: readonly ProvenPromise[]): readonly QuorumCertificate[] {
  const locks = new Map<string, QuorumCertificate>();
  for (const { lockCertificate } of promises) {
    if (lockCertificate) locks.set(`${lockCertificate.round}/${lockCertificate.value}`, lockCertificate);
  }
  return [...locks.values()];
}
