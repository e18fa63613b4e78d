import { type CommitCertificate, encodeCertificate, type QuorumCertificate, RejectError } from '@fastpay/protocol';
import { type AccountRecord, EMPTY_ACCOUNT, type OpenSlot, UNTOUCHED_SLOT } from '../state/records.ts';
import { halted, missingPredecessor } from './refusals.ts';

export interface CommitSituation {
  readonly account: AccountRecord | undefined;
  readonly slot: OpenSlot | undefined;
  readonly resolved: CommitCertificate | undefined;
}

export type CommitDecision =
  | { readonly type: 'stored' }
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate }
  /** Two quorum certificates of one round: the account is to be halted. */
  | { readonly type: 'alarm' }
  | { readonly type: 'record'; readonly slot: OpenSlot };

/**
 * Rule 2 of §5, for a certificate of this epoch. Needs no vote of this validator's own and no balance. Everything but
 * `record` may be answered before the certificate is verified.
 * @throws RejectError when the rule does not allow a commit.
 */
export function decideCommit(certificate: QuorumCertificate, situation: CommitSituation): CommitDecision {
  const { account = EMPTY_ACCOUNT, slot = UNTOUCHED_SLOT, resolved } = situation;
  const { round, value } = certificate;
  if (resolved) {
    if (resolved.value === value) return { type: 'resolved', certificate: resolved };
    throw new RejectError('SEQUENCE_TOO_LOW', 'this slot already holds another value', {
      expectedSequence: account.next,
      commitCertificate: encodeCertificate(resolved),
    });
  }
  if (account.isHalted) throw halted();
  if (certificate.slot.sequence !== account.next) throw missingPredecessor(account.next);
  const { locked } = slot;
  if (locked?.round === round && locked.value === value) return { type: 'stored' };
  if (locked?.round === round) return { type: 'alarm' };
  if (round < slot.promised) {
    throw new RejectError('STALE_ROUND', 'this validator has promised to sign nothing below a higher round', {
      promisedRound: slot.promised,
    });
  }
  return { type: 'record', slot: { ...slot, promised: round, locked: certificate } };
}
