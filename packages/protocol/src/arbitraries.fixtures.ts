import fc from 'fast-check';
import { addressFromBytes, hashFromBytes, MAX_U64, toAmount, toSequence } from './brand.ts';
import type { Certificate } from './certificate.ts';
import { limits } from './limits.ts';
import type { OrderKind, PaymentOrder, SignedOrder } from './order.ts';
import { SKIP, type Slot } from './slot.ts';

/** Anything that the types allow, valid or not by the rules of an order. */

export const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
export const address = bytes(20).map(addressFromBytes);
export const hash = bytes(32).map(hashFromBytes);
export const u64 = fc.oneof(fc.bigInt({ min: 0n, max: MAX_U64 }), fc.constantFrom(0n, 1n, MAX_U64));
export const round = fc.oneof(fc.nat(3), fc.integer({ min: 0, max: limits.maxRound }));

export const slot: fc.Arbitrary<Slot> = fc.record({ owner: address, asset: address, sequence: u64.map(toSequence) });

export const order: fc.Arbitrary<PaymentOrder> = fc.record({
  kind: fc.constantFrom<OrderKind>(0, 1),
  sender: address,
  recipient: address,
  asset: address,
  amount: u64.map(toAmount),
  fee: u64.map(toAmount),
  sequence: u64.map(toSequence),
  validUntil: u64,
  memo: hash,
  parents: fc.array(hash, { maxLength: limits.parents }),
});

export const signedOrder: fc.Arbitrary<SignedOrder> = fc.record({
  order,
  payerSignature: fc.uint8Array({ maxLength: 200 }),
});

export const certificate: fc.Arbitrary<Certificate> = fc
  .record({
    type: fc.constantFrom<Certificate['type']>('quorum', 'commit'),
    epoch: u64,
    slot,
    round,
    value: fc.oneof(hash, fc.constant(SKIP)),
    signedOrder,
    signers: fc.uniqueArray(fc.nat(limits.committeeSize - 1), { maxLength: 8 }),
    fill: fc.nat(255),
  })
  .map(({ type, signers, fill, signedOrder: order, ...rest }) => ({
    type,
    ...rest,
    ...(rest.value === SKIP ? {} : { signedOrder: order }),
    signatures: signers
      .toSorted((left, right) => left - right)
      .map((signer) => ({ signer, signature: new Uint8Array(type === 'quorum' ? 64 : 65).fill(fill) })),
  }));
