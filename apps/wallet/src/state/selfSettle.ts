import type { ActivityItem } from '@fastpay/client';
import type { TempoRecord } from './tempoRecord.ts';

/**
 * Whether a person may bring a payment to the chain (§7 rule 7). `doubt`: the relay says that it is there already, which
 * nobody has signed: it makes the offer a quieter one, and never takes it away.
 */
export type SelfSettleOffer = 'none' | 'offer' | 'doubt';

/** `record` is of the transaction with which this device has settled it before. */
export function selfSettleOffer(
  { stage, certificate, observed }: Pick<ActivityItem, 'stage' | 'certificate' | 'observed'>,
  record: Pick<TempoRecord, 'failed'> | undefined,
): SelfSettleOffer {
  if (!certificate || stage !== 'QUEUED_ONCHAIN') return 'none';
  if (record && !record.failed) return 'none';
  return observed ? 'doubt' : 'offer';
}
