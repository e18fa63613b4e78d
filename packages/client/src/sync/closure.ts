import { verifyCommitCertificate } from '@fastpay/crypto';
import {
  type CommitCertificate,
  equalSlots,
  type Hash,
  limits,
  OrderKind,
  RejectError,
  slotKey,
} from '@fastpay/protocol';
import type { StoredClosure } from '../client.ts';
import type { ClientCore } from '../core.ts';
import { clientLimits } from '../limits.ts';
import { concernsOwner, takeIn } from './take-in.ts';

/** What a payment rests on (§6): kept with it, so that its recipient can settle it without asking anybody. */

/**
 * The closure of a payment whose certificate is stored: what is said of it now is verified, and stored beside what was
 * said before. When nobody answers, what there is comes back.
 * @throws RejectError TEMPORARILY_UNAVAILABLE without a certificate of the payment.
 */
export async function fundingClosure(core: ClientCore, transactionHash: Hash): Promise<StoredClosure> {
  const stored = await core.store.closure(transactionHash);
  const certificate = await core.store.certificateOfPayment(transactionHash);
  if (!certificate) throw new RejectError('TEMPORARILY_UNAVAILABLE', 'this wallet has no certificate of that payment');
  try {
    return await fetchClosure(core, certificate, stored);
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
  for (const { value } of newestReceived(core, certificates)) await keepClosure(core, value);
}

async function keepClosure(core: ClientCore, transactionHash: Hash): Promise<void> {
  if ((await core.store.closure(transactionHash))?.complete) return;
  await fundingClosure(core, transactionHash);
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
      await keepClosure(core, next.value);
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

async function fetchClosure(
  core: ClientCore,
  certificate: CommitCertificate,
  stored: StoredClosure | undefined,
): Promise<StoredClosure> {
  const answer = await core.transport.fundingClosure(certificate.value);
  const fresh = new Map<string, CommitCertificate>();
  for (const other of answer.certificates.slice(0, limits.closureCertificates)) {
    // Money of another asset funds nothing here.
    if (equalSlots(other.slot, certificate.slot) || other.slot.asset !== certificate.slot.asset) continue;
    await verifyCommitCertificate(core.context, other);
    if (concernsOwner(core, other)) await takeIn(core, other);
    fresh.set(slotKey(other.slot), other);
  }
  fresh.set(slotKey(certificate.slot), certificate);
  const isWhole = answer.complete && answer.certificates.length > 0;
  const closure = together(stored, { certificates: fresh, complete: isWhole });
  await core.store.recordClosure(certificate.value, closure);
  return closure;
}

/**
 * What was said before and what is said now, the payment's own certificate last. Nobody can prove that a certificate
 * is not needed any more, and one that is settled already is only passed over: so what was told once stays, whoever
 * leaves it out later.
 */
function together(
  stored: StoredClosure | undefined,
  fresh: { readonly certificates: ReadonlyMap<string, CommitCertificate>; readonly complete: boolean },
): StoredClosure {
  const { certificates, complete } = fresh;
  const known = new Set(stored?.certificates.map(({ slot }) => slotKey(slot)));
  if (stored && [...certificates.keys()].every((slot) => known.has(slot))) {
    return { certificates: stored.certificates, complete: stored.complete || complete };
  }
  const before = stored?.certificates.filter(({ slot }) => !certificates.has(slotKey(slot))) ?? [];
  return { certificates: [...before, ...certificates.values()].slice(-limits.closureCertificates), complete };
}
