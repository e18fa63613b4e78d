import {
  type Address,
  type CommitCertificate,
  OrderKind,
  PATH_USD,
  toAddress,
  toAmount,
  toHash,
  toSequence,
  ZERO_HASH,
} from '@fastpay/protocol';
import type { OutboxItem } from '@fastpay/validator';

/** Outbox items with mere places for signatures: for decisions that do not look at any. */
export interface TestPayment {
  readonly from: string;
  /** Absent: a SKIP. */
  readonly to?: string;
  readonly sequence: number;
  readonly amount?: bigint;
  readonly fee?: bigint;
  readonly parents?: readonly OutboxItem[];
  readonly asset?: Address;
  readonly withdraw?: boolean;
}

/** An address that reads as its name's bytes. */
export const person = (name: string): Address =>
  toAddress(`0x${Buffer.from(name.padEnd(20, '.')).toString('hex').slice(0, 40)}`);

export function outboxItem(cursor: number, payment: TestPayment): OutboxItem {
  return { cursor: BigInt(cursor), certificate: certificateOf(payment), resolvedAtMs: cursor, stage: 'QUEUED_ONCHAIN' };
}

function certificateOf({
  from,
  to,
  sequence,
  amount = 10n,
  fee = 1n,
  parents = [],
  asset = PATH_USD,
  withdraw = false,
}: TestPayment): CommitCertificate {
  const sender = person(from);
  const slot = { owner: sender, asset, sequence: toSequence(BigInt(sequence)) };
  const signatures = [0, 1, 2].map((signer) => ({ signer, signature: new Uint8Array(65) }));
  const body = { type: 'commit' as const, slot, epoch: 0n, round: 0, signatures };
  if (to === undefined) return { ...body, value: ZERO_HASH };
  const order = {
    kind: withdraw ? OrderKind.withdraw : OrderKind.transfer,
    sender,
    recipient: person(to),
    asset,
    amount: toAmount(amount),
    fee: toAmount(fee),
    sequence: slot.sequence,
    validUntil: 1_800_000_000n,
    memo: ZERO_HASH,
    parents: parents.map(({ certificate }) => certificate.value),
  };
  const value = toHash(`0xfe${sender.slice(2)}${sequence.toString(16).padStart(22, '0')}`);
  return { ...body, value, signedOrder: { order, payerSignature: new Uint8Array(65) } };
}

/** `alice 3` and so on, for expectations that read. */
export function named(items: readonly { readonly certificate: CommitCertificate }[]): readonly string[] {
  return items.map(({ certificate: { slot } }) => {
    const name = Buffer.from(slot.owner.slice(2), 'hex').toString().replaceAll('.', '');
    return `${name} ${slot.sequence}`;
  });
}
