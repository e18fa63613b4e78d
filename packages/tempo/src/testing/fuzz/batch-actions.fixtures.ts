import {
  type Address,
  batchAttestationDigest,
  batchHash,
  type CommitCertificate,
  concatBytes,
  domainSeparator,
  type SignerSignature,
  toAmount,
  toHash,
} from '@fastpay/protocol';
import { hostileBytes } from '@fastpay/protocol/testing';
import { accountsOf, type BatchForm, packBatch, packEntry, packSignatures } from '../../settle-batch.ts';
import { batchEntries } from '../../settle-calldata.ts';
import { createTestCommittee, signAll, type TestCommittee } from '../committee.fixtures.ts';
import { certifyBurst, certifySome, draftFor, payersOf } from './certify.fixtures.ts';
import { certifyAgain, commitForgeries, payerForgeries } from './forgeries.fixtures.ts';
import type { Certified } from './ledger.fixtures.ts';
import type { Verdict } from './model.fixtures.ts';
import { certificateOf, quorumOf, signCommits, withHighS } from './signing.fixtures.ts';
import { encodeBatch, expectSame, submitBatch } from './submit.fixtures.ts';
import type { User, World } from './world.fixtures.ts';

/** Everything that is handed in for settlement. Each action says in a line what it did. */
export type Action = (world: World) => Promise<string>;

const MOST_ENTRIES = 12;

const anyAsset = ({ random, tokens }: World): Address => random.pick(tokens).address;
const presentCommittee = ({ committees }: World) => committees.at(-1) as TestCommittee;

export function pack(
  asset: Address,
  { committee }: TestCommittee,
  certificates: readonly CommitCertificate[],
  form: BatchForm,
): Uint8Array {
  const accounts = accountsOf(certificates);
  const entries = certificates.map((each) => packEntry(each, accounts, form));
  return packBatch({ asset, committee, accounts, entries });
}

/** What the committee certified, with its commits. */
export async function committed(
  { domain, random }: World,
  by: TestCommittee,
  { slot, value, signedOrder }: Certified,
): Promise<CommitCertificate> {
  const round = random.pick([0, 0, 1, 2 ** 31, 2 ** 32 - 1]);
  const signers = quorumOf(by.committee, random);
  const signatures = await signCommits({ by, domain, slot, value, round, signers });
  return certificateOf({ slot, value, round, signatures, ...(signedOrder && { signedOrder }) });
}

/** Some of what is certified: in order or in none, with gaps, with repetitions. */
function choose({ random, ledger }: World, asset: Address): readonly Certified[] {
  const pending = [...ledger.pending(asset)];
  const count = 1 + random.below(MOST_ENTRIES);
  if (random.chance(2)) return pending.slice(0, count);
  const chosen = Array.from({ length: Math.min(count, pending.length) }, () => random.pick(pending));
  const settled = ledger.settled(asset);
  if (settled.length > 0 && random.chance(2)) chosen.push(random.pick(settled));
  return random.chance(8) ? pending.slice(-count) : chosen;
}

async function attest(
  world: World,
  by: TestCommittee,
  certificates: readonly CommitCertificate[],
): Promise<readonly SignerSignature[]> {
  const context = { separator: domainSeparator(world.domain), epoch: by.committee.epoch };
  const digest = batchAttestationDigest(context, batchHash(batchEntries(certificates)));
  return signAll(digest, { committee: by, signers: quorumOf(by.committee, world.random) });
}

interface Handed {
  readonly asset: Address;
  readonly certificates: readonly CommitCertificate[];
  readonly by: TestCommittee;
  readonly form: BatchForm;
  readonly gas?: bigint;
}

export async function handIn(world: World, { asset, certificates, by, form, gas }: Handed): Promise<string> {
  const batch = pack(asset, by, certificates, form);
  const before = new Map(
    payersOf(world, asset).map(({ address }) => [address, world.model.accounts(asset, address).balance]),
  );
  const verdicts = await submitBatch(world, {
    batch,
    signer: world.random.pick(world.settlers),
    ...(form === 'attested' && { attestation: packSignatures(await attest(world, by, certificates)) }),
    ...(gas !== undefined && { gas }),
  });
  countChained(world, verdicts ?? [], before);
  return `${form}, epoch ${by.committee.epoch}: ${verdicts?.map(({ outcome }) => outcome).join(' ') ?? 'reverted'}`;
}

/** Payments of money that came in the same batch. */
function countChained({ statistics }: World, verdicts: readonly Verdict[], before: ReadonlyMap<Address, bigint>): void {
  const spent = new Map<Address, bigint>();
  for (const { outcome, account, entry } of verdicts) {
    if (outcome !== 'SETTLED' || !entry || entry.kind === 255) continue;
    const sum = (spent.get(account) ?? 0n) + entry.amount + entry.fee;
    spent.set(account, sum);
    if (sum > (before.get(account) ?? 0n)) statistics.count('settled payments of money from the same batch');
  }
}

/** All of that, as far as it can be settled. */
export async function settleNow(world: World, asset: Address, pending: readonly Certified[]): Promise<void> {
  const BATCH = 30;
  for (let start = 0; start < pending.length; start += BATCH) {
    const by = presentCommittee(world);
    const certificates = await Promise.all(
      pending.slice(start, start + BATCH).map((each) => committed(world, by, each)),
    );
    await handIn(world, { asset, certificates, by, form: world.random.pick(['committed', 'attested']) });
  }
}

async function honestBatch(world: World, by: TestCommittee): Promise<Omit<Handed, 'form'>> {
  const asset = anyAsset(world);
  await certifySome(world, asset, 2 + world.random.below(8));
  const certificates = await Promise.all(choose(world, asset).map((each) => committed(world, by, each)));
  return { asset, certificates, by };
}

const settleBy =
  (form: BatchForm): Action =>
  async (world) =>
    handIn(world, { ...(await honestBatch(world, presentCommittee(world))), form });

const settleWithLittleGas =
  (form: BatchForm): Action =>
  async (world) => {
    const handed = await honestBatch(world, presentCommittee(world));
    // What the node wants for the bytes alone, and something for the contract.
    const bytes = pack(handed.asset, handed.by, handed.certificates, form).length;
    const gas = 200_000n + BigInt(bytes) * 60n + BigInt(world.random.below(4_000_000));
    return `gas ${gas}, ${await handIn(world, { ...handed, form, gas })}`;
  };

/** Certificates of a committee that handed over, whether its time is over or not. */
async function settleByOldCommittee(world: World): Promise<string> {
  const old = world.committees.slice(0, -1);
  const by = old.length > 0 ? world.random.pick(old.slice(-2)) : presentCommittee(world);
  const isIn = world.model.settles(by.committee, world.chain.now() + 1n);
  if (old.length > 0)
    world.statistics.count(isIn ? 'batches of a retired committee in time' : 'batches of a retired committee too late');
  return handIn(world, { ...(await honestBatch(world, by)), form: world.random.pick(['committed', 'attested']) });
}

/** The first slot beyond the window of the account that has so many. */
function edgeOfWindow({ users, model }: World, asset: Address): { readonly owner: Address; readonly around: bigint } {
  const owner = (users[0] as User).address;
  return { owner, around: model.firstUnused(asset, owner) + 64n };
}

async function burst(world: World): Promise<string> {
  const asset = world.tokens[0].address;
  const made = await certifyBurst(world, asset);
  const { owner, around } = edgeOfWindow(world, asset);
  const last = world.ledger
    .pending(asset)
    .filter(({ slot }) => slot.owner === owner && slot.sequence > around - 4n && slot.sequence < around + 6n)
    .toReversed();
  const by = presentCommittee(world);
  const certificates = await Promise.all(last.map((each) => committed(world, by, each)));
  return `${made} more slots; ${await handIn(world, { asset, certificates, by, form: 'committed' })}`;
}

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
      const rarest = Object.entries(kinds).toSorted(
        ([a], [b]) => statistics.get(`forged: ${a}`) - statistics.get(`forged: ${b}`),
      );
      const [name, forge] = random.chance(4) ? random.pick(rarest) : (rarest[0] as (typeof rarest)[number]);
      const draft = draftFor(world, handed.asset);
      if (!draft) continue;
      const forged = await forge(world, { ...draft, by });
      // An attestation names no entry that is none.
      if (form === 'attested' && name.includes('too long')) continue;
      if (form === 'attested' && name === 'nine parents') continue;
      certificates.splice(random.below(certificates.length + 1), 0, forged);
      statistics.count(`forged: ${name}`);
      names.push(name);
    }
    return `${names.join(', ')}: ${await handIn(world, { ...handed, certificates, form })}`;
  };

/** Another value for a slot that is used, and money for the whale beyond what an account can hold. */
async function settleImpossible(world: World): Promise<string> {
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
  const digest = batchAttestationDigest(
    { separator: domainSeparator(domain), epoch },
    batchHash(batchEntries(certificates)),
  );
  const signers = changes.signers ?? quorumOf(committee.committee, world.random);
  return signAll(digest, { committee, signers });
};

export const wrongAttestations: Readonly<Record<string, WrongAttestation>> = {
  'of another batch': async (world, by, certificates) =>
    packSignatures(await attestedBy(world, by, certificates.slice(1))),
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
  const rarest = Object.entries(wrongAttestations).toSorted(
    ([a], [b]) => statistics.get(`attestation ${a}`) - statistics.get(`attestation ${b}`),
  );
  const [name, wrong] = rarest[0] as (typeof rarest)[number];
  const attestation = await wrong(world, by, certificates);
  const verdicts = await submitBatch(world, { batch, attestation, signer: random.pick(world.settlers) });
  expectSame('a wrong attestation', verdicts, undefined);
  statistics.count(`attestation ${name}`);
  return name;
}

/** Good batches with bytes changed, cut off, put in, put behind: the model reads them, too. */
async function settleGarbage(world: World): Promise<string> {
  const { random, statistics } = world;
  const by = presentCommittee(world);
  const { asset, certificates } = await honestBatch(world, by);
  const isAttested = random.chance(4);
  const good = pack(asset, by, certificates.slice(0, 4), isAttested ? 'attested' : 'committed');
  const how = random.pick(['cut', 'extended', 'one byte', 'one byte', 'one byte', 'hostile'] as const);
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

function garbled(good: Uint8Array, how: 'cut' | 'extended' | 'one byte' | 'hostile', { random }: World): Uint8Array {
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
  const data = encodeBatch({ batch: pack(asset, by, certificates.slice(0, 3), 'committed') });
  // More than the padding of the last word.
  const cut = data.slice(0, Math.max(10, data.length - 64 - 2 * random.below(200))) as typeof data;
  const mined = await chain.send(random.pick(world.settlers), [{ to: reserve, data: cut }]);
  expectSame('success of calldata that ends early', mined.succeeded, false);
  await watch.expectSame(model, book);
  return 'reverted';
}

export const batchActions: readonly (readonly [name: string, weight: number, action: Action])[] = [
  ['settle', 9, settleBy('committed')],
  ['settleAttested', 8, settleBy('attested')],
  ['settle with little gas', 4, settleWithLittleGas('committed')],
  ['settleAttested with little gas', 3, settleWithLittleGas('attested')],
  ['settle by an old committee', 4, settleByOldCommittee],
  ['settle far ahead of the window', 1, burst],
  ['settle forgeries', 8, settleForged('committed')],
  ['settleAttested forgeries', 4, settleForged('attested')],
  ['settle what is impossible', 2, settleImpossible],
  ['settleAttested by wrong attestations', 4, settleByWrongAttestations],
  ['settle garbage', 5, settleGarbage],
  ['call garbage', 1, callGarbage],
];
