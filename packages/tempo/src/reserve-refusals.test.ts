import {
  bytesOf,
  type CommitCertificate,
  concatBytes,
  encodeCertificate,
  OrderKind,
  PATH_USD,
  type PaymentOrder,
  packedCommittee,
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
import { outcomesOf, settle } from './settle.ts';
import { encodeSettleEntries } from './settle-calldata.ts';
import { type CertifyOptions, createOrder, createTestCommittee } from './testing/committee.fixtures.ts';
import { encodeUnchecked } from './testing/encode-unchecked.fixtures.ts';
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

async function expectRefused(bytes: Uint8Array, reason: Outcome): Promise<void> {
  const before = await state();
  expect((await lab.settleBytes([bytes])).outcomes).toEqual([reason]);
  expect(await state()).toEqual(before);
}

async function state() {
  const [a, b] = await Promise.all(
    [alice, bob].map(({ address }) => lab.chain.accountOnChain({ owner: address, asset: PATH_USD })),
  );
  return { alice: a, bob: b, tokens: await lab.tokens(lab.reserve) };
}

function withCommits(
  certificate: CommitCertificate,
  change: (commits: readonly SignerSignature[]) => SignerSignature[],
) {
  return encodeUnchecked({ ...certificate, signatures: change(certificate.signatures) });
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
    await expectRefused(encodeUnchecked(await good({ signers })), 'NO_QUORUM');
  });

  it.each([[[0, 0, 1]], [[0, 1, 1]], [[2, 1, 0]], [[0, 2, 1]]])('when signers do not ascend: %j', async (signers) => {
    await expectRefused(encodeUnchecked(await good({ signers })), 'INVALID_COMMIT');
  });

  it('of a signer that is not in the committee', async () => {
    const stranger = createTestCommittee([1n, 1n, 1n, 1n, 1n]);
    const certificate = await good({ committee: stranger, signers: [2, 3, 4] });
    await expectRefused(encodeUnchecked(certificate), 'INVALID_COMMIT');
    const last = await good({ signers: [1, 2, 3] });
    const renamed = withCommits(last, (commits) =>
      commits.map((each) => (each.signer === 3 ? { ...each, signer: 255 } : each)),
    );
    await expectRefused(renamed, 'INVALID_COMMIT');
  });

  it('of a member that was smuggled in behind the committee', async () => {
    const forger = createTestCommittee([1n, 1n, 1n, 1n, 1_000n]);
    const entry = encodeUnchecked(await good({ committee: forger, signers: [4] }));
    const data = encodeSettleEntries(PATH_USD, [entry], lab.committee.committee);
    // The committee's 112 bytes come last, with 16 bytes of padding: the place of a fifth member and his stake.
    const fifthMember = toHex(packedCommittee(forger.committee).slice(112)).slice(2);
    const padding = '0'.repeat(32);
    expect(data.endsWith(padding)).toBe(true);
    const before = await state();
    const forged = `${data.slice(0, -padding.length)}${fifthMember}` as const;
    const receipt = await lab.send(lab.settler, [{ to: lab.reserve, data: forged as `0x${string}` }]);
    expect(outcomesOf(receipt, lab.reserve, 1)).toEqual(['INVALID_COMMIT']);
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
    await expectRefused(encodeUnchecked({ ...early, round: 1 }), 'INVALID_COMMIT');
  });

  it('to another value of the slot', async () => {
    const other = await lab.certify(order({ amount: toAmount(100_001n) }), alice);
    const certificate = { ...(await good()), signatures: other.signatures };
    await expectRefused(encodeUnchecked(certificate), 'INVALID_COMMIT');
  });

  it('over SKIP with less stake than a quorum', async () => {
    const slot = { owner: alice.address, asset: PATH_USD, sequence: toSequence(0n) };
    await expectRefused(encodeUnchecked(await lab.certifySkip(slot, { signers: [1, 2] })), 'NO_QUORUM');
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
    await expectRefused(encodeUnchecked(theirs), 'INVALID_ORDER');

    const ours = await good();
    const signedOrder = { order: order(), payerSignature: theirs.signedOrder?.payerSignature as Uint8Array };
    await expectRefused(encodeUnchecked({ ...ours, signedOrder }), 'INVALID_PAYER_SIGNATURE');
    await expectRefused(encodeUnchecked({ ...ours, signatures: theirs.signatures }), 'INVALID_COMMIT');
  });

  it('with another epoch', async () => {
    await expectRefused(encodeUnchecked(await good({ epoch: 1n })), 'OTHER_EPOCH');
    await expectRefused(encodeUnchecked({ ...(await good({ epoch: 1n })), epoch: 0n }), 'INVALID_COMMIT');
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
    await expectRefused(encodeUnchecked({ ...certificate, signedOrder: altered }), 'INVALID_ORDER');
    // Even with a whole quorum behind the altered order, the payer has not signed it.
    const collusion = { ...(await lab.certify(altered.order, alice)), signedOrder: altered };
    await expectRefused(encodeUnchecked(collusion), 'INVALID_PAYER_SIGNATURE');
  });

  it.each([
    ['owner', { sender: bob.address }],
    ['asset', { asset: toAddress(`${PATH_USD.slice(0, 41)}1`) }],
    ['sequence', { sequence: toSequence(1n) }],
  ] as const)('when it is for another slot (%s)', async (_, changes) => {
    const certificate = await good();
    const payerSignature = certificate.signedOrder?.payerSignature as Uint8Array;
    const altered = { ...certificate, signedOrder: { order: order(changes), payerSignature } };
    await expectRefused(encodeUnchecked(altered), 'MALFORMED');
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
    const bytes = encodeUnchecked({ ...certificate, signedOrder: { order: order(), payerSignature } });
    await expectRefused(bytes, 'INVALID_PAYER_SIGNATURE');
  });

  it.each(['secp256k1', 'P-256', 'WebAuthn'] as const)('of another %s key', async (kind) => {
    const bytes = encodeUnchecked(await lab.certify(order(), { ...createPayer(kind, 99), address: alice.address }));
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
    await expectRefused(encodeUnchecked(await lab.certify(order(changes()), alice)), 'INVALID_ORDER');
  });

  it.each([1n, 1_000n, (1n << 64n) - 1n])('sequence 63 + %i: beyond the window', async (distance) => {
    const sequence = toSequence(distance === (1n << 64n) - 1n ? distance : 63n + distance);
    await expectRefused(encodeUnchecked(await lab.certify(order({ sequence }), alice)), 'BEYOND_WINDOW');
  });

  it('more than the balance, by one base unit', async () => {
    const amount = toAmount(1_000_000n - 2_000n + 1n);
    await expectRefused(encodeUnchecked(await lab.certify(order({ amount }), alice)), 'INSUFFICIENT_BALANCE');
  });
});

describe('bytes that are not one certificate are refused', () => {
  it('at every length short of it, and with anything behind it', async () => {
    const bytes = encodeUnchecked(await good());
    const cut = Array.from({ length: bytes.length }, (_, length) => bytes.slice(0, length));
    const before = await state();
    expect(new Set(await lab.preview(cut))).toEqual(new Set(['MALFORMED']));
    await expectRefused(concatBytes(bytes, Uint8Array.of(0)), 'MALFORMED');
    await expectRefused(concatBytes(bytes, bytes), 'MALFORMED');
    expect(await state()).toEqual(before);
  });

  const alterations: readonly (readonly [name: string, offset: number, value: number])[] = [
    ['version', 0, 2],
    ['type (a quorum certificate)', 1, 1],
    ['round beyond 32 bits', 61, 1],
    ['order length', 99, 0],
    ['parent count', 100 + 125, 1],
    ['more parents than allowed', 100 + 125, 9],
    ['signature length', 100 + 127, 64],
    ['commit count', 100 + 128 + 65, 2],
  ];

  it.each(alterations)('with another %s', async (_, offset, value) => {
    const bytes = encodeUnchecked(await good());
    bytes[offset] = value;
    await expectRefused(bytes, 'MALFORMED');
  });

  it('with more parents than allowed, although everybody signed them', async () => {
    const parents = Array.from({ length: 9 }, (_, index) => toHash(`0x${String(index).repeat(64)}`));
    await expectRefused(encodeUnchecked(await lab.certify(order({ parents }), alice)), 'MALFORMED');
  });

  it('when they are noise', async () => {
    await expectRefused(new Uint8Array(600).fill(0xff), 'MALFORMED');
    await expectRefused(new Uint8Array(0), 'MALFORMED');
  });
});

it('leaves the entries beside a refused one alone', async () => {
  const carol = createPayer('secp256k1', 3);
  const dora = createPayer('secp256k1', 4);
  await lab.deposit([{ account: carol.address, amount: 1_000_000n }]);
  const pay = (sequence: bigint) =>
    lab.certify(createOrder({ sender: carol.address, recipient: dora.address, amount: 10n, sequence }), carol);
  const entries = [
    encodeUnchecked(await pay(0n)),
    Uint8Array.of(1, 2, 3),
    encodeUnchecked(await good({ signers: [0] })),
    encodeUnchecked(await pay(1n)),
  ];
  expect((await lab.settleBytes(entries)).outcomes).toEqual(['SETTLED', 'MALFORMED', 'NO_QUORUM', 'SETTLED']);
  expect(await lab.balance(dora.address)).toBe(20n);
});

it('settles one asset a batch', async () => {
  const token = await createToken(lab, 'Other asset');
  const entry = encodeUnchecked(await good());
  const before = await state();
  expect((await lab.settleBytes([entry], token.address)).outcomes).toEqual(['OTHER_ASSET']);
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
  expect(encodeUnchecked(await good())).toEqual(encodeCertificate(await good()));
  expect((await lab.settle([await good()])).outcomes).toEqual(['SETTLED']);
  expect(transactionHashIn(order(), lab.domain)).toBe((await good()).value);
});
