import {
  type CommitCertificate,
  concatBytes,
  OrderKind,
  PATH_USD,
  type SignerSignature,
  toHash,
  toHex,
  toSequence,
  unsignedBytes,
} from '@fastpay/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeReserveEvents } from './reserve-events.ts';
import { settleAttested } from './settle.ts';
import { batchEntries } from './settle-calldata.ts';
import { attest, createOrder, createTestCommittee, type OrderFields } from './testing/committee.fixtures.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer, payerKinds } from './testing/payers.fixtures.ts';

/** Batches that a committee attests to as a whole: the same rules, one set of signatures. */

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.stop());

let created = 0;
async function newPayer(amount = 0n, kind: (typeof payerKinds)[number] = 'secp256k1') {
  created += 1;
  const payer = createPayer(kind, created);
  if (amount > 0n) await lab.deposit([{ account: payer.address, amount }]);
  return payer;
}
type Payer = Awaited<ReturnType<typeof newPayer>>;

/** Attested batches need no commits. */
const pay = (from: Payer, to: Payer, amount: bigint, fields: Partial<OrderFields> = {}) =>
  lab.certify(
    createOrder({ sender: from.address, recipient: to.address, amount, sequence: 0n, fee: 0n, ...fields }),
    from,
    { signers: [] },
  );

it.each(payerKinds)('settles without commits what a %s key signed', async (kind) => {
  const [alice, bob] = [await newPayer(1_000n, kind), await newPayer()];
  expect((await lab.settleAttested([await pay(alice, bob, 300n)])).outcomes).toEqual(['SETTLED']);
  expect(await lab.balance(alice.address)).toBe(700n);
  expect(await lab.balance(bob.address)).toBe(300n);
});

it('nets a chain, a circle, a withdrawal and a skip in one batch, and reports every slot in order', async () => {
  const [alice, bob, carol] = [await newPayer(1_000n), await newPayer(), await newPayer()];
  const slot = { owner: alice.address, asset: PATH_USD, sequence: toSequence(1n) };
  const certificates = [
    await pay(alice, bob, 1_000n),
    await pay(bob, carol, 900n, { memo: toHash(`0x${'ab'.repeat(32)}`) }),
    await lab.certifySkip(slot, { signers: [] }),
    await pay(carol, alice, 800n, { parents: [toHash(`0x${'01'.repeat(32)}`)] }),
    await pay(alice, carol, 50n, { sequence: 2n, kind: OrderKind.withdraw }),
    await pay(bob, alice, 101n, { sequence: 1n }),
  ];
  const { outcomes, receipt } = await lab.settleAttested(certificates);
  expect(outcomes).toEqual([...Array(5).fill('SETTLED'), 'INSUFFICIENT_BALANCE']);
  expect(await lab.balance(alice.address)).toBe(750n);
  expect(await lab.balance(bob.address)).toBe(100n);
  expect(await lab.balance(carol.address)).toBe(100n);
  expect(await lab.tokens(carol.address)).toBe(50n);
  const reported = decodeReserveEvents(receipt.logs, lab.reserve).map((event) => event);
  expect(reported).toMatchObject(
    certificates.map(({ slot: { owner, asset, sequence }, value }) => ({ account: { owner, asset }, sequence, value })),
  );
  const settlements = await lab.chain.settlements(receipt.blockHeight, receipt.blockHeight);
  expect(settlements.map(({ value }) => value)).toEqual(certificates.slice(0, 5).map(({ value }) => value));
});

it('settles again nothing that was settled, whoever vouches for it', async () => {
  const [alice, bob] = [await newPayer(1_000n), await newPayer()];
  const fields = { sender: alice.address, recipient: bob.address, amount: 100n, sequence: 0n, fee: 0n };
  const certificate = await lab.certify(createOrder(fields), alice);
  expect((await lab.settleAttested([certificate, certificate])).outcomes).toEqual(['SETTLED', 'ALREADY_SETTLED']);
  expect((await lab.settle([certificate])).outcomes).toEqual(['ALREADY_SETTLED']);
  expect((await lab.settleAttested([certificate])).outcomes).toEqual(['ALREADY_SETTLED']);
  expect(await lab.balance(bob.address)).toBe(100n);
});

it('never pays what the payer did not sign, whatever the committee attests to', async () => {
  const [alice, bob, mallory] = [await newPayer(1_000n), await newPayer(), await newPayer()];
  const order = createOrder({ sender: alice.address, recipient: bob.address, amount: 100n, fee: 0n, sequence: 0n });
  const forged = await lab.certify(order, { ...mallory, address: alice.address });
  const good = await pay(alice, bob, 1n);
  expect((await lab.settleAttested([forged, good])).outcomes).toEqual(['INVALID_PAYER_SIGNATURE', 'SETTLED']);
});

describe('a wrong attestation reverts the batch:', () => {
  let certificates: readonly CommitCertificate[];
  beforeAll(async () => {
    const [alice, bob] = [await newPayer(1_000n), await newPayer()];
    certificates = [await pay(alice, bob, 1n), await pay(alice, bob, 2n, { sequence: 1n })];
  });
  const expectReverted = async (attestation: readonly SignerSignature[]) => {
    const { reserve, settler: signer } = lab;
    const { committee } = lab.committee;
    const promise = settleAttested({
      ...{ rpcUrl: lab.node.rpcUrl, reserve, signer, certificates, committee, attestation, gas: 3_000_000n },
    });
    await expect(promise).rejects.toMatchObject({ code: 'REVERTED' });
  };
  const signed = (signers: readonly number[], entries = batchEntries(certificates)) =>
    attest(entries, { domain: lab.domain, committee: lab.committee, signers });

  it.each([[[]], [[0, 1]], [[0, 0, 1]], [[2, 1, 0]]])('signers %j', async (signers) => {
    await expectReverted(await signed(signers));
  });

  it('over another batch: one more, one less, another order', async () => {
    const entries = batchEntries(certificates);
    for (const others of [entries.slice(1), [...entries, ...entries.slice(0, 1)], entries.toReversed()]) {
      await expectReverted(await signed([0, 1, 2], others));
    }
  });

  it('of another network or epoch', async () => {
    const { domain, committee } = lab;
    const entries = batchEntries(certificates);
    await expectReverted(
      await attest(entries, { domain: { ...domain, salt: toHash(`0x${'07'.repeat(32)}`) }, committee }),
    );
    await expectReverted(await attest(entries, { domain, committee, epoch: 1n }));
  });

  it('of strangers, with a high s, or with one wrong signature beyond the quorum', async () => {
    const { domain } = lab;
    const strangers = createTestCommittee([1n, 1n, 1n, 1n, 1n, 1n]);
    const entries = batchEntries(certificates);
    await expectReverted(await attest(entries, { domain, committee: strangers, signers: [3, 4, 5] }));
    const good = await signed([0, 1, 2]);
    const [first] = good;
    if (!first) throw new Error('no signature');
    await expectReverted([{ ...first, signature: withHighS(first.signature) }, ...good.slice(1)]);
    await expectReverted([...good, { signer: 3, signature: first.signature }]);
  });

  it('and the right one settles it', async () => {
    expect((await lab.settleAttested(certificates)).outcomes).toEqual(['SETTLED', 'SETTLED']);
  });
});

const GROUP_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
function withHighS(signature: Uint8Array): Uint8Array {
  const s = BigInt(toHex(signature.slice(32, 64)));
  const v = signature[64] === 27 ? 28 : 27;
  return concatBytes(signature.slice(0, 32), unsignedBytes(GROUP_ORDER - s, 32), Uint8Array.of(v));
}

it('stops cleanly when gas runs low, and goes on in the next transaction', async () => {
  const alice = await newPayer(1_000n);
  const recipients = await Promise.all(Array.from({ length: 12 }, () => newPayer()));
  const batch = await Promise.all(recipients.map((bob, index) => pay(alice, bob, 10n, { sequence: BigInt(index) })));
  const { outcomes } = await lab.settleAttested(batch, { gas: 2_500_000n });
  const reached = outcomes.indexOf('NOT_REACHED');
  expect(reached).toBeGreaterThan(1);
  expect(outcomes).toEqual([...Array(reached).fill('SETTLED'), ...Array(12 - reached).fill('NOT_REACHED')]);
  expect(await lab.balance(alice.address)).toBe(1_000n - BigInt(reached) * 10n);
  expect((await lab.settleAttested(batch)).outcomes.slice(reached)).toEqual(Array(12 - reached).fill('SETTLED'));
});
