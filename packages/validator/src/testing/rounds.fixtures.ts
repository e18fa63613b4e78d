import {
  createVerificationContext,
  type Secp256k1Signer,
  signAsDriver,
  signNewRound,
  signPromise,
  signProposal,
} from '@fastpay/crypto';
import {
  type Lock,
  newRoundDigest,
  proposeDigest,
  type QuorumCertificate,
  type RoundProposal,
  type SignedNewRound,
  type SignedOrder,
  type SignedPromise,
  type SignedProposal,
  SKIP,
  type Slot,
} from '@fastpay/protocol';
import { hashOf, type Member, slotAt, type World } from './world.fixtures.ts';

/** Messages of higher rounds, signed by whoever the test says. */

export function contextOf({ network, engine }: World) {
  return createVerificationContext(network, engine);
}

/** The owner's call for a round in its first slot, or another. */
export function newRoundOf(
  world: World,
  owner: Secp256k1Signer,
  round: number,
  slot: Slot = slotAt(owner, 0n),
): Promise<SignedNewRound> {
  return signNewRound(contextOf(world), slot, round, owner);
}

export async function drivenRoundOf(world: World, driver: number, round: number, slot: Slot): Promise<SignedNewRound> {
  const context = contextOf(world);
  const digest = newRoundDigest({ separator: context.separator, epoch: 0n }, slot, round);
  const { votingSigner } = world.members[driver] as Member;
  return {
    epoch: 0n,
    slot,
    round,
    authority: { type: 'driver', signature: await signAsDriver(context, digest, driver, votingSigner) },
  };
}

/** A promise of each signer, locked on the certificate beside its number, if there is one. */
export async function promisesOf(
  world: World,
  slot: Slot,
  round: number,
  signers: readonly (number | readonly [signer: number, locked: QuorumCertificate])[] = [1, 2, 3],
): Promise<Pick<RoundProposal, 'promises' | 'lockCertificates'>> {
  const pairs = signers.map((signer) => (typeof signer === 'number' ? ([signer, undefined] as const) : signer));
  const promises = await Promise.all(
    pairs.map(([signer, locked]) => promiseOf(world, slot, round, signer, locked && lockOf(locked))),
  );
  const lockCertificates = new Map(
    pairs.flatMap(([, locked]) => (locked ? [[`${locked.round}/${locked.value}`, locked] as const] : [])),
  );
  return { promises, lockCertificates: [...lockCertificates.values()] };
}

export function promiseOf(
  world: World,
  slot: Slot,
  round: number,
  signer: number,
  lock?: Lock,
): Promise<SignedPromise> {
  const { votingSigner } = world.members[signer] as Member;
  return signPromise(contextOf(world), { slot, round, lock }, signer, votingSigner);
}

export function lockOf({ epoch, round, value }: QuorumCertificate): Lock {
  return { epoch, round, value };
}

/** The owner's proposal of an order, or of SKIP, for its first slot or another. */
export function proposalOf(
  world: World,
  owner: Secp256k1Signer,
  round: number,
  signedOrder?: SignedOrder,
  slot: Slot = slotAt(owner, 0n),
): Promise<SignedProposal> {
  const value = signedOrder ? hashOf(world, signedOrder) : SKIP;
  return signProposal(contextOf(world), { slot, round, value }, signedOrder, owner);
}

export async function drivenProposalOf(
  world: World,
  driver: number,
  round: number,
  slot: Slot,
  signedOrder?: SignedOrder,
): Promise<SignedProposal> {
  const context = contextOf(world);
  const value = signedOrder ? hashOf(world, signedOrder) : SKIP;
  const digest = proposeDigest({ separator: context.separator, epoch: 0n }, { slot, round, value });
  const { votingSigner } = world.members[driver] as Member;
  const signature = await signAsDriver(context, digest, driver, votingSigner);
  const authority = { type: 'driver', signature } as const;
  return { epoch: 0n, slot, round, value, authority, ...(signedOrder && { signedOrder }) };
}
