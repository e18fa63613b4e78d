import {
  type CommitCertificate,
  PATH_USD,
  SKIP,
  toAddress,
  toAmount,
  toHash,
  toSequence,
  ZERO_HASH,
} from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { closureFault } from './closure.ts';

const alice = toAddress(`0x${'a1'.repeat(20)}`);
const bob = toAddress(`0x${'b0'.repeat(20)}`);
const hashOf = (digits: string) => toHash(`0x${digits.repeat(32)}`);

function certificate(sender: typeof alice, sequence: bigint, value: CommitCertificate['value'], amount?: bigint) {
  const slot = { owner: sender, asset: PATH_USD, sequence: toSequence(sequence) };
  const body: CommitCertificate = { type: 'commit', epoch: 0n, slot, round: 0, value, signatures: [] };
  if (amount === undefined) return body;
  const order = {
    kind: 0,
    sender,
    recipient: sender === alice ? bob : alice,
    asset: PATH_USD,
    amount: toAmount(amount),
    fee: toAmount(2n),
    sequence: slot.sequence,
    validUntil: 0n,
    memo: ZERO_HASH,
    parents: [],
  } as const;
  return { ...body, signedOrder: { order, payerSignature: new Uint8Array() } };
}

const skipped = certificate(alice, 0n, SKIP);
const paid = certificate(alice, 1n, hashOf('01'), 90n);
const paidOn = certificate(bob, 0n, hashOf('02'), 80n);

function faultOf(certificates: readonly CommitCertificate[], { complete = true, next = 0n } = {}): string | undefined {
  const onChain = ({ owner }: { readonly owner: string }) =>
    owner === alice ? { balance: 100n, next } : { balance: 0n, next: 0n };
  return closureFault({ target: paidOn.value, certificates, complete }, onChain);
}

test('certificates that settle one after the other are a closure, those that are settled already too', () => {
  expect(faultOf([skipped, paid, paidOn])).toBeUndefined();
  expect(faultOf([skipped, paid, paidOn], { next: 1n })).toBeUndefined();
});

test('what is left out, out of order or not paid for shows', () => {
  expect(faultOf([paid, paidOn])).toContain('comes where slot 0 is due');
  expect(faultOf([skipped, paidOn, paid])).toContain('takes 82 where 0 is there');
  expect(faultOf([skipped, paid])).toContain('is not in it');
});

test('nothing is asked of one that is said not to be whole', () => {
  expect(faultOf([paidOn], { complete: false })).toBeUndefined();
});
