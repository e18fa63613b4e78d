import {
  bytesOf,
  type CommitCertificate,
  concatBytes,
  OrderKind,
  PATH_USD,
  type PaymentOrder,
  type SignerSignature,
  toAddress,
  toAmount,
  toHash,
  toHex,
  toSequence,
  transactionHashIn,
  unsignedBytes,
  ZERO_ADDRESS,
} from '@fastpay/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devAccount } from './node/dev-account.ts';
import type { Outcome } from './reserve-events.ts';
import { settle } from './settle.ts';
import { accountsOf, packBatch, packEntry } from './settle-batch.ts';
import { type CertifyOptions, createOrder, createTestCommittee } from './testing/committee.fixtures.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer } from './testing/payers.fixtures.ts';
import { createToken } from './testing/token.fixtures.ts';

const alice = createPayer('secp256k1', 1);
const bob = createPayer('secp256k1', 2);
const GROUP_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
  await lab.deposit([
    { account: alice.address, amount: 1_000_000n },
    { account: bob.address, amount: 1_000_000n },
  ]);
});
afterAll(() => lab.stop());

const order = (changes: Partial<PaymentOrder> = {}): PaymentOrder => ({
  ...createOrder({ sender: alice.address, recipient: bob.address, amount: 100_000n, sequence: 0n }),
  ...changes,
});
const good = (options?: Partial<CertifyOptions>) => lab.certify(order(), alice, options);

async function expectRefused(certificate: CommitCertificate, reason: Outcome): Promise<void> {
  const before = await state();
  expect((await lab.settleUnchecked([certificate])).outcomes).toEqual([reason]);
  expect(await state()).toEqual(before);
}

/** A batch of entries as they are, between alice and bob. */
const accounts = [alice.address, bob.address].toSorted();
const batchOf = (entries: readonly Uint8Array[]) =>
  packBatch({ asset: PATH_USD, committee: lab.committee.committee, accounts, entries });
const entryOf = (certificate: CommitCertificate) => packEntry(certificate, accounts);
/** An entry with its length in front. */
const framed = (body: Uint8Array) => concatBytes(unsignedBytes(body.length, 2), body);

async function state() {
  const [a, b] = await Promise.all(
    [alice, bob].map(({ address }) => lab.chain.accountOnChain({ owner: address, asset: PATH_USD })),
  );
  return { alice: a, bob: b, tokens: await lab.tokens(lab.reserve) };
}

function withCommits(
  certificate: CommitCertificate,
  change: (commits: readonly SignerSignature[]) => SignerSignature[],
): CommitCertificate {
  return { ...certificate, signatures: change(certificate.signatures) };
}

/** The other signature that the same key made: n - s, the other parity. Valid mathematics, refused everywhere. */
function withHighS(signature: Uint8Array): Uint8Array {
  const s = BigInt(toHex(signature.slice(32, 64)));
  const v = signature[64] === 27 ? 28 : 27;
  return concatBytes(signature.slice(0, 32), unsignedBytes(GROUP_ORDER - s, 32), Uint8Array.of(v));
}

const changeFirst = (change: (signature: Uint8Array) => Uint8Array) => (commits: readonly SignerSignature[]) =>
  commits.map(({ signer, signature }, index) => ({ signer, signature: index === 0 ? change(signature) : signature }));

describe('commits are refused', () => {
  it.each([[[0, 1]], [[3]], [[]]])('with less stake than a quorum: signers %j', async (signers) => {
    await expectRefused(await good({ signers }), 'NO_QUORUM');
  });

  it.each([[[0, 0, 1]], [[0, 1, 1]], [[2, 1, 0]], [[0, 2, 1]]])('when signers do not ascend: %j', async (signers) => {
    await expectRefused(await good({ signers }), 'INVALID_COMMIT');
  });

  it('of a signer that is not in the committee', async () => {
    const stranger = createTestCommittee([1n, 1n, 1n, 1n, 1n]);
    const certificate = await good({ committee: stranger, signers: [2, 3, 4] });
    await expectRefused(certificate, 'INVALID_COMMIT');
    const last = await good({ signers: [1, 2, 3] });
    const renamed = withCommits(last, (commits) =>
      commits.map((each) => (each.signer === 3 ? { ...each, signer: 255 } : each)),
    );
    await expectRefused(renamed, 'INVALID_COMMIT');
  });

  it('of a member that was smuggled into the committee', async () => {
    const forger = createTestCommittee([1n, 1n, 1n, 1n, 1_000n]);
    const { committee } = forger;
    const entries = [entryOf(await good({ committee: forger, signers: [4] }))];
    const forged = packBatch({ asset: PATH_USD, committee, accounts, entries });
    const before = await state();
    await expect(lab.settleBytes(forged, 1)).rejects.toMatchObject({ code: 'REVERTED' });
    // Said to have one member less, the batch's last member would be read as its accounts.
    const shortened = forged.with(20, 4);
    await expect(lab.settleBytes(shortened, 1)).rejects.toMatchObject({ code: 'REVERTED' });
    expect(await state()).toEqual(before);
  });

  it('when one member signs for another', async () => {
    const certificate = await good();
    const swapped = withCommits(certificate, ([a, b, c]) => [
      { signer: 0, signature: b?.signature as Uint8Array },
      { signer: 1, signature: a?.signature as Uint8Array },
      c as SignerSignature,
    ]);
    await expectRefused(swapped, 'INVALID_COMMIT');
  });

  it('when even one beyond the quorum is wrong', async () => {
    const certificate = await good({ signers: [0, 1, 2, 3] });
    await expectRefused(
      withCommits(
        certificate,
        changeFirst(() => new Uint8Array(65)),
      ),
      'INVALID_COMMIT',
    );
  });

  it('with a high s', async () => {
    await expectRefused(withCommits(await good(), changeFirst(withHighS)), 'INVALID_COMMIT');
  });

  it.each([0, 1, 26, 29, 255])('with v = %i', async (v) => {
    const change = changeFirst((signature) => concatBytes(signature.slice(0, 64), Uint8Array.of(v)));
    await expectRefused(withCommits(await good(), change), 'INVALID_COMMIT');
  });

  it('of different rounds', async () => {
    const [early, late] = [await good({ round: 0 }), await good({ round: 1 })];
    const mixed = withCommits(early, ([a, b]) => [
      a as SignerSignature,
      b as SignerSignature,
      late.signatures[2] as SignerSignature,
    ]);
    await expectRefused(mixed, 'INVALID_COMMIT');
    await expectRefused({ ...early, round: 1 }, 'INVALID_COMMIT');
  });

  it('to another value of the slot', async () => {
    const other = await lab.certify(order({ amount: toAmount(100_001n) }), alice);
    const certificate = { ...(await good()), signatures: other.signatures };
    await expectRefused(certificate, 'INVALID_COMMIT');
  });

  it('over SKIP with less stake than a quorum', async () => {
    const slot = { owner: alice.address, asset: PATH_USD, sequence: toSequence(0n) };
    await expectRefused(await lab.certifySkip(slot, { signers: [1, 2] }), 'NO_QUORUM');
  });
});

describe('another network’s signatures are refused', () => {
  const foreign = [
    ['salt', () => ({ ...lab.domain, salt: toHash(`0x${'01'.repeat(32)}`) })],
    ['chain', () => ({ ...lab.domain, chainId: lab.domain.chainId + 1n })],
    ['reserve', () => ({ ...lab.domain, reserve: bob.address })],
  ] as const;

  it.each(foreign)('with another %s', async (_, domain) => {
    const theirs = await good({ domain: domain() });
    await expectRefused(theirs, 'INVALID_COMMIT');

    const ours = await good();
    const signedOrder = { order: order(), payerSignature: theirs.signedOrder?.payerSignature as Uint8Array };
    await expectRefused({ ...ours, signedOrder }, 'INVALID_PAYER_SIGNATURE');
    await expectRefused({ ...ours, signatures: theirs.signatures }, 'INVALID_COMMIT');
  });

  it('with another epoch', async () => {
    await expectRefused(await good({ epoch: 1n }), 'INVALID_COMMIT');
    await expectRefused({ ...(await good({ epoch: 1n })), epoch: 0n }, 'INVALID_COMMIT');
  });
});

describe('an altered order is refused', () => {
  const alterations: readonly (readonly [name: string, changes: Partial<PaymentOrder>])[] = [
    ['amount', { amount: toAmount(100_001n) }],
    ['fee', { fee: toAmount(900_000n) }],
    ['recipient', { recipient: toAddress(`0x${'99'.repeat(20)}`) }],
    ['kind', { kind: OrderKind.withdraw }],
    ['memo', { memo: toHash(`0x${'01'.repeat(32)}`) }],
    ['validUntil', { validUntil: 1n }],
    ['parents', { parents: [toHash(`0x${'02'.repeat(32)}`)] }],
  ];

  it.each(alterations)('in its %s', async (_, changes) => {
    const certificate = await good();
    const payerSignature = certificate.signedOrder?.payerSignature as Uint8Array;
    const altered = { order: order(changes), payerSignature };
    await expectRefused({ ...certificate, signedOrder: altered }, 'INVALID_COMMIT');
    // Even with a whole quorum behind the altered order, the payer has not signed it.
    const collusion = { ...(await lab.certify(altered.order, alice)), signedOrder: altered };
    await expectRefused(collusion, 'INVALID_PAYER_SIGNATURE');
  });

  it.each([
    ['owner', { sender: bob.address }],
    ['sequence', { sequence: toSequence(1n) }],
  ] as const)('when it is for another slot (%s)', async (_, changes) => {
    const certificate = await good();
    const payerSignature = certificate.signedOrder?.payerSignature as Uint8Array;
    const altered = { ...certificate, signedOrder: { order: order(changes), payerSignature } };
    await expectRefused(altered, 'INVALID_COMMIT');
  });
});

describe('a payer signature is refused', () => {
  const changes: readonly (readonly [name: string, change: (signature: Uint8Array) => Uint8Array])[] = [
    ['with a high s', withHighS],
    ['that is empty', () => new Uint8Array(0)],
    ['of zeros', () => new Uint8Array(65)],
    ['without its last byte', (signature) => signature.slice(0, 64)],
    ['with a byte more', (signature) => concatBytes(signature, Uint8Array.of(0))],
    [
      'wrapped as a keychain signature',
      (signature) => concatBytes(Uint8Array.of(3), bytesOf(alice.address), signature),
    ],
    ['of the longest length', () => new Uint8Array(2_049).fill(2)],
  ];

  it.each(changes)('%s', async (_, change) => {
    const certificate = await good();
    const payerSignature = change(certificate.signedOrder?.payerSignature as Uint8Array);
    const bytes = { ...certificate, signedOrder: { order: order(), payerSignature } };
    await expectRefused(bytes, 'INVALID_PAYER_SIGNATURE');
  });

  it.each(['secp256k1', 'P-256', 'WebAuthn'] as const)('of another %s key', async (kind) => {
    const bytes = await lab.certify(order(), { ...createPayer(kind, 99), address: alice.address });
    await expectRefused(bytes, 'INVALID_PAYER_SIGNATURE');
  });
});

describe('an order that breaks a rule is refused although everybody signed it', () => {
  const broken: readonly (readonly [name: string, changes: () => Partial<PaymentOrder>])[] = [
    ['no amount', () => ({ amount: toAmount(0n) })],
    ['amount and fee beyond 64 bits', () => ({ amount: toAmount((1n << 64n) - 1n), fee: toAmount(1n) })],
    ['the zero recipient', () => ({ recipient: ZERO_ADDRESS })],
    ['the reserve as recipient', () => ({ recipient: lab.reserve })],
    ['a token as recipient', () => ({ recipient: PATH_USD })],
    ['a virtual recipient', () => ({ recipient: toAddress(`0x00000000${'fd'.repeat(10)}000000000000`) })],
    ['the payer as recipient', () => ({ recipient: alice.address })],
    ['an unknown kind', () => ({ kind: 2 as never })],
  ];

  it.each(broken)('%s', async (_, changes) => {
    await expectRefused(await lab.certify(order(changes()), alice), 'INVALID_ORDER');
  });

  it.each([1n, 64n, (1n << 64n) - 1n])('%i slots before its turn', async (distance) => {
    const sequence = toSequence(distance);
    await expectRefused(await lab.certify(order({ sequence }), alice), 'OUT_OF_ORDER');
  });

  it('more than the balance, by one base unit', async () => {
    const amount = toAmount(1_000_000n - 2_000n + 1n);
    await expectRefused(await lab.certify(order({ amount }), alice), 'INSUFFICIENT_BALANCE');
  });
});

describe('bytes that are not one entry are refused', () => {
  it('at every length short of it, and with anything behind it', async () => {
    const body = entryOf(await good()).slice(2);
    // A payer signature may have any length: cut inside it, the entry is one, but nobody's.
    const signatureStart = body.length - 65;
    const cut = Array.from({ length: signatureStart }, (_, length) => framed(body.slice(0, length)));
    expect(new Set(await lab.preview(batchOf(cut)))).toEqual(new Set(['MALFORMED']));
    const before = await state();
    const unsigned = [framed(body.slice(0, -1)), framed(concatBytes(body, Uint8Array.of(0)))];
    const { outcomes } = await lab.settleBytes(batchOf(unsigned), 2);
    expect(outcomes).toEqual(['INVALID_PAYER_SIGNATURE', 'INVALID_PAYER_SIGNATURE']);
    expect(await state()).toEqual(before);
  });

  const alterations: readonly (readonly [name: string, offset: number, value: number])[] = [
    ['payer', 4, 2],
    ['recipient', 14, 2],
    ['number of parents', 31, 9],
    ['number of parents, as many as would not fit', 31, 8],
    ['number of commits', 44, 255],
  ];

  it.each(alterations)('with another %s', async (_, offset, value) => {
    const bytes = entryOf(await good());
    bytes[offset] = value;
    const before = await state();
    expect((await lab.settleBytes(batchOf([bytes]), 1)).outcomes).toEqual(['MALFORMED']);
    expect(await state()).toEqual(before);
  });

  it('with more parents than allowed, although everybody signed them', async () => {
    const parents = Array.from({ length: 9 }, (_, index) => toHash(`0x${String(index).repeat(64)}`));
    await expectRefused(await lab.certify(order({ parents }), alice), 'MALFORMED');
  });

  it('with a payer signature longer than any', async () => {
    const signedOrder = { order: order(), payerSignature: new Uint8Array(2_050).fill(2) };
    await expectRefused({ ...(await good()), signedOrder }, 'MALFORMED');
  });

  it('when they are noise', async () => {
    const { outcomes } = await lab.settleBytes(
      batchOf([framed(new Uint8Array(600).fill(0xff)), framed(new Uint8Array(0))]),
      2,
    );
    expect(outcomes).toEqual(['MALFORMED', 'MALFORMED']);
  });
});

describe('a batch that cannot be read reverts as a whole', () => {
  const broken: readonly (readonly [name: string, change: (batch: Uint8Array) => Uint8Array])[] = [
    ['without its last byte', (batch) => batch.slice(0, -1)],
    ['with a byte more', (batch) => concatBytes(batch, Uint8Array.of(0))],
    ['with an account twice', (batch) => batch.with(143 + 39, batch[143 + 19] as number)],
    ['with fewer entries than it says', (batch) => batch.with(143 + 41, 2)],
    ['with more entries than it says', (batch) => batch.with(143 + 41, 0)],
    ['of nothing', () => new Uint8Array(0)],
  ];

  it.each(broken)('%s', async (name, change) => {
    const entry = entryOf(await good());
    const sameTwice = [alice.address, alice.address];
    const whole = name.includes('twice')
      ? packBatch({ asset: PATH_USD, committee: lab.committee.committee, accounts: sameTwice, entries: [entry] })
      : change(batchOf([entry]));
    await expect(lab.settleBytes(whole, 1)).rejects.toMatchObject({ code: 'REVERTED' });
  });
});

it('leaves the entries beside a refused one alone', async () => {
  const carol = createPayer('secp256k1', 3);
  const dora = createPayer('secp256k1', 4);
  await lab.deposit([{ account: carol.address, amount: 1_000_000n }]);
  const pay = (sequence: bigint) =>
    lab.certify(createOrder({ sender: carol.address, recipient: dora.address, amount: 10n, sequence }), carol);
  const certificates = [await pay(0n), await good({ signers: [0] }), await pay(1n)];
  const named = accountsOf(certificates);
  const entries = certificates.map((each) => packEntry(each, named));
  const batch = packBatch({
    asset: PATH_USD,
    committee: lab.committee.committee,
    accounts: named,
    entries: entries.toSpliced(1, 0, framed(Uint8Array.of(1, 2, 3))),
  });
  expect((await lab.settleBytes(batch, 4)).outcomes).toEqual(['SETTLED', 'MALFORMED', 'NO_QUORUM', 'SETTLED']);
  expect(await lab.balance(dora.address)).toBe(20n);
});

it('takes what is said of one asset for no other', async () => {
  const token = await createToken(lab, 'Other asset');
  await lab.deposit([{ account: alice.address, amount: 1_000_000n }], token.address);
  const before = await state();
  expect((await lab.settleUnchecked([await good()], token.address)).outcomes).toEqual(['INVALID_COMMIT']);
  expect(await state()).toEqual(before);
});

it('reverts for a committee that is not the reserve’s', async () => {
  const before = await state();
  const other = createTestCommittee([2n, 1n, 1n, 1n]);
  const promise = settle({
    rpcUrl: lab.node.rpcUrl,
    reserve: lab.reserve,
    signer: devAccount(1),
    certificates: [await good({ committee: other })],
    committee: other.committee,
  });
  await expect(promise).rejects.toMatchObject({ code: 'REVERTED' });
  expect(await state()).toEqual(before);
});

it('counts stake, not heads', async () => {
  // W = 12, v = 4, q = 8.
  const committee = createTestCommittee([1n, 1n, 1n, 9n]);
  const unequal = await startLab({ committee });
  try {
    await unequal.deposit([{ account: alice.address, amount: 1_000_000n }]);
    const certify = (signers: number[]) => unequal.certify(order(), alice, { signers });
    expect((await unequal.settle([await certify([0, 1, 2])])).outcomes).toEqual(['NO_QUORUM']);
    expect((await unequal.settle([await certify([3])])).outcomes).toEqual(['SETTLED']);
  } finally {
    await unequal.stop();
  }
});

it('would settle the very certificate that all these refusals were made from', async () => {
  expect((await lab.settle([await good()])).outcomes).toEqual(['SETTLED']);
  expect(transactionHashIn(order(), lab.domain)).toBe((await good()).value);
});
