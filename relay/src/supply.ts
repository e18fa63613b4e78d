import { type VerificationContext, verifyCommitCertificate } from '@fastpay/crypto';
import { type CommitCertificate, type Hash, RejectError, type Slot, toHash, toSequence } from '@fastpay/protocol';
import type { CertificateCache } from './certificate-cache.ts';
import type { PaymentRequest } from './collect/collect-payment.ts';
import { relayLimits } from './limits.ts';
import type { ValidatorClient } from './upstream/validator-client.ts';

export interface SupplyDependencies {
  readonly context: VerificationContext;
  readonly cache: CertificateCache;
  readonly validators: readonly ValidatorClient[];
}

/**
 * The certificates that a validator said it lacks for this payment: earlier slots of the sender's account
 * (MISSING_PREDECESSOR) or parents (MISSING_PARENT). From the cache or the other validators; verified.
 * Fewer than needed when they are nowhere to be found.
 */
export async function findMissing(
  request: PaymentRequest,
  refusal: RejectError,
  lacking: { readonly signer: number },
  dependencies: SupplyDependencies,
  signal: AbortSignal,
): Promise<readonly CommitCertificate[]> {
  const peers = dependencies.validators.filter(({ signer }) => signer !== lacking.signer);
  if (refusal.code === 'MISSING_PREDECESSOR') {
    const { order } = request.signedOrder;
    const slots = missingSlots(refusal.facts.expectedSequence, { owner: order.sender, ...order });
    return await predecessors(slots, peers, dependencies, signal);
  }
  const named = refusal.facts.missingParents?.map(toHash) ?? request.signedOrder.order.parents;
  const found = await Promise.all(named.map((parent) => findPayment(parent, peers, dependencies, signal)));
  return found.filter((certificate) => certificate !== undefined);
}

function missingSlots(first: bigint | undefined, { owner, asset, sequence }: Slot): readonly Slot[] {
  if (first === undefined || first >= sequence) return [];
  const count = Math.min(Number(sequence - first), relayLimits.supplyCertificates);
  return Array.from({ length: count }, (_, index) => ({ owner, asset, sequence: toSequence(first + BigInt(index)) }));
}

async function predecessors(
  slots: readonly Slot[],
  peers: readonly ValidatorClient[],
  dependencies: SupplyDependencies,
  signal: AbortSignal,
): Promise<readonly CommitCertificate[]> {
  const { cache } = dependencies;
  const [first] = slots;
  for (const peer of peers) {
    if (!first || slots.every((slot) => cache.resolution(slot))) break;
    await ignoringRefusals(readBulletin(peer, first, dependencies, signal));
  }
  return slots.map((slot) => cache.resolution(slot)).filter((certificate) => certificate !== undefined);
}

/** Takes what a peer's log says of the account from this slot on into the cache. */
async function readBulletin(
  peer: ValidatorClient,
  { owner, asset, sequence }: Slot,
  { context, cache }: SupplyDependencies,
  signal: AbortSignal,
): Promise<void> {
  let afterCursor = 0n;
  for (let page = 0; page < relayLimits.supplyPages; page++) {
    const query = { filter: { owner }, afterCursor, limit: relayLimits.bulletinPage };
    const { entries, nextCursor, hasMore } = await peer.bulletin(query, signal);
    for (const { event } of entries) {
      if (event.type !== 'resolved') continue;
      const { slot } = event.certificate;
      if (slot.owner !== owner || slot.asset !== asset || slot.sequence < sequence || cache.resolution(slot)) continue;
      await verifyCommitCertificate(context, event.certificate);
      cache.add(event.certificate);
    }
    if (!hasMore || nextCursor <= afterCursor) return;
    afterCursor = nextCursor;
  }
}

/** The commit certificate of a payment, from the cache or the first peer that has it. */
export async function findPayment(
  transactionHash: Hash,
  peers: readonly ValidatorClient[],
  { context, cache }: SupplyDependencies,
  signal: AbortSignal,
): Promise<CommitCertificate | undefined> {
  for (const peer of peers) {
    const cached = cache.payment(transactionHash)?.commit;
    if (cached) return cached;
    await ignoringRefusals(
      (async () => {
        const certificate = (await peer.payment(transactionHash, signal))?.commitCertificate;
        if (certificate?.value !== transactionHash) return;
        await verifyCommitCertificate(context, certificate);
        cache.add(certificate);
      })(),
    );
  }
  return cache.payment(transactionHash)?.commit;
}

/** One peer that fails is no reason to stop: the next is asked. */
async function ignoringRefusals(attempt: Promise<void>): Promise<void> {
  try {
    await attempt;
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
  }
}
