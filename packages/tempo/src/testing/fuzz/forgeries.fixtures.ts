import {
  type CommitCertificate,
  concatBytes,
  type Domain,
  OrderKind,
  type PaymentOrder,
  SKIP,
  slotOf,
  toAddress,
  toAmount,
  toHash,
  toSequence,
  transactionHashIn,
  ZERO_ADDRESS,
} from '@fastpay/protocol';
import { createTestCommittee, type TestCommittee } from '../committee.fixtures.ts';
import { certificateOf, payerSignatureWithHighS, quorumOf, signCommits, withHighS } from './signing.fixtures.ts';
import type { User, World } from './world.fixtures.ts';

/**
 * Certificates that must never settle (I12). Each is made of an order that would settle, were it signed and certified:
 * the payer has the money, the slot is free.
 */
export interface Draft {
  readonly order: PaymentOrder;
  readonly payer: User;
  /** Whose batch it is to be. */
  readonly by: TestCommittee;
}

export type Forge = (world: World, draft: Draft) => Promise<CommitCertificate>;

/** A certificate in order, but for what is said otherwise. */
interface Parts {
  readonly order: PaymentOrder;
  readonly signedOrder: PaymentOrder;
  readonly signedDomain: Domain;
  readonly payer: User;
  readonly committed: PaymentOrder;
  readonly commitDomain: Domain;
  readonly committers: TestCommittee;
  readonly epoch: bigint;
  readonly signers: readonly number[];
}

async function make(world: World, { order, payer, by }: Draft, changes: Partial<Parts> = {}) {
  const { domain } = world;
  const parts: Parts = {
    ...{ order, payer, signedDomain: domain, commitDomain: domain, committers: by, epoch: by.committee.epoch },
    signedOrder: changes.order ?? order,
    committed: changes.order ?? order,
    signers: quorumOf(by.committee, world.random),
    ...changes,
  };
  const round = world.random.below(3);
  const value = transactionHashIn(parts.order, domain);
  const payerSignature = await parts.payer.sign(transactionHashIn(parts.signedOrder, parts.signedDomain));
  const signatures = await signCommits({
    by: parts.committers,
    domain: parts.commitDomain,
    slot: slotOf(parts.committed),
    value: transactionHashIn(parts.committed, domain),
    ...{ round, signers: parts.signers, epoch: parts.epoch },
  });
  const signedOrder = { order: parts.order, payerSignature };
  return certificateOf({ slot: slotOf(parts.order), value, round, signatures, signedOrder });
}

const changed = (field: (order: PaymentOrder, world: World) => Partial<PaymentOrder>) => ({
  /** Payer and committee signed for the order as it was. */
  afterwards: ((world, draft) => {
    const order = { ...draft.order, ...field(draft.order, world) };
    return make(world, draft, { order, signedOrder: draft.order, committed: draft.order });
  }) satisfies Forge,
  /** The committee signed for the altered order, the payer did not. */
  byCommittee: ((world, draft) => {
    const order = { ...draft.order, ...field(draft.order, world) };
    return make(world, draft, { order, signedOrder: draft.order });
  }) satisfies Forge,
  /** Everybody signed for it; it breaks a rule. */
  byAll: ((world, draft) =>
    make(world, draft, { order: { ...draft.order, ...field(draft.order, world) } })) satisfies Forge,
});

const MAX_U64 = (1n << 64n) - 1n;
/** One unit more, or less where more does not fit. */
const another = (amount: bigint) => toAmount(amount === MAX_U64 ? amount - 1n : amount + 1n);

const amount = changed(({ amount }, { random }) => ({
  amount: random.chance(2) && amount > 1n ? toAmount(amount - 1n) : another(amount),
}));
const fee = changed(({ fee }) => ({ fee: another(fee) }));
const recipient = changed(({ recipient }, { settlers }) => ({
  recipient: settlers.find(({ address }) => address !== recipient)?.address ?? ZERO_ADDRESS,
}));
const sequence = changed(({ sequence }) => ({ sequence: toSequence(sequence + 1n) }));
const kind = changed(({ kind }) => ({ kind: kind === 0 ? OrderKind.withdraw : OrderKind.transfer }));
const memo = changed(() => ({ memo: toHash(`0x${'5a'.repeat(32)}`) }));
const validUntil = changed(({ validUntil }) => ({ validUntil: validUntil + 1n }));
const parents = changed(({ parents }) => ({ parents: parents.length > 0 ? [] : [toHash(`0x${'77'.repeat(32)}`)] }));
const sender = changed(({ sender, recipient }, { users }) => ({
  sender: users.find(({ address }) => address !== sender && address !== recipient)?.address ?? ZERO_ADDRESS,
}));

const withSigners =
  (choose: (signers: readonly number[], draft: Draft) => readonly number[]): Forge =>
  (world, draft) =>
    make(world, draft, { signers: choose(quorumOf(draft.by.committee, world.random), draft) });

const inDomain = (change: Partial<Domain>) => (world: World) => ({ ...world.domain, ...change });
const foreignSalt = inDomain({ salt: toHash(`0x${'07'.repeat(32)}`) });
const foreignChain = inDomain({ chainId: 4_217n });
const foreignReserve = inDomain({ reserve: toAddress(`0x${'ab'.repeat(20)}`) });

const committedIn =
  (domain: (world: World) => Domain): Forge =>
  (world, draft) =>
    make(world, draft, { commitDomain: domain(world) });

const invalid = (change: Partial<PaymentOrder>) => changed(() => change).byAll;

/** Wrong commits: they show in batches whose entries carry them. */
export const commitForgeries: Readonly<Record<string, Forge>> = {
  'too little stake': withSigners((signers) => signers.slice(1)),
  'no commits': withSigners(() => []),
  'duplicate signers': withSigners(([first = 0], { by }) => by.committee.members.map(() => first).concat(first)),
  'unordered signers': withSigners((signers, { by }) =>
    signers.length > 1 ? signers.toReversed() : by.committee.members.map(() => 0).concat(0),
  ),
  strangers(world, draft) {
    const count = draft.by.committee.members.length;
    const strangers = createTestCommittee(
      Array.from({ length: count * 2 }, () => 1n),
      draft.by.committee.epoch,
    );
    const committers = { ...strangers, signers: strangers.signers.slice(count) };
    return make(world, draft, { committers });
  },
  async 'members sign for each other'(world, draft) {
    const forged = await make(world, draft, { signers: draft.by.committee.members.map((_, index) => index) });
    const [first, second] = forged.signatures;
    if (!first || !second) return { ...forged, signatures: forged.signatures.map((each) => ({ ...each, signer: 9 })) };
    const swapped = [
      { ...second, signer: first.signer },
      { ...first, signer: second.signer },
    ];
    return { ...forged, signatures: [...swapped, ...forged.signatures.slice(2)] };
  },
  async 'a signer beyond the committee'(world, draft) {
    const forged = await make(world, draft);
    const beyond = draft.by.committee.members.length + world.random.below(100);
    const signatures = forged.signatures.map((each, index, all) =>
      index === all.length - 1 ? { ...each, signer: beyond } : each,
    );
    return { ...forged, signatures };
  },
  'commits for a foreign salt': committedIn(foreignSalt),
  'commits for a foreign chain': committedIn(foreignChain),
  'commits for a foreign reserve': committedIn(foreignReserve),
  'commits of another epoch': (world, draft) =>
    make(world, draft, { epoch: draft.by.committee.epoch + 1n + BigInt(world.random.below(3)) }),
  async 'commits with a high s'(world, draft) {
    const forged = await make(world, draft);
    const signatures = forged.signatures.map((each, index) =>
      index === 0 ? { ...each, signature: withHighS(each.signature) } : each,
    );
    return { ...forged, signatures };
  },
  async 'commits of mixed rounds'(world, draft) {
    const forged = await make(world, draft);
    const { slot, value, round, signatures } = forged;
    const signers = signatures.map(({ signer }) => signer);
    const others = await signCommits({ by: draft.by, domain: world.domain, slot, value, round: round + 1, signers });
    return { ...forged, signatures: [...signatures.slice(0, -1), ...others.slice(-1)] };
  },
  async 'commits of another round'(world, draft) {
    const forged = await make(world, draft);
    return { ...forged, round: forged.round + 1 };
  },
  'commits to another order': (world, draft) =>
    make(world, draft, { committed: { ...draft.order, amount: another(draft.order.amount) } }),
  async 'skip without a quorum'(world, draft) {
    const slot = slotOf(draft.order);
    const signers = quorumOf(draft.by.committee, world.random).slice(1);
    const signatures = await signCommits({ by: draft.by, domain: world.domain, slot, value: SKIP, round: 1, signers });
    return certificateOf({ slot, value: SKIP, round: 1, signatures });
  },
  'a certificate of another asset': (world, draft) => {
    const asset = world.tokens[draft.order.asset === world.tokens[0].address ? 1 : 0].address;
    const original = { ...draft.order, asset };
    return make(world, draft, { signedOrder: original, committed: original });
  },
  'amount altered afterwards': amount.afterwards,
  'fee altered afterwards': fee.afterwards,
  'recipient altered afterwards': recipient.afterwards,
  'sequence altered afterwards': sequence.afterwards,
  'kind altered afterwards': kind.afterwards,
};

/** What not even the whole committee can do: it shows in every batch. */
export const payerForgeries: Readonly<Record<string, Forge>> = {
  'amount altered by the committee': amount.byCommittee,
  'fee altered by the committee': fee.byCommittee,
  'recipient altered by the committee': recipient.byCommittee,
  'sequence altered by the committee': sequence.byCommittee,
  'kind altered by the committee': kind.byCommittee,
  'memo altered by the committee': memo.byCommittee,
  'validUntil altered by the committee': validUntil.byCommittee,
  'parents altered by the committee': parents.byCommittee,
  'sender altered by the committee': sender.byCommittee,
  'signed by another account': (world, draft) =>
    make(world, draft, { payer: world.users.find(({ address }) => address !== draft.payer.address) ?? world.whale }),
  'signed for a foreign salt': (world, draft) => make(world, draft, { signedDomain: foreignSalt(world) }),
  'signed for a foreign chain': (world, draft) => make(world, draft, { signedDomain: foreignChain(world) }),
  'signed for a foreign reserve': (world, draft) => make(world, draft, { signedDomain: foreignReserve(world) }),
  'signed for another asset': (world, draft) =>
    make(world, draft, {
      signedOrder: {
        ...draft.order,
        asset: world.tokens[draft.order.asset === world.tokens[0].address ? 1 : 0].address,
      },
    }),
  'payer signature with a high s': altered(payerSignatureWithHighS),
  'payer signature cut': altered((signature) => signature.slice(0, -1)),
  'payer signature extended': altered((signature) => concatBytes(signature, Uint8Array.of(0))),
  'payer signature left out': altered(() => new Uint8Array()),
  'payer signature of a keychain': altered((signature) => concatBytes(Uint8Array.of(3), new Uint8Array(20), signature)),
  'payer signature that is too long': altered(() => new Uint8Array(2_050).fill(2)),
  'an amount of zero': invalid({ amount: toAmount(0n) }),
  'amount and fee beyond 64 bits': invalid({ amount: toAmount((1n << 64n) - 1n), fee: toAmount(1n) }),
  'a third kind': invalid({ kind: 2 as OrderKind }),
  'to the zero address': invalid({ recipient: ZERO_ADDRESS }),
  'to a virtual address': invalid({ recipient: toAddress(`0x01020304${'fd'.repeat(10)}010203040506`) }),
  'to a token': changed(({ asset }) => ({ recipient: asset })).byAll,
  'to the reserve': changed((_, { reserve }) => ({ recipient: reserve })).byAll,
  'to oneself': changed(({ sender }) => ({ recipient: sender, kind: OrderKind.transfer })).byAll,
  'nine parents': invalid({ parents: Array.from({ length: 9 }, (_, index) => toHash(`0x${`${index}`.repeat(64)}`)) }),
};

function altered(change: (signature: Uint8Array) => Uint8Array): Forge {
  return async (world, draft) => {
    const certificate = await make(world, draft);
    const payerSignature = change(await draft.payer.sign(certificate.value));
    return { ...certificate, signedOrder: { order: draft.order, payerSignature } };
  };
}

/** Signed and certified by all, over a slot that holds something else already. */
export const certifyAgain: Forge = (world, draft) => make(world, draft);
