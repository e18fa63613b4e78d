import {
  type Certificate,
  type CommitCertificate,
  type Evidence,
  equalSlots,
  type SignedBallot,
  type SignedPromise,
  type SignerSignature,
  type Slot,
} from '@fastpay/protocol';
import type { HeardPromises } from '../state/open-slot.ts';
import { isBelow, isSameRound } from './rounds.ts';

/** §13: what messages that contradict each other prove, if all of them are signed as they say. */

/** Against everyone who signed both certificates, when they are of one round and for different values. */
export function evidenceInCertificates(left: Certificate, right: Certificate): readonly Evidence[] {
  if (left.type !== right.type || left.value === right.value) return [];
  if (!isSameRound(left, right) || !equalSlots(left.slot, right.slot)) return [];
  const type = left.type === 'quorum' ? 'votes' : 'commits';
  return left.signatures.flatMap((signature): Evidence[] => {
    const other = signatureOf(right, signature.signer);
    return other ? [{ type, first: ballotIn(left, signature), second: ballotIn(right, other) }] : [];
  });
}

/** Against everyone who committed in a round that its promise rules out. */
export function evidenceInPromises(
  promises: readonly SignedPromise[],
  certificate: CommitCertificate,
): readonly Extract<Evidence, { type: 'promise' }>[] {
  return promises.flatMap((promise) => {
    if (promise.epoch !== certificate.epoch || !equalSlots(promise.slot, certificate.slot)) return [];
    const isAboveLock = !promise.lock || isBelow(promise.lock, certificate);
    if (!isAboveLock || !isBelow(certificate, promise)) return [];
    const signature = signatureOf(certificate, promise.signature.signer);
    return signature ? [{ type: 'promise', promise, commit: ballotIn(certificate, signature) }] : [];
  });
}

/** Promises that an open slot kept, as they were signed. */
export function heardIn(slot: Slot, { epoch, round, promises }: HeardPromises): readonly SignedPromise[] {
  return promises.map((promise) => ({ epoch, slot, round, ...promise }));
}

function signatureOf({ signatures }: Certificate, signer: number): SignerSignature | undefined {
  return signatures.find((signature) => signature.signer === signer);
}

function ballotIn({ epoch, slot, round, value }: Certificate, signature: SignerSignature): SignedBallot {
  return { epoch, slot, round, value, signature };
}
