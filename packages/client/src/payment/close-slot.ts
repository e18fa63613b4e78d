import type { CommitCertificate } from '@fastpay/protocol';
import type { PaymentProgress, StageTimes } from '../client.ts';
import type { ClientCore } from '../core.ts';
import type { JournalEntry } from '../store/client-store.ts';
import { endingOf } from './ending.ts';
import { type Stopwatch, withTime } from './stopwatch.ts';

/**
 * Stores the verified certificate of an entry's slot, durably, and tells what it means for the entry.
 * @throws ConflictingCertificatesError, StoreError.
 */
export async function closeSlot(
  core: ClientCore,
  entry: JournalEntry,
  certificate: CommitCertificate,
  { times, stopwatch, isCancelling }: { times: StageTimes; stopwatch: Stopwatch; isCancelling: boolean },
): Promise<Pick<PaymentProgress, 'state' | 'times' | 'certificate' | 'ending'>> {
  const { createdAtMs } = entry;
  const isPaid = certificate.value === entry.transactionHash;
  const reached = isPaid ? withTime(times, 'paid', stopwatch.elapsedMs(entry)) : times;
  const record = { owner: core.owner, certificate, createdAtMs };
  await core.store.recordCertificate(isPaid ? { ...record, times: reached } : record);
  const ending = endingOf(entry, certificate, isCancelling);
  return { state: isPaid ? 'paid' : 'skipped', times: reached, certificate, ending };
}
