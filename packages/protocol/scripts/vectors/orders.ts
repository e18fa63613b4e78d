import {
  domainSeparator,
  limits,
  MAX_U64,
  ORDER_TYPE,
  orderStructHash,
  type PaymentOrder,
  toAddress,
  toAmount,
  toHex,
  toSequence,
  transactionHash,
  ZERO_HASH,
} from '../../src/index.ts';
import { json } from '../../src/vectors.fixtures.ts';
import { domain, hashOf, onesAddress, onesHash, order } from './samples.ts';

export function orderVectors() {
  const parents = (count: number) => Array.from({ length: count }, (_, index) => hashOf(`parent ${index}`));
  const cases: (readonly [string, Partial<PaymentOrder>])[] = [
    ...Array.from({ length: limits.parents + 1 }, (_, count): [string, Partial<PaymentOrder>] => [
      `${count} parents`,
      { parents: parents(count) },
    ]),
    ['a withdrawal', { kind: 1 }],
    ['the smallest amount without a fee', { amount: toAmount(1n), fee: toAmount(0n) }],
    ['the largest amount', { amount: toAmount(MAX_U64), fee: toAmount(0n) }],
    ['the largest fee', { amount: toAmount(1n), fee: toAmount(MAX_U64 - 1n) }],
    ['the first sequence, no memo', { sequence: toSequence(0n), memo: ZERO_HASH }],
    ['the last sequence', { sequence: toSequence(MAX_U64 - 1n) }],
    ['never valid', { validUntil: 0n }],
    ['always valid', { validUntil: MAX_U64 }],
    ['the highest of everything', { recipient: onesAddress, asset: toAddress(`0x20c0${'00'.repeat(10)}${'ff'.repeat(8)}`), memo: onesHash, parents: [onesHash] }],
  ];
  const separator = domainSeparator(domain);
  return {
    description: 'EIP-712 struct hashes and digests of orders (§3).',
    type: ORDER_TYPE,
    domain: json.domain(domain),
    separator,
    cases: cases.map(([name, change]) => {
      const each = { ...order, ...change };
      return {
        name,
        order: json.order(each),
        structHash: toHex(orderStructHash(each)),
        transactionHash: transactionHash(each, separator),
      };
    }),
  };
}
