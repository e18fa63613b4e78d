import { type VerificationContext, verifyCommitCertificate } from '@fastpay/crypto';
import { type CommitCertificate, type Hash, RejectError, type Slot, toHash, toSequence } from '@fastpay/protocol';
import type { CertificateCache } from './certificate-cache.ts';
import type { Supply } from './collect/ask-validator.ts';
import type { DrivenValue } from './collect/driven-value.ts';
import { relayLimits } from './limits.ts';
import type { ValidatorClient } from './upstream/validator-client.ts';

/** Whom certificates are asked of. */
type Peer = Pick<ValidatorClient, 'signer' | 'bulletin' | 'payment'>;

interface SupplyDependencies {
  readonly context: VerificationContext;
  readonly cache: CertificateCache;
  readonly validators: readonly Peer[];
}

/**
 * Finds what a validator said it lacks for one slot: earlier slots of its account (MISSING_PREDECESSOR) or parents of
 * its order (MISSING_PARENT). From the cache, else from the other validators, each of which is asked at most once in the
 * life of the payment, however many lack something. Everything is verified. Gives fewer than needed, down to none, when
 * they are nowhere to be found.
 */
export function createSupply(
  driven: Pick<DrivenValue, 'slot' | 'signedOrder'>,
  dependencies: SupplyDependencies,
): Supply {
  const { context, cache, validators } = dependencies;
  const { slot } = driven;
  const asked = new Map<string, Promise<void>>();
  const once = (key: string, ask: () => Promise<void>): Promise<void> => {
    const promise = asked.get(key) ?? ignoringRefusals(ask());
    asked.set(key, promise);
    return promise;
  };

  const keep = async (certificate: CommitCertificate) => {
    await verifyCommitCertificate(context, certificate);
    cache.add(certificate);
  };

  /** Takes what a peer's log says of the slots before this one into the cache. */
  const readLog = async (peer: Peer, signal: AbortSignal) => {
    const isWanted = (other: Slot) =>
      other.owner === slot.owner &&
      other.asset === slot.asset &&
      other.sequence < slot.sequence &&
      other.sequence >= slot.sequence - BigInt(relayLimits.supplyCertificates) &&
      !cache.resolution(other);
    let afterCursor = 0n;
    for (let page = 0; page < relayLimits.supplyPages; page++) {
      const query = { filter: { owner: slot.owner }, afterCursor, limit: relayLimits.bulletinPage };
      const { entries, nextCursor, hasMore } = await peer.bulletin(query, signal);
      for (const { event } of entries) {
        if (event.type === 'resolved' && isWanted(event.certificate.slot)) await keep(event.certificate);
      }
      if (!hasMore || nextCursor <= afterCursor) return;
      afterCursor = nextCursor;
    }
  };

  const readPayment = async (peer: Peer, hash: Hash, signal: AbortSignal) => {
    const certificate = (await peer.payment(hash, signal))?.commitCertificate;
    if (certificate?.value === hash) await keep(certificate);
  };

  const predecessors = async (first: bigint, peers: readonly Peer[], signal: AbortSignal) => {
    const slots = slotsFrom(first, slot);
    for (const peer of peers) {
      if (slots.every((missing) => cache.resolution(missing))) break;
      await once(`log/${peer.signer}`, () => readLog(peer, signal));
    }
    return slots.map((missing) => cache.resolution(missing));
  };

  const payment = async (hash: Hash, peers: readonly Peer[], signal: AbortSignal) => {
    for (const peer of peers) {
      if (cache.payment(hash)?.commit) break;
      await once(`payment/${hash}/${peer.signer}`, () => readPayment(peer, hash, signal));
    }
    return cache.payment(hash)?.commit;
  };

  return async (refusal, lacking, signal) => {
    const peers = validators.filter(({ signer }) => signer !== lacking.signer);
    const found =
      refusal.code === 'MISSING_PREDECESSOR'
        ? await predecessors(refusal.facts.expectedSequence ?? slot.sequence, peers, signal)
        : await Promise.all(missingParents(refusal, driven).map((hash) => payment(hash, peers, signal)));
    return found.filter((certificate) => certificate !== undefined);
  };
}

/** The slots from `first` to the one before `last`; none when they are more than a validator would take in. */
function slotsFrom(first: bigint, last: Slot): readonly Slot[] {
  const count = last.sequence - first;
  if (count <= 0n || count > BigInt(relayLimits.supplyCertificates)) return [];
  return Array.from({ length: Number(count) }, (_, index) => ({
    ...last,
    sequence: toSequence(first + BigInt(index)),
  }));
}

/** Those that the validator names, among those that the order names. */
function missingParents({ facts }: RejectError, { signedOrder }: Pick<DrivenValue, 'signedOrder'>): readonly Hash[] {
  const parents = signedOrder?.order.parents ?? [];
  const named = facts.missingParents?.map(toHash);
  return named ? parents.filter((parent) => named.includes(parent)) : parents;
}

/** One peer that fails is no reason to stop: the next is asked. */
async function ignoringRefusals(attempt: Promise<void>): Promise<void> {
  try {
    await attempt;
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
  }
}
