import { type Address, type Amount, type Hash, MAX_U64, type Sequence, ZERO_ADDRESS } from './brand.ts';
import { ByteWriter } from './byte-writer.ts';
import { keccak256, utf8 } from './bytes.ts';
import { type Domain, domainSeparator, typedDataDigest } from './domain.ts';
import { limits } from './limits.ts';
import { RejectError } from './reject.ts';
import { isTip20Address, isVirtualAddress, type Slot } from './slot.ts';

/** 0 moves money to a FastPay account, 1 takes it out of the reserve to Tempo (§3). */
export const OrderKind = { transfer: 0, withdraw: 1 } as const;
export type OrderKind = (typeof OrderKind)[keyof typeof OrderKind];

/** What a payer signs (§3). Field order and types are those of the EIP-712 type. */
export interface PaymentOrder {
  readonly kind: OrderKind;
  readonly sender: Address;
  readonly recipient: Address;
  readonly asset: Address;
  /** Base units, above zero. */
  readonly amount: Amount;
  /** Base units; goes to whoever settles. */
  readonly fee: Amount;
  readonly sequence: Sequence;
  /** Unix seconds; bounds voting only. */
  readonly validUntil: bigint;
  readonly memo: Hash;
  /** Transaction hashes of payments that fund this one, at most `limits.parents`. */
  readonly parents: readonly Hash[];
}

export interface SignedOrder {
  readonly order: PaymentOrder;
  /** A Tempo signature of the transaction hash: secp256k1 (65), P-256 (130) or WebAuthn (≤ 2,049 bytes). */
  readonly payerSignature: Uint8Array;
}

export const ORDER_TYPE =
  'PaymentOrder(uint8 kind,address sender,address recipient,address asset,uint64 amount,uint64 fee,uint64 sequence,uint64 validUntil,bytes32 memo,bytes32[] parents)';
const ORDER_TYPE_HASH = keccak256(utf8(ORDER_TYPE));

/** The same type for wallets that sign EIP-712 typed data themselves. */
export const orderTypedDataTypes = {
  PaymentOrder: [
    { name: 'kind', type: 'uint8' },
    { name: 'sender', type: 'address' },
    { name: 'recipient', type: 'address' },
    { name: 'asset', type: 'address' },
    { name: 'amount', type: 'uint64' },
    { name: 'fee', type: 'uint64' },
    { name: 'sequence', type: 'uint64' },
    { name: 'validUntil', type: 'uint64' },
    { name: 'memo', type: 'bytes32' },
    { name: 'parents', type: 'bytes32[]' },
  ],
} as const;

/**
 * EIP-712 hashStruct of the order.
 * @throws RejectError INVALID_FORMAT when a number is out of range.
 */
export function orderStructHash(order: PaymentOrder): Uint8Array {
  const fields = new ByteWriter(11 * 32)
    .raw(ORDER_TYPE_HASH)
    .u64Word(order.kind)
    .addressWord(order.sender)
    .addressWord(order.recipient)
    .addressWord(order.asset)
    .u64Word(order.amount)
    .u64Word(order.fee)
    .u64Word(order.sequence)
    .u64Word(order.validUntil)
    .hash(order.memo)
    .raw(parentsHash(order.parents))
    .finish();
  return keccak256(fields);
}

const NO_PARENTS_HASH = keccak256(new Uint8Array(0));

/** EIP-712 encodes an array as the hash of its members. Most orders name no parent. */
function parentsHash(parents: readonly Hash[]): Uint8Array {
  if (parents.length === 0) return NO_PARENTS_HASH;
  const bytes = new ByteWriter(parents.length * 32);
  for (const parent of parents) bytes.hash(parent);
  return keccak256(bytes.finish());
}

/** The order's identity: its EIP-712 digest (§3). `separator` is `domainSeparator(domain)`, computed once. */
export function transactionHash(order: PaymentOrder, separator: Hash): Hash {
  return typedDataDigest(separator, orderStructHash(order));
}

export function transactionHashIn(order: PaymentOrder, domain: Domain): Hash {
  return transactionHash(order, domainSeparator(domain));
}

export function slotOf(order: PaymentOrder): Slot {
  return { owner: order.sender, asset: order.asset, sequence: order.sequence };
}

/** What leaves the sender's balance: amount + fee. */
export function orderCost(order: PaymentOrder): bigint {
  return order.amount + order.fee;
}

/**
 * The rules of §3 that need nothing but the order itself and the reserve's address.
 * @throws RejectError INVALID_FORMAT or NOT_PAYMENT.
 */
export function assertValidOrder(order: PaymentOrder, reserve: Address): void {
  if (order.kind !== OrderKind.transfer && order.kind !== OrderKind.withdraw) {
    throw new RejectError('NOT_PAYMENT', 'the kind is neither 0 (transfer) nor 1 (withdraw)');
  }
  if (!isTip20Address(order.asset)) {
    throw new RejectError('NOT_PAYMENT', 'the asset is not a TIP-20 token address');
  }
  if (order.amount <= 0n) throw new RejectError('INVALID_FORMAT', 'the amount must be above zero');
  if (orderCost(order) > MAX_U64) {
    throw new RejectError('INVALID_FORMAT', 'amount and fee together exceed 64 bits');
  }
  if (order.sequence === MAX_U64) throw new RejectError('INVALID_FORMAT', 'the sequence is exhausted');
  if (order.validUntil < 0n || order.validUntil > MAX_U64) {
    throw new RejectError('INVALID_FORMAT', 'validUntil is unix seconds in 64 bits');
  }
  if (order.sender === ZERO_ADDRESS) throw new RejectError('INVALID_FORMAT', 'the sender is the zero address');
  if (order.recipient === ZERO_ADDRESS) {
    throw new RejectError('INVALID_FORMAT', 'the recipient is the zero address');
  }
  if (order.recipient === reserve) {
    throw new RejectError('INVALID_FORMAT', 'the recipient is the reserve contract itself');
  }
  if (isTip20Address(order.recipient)) {
    throw new RejectError('INVALID_FORMAT', 'the recipient is a token address');
  }
  if (isVirtualAddress(order.recipient)) {
    throw new RejectError('INVALID_FORMAT', 'the recipient is a virtual address');
  }
  if (order.kind === OrderKind.transfer && order.recipient === order.sender) {
    throw new RejectError('INVALID_FORMAT', 'sender and recipient are the same account');
  }
  if (order.parents.length > limits.parents) {
    throw new RejectError('INVALID_FORMAT', `an order names at most ${limits.parents} parents`);
  }
  if (new Set(order.parents).size !== order.parents.length) {
    throw new RejectError('INVALID_FORMAT', 'an order names each parent once');
  }
}
