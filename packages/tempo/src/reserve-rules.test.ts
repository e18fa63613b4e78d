import {
  type Address,
  assertValidOrder,
  type CommitCertificate,
  PATH_USD,
  type PaymentOrder,
  RejectError,
  slotOf,
  toAddress,
  toAmount,
  toSequence,
  transactionHashIn,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@fastpay/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ethCall } from './eth-call.ts';
import { outcomesIn } from './reserve-events.ts';
import { batchEntries, encodeSettleAttested } from './settle-calldata.ts';
import { attest } from './testing/committee.fixtures.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';

/** An order that validators sign and the contract refuses could never be settled, so the rules must agree. */

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(hex);
const someAddress = bytes(20).map((text) => toAddress(`0x${text}`));
const SENDER = toAddress(`0x${'5e'.repeat(20)}`);
const almostVirtual = fc
  .tuple(bytes(4), fc.constantFrom('fd', 'fc'), bytes(6))
  .map(([master, marker, tag]) => toAddress(`0x${master}${'fd'.repeat(9)}${marker}${tag}`));
const almostToken = fc
  .tuple(fc.constantFrom('00', '01'), bytes(8))
  .map(([last, tail]) => toAddress(`0x20c000${'00'.repeat(8)}${last}${tail}`));
/** `reserve` stands for the address that is known only when the test runs. */
const recipients = fc.oneof(
  someAddress,
  almostVirtual,
  almostToken,
  fc.constantFrom<Address | 'reserve'>(ZERO_ADDRESS, PATH_USD, SENDER, 'reserve'),
);
const MAX = (1n << 64n) - 1n;
const amounts = fc.oneof(fc.constantFrom(0n, 1n, MAX - 1n, MAX), fc.bigInt({ min: 0n, max: MAX }));
const fields = fc.record({
  kind: fc.constantFrom(0, 1, 2, 254),
  sender: fc.oneof({ weight: 5, arbitrary: fc.constant(SENDER) }, { weight: 1, arbitrary: fc.constant(ZERO_ADDRESS) }),
  recipient: recipients,
  amount: amounts,
  fee: amounts,
});

it('refuses exactly the orders that validators refuse', async () => {
  const seen = new Set<boolean>();
  await fc.assert(
    fc.asyncProperty(fc.array(fields, { minLength: 50, maxLength: 100 }), async (candidates) => {
      const orders = candidates.map(
        ({ kind, sender, recipient, amount, fee }): PaymentOrder => ({
          kind: kind as PaymentOrder['kind'],
          sender,
          recipient: recipient === 'reserve' ? lab.reserve : recipient,
          asset: PATH_USD,
          amount: toAmount(amount),
          fee: toAmount(fee),
          sequence: toSequence(0n),
          validUntil: 0n,
          memo: ZERO_HASH,
          parents: [],
        }),
      );
      const outcomes = await previewAttested(orders.map(unsigned));
      const expected = orders.map((order) => (isValid(order) ? 'INSUFFICIENT_BALANCE' : 'INVALID_ORDER'));
      for (const order of orders) seen.add(isValid(order));
      expect(outcomes).toEqual(expected);
    }),
    { numRuns: 20 },
  );
  expect(seen.size).toBe(2);
});

function isValid(order: PaymentOrder): boolean {
  try {
    assertValidOrder(order, lab.reserve);
    return true;
  } catch (error) {
    if (error instanceof RejectError) return false;
    throw error;
  }
}

/** Rules come before balances, and both before the payer's signature. */
async function previewAttested(certificates: readonly CommitCertificate[]) {
  const { domain, committee } = lab;
  const attestation = await attest(batchEntries(certificates), { domain, committee });
  const data = encodeSettleAttested({ certificates, committee: committee.committee, attestation });
  const result = await ethCall(lab.rpc, { to: lab.reserve, data, gas: '0x5f5e100' }, 'outcomes');
  return outcomesIn(PATH_USD, result);
}

function unsigned(order: PaymentOrder): CommitCertificate {
  return {
    type: 'commit',
    epoch: 0n,
    round: 0,
    slot: slotOf(order),
    value: transactionHashIn(order, lab.domain),
    signedOrder: { order, payerSignature: new Uint8Array(65) },
    signatures: [],
  };
}
