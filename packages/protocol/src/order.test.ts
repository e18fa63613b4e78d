import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { order as anyOrder } from './arbitraries.fixtures.ts';
import { MAX_U64, toAddress, toAmount, toHash, toSequence, ZERO_ADDRESS, ZERO_HASH } from './brand.ts';
import { toHex, unsignedBytes } from './bytes.ts';
import { domainSeparator } from './domain.ts';
import { limits } from './limits.ts';
import {
  assertValidOrder,
  ORDER_TYPE,
  type OrderKind,
  orderCost,
  orderTypedDataTypes,
  type PaymentOrder,
  slotOf,
  transactionHash,
  transactionHashIn,
} from './order.ts';
import { PATH_USD } from './slot.ts';

const reserve = toAddress(`0x${'e5'.repeat(20)}`);
const domain = { chainId: 31_337n, reserve, salt: toHash(`0x${'5a'.repeat(32)}`) };
const separator = domainSeparator(domain);
const good: PaymentOrder = {
  kind: 0,
  sender: toAddress(`0x${'a1'.repeat(20)}`),
  recipient: toAddress(`0x${'b0'.repeat(20)}`),
  asset: PATH_USD,
  amount: toAmount(10_000_000n),
  fee: toAmount(2_000n),
  sequence: toSequence(7n),
  validUntil: 1_800_000_000n,
  memo: ZERO_HASH,
  parents: [],
};
const parent = (index: number) => toHash(toHex(unsignedBytes(index + 1, 32)));
const parents = (count: number) => Array.from({ length: count }, (_, index) => parent(index));

describe('a valid order (§3)', () => {
  it.each<[string, Partial<PaymentOrder>]>([
    ['a transfer', {}],
    ['a withdrawal', { kind: 1 }],
    ['a withdrawal to oneself', { kind: 1, recipient: good.sender }],
    ['the smallest amount without a fee', { amount: toAmount(1n), fee: toAmount(0n) }],
    ['the largest amount', { amount: toAmount(MAX_U64), fee: toAmount(0n) }],
    ['the largest sum', { amount: toAmount(1n), fee: toAmount(MAX_U64 - 1n) }],
    ['the last sequence', { sequence: toSequence(MAX_U64 - 1n) }],
    ['any validity', { validUntil: MAX_U64 }],
    ['eight parents', { parents: parents(limits.parents) }],
  ])('may be %s', (_, change) => {
    expect(() => assertValidOrder({ ...good, ...change }, reserve)).not.toThrow();
  });

  it.each<[string, string, Partial<PaymentOrder>]>([
    ['NOT_PAYMENT', 'another kind', { kind: 2 as OrderKind }],
    ['NOT_PAYMENT', 'an asset that is no token', { asset: toAddress(`0x${'11'.repeat(20)}`) }],
    ['INVALID_FORMAT', 'no amount', { amount: toAmount(0n) }],
    ['INVALID_FORMAT', 'a sum beyond 64 bits', { amount: toAmount(MAX_U64), fee: toAmount(1n) }],
    ['INVALID_FORMAT', 'the sequence after the last', { sequence: toSequence(MAX_U64) }],
    ['INVALID_FORMAT', 'a negative validity', { validUntil: -1n }],
    ['INVALID_FORMAT', 'a validity beyond 64 bits', { validUntil: MAX_U64 + 1n }],
    ['INVALID_FORMAT', 'the zero address as sender', { sender: ZERO_ADDRESS }],
    ['INVALID_FORMAT', 'the zero address as recipient', { recipient: ZERO_ADDRESS }],
    ['INVALID_FORMAT', 'the reserve as recipient', { recipient: reserve }],
    ['INVALID_FORMAT', 'a token as recipient', { recipient: PATH_USD }],
    ['INVALID_FORMAT', 'a virtual recipient', { recipient: toAddress(`0x12345678${'fd'.repeat(10)}000000000001`) }],
    ['INVALID_FORMAT', 'itself as recipient', { recipient: good.sender }],
    ['INVALID_FORMAT', 'nine parents', { parents: parents(limits.parents + 1) }],
    ['INVALID_FORMAT', 'a parent twice', { parents: [parent(0), parent(1), parent(0)] }],
  ])('is refused as %s with %s', (code, _, change) => {
    for (const kind of change.kind === undefined && change.recipient !== good.sender
      ? ([0, 1] as const)
      : [undefined]) {
      const order = { ...good, ...change, ...(kind === undefined ? {} : { kind }) };
      expect(() => assertValidOrder(order, reserve)).toThrowError(expect.objectContaining({ code }));
    }
  });

  it('never costs more than 64 bits', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        try {
          assertValidOrder({ ...order, asset: PATH_USD }, reserve);
        } catch {
          return;
        }
        expect(orderCost(order) <= MAX_U64).toBe(true);
      }),
    );
  });
});

describe('the transaction hash', () => {
  it('changes with every field and with the domain', () => {
    const changes: Partial<PaymentOrder>[] = [
      {},
      { kind: 1 },
      { sender: reserve },
      { recipient: reserve },
      { asset: toAddress(`0x20c0${'00'.repeat(17)}01`) },
      { amount: toAmount(1n) },
      { fee: toAmount(1n) },
      { sequence: toSequence(1n) },
      { validUntil: 1n },
      { memo: parent(0) },
      { parents: [parent(0)] },
      { parents: [parent(0), parent(1)] },
      { parents: [parent(1), parent(0)] },
    ];
    const hashes = changes.map((change) => transactionHash({ ...good, ...change }, separator));
    const domains = [
      { ...domain, chainId: 1n },
      { ...domain, reserve: good.sender },
      { ...domain, salt: ZERO_HASH },
    ];
    for (const other of domains) hashes.push(transactionHashIn(good, other));
    expect(new Set(hashes).size).toBe(changes.length + domains.length);
    expect(transactionHashIn(good, domain)).toBe(hashes[0]);
  });

  it('is refused to numbers out of range instead of wrapping them', () => {
    const wrapped = { ...good, validUntil: good.validUntil + (1n << 64n) };
    expect(() => transactionHash(wrapped, separator)).toThrowError(expect.objectContaining({ code: 'INVALID_FORMAT' }));
  });
});

describe('an order', () => {
  it('names its slot and its cost', () => {
    expect(slotOf(good)).toEqual({ owner: good.sender, asset: good.asset, sequence: 7n });
    expect(orderCost(good)).toBe(10_002_000n);
  });

  it('has the same type for wallets that sign typed data themselves', () => {
    const fields = orderTypedDataTypes.PaymentOrder.map(({ type, name }) => `${type} ${name}`).join(',');
    expect(`PaymentOrder(${fields})`).toBe(ORDER_TYPE);
  });
});
