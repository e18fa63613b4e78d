import {
  type Address,
  batchAttestationDigest,
  type CommitCertificate,
  domainSeparator,
  type SignerSignature,
} from '@fastpay/protocol';
import { accountsOf, type BatchForm, packBatch, packEntry, packSignatures } from '../../settle-batch.ts';
import { batchEntries } from '../../settle-calldata.ts';
import { signAll, type TestCommittee } from '../committee.fixtures.ts';
import { certifyBurst, certifySome, payersOf } from './certify.fixtures.ts';
import type { Certified } from './ledger.fixtures.ts';
import type { Verdict } from './model.fixtures.ts';
import { certificateOf, quorumOf, signCommits } from './signing.fixtures.ts';
import { submitBatch } from './submit.fixtures.ts';
import type { User, World } from './world.fixtures.ts';

/** Everything that is handed in for settlement. Each action says in a line what it did. */
export type Action = (world: World) => Promise<string>;

const MOST_ENTRIES = 12;

const anyAsset = ({ random, tokens }: World): Address => random.pick(tokens).address;
export const presentCommittee = ({ committees }: World) => committees.at(-1) as TestCommittee;

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

export async function attest(
  world: World,
  by: TestCommittee,
  certificates: readonly CommitCertificate[],
): Promise<readonly SignerSignature[]> {
  // Nobody attests to nothing.
  if (certificates.length === 0) return [];
  const context = { separator: domainSeparator(world.domain), epoch: by.committee.epoch };
  const digest = batchAttestationDigest(context, batchEntries(certificates));
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
    // Whoever has an account here has its fees beside its balance.
    signer: world.random.pick([...world.settlers, ...world.users]),
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

export async function honestBatch(world: World, by: TestCommittee): Promise<Omit<Handed, 'form'>> {
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
export async function settleByOldCommittee(world: World): Promise<string> {
  const old = world.committees.slice(0, -1);
  const by = old.length > 0 ? world.random.pick(old.slice(-2)) : presentCommittee(world);
  const isIn = world.model.settles(by.committee, world.chain.now() + 1n);
  if (old.length > 0)
    world.statistics.count(isIn ? 'batches of a retired committee in time' : 'batches of a retired committee too late');
  return handIn(world, { ...(await honestBatch(world, by)), form: world.random.pick(['committed', 'attested']) });
}

/** The last slots of an account with many, from the last one down. */
async function burst(world: World): Promise<string> {
  const asset = world.tokens[0].address;
  const made = await certifyBurst(world, asset);
  const owner = (world.users[0] as User).address;
  const around = world.model.firstUnused(asset, owner) + 64n;
  const last = world.ledger
    .pending(asset)
    .filter(({ slot }) => slot.owner === owner && slot.sequence > around - 4n && slot.sequence < around + 6n)
    .toReversed();
  const by = presentCommittee(world);
  const certificates = await Promise.all(last.map((each) => committed(world, by, each)));
  return `${made} more slots; ${await handIn(world, { asset, certificates, by, form: 'committed' })}`;
}

export const batchActions: readonly (readonly [name: string, weight: number, action: Action])[] = [
  ['settle', 9, settleBy('committed')],
  ['settleAttested', 8, settleBy('attested')],
  ['settle with little gas', 4, settleWithLittleGas('committed')],
  ['settleAttested with little gas', 3, settleWithLittleGas('attested')],
  ['settle by an old committee', 4, settleByOldCommittee],
  ['settle far ahead of its turn', 1, burst],
];
