import {
  createVerificationContext,
  type Secp256k1Signer,
  signCommit,
  signVote,
  type VotingSigner,
} from '@fastpay/crypto';
import { createNodeEngine, createNodeSecp256k1Signer, createNodeVotingSigner } from '@fastpay/crypto/node';
import {
  type AccountId,
  type Address,
  type Ballot,
  type CommitCertificate,
  type Hash,
  type Network,
  PATH_USD,
  type PaymentOrder,
  type QuorumCertificate,
  type SignedBallot,
  type SignedOrder,
  SKIP,
  type Slot,
  slotOf,
  toAddress,
  toAmount,
  toHash,
  toSequence,
  transactionHashIn,
  unsignedBytes,
  ZERO_HASH,
} from '@fastpay/protocol';
import { createMemoryMarker, type Marker } from '@fastpay/storage';
import { type CrashableKv, createCrashableKv } from '@fastpay/storage/testing';
import { createValidator } from '../create-validator.ts';
import type { Deposit, ExitEvent, FinalizedBlock, FinalizedEvents, Validator } from '../validator.ts';

/** A committee whose keys the test holds, so that it can play every validator but the one it looks at. */

/** When every test happens, unless it says otherwise. */
export const NOW_MS = 1_800_000_000_000;
export const NOW = BigInt(NOW_MS / 1_000);
export const AT_NOW = { nowMs: NOW_MS };

export const MINIMUM_FEE = 2_000n;
export const SURCHARGE = 6_000n;
const NAMES = ['Dave', 'Edgar', 'Frank', 'Grace'];

export interface Member {
  readonly votingSigner: VotingSigner;
  readonly settlementSigner: Secp256k1Signer;
}

export interface World {
  readonly network: Network;
  readonly members: readonly Member[];
  readonly engine: ReturnType<typeof createNodeEngine>;
}

export function createWorld(stakes: readonly bigint[] = [1n, 1n, 1n, 1n], changes: Partial<Network> = {}): World {
  const members = stakes.map((_, index) => ({
    votingSigner: createNodeVotingSigner(unsignedBytes(index + 1, 32)),
    settlementSigner: createNodeSecp256k1Signer(unsignedBytes(index + 101, 32)),
  }));
  const network: Network = {
    name: 'test',
    kind: 'devnet',
    domain: {
      chainId: 31_337n,
      reserve: toAddress('0x5fbdb2315678afecb367f032d93f642f64180aa3'),
      salt: toHash(`0x${'5a'.repeat(32)}`),
    },
    committee: {
      epoch: 0n,
      members: members.map(({ votingSigner, settlementSigner }, index) => ({
        name: NAMES[index] ?? `Validator ${index}`,
        votingKey: votingSigner.publicKey,
        settlementAddress: settlementSigner.address,
        stake: stakes[index] as bigint,
      })),
    },
    assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
    fees: { minimum: MINIMUM_FEE, newRecipientSurcharge: SURCHARGE },
    exitDelaySeconds: 604_800n,
    ...changes,
  };
  return { network, members, engine: createNodeEngine() };
}

/** The one validator that a test looks at, on a store whose disk the test controls. */
export function openValidator(
  world: World,
  signer = 0,
  kv: CrashableKv = selfFlushing(),
  marker: Marker = markerOf(kv),
): Validator & { kv: CrashableKv } {
  const { votingSigner, settlementSigner } = world.members[signer] as Member;
  const validator = createValidator(
    { network: world.network, signer },
    {
      kv,
      marker,
      engine: world.engine,
      votingSigner,
      settlementSigner,
      newStoreId: () => new Uint8Array(16).fill(signer + 1),
    },
  );
  return { ...validator, kv };
}

const markers = new WeakMap<object, Marker>();

/** The marker beside a store: the one that its earlier lives had, as long as the test hands over no other. */
export function markerOf(kv: CrashableKv): Marker {
  const known = markers.get(kv) ?? createMemoryMarker();
  markers.set(kv, known);
  return known;
}

export function selfFlushing(): CrashableKv {
  const kv = createCrashableKv();
  kv.flushByItself();
  return kv;
}

/** Lets everything run that does not wait for the disk. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Payer number `index`, and always the same one. */
export function payer(index: number): Secp256k1Signer {
  return createNodeSecp256k1Signer(unsignedBytes(index + 1_001, 32));
}

export function accountOf(owner: { readonly address: Address }): AccountId {
  return { owner: owner.address, asset: PATH_USD };
}

export function slotAt(owner: { readonly address: Address }, sequence: bigint): Slot {
  return { ...accountOf(owner), sequence: toSequence(sequence) };
}

export function blockAt(height: bigint, timestamp = NOW): FinalizedBlock {
  return { height, hash: toHash(`0x${height.toString(16).padStart(64, 'b')}`), timestamp };
}

export function depositOf(
  index: bigint,
  owner: { readonly address: Address },
  amount: bigint,
  height = index + 1n,
): Deposit {
  return { index, account: accountOf(owner), amount, block: blockAt(height) };
}

/** A look at the chain that finds no events. */
export const NOTHING: FinalizedEvents = { deposits: [], exits: [] };

/** Takes in the next finalized block, with these exits in it. */
export async function seeExits(
  validator: Validator,
  events: (block: FinalizedBlock) => readonly ExitEvent[],
): Promise<FinalizedBlock> {
  const block = blockAt((validator.finalized()?.height ?? 0n) + 1n);
  await validator.applyFinalized(block, { deposits: [], exits: events(block) });
  return block;
}

/** Credits an account by one finalized deposit. */
export async function fund(validator: Validator, owner: { readonly address: Address }, amount: bigint): Promise<void> {
  const index = validator.nextDepositIndex();
  const height = (validator.finalized()?.height ?? 0n) + 1n;
  await validator.applyFinalized(blockAt(height), { deposits: [depositOf(index, owner, amount, height)], exits: [] });
}

export function orderOf(
  sender: { readonly address: Address },
  recipient: { readonly address: Address },
  changes: Partial<PaymentOrder> = {},
): PaymentOrder {
  return {
    kind: 0,
    sender: sender.address,
    recipient: recipient.address,
    asset: PATH_USD,
    amount: toAmount(1_000_000n),
    fee: toAmount(MINIMUM_FEE + SURCHARGE),
    sequence: toSequence(0n),
    validUntil: NOW + 600n,
    memo: ZERO_HASH,
    parents: [],
    ...changes,
  };
}

export async function sign({ network }: World, sender: Secp256k1Signer, order: PaymentOrder): Promise<SignedOrder> {
  return { order, payerSignature: await sender.sign(transactionHashIn(order, network.domain)) };
}

export function hashOf({ network }: World, { order }: SignedOrder): Hash {
  return transactionHashIn(order, network.domain);
}

/** What a vote or commit over the order says. */
export function ballotOf(world: World, signedOrder: SignedOrder, round = 0): Ballot {
  return { slot: slotOf(signedOrder.order), round, value: hashOf(world, signedOrder) };
}

/** Signed by the given members with their true keys: what a quorum would have made. */
export async function certify(
  world: World,
  ballot: Ballot,
  signedOrder?: SignedOrder,
  signers: readonly number[] = [1, 2, 3],
): Promise<{ readonly qc: QuorumCertificate; readonly cc: CommitCertificate }> {
  const context = createVerificationContext(world.network, world.engine);
  const member = (signer: number) => world.members[signer] as Member;
  const votes = await Promise.all(
    signers.map((signer) => signVote(context, ballot, signer, member(signer).votingSigner)),
  );
  const commits = await Promise.all(
    signers.map((signer) => signCommit(context, ballot, signer, member(signer).settlementSigner)),
  );
  return { qc: quorumOf(votes, signedOrder), cc: commitOf(commits, signedOrder) };
}

export function quorumOf(votes: readonly SignedBallot[], signedOrder?: SignedOrder): QuorumCertificate {
  return { type: 'quorum', ...bodyOf(votes, signedOrder) };
}

export function commitOf(commits: readonly SignedBallot[], signedOrder?: SignedOrder): CommitCertificate {
  return { type: 'commit', ...bodyOf(commits, signedOrder) };
}

function bodyOf(ballots: readonly SignedBallot[], signedOrder: SignedOrder | undefined) {
  const [first] = ballots;
  if (!first) throw new Error('a certificate needs signatures');
  const { epoch, slot, round, value } = first;
  const signatures = ballots.map(({ signature }) => signature).sort((left, right) => left.signer - right.signer);
  return { epoch, slot, round, value, signatures, ...(signedOrder && { signedOrder }) };
}

/** A certificate that closes a slot without paying. */
export function skipOf(world: World, slot: Slot, round = 1) {
  return certify(world, { slot, round, value: SKIP });
}

/** The certificates of one payment. */
export async function paid(world: World, sender: Secp256k1Signer, order: PaymentOrder) {
  const signedOrder = await sign(world, sender, order);
  return {
    signedOrder,
    hash: hashOf(world, signedOrder),
    ...(await certify(world, ballotOf(world, signedOrder), signedOrder)),
  };
}
