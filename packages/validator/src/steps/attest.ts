import {
  type BatchEntry,
  batchAttestationDigest,
  limits,
  RejectError,
  type SignerSignature,
  toSequence,
} from '@fastpay/protocol';
import type { Core } from '../core.ts';
import { missingPredecessor } from '../rules/refusals.ts';
import { sequenceTooLowAt } from './resolved-slot.ts';

/**
 * §4, Batch attestation: one signature for all. A resolution is never undone, so nothing has to be recorded; the same
 * entries get the same bytes.
 */
export async function attest(core: Core, entries: readonly BatchEntry[]): Promise<SignerSignature> {
  const { store, context, network, signer, settlementSigner } = core;
  store.assertUsable();
  if (entries.length < 1 || entries.length > limits.batchEntries) {
    throw new RejectError('INVALID_FORMAT', `a batch has 1 to ${limits.batchEntries} entries`);
  }
  for (const entry of entries) assertResolved(core, entry);
  // What says so may have been written just now.
  await store.barrier();
  const { epoch } = network.committee;
  const digest = batchAttestationDigest({ separator: context.separator, epoch }, entries);
  return { signer, signature: await settlementSigner.sign(digest) };
}

function assertResolved(core: Core, { account, asset, sequence, value }: BatchEntry): void {
  const slot = { owner: account, asset, sequence: toSequence(sequence) };
  const resolved = core.ledger.resolution(slot)?.certificate.value;
  if (resolved === undefined) throw missingPredecessor(core.ledger.account(slot)?.next ?? 0n);
  if (resolved !== value) throw sequenceTooLowAt(core, slot);
}
