import type { CommitCertificate, Committee } from '@fastpay/protocol';
import { accountsOf, type BatchForm, packEntry } from './settle-batch.ts';
import { withFewestSigners } from './settle-calldata.ts';

const ADDRESS_BYTES = 20;

/** What a certificate adds to the calldata of a batch at most, in bytes: its entry and the accounts that it names. */
export function entryBytes(certificate: CommitCertificate, committee: Committee, form: BatchForm): number {
  const accounts = accountsOf([certificate]);
  const entry = packEntry(withFewestSigners(certificate, committee), accounts, form);
  return entry.length + ADDRESS_BYTES * accounts.length;
}
