import { type CommitCertificate, PATH_USD, type PaymentOrder, toHash, transactionHashIn } from '@fastpay/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrder, type OrderFields } from './testing/committee.fixtures.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer, payerKinds } from './testing/payers.fixtures.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

let created = 0;
const payer = (kind: (typeof payerKinds)[number] = 'secp256k1') => {
  created += 1;
  return createPayer(kind, created);
};
type Payer = ReturnType<typeof payer>;

function pay(from: Payer, to: Payer, amount: bigint, fields: Partial<OrderFields> = {}): Promise<CommitCertificate> {
  return lab.certify(order(from, to, amount, fields), from);
}

function order(from: Payer, to: Payer, amount: bigint, fields: Partial<OrderFields> = {}): PaymentOrder {
  return createOrder({ sender: from.address, recipient: to.address, amount, sequence: 0n, ...fields });
}

it.each(payerKinds)('settles a payment that a %s key signed', async (kind) => {
  const [alice, bob] = [payer(kind), payer(kind)];
  await lab.deposit([{ account: alice.address, amount: 1_000_000n }]);
  const { outcomes } = await lab.settle([await pay(alice, bob, 300_000n, { fee: 2_500n })]);
  expect(outcomes).toEqual(['SETTLED']);
  expect(await lab.chain.accountOnChain({ owner: alice.address, asset: PATH_USD })).toEqual({
    balance: 697_500n,
    nextSequence: 1n,
    owed: 0n,
  });
  expect(await lab.balance(bob.address)).toBe(300_000n);
});

it('reports each settled slot with its account, sequence, transaction hash and block', async () => {
  const [alice, bob] = [payer(), payer()];
  await lab.deposit([{ account: alice.address, amount: 1_000_000n }]);
  const orders = [order(alice, bob, 10n), order(alice, bob, 20n, { sequence: 1n })];
  const certificates = await Promise.all(orders.map((each) => lab.certify(each, alice)));
  const { receipt } = await lab.settle(certificates);
  const settlements = await lab.chain.settlements(receipt.blockHeight, receipt.blockHeight);
  const block = await lab.chain.block(receipt.blockHeight);
  expect(settlements).toEqual(
    orders.map((each) => ({
      account: { owner: alice.address, asset: PATH_USD },
      sequence: each.sequence,
      value: transactionHashIn(each, lab.domain),
      settlement: { block, transactionHash: receipt.transactionHash },
    })),
  );
});

it('settles a chain of payments in one batch: money received is spent two entries later', async () => {
  const [alice, bob, carol, dora] = [payer(), payer(), payer(), payer()];
  await lab.deposit([{ account: alice.address, amount: 1_000_000n }]);
  const first = order(alice, bob, 900_000n);
  const second = order(bob, carol, 890_000n, { parents: [transactionHashIn(first, lab.domain)] });
  const third = order(carol, dora, 880_000n, { parents: [transactionHashIn(second, lab.domain)] });
  const batch = [await lab.certify(first, alice), await lab.certify(second, bob), await lab.certify(third, carol)];
  expect((await lab.settle(batch)).outcomes).toEqual(['SETTLED', 'SETTLED', 'SETTLED']);
  expect(await lab.balance(alice.address)).toBe(98_000n);
  expect(await lab.balance(bob.address)).toBe(8_000n);
  expect(await lab.balance(carol.address)).toBe(8_000n);
  expect(await lab.balance(dora.address)).toBe(880_000n);
});

it('passes over what is not funded yet, settles the rest, and takes it when it comes again', async () => {
  const [alice, bob, carol] = [payer(), payer(), payer()];
  await lab.deposit([{ account: alice.address, amount: 1_000_000n }]);
  const funding = await pay(alice, bob, 500_000n);
  const spending = await pay(bob, carol, 400_000n);
  expect((await lab.settle([spending, funding])).outcomes).toEqual(['INSUFFICIENT_BALANCE', 'SETTLED']);
  expect(await lab.balance(carol.address)).toBe(0n);
  expect((await lab.settle([spending, funding])).outcomes).toEqual(['SETTLED', 'ALREADY_SETTLED']);
  expect(await lab.balance(carol.address)).toBe(400_000n);
});

it('settles every payment once, whether it comes again in the batch or in a later one', async () => {
  const [alice, bob] = [payer(), payer()];
  await lab.deposit([{ account: alice.address, amount: 1_000_000n }]);
  const certificate = await pay(alice, bob, 100n);
  const otherSigners = { ...(await lab.certify(order(alice, bob, 100n), alice, { signers: [0, 2, 3] })) };
  expect((await lab.settle([certificate, certificate, otherSigners])).outcomes).toEqual([
    'SETTLED',
    'ALREADY_SETTLED',
    'ALREADY_SETTLED',
  ]);
  expect((await lab.settle([otherSigners])).outcomes).toEqual(['ALREADY_SETTLED']);
  expect(await lab.balance(bob.address)).toBe(100n);
});

it('takes commits of any one round, and of stake beyond the quorum', async () => {
  const [alice, bob] = [payer(), payer()];
  await lab.deposit([{ account: alice.address, amount: 1_000_000n }]);
  const later = await lab.certify(order(alice, bob, 100n), alice, { round: 0xffff_ffff, signers: [1, 2, 3] });
  const all = await lab.certify(order(alice, bob, 100n, { sequence: 1n }), alice, { signers: [0, 1, 2, 3] });
  expect((await lab.settle([later, all])).outcomes).toEqual(['SETTLED', 'SETTLED']);
});

describe('a certificate over SKIP', () => {
  it('uses the slot up and moves no money', async () => {
    const [alice, bob] = [payer(), payer()];
    await lab.deposit([{ account: alice.address, amount: 1_000_000n }]);
    const account = { owner: alice.address, asset: PATH_USD };
    const skipped = order(alice, bob, 5n);
    const skip = await lab.certifySkip({ ...account, sequence: skipped.sequence });
    const next = await pay(alice, bob, 7n, { sequence: 1n });
    expect((await lab.settle([skip, next])).outcomes).toEqual(['SETTLED', 'SETTLED']);
    expect(await lab.chain.accountOnChain(account)).toMatchObject({ balance: 1_000_000n - 2_007n, nextSequence: 2n });
    expect((await lab.settle([await lab.certify(skipped, alice)])).outcomes).toEqual(['ALREADY_SETTLED']);
    expect(await lab.balance(bob.address)).toBe(7n);
  });

  it('pays no fee, even right after an entry that does', async () => {
    const [alice, bob] = [payer(), payer()];
    await lab.deposit([{ account: alice.address, amount: 1_000_000n }]);
    const owed = async () => (await lab.chain.accountOnChain({ owner: lab.settler.address, asset: PATH_USD })).owed;
    const before = await owed();
    const paid = await pay(alice, bob, 7n, { fee: 3_000n });
    const skip = await lab.certifySkip({
      owner: alice.address,
      asset: PATH_USD,
      sequence: (paid.slot.sequence + 1n) as never,
    });
    expect((await lab.settle([paid, skip])).outcomes).toEqual(['SETTLED', 'SETTLED']);
    expect((await owed()) - before).toBe(3_000n);
  });
});

it('stops cleanly when gas runs low, keeps what it did, and goes on in the next transaction', async () => {
  const alice = payer();
  const recipients = Array.from({ length: 12 }, () => payer());
  await lab.deposit([{ account: alice.address, amount: 1_000_000n }]);
  const batch = await Promise.all(recipients.map((bob, index) => pay(alice, bob, 10n, { sequence: BigInt(index) })));
  // Enough to begin some entries, each of which creates an account, but not all.
  const { outcomes } = await lab.settle(batch, 2_500_000n);
  const reached = outcomes.indexOf('NOT_REACHED');
  expect(reached).toBeGreaterThan(1);
  expect(outcomes).toEqual([...Array(reached).fill('SETTLED'), ...Array(12 - reached).fill('NOT_REACHED')]);
  expect(await lab.balance(alice.address)).toBe(1_000_000n - BigInt(reached) * 2_010n);
  expect((await lab.settle(batch)).outcomes.slice(reached)).toEqual(Array(12 - reached).fill('SETTLED'));
  for (const bob of recipients) expect(await lab.balance(bob.address)).toBe(10n);
});

it('does nothing at all, and reverts nothing, with too little gas for one entry', async () => {
  const [alice, bob] = [payer(), payer()];
  await lab.deposit([{ account: alice.address, amount: 1_000_000n }]);
  const certificate = await pay(alice, bob, 10n);
  expect((await lab.settle([certificate], 900_000n)).outcomes).toEqual(['NOT_REACHED']);
  expect(await lab.balance(alice.address)).toBe(1_000_000n);
});

it('asks for enough gas by itself for a batch in which every recipient is new', async () => {
  const senders = Array.from({ length: 40 }, () => payer());
  await lab.deposit(senders.map(({ address }) => ({ account: address, amount: 10_000n })));
  const batch = await Promise.all(
    senders.map((alice, index) =>
      pay(alice, payer(), 10n, { parents: [toHash(`0x${index.toString(16).padStart(64, '1')}`)] }),
    ),
  );
  expect(new Set((await lab.settle(batch)).outcomes)).toEqual(new Set(['SETTLED']));
});
