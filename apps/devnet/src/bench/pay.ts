import type { CommitCertificate } from '@fastpay/protocol';
import { type Address, OrderKind } from '@fastpay/protocol';
import { DevnetError } from '../error.ts';
import type { Payer } from './payers.ts';

export interface PaidPayment {
  /** From the first byte sent to the verified commit certificate. */
  readonly submitMs: number;
  /** From the call, with reading the account, signing and journaling. */
  readonly wholeMs: number;
  readonly certificate: CommitCertificate;
}

/** One payment, driven and verified by the real client. @throws DevnetError when it is not paid. */
export async function payOnce(
  from: Payer,
  payment: { readonly to: Address; readonly asset: Address; readonly amount: bigint },
): Promise<PaidPayment> {
  const started = performance.now();
  const intent = { kind: OrderKind.transfer, recipient: payment.to, asset: payment.asset, amount: payment.amount };
  for await (const progress of from.client.pay(intent, from.signer)) {
    if (progress.state === 'stalled') throw progress.stalled ?? new DevnetError('a payment stalled');
    if (progress.state !== 'paid' || !progress.certificate) continue;
    const wholeMs = performance.now() - started;
    return { submitMs: progress.times.paid ?? wholeMs, wholeMs, certificate: progress.certificate };
  }
  throw new DevnetError('a payment ended without a certificate');
}
