import {
  type CommitteeMember,
  equalSlots,
  isBelowRound,
  type Lock,
  limits,
  type ProvenPromise,
  type QuorumCertificate,
  quorumStake,
  RejectError,
  type SignedPromise,
  type Slot,
  stakeOfDistinct,
} from '@fastpay/protocol';
import { memberThatSigned, promiseCheck } from './committee-signature.ts';
import type { VerificationContext } from './context.ts';
import { verifyQuorumCertificate } from './verify-certificate.ts';

/** Promises (§4), alone and as the quorum that allows a value in a higher round (§5 rule 4b). */

/**
 * One promise: Ed25519 by the voting key of its signer. What proves its lock is not looked at.
 * @throws RejectError INVALID_FORMAT or INVALID_SIGNATURE.
 */
export async function verifyPromise(context: VerificationContext, promise: SignedPromise): Promise<void> {
  assertPromiseForm(promise);
  const member = memberThatSigned(context, promise.epoch, promise.signature.signer);
  await verifySignature(context, promise, member);
}

/**
 * A promise as a validator gives it, with the certificate that proves its lock.
 * @throws RejectError INVALID_FORMAT, INVALID_SIGNATURE or INVALID_CERTIFICATE.
 */
export async function verifyProvenPromise(context: VerificationContext, proven: ProvenPromise): Promise<void> {
  const { promise, lockCertificate } = proven;
  assertPromiseForm(promise);
  const member = memberThatSigned(context, promise.epoch, promise.signature.signer);
  if ((promise.lock === undefined) !== (lockCertificate === undefined)) {
    throw invalid('a promise comes with the certificate of its lock, and only with that');
  }
  if (promise.lock && lockCertificate && !provesLock(lockCertificate, promise.slot, promise.lock)) {
    throw invalid('the certificate beside the promise is not that of its lock');
  }
  await verifySignature(context, promise, member);
  if (lockCertificate) await verifyQuorumCertificate(context, lockCertificate);
}

/** The promises of one round, and the certificates of the locks that they name, each once. */
export interface PromiseSet {
  readonly epoch: bigint;
  readonly slot: Slot;
  readonly round: number;
  readonly promises: readonly SignedPromise[];
  readonly lockCertificates: readonly QuorumCertificate[];
}

/** A set of promises whose form is checked, and whose signatures are still to be. */
export interface CheckedPromises {
  /** The certificate of the highest lock: the round can only carry its value. Absent when no promise has a lock. */
  readonly highestLock?: QuorumCertificate;
  /** Two certificates of one round for different values: if they verify, more than a third of the stake lied. */
  readonly conflict?: readonly [QuorumCertificate, QuorumCertificate];
  /** @throws RejectError INVALID_CERTIFICATE. */
  verify(): Promise<void>;
}

/**
 * Promises of distinct signers with stake ≥ q for exactly this epoch, slot and round, each lock below the round and
 * with a certificate that verifies for exactly that epoch, slot, round and value (§5 rule 4b).
 * @throws RejectError INVALID_CERTIFICATE.
 */
export async function verifyPromises(context: VerificationContext, set: PromiseSet): Promise<CheckedPromises> {
  const checked = checkPromises(context, set);
  await checked.verify();
  return checked;
}

/**
 * The cheap half of `verifyPromises`.
 * @throws RejectError INVALID_CERTIFICATE.
 */
export function checkPromises(context: VerificationContext, set: PromiseSet): CheckedPromises {
  const { epoch, slot, round, promises, lockCertificates } = set;
  const { committee } = context;
  if (epoch !== committee.epoch) throw invalid(`the promises are of epoch ${epoch}, not ${committee.epoch}`);
  for (const promise of promises) {
    if (promise.epoch !== epoch || promise.round !== round || !equalSlots(promise.slot, slot)) {
      throw invalid('a promise is for another epoch, slot or round');
    }
    if (promise.lock && !isBelowRound(promise.lock, set)) throw invalid('a promise names a lock not below its round');
  }
  const signers = promises.map(({ signature }) => signature.signer);
  const stake = stakeOfDistinct(committee, signers);
  if (stake === undefined) throw invalid('a promise comes twice, or its signer is not in the committee');
  if (stake < quorumStake(committee)) throw invalid('the promises hold less stake than a quorum');
  assertLocksProven(set);
  const highestLock = highest(lockCertificates);
  const conflict = conflictIn(lockCertificates);
  return {
    ...(highestLock && { highestLock }),
    ...(conflict && { conflict }),
    verify: () => verifyAll(context, promises, lockCertificates),
  };
}

function assertLocksProven({ slot, promises, lockCertificates }: PromiseSet): void {
  const proven = new Set<QuorumCertificate>();
  for (const { lock } of promises) {
    if (!lock) continue;
    const certificate = lockCertificates.find((candidate) => provesLock(candidate, slot, lock));
    if (!certificate) throw invalid('a promise names a lock whose certificate is missing');
    proven.add(certificate);
  }
  // Whatever nobody is locked on proves nothing here, and would only cost its verification.
  if (proven.size !== lockCertificates.length)
    throw invalid('a lock certificate comes twice, or belongs to no promise');
}

/** One bad signature settles it, promises before certificates: whoever forges shall not buy more work than that. */
async function verifyAll(
  context: VerificationContext,
  promises: readonly SignedPromise[],
  lockCertificates: readonly QuorumCertificate[],
): Promise<void> {
  for (const promise of promises) {
    try {
      await verifyPromise(context, promise);
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      throw invalid(error.message, error);
    }
  }
  for (const certificate of lockCertificates) await verifyQuorumCertificate(context, certificate);
}

async function verifySignature(context: VerificationContext, promise: SignedPromise, member: CommitteeMember) {
  if (await promiseCheck(context, promise)(member, promise.signature)) return;
  throw new RejectError('INVALID_SIGNATURE', `the promise does not bear the signature of ${member.name}`);
}

function assertPromiseForm({ epoch, round, lock }: SignedPromise): void {
  const isRound = (candidate: number, lowest: number) =>
    Number.isInteger(candidate) && candidate >= lowest && candidate <= limits.maxRound;
  if (!isRound(round, 1) || (lock && !isRound(lock.round, 0))) {
    throw new RejectError('INVALID_FORMAT', `a promise is for a round from 1 to ${limits.maxRound}`);
  }
  if (lock && !isBelowRound(lock, { epoch, round })) {
    throw new RejectError('INVALID_FORMAT', 'a promise names a lock not below its round');
  }
}

function provesLock(certificate: QuorumCertificate, slot: Slot, lock: Lock): boolean {
  const { epoch, round, value } = certificate;
  return epoch === lock.epoch && round === lock.round && value === lock.value && equalSlots(certificate.slot, slot);
}

function highest(certificates: readonly QuorumCertificate[]): QuorumCertificate | undefined {
  let best: QuorumCertificate | undefined;
  for (const certificate of certificates) if (!best || isBelowRound(best, certificate)) best = certificate;
  return best;
}

function conflictIn(
  certificates: readonly QuorumCertificate[],
): readonly [QuorumCertificate, QuorumCertificate] | undefined {
  for (const [index, first] of certificates.entries()) {
    // Of one round and slot and not the same lock: the values differ.
    const second = certificates
      .slice(index + 1)
      .find(({ epoch, round }) => epoch === first.epoch && round === first.round);
    if (second) return [first, second];
  }
  return undefined;
}

function invalid(reason: string, cause?: RejectError): RejectError {
  return new RejectError('INVALID_CERTIFICATE', `the promises prove nothing: ${reason}`, {}, cause && { cause });
}
