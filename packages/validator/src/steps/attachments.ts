import { type CommitCertificate, limits, type RejectCode, RejectError } from '@fastpay/protocol';

/** @throws RejectError INVALID_FORMAT. */
export function assertAttachmentCount(attachments: readonly CommitCertificate[]): void {
  if (attachments.length <= limits.attachments) return;
  throw new RejectError('INVALID_FORMAT', `a request carries at most ${limits.attachments} certificates`);
}

/** Refusals that a resolution not yet known here can lift: a slot before this one, a credit, a new account. */
const CURABLE: ReadonlySet<RejectCode> = new Set<RejectCode>([
  'MISSING_PREDECESSOR',
  'MISSING_PARENT',
  'INSUFFICIENT_FUNDS',
  'FEE_TOO_LOW',
]);

/** Whether the request has to be looked at again once its attachments are taken in. */
export function mayBeCured(
  decision: { readonly type: string; readonly reject?: RejectError },
  attachments: readonly CommitCertificate[],
): boolean {
  return attachments.length > 0 && decision.reject !== undefined && CURABLE.has(decision.reject.code);
}
