import { verifyCommitCertificate } from '@fastpay/crypto';
import { type CommitCertificate, type Hash, limits, OrderKind, RejectError } from '@fastpay/protocol';
import type { StoredClosure } from '../client.ts';
import type { ClientCore } from '../core.ts';
import { clientLimits } from '../limits.ts';
import { concernsOwner, takeIn } from './take-in.ts';

/** What a payment rests on (§6): kept with it, so that its recipient can settle it without asking anybody. */

/**
 * The stored closure of a payment whose certificate is stored; what is not complete yet is asked for, verified and
 * stored first. When nobody answers, what there is comes back as incomplete.
 * @throws RejectError TEMPORARILY_UNAVAILABLE without a certificate of the payment.
 */
export async function fundingClosure(core: ClientCore, transactionHash: Hash): Promise<StoredClosure> {
  const stored = await core.store.closure(transactionHash);
  if (stored?.complete) return stored;
  const certificate = await core.store.certificateOfPayment(transactionHash);
  if (!certificate) throw new RejectError('TEMPORARILY_UNAVAILABLE', 'this wallet has no certificate of that payment');
  try {
    return await fetchClosure(core, certificate);
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
    return stored ?? { certificates: [certificate], complete: false };
  }
}

/**
 * Fetches the closures of payments that were just received, the newest of them; the others come when they are asked
 * for. Failing to reach anybody is no error: `fundingClosure` tries again.
 */
export async function keepClosures(core: ClientCore, certificates: readonly CommitCertificate[]): Promise<void> {
  for (const { value } of newestReceived(core, certificates)) await fundingClosure(core, value);
}

/** Does the same beside a live stream, one at a time, without holding it up. */
export interface ClosureKeeper {
  /** @throws StoreError, ConflictingCertificatesError when an earlier one could not be kept. */
  add(certificates: readonly CommitCertificate[]): void;
}

export function createClosureKeeper(core: ClientCore): ClosureKeeper {
  let waiting: readonly CommitCertificate[] = [];
  let isRunning = false;
  let broken: { readonly error: unknown } | undefined;
  const run = async () => {
    for (let [next] = waiting; next; [next] = waiting) {
      waiting = waiting.slice(1);
      await fundingClosure(core, next.value);
    }
  };
  const end = () => {
    isRunning = false;
  };
  return {
    add(certificates) {
      if (broken) throw broken.error;
      waiting = newestReceived(core, [...waiting, ...certificates]);
      if (isRunning || waiting.length === 0) return;
      isRunning = true;
      run().then(end, (error: unknown) => {
        broken = { error };
      });
    },
  };
}

function newestReceived(
  { owner }: ClientCore,
  certificates: readonly CommitCertificate[],
): readonly CommitCertificate[] {
  const received = certificates.filter(
    ({ signedOrder }) => signedOrder?.order.kind === OrderKind.transfer && signedOrder.order.recipient === owner,
  );
  return received.slice(-clientLimits.closuresPerSync);
}

async function fetchClosure(core: ClientCore, certificate: CommitCertificate): Promise<StoredClosure> {
  const answer = await core.transport.fundingClosure(certificate.value);
  const others = new Map<Hash, CommitCertificate>();
  for (const other of answer.certificates.slice(0, limits.closureCertificates)) {
    if (other.value === certificate.value || !other.signedOrder) continue;
    await verifyCommitCertificate(core.context, other);
    if (concernsOwner(core, other)) await takeIn(core, other);
    others.set(other.value, other);
  }
  const certificates = [...others.values(), certificate];
  const closure = { certificates, complete: answer.complete && answer.certificates.length > 0 };
  await core.store.recordClosure(certificate.value, closure);
  return closure;
}
