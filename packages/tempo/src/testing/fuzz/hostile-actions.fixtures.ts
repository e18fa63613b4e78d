import {
  batchAttestationDigest,
  type CommitCertificate,
  concatBytes,
  domainSeparator,
  toAmount,
  toHash,
} from '@fastpay/protocol';
import { hostileBytes } from '@fastpay/protocol/testing';
import { type BatchForm, packSignatures } from '../../settle-batch.ts';
import { batchEntries, settleCalldata } from '../../settle-calldata.ts';
import { createTestCommittee, signAll, type TestCommittee } from '../committee.fixtures.ts';
import { type Action, attest, handIn, honestBatch, pack, presentCommittee } from './batch-actions.fixtures.ts';
import { draftFor } from './certify.fixtures.ts';
import { certifyAgain, commitForgeries, type Forge, payerForgeries } from './forgeries.fixtures.ts';
import { quorumOf, withHighS } from './signing.fixtures.ts';
import { expectSame, submitBatch } from './submit.fixtures.ts';
import type { World } from './world.fixtures.ts';

/** Batches of those who would like to have what is not theirs. */

/** One forgery of each kind in turn, among honest entries. */
const settleForged =
  (form: BatchForm): Action =>
  async (world) => {
    const { random, statistics } = world;
    const by = presentCommittee(world);
    const handed = await honestBatch(world, by);
    const certificates = [...handed.certificates.slice(0, 4)];
    const kinds = form === 'committed' ? { ...commitForgeries, ...payerForgeries } : payerForgeries;
    const names: string[] = [];
    for (let left = 4; left > 0; left -= 1) {
      const all = Object.keys(kinds).map((name) => `forged: ${name}`);
      const counted = random.chance(4) ? random.pick(all) : statistics.rarest(all);
      const name = counted.slice('forged: '.length);
      const forge = kinds[name] as Forge;
      const draft = draftFor(world, handed.asset);
      if (!draft) continue;
      const forged = await forge(world, { ...draft, by });
      // An attestation names no entry that is none.
      if (form === 'attested' && name.includes('too long')) continue;
      if (form === 'attested' && name === 'nine parents') continue;
      certificates.splice(random.below(certificates.length + 1), 0, forged);
      statistics.count(counted);
      names.push(name);
    }
    return `${names.join(', ')}: ${await handIn(world, { ...handed, certificates, form })}`;
  };

/** Another value for a slot that is used, and money for the whale beyond what an account can hold. */
async function settleImpossible(world: World): Promise<string> {
  return `${await settleBeyondBounds(world)}; ${await settleBeyondBalance(world)}`;
}

async function settleBeyondBounds(world: World): Promise<string> {
  const { model, random, statistics, whale } = world;
  const by = presentCommittee(world);
  const asset = world.tokens[1].address;
  const draft = draftFor(world, asset);
  if (!draft) return 'nobody has money';
  const certificates: CommitCertificate[] = [];
  const used = [...model.accounts(asset, draft.payer.address).used];
  if (used.length > 0) {
    const sequence = random.pick(used) as typeof draft.order.sequence;
    certificates.push(await certifyAgain(world, { ...draft, by, order: { ...draft.order, sequence } }));
    statistics.count('forged: another value for a used slot');
  }
  const tooMuch = (1n << 128n) - model.accounts(asset, whale.address).balance;
  const rich = draftFor(world, asset, tooMuch);
  if (rich && rich.payer !== whale && tooMuch < 1n << 64n) {
    const order = {
      ...rich.order,
      kind: 0 as const,
      recipient: whale.address,
      amount: toAmount(tooMuch),
      fee: toAmount(0n),
    };
    certificates.push(await certifyAgain(world, { ...rich, by, order }));
    statistics.count('forged: more than an account can hold');
  }
  if (certificates.length === 0) return 'nothing is impossible now';
  return handIn(world, { asset, certificates, by, form: random.pick(['committed', 'attested']) });
}

/** One unit more than the payer has, fee included: everybody signed. */
async function settleBeyondBalance(world: World): Promise<string> {
  const { model, random, statistics, tokens } = world;
  const by = presentCommittee(world);
  const asset = tokens[0].address;
  const draft = draftFor(world, asset);
  if (!draft) return 'nobody has money';
  const fee = 2_000n;
  const amount = model.accounts(asset, draft.payer.address).balance + 1n - fee;
  const order = { ...draft.order, amount: toAmount(amount), fee: toAmount(fee) };
  const certificates = [await certifyAgain(world, { ...draft, by, order })];
  statistics.count('forged: one unit more than the payer has');
  return handIn(world, { asset, certificates, by, form: random.pick(['committed', 'attested']) });
}

type WrongAttestation = (
  world: World,
  by: TestCommittee,
  certificates: readonly CommitCertificate[],
) => Promise<Uint8Array>;

const attestedBy = (
  world: World,
  committee: TestCommittee,
  certificates: readonly CommitCertificate[],
  changes: { readonly signers?: readonly number[]; readonly epoch?: bigint; readonly salt?: `0x${string}` } = {},
) => {
  const domain = { ...world.domain, ...(changes.salt && { salt: toHash(changes.salt) }) };
  const epoch = changes.epoch ?? committee.committee.epoch;
  const digest = batchAttestationDigest({ separator: domainSeparator(domain), epoch }, batchEntries(certificates));
  const signers = changes.signers ?? quorumOf(committee.committee, world.random);
  return signAll(digest, { committee, signers });
};

export const wrongAttestations: Readonly<Record<string, WrongAttestation>> = {
  'of another batch': async (world, by, certificates) =>
    // Of nothing there is none.
    packSignatures(
      await attestedBy(world, by, certificates.length > 1 ? certificates.slice(1) : [...certificates, ...certificates]),
    ),
  'of a longer batch': async (world, by, certificates) =>
    packSignatures(await attestedBy(world, by, [...certificates, ...certificates.slice(0, 1)])),
  'with too little stake': async (world, by, certificates) =>
    packSignatures(
      await attestedBy(world, by, certificates, { signers: quorumOf(by.committee, world.random).slice(1) }),
    ),
  'with duplicate signers': async (world, by, certificates) =>
    packSignatures(await attestedBy(world, by, certificates, { signers: by.committee.members.map(() => 0).concat(0) })),
  'with unordered signers': async (world, by, certificates) =>
    packSignatures(
      await attestedBy(world, by, certificates, { signers: [...quorumOf(by.committee, world.random).toReversed(), 0] }),
    ),
  'of strangers': async (world, by, certificates) => {
    const count = by.committee.members.length;
    const strangers = createTestCommittee(
      Array.from({ length: count * 2 }, () => 1n),
      by.committee.epoch,
    );
    const committee = { ...by, signers: strangers.signers.slice(count) };
    return packSignatures(await attestedBy(world, committee, certificates));
  },
  'of another epoch': async (world, by, certificates) =>
    packSignatures(await attestedBy(world, by, certificates, { epoch: by.committee.epoch + 1n })),
  'for a foreign salt': async (world, by, certificates) =>
    packSignatures(await attestedBy(world, by, certificates, { salt: `0x${'07'.repeat(32)}` })),
  'with a high s': async (world, by, certificates) =>
    packSignatures(
      (await attestedBy(world, by, certificates)).map((each) => ({ ...each, signature: withHighS(each.signature) })),
    ),
  'cut inside a signature': async (world, by, certificates) =>
    packSignatures(await attestedBy(world, by, certificates)).slice(0, -1),
  'with a byte behind it': async (world, by, certificates) =>
    concatBytes(packSignatures(await attestedBy(world, by, certificates)), Uint8Array.of(1)),
  'that is empty': async () => new Uint8Array(),
};

async function settleByWrongAttestations(world: World): Promise<string> {
  return `${await settleByWrongAttestation(world)}, ${await settleByWrongAttestation(world)}`;
}

async function settleByWrongAttestation(world: World): Promise<string> {
  const { random, statistics } = world;
  const by = presentCommittee(world);
  const { asset, certificates } = await honestBatch(world, by);
  if (certificates.length === 0) return 'nothing to attest to';
  const batch = pack(asset, by, certificates, 'attested');
  const counted = statistics.rarest(Object.keys(wrongAttestations).map((name) => `attestation ${name}`));
  const name = counted.slice('attestation '.length);
  const wrong = wrongAttestations[name] as WrongAttestation;
  const attestation = await wrong(world, by, certificates);
  const verdicts = await submitBatch(world, { batch, attestation, signer: random.pick(world.settlers) });
  expectSame('a wrong attestation', verdicts, undefined);
  statistics.count(counted);
  return name;
}

export const garbage = ['cut', 'extended', 'one byte', 'hostile'] as const;

/** Good batches with bytes changed, cut off, put in, put behind: the model reads them, too. */
async function settleGarbage(world: World): Promise<string> {
  const { random, statistics } = world;
  const by = presentCommittee(world);
  const { asset, certificates } = await honestBatch(world, by);
  const isAttested = random.chance(4);
  const good = pack(asset, by, certificates.slice(0, 4), isAttested ? 'attested' : 'committed');
  const rarest = statistics.rarest(garbage.map((each) => `garbage: ${each}`));
  const how = random.chance(2) ? 'one byte' : (garbage.find((each) => rarest.endsWith(each)) ?? 'cut');
  const batch = garbled(good, how, world);
  const signatures = packSignatures(await attest(world, by, certificates.slice(0, 4)));
  const verdicts = await submitBatch(world, {
    batch,
    ...(isAttested && { attestation: signatures }),
    signer: random.pick(world.settlers),
  });
  statistics.count(`garbage: ${how}`);
  return `${how}: ${verdicts?.map(({ outcome }) => outcome).join(' ') ?? 'reverted'}`;
}

function garbled(good: Uint8Array, how: (typeof garbage)[number], { random }: World): Uint8Array {
  switch (how) {
    case 'cut':
      return good.slice(0, random.below(good.length));
    case 'extended':
      return concatBytes(good, random.bytes(1 + random.below(80)));
    case 'one byte': {
      const position = random.below(good.length);
      return good.with(position, (good[position] ?? 0) ^ (1 << random.below(8)));
    }
    case 'hostile':
      return hostileBytes([good], 4_096, random);
  }
}

/** Calldata that does not even hold a batch. */
async function callGarbage(world: World): Promise<string> {
  const { random, reserve, chain, watch, model, book } = world;
  const by = presentCommittee(world);
  const { asset, certificates } = await honestBatch(world, by);
  const data = settleCalldata(pack(asset, by, certificates.slice(0, 3), 'committed'));
  // More than the padding of the last word.
  const cut = data.slice(0, Math.max(10, data.length - 64 - 2 * random.below(200))) as typeof data;
  const mined = await chain.send(random.pick(world.settlers), [{ to: reserve, data: cut }]);
  expectSame('success of calldata that ends early', mined.succeeded, false);
  await watch.expectSame(model, book);
  return 'reverted';
}

export const hostileActions: readonly (readonly [name: string, weight: number, action: Action])[] = [
  ['settle forgeries', 8, settleForged('committed')],
  ['settleAttested forgeries', 4, settleForged('attested')],
  ['settle what is impossible', 2, settleImpossible],
  ['settleAttested by wrong attestations', 4, settleByWrongAttestations],
  ['settle garbage', 5, settleGarbage],
  ['call garbage', 1, callGarbage],
];
