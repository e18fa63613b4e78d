import {
  createVerificationContext,
  type Secp256k1Signer,
  signCommit,
  signVote,
  type VotingSigner,
} from '@fastpay/crypto';
import { createNodeEngine, createNodeSecp256k1Signer, createNodeVotingSigner } from '@fastpay/crypto/node';
import {
  type CommitCertificate,
  type Network,
  PATH_USD,
  type QuorumCertificate,
  type SignedOrder,
  slotOf,
  toAddress,
  toAmount,
  toHash,
  toSequence,
  transactionHashIn,
  unsignedBytes,
  ZERO_HASH,
} from '@fastpay/protocol';

/** Payments with everything that the rest of the network adds to them, made before the clock starts. */

export const NOW_MS = 1_800_000_000_000;

export interface Member {
  readonly votingSigner: VotingSigner;
  readonly settlementSigner: Secp256k1Signer;
}

export const members: readonly Member[] = Array.from({ length: 4 }, (_, index) => ({
  votingSigner: createNodeVotingSigner(unsignedBytes(index + 1, 32)),
  settlementSigner: createNodeSecp256k1Signer(unsignedBytes(index + 101, 32)),
}));

export const network: Network = {
  name: 'bench',
  kind: 'devnet',
  domain: { chainId: 31_337n, reserve: toAddress(`0x${'5f'.repeat(20)}`), salt: toHash(`0x${'5a'.repeat(32)}`) },
  committee: {
    epoch: 0n,
    members: members.map(({ votingSigner, settlementSigner }, index) => ({
      name: `Validator ${index}`,
      votingKey: votingSigner.publicKey,
      settlementAddress: settlementSigner.address,
      stake: 1n,
    })),
  },
  assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
  fees: { minimum: 2_000n, newRecipientSurcharge: 6_000n },
  exitDelaySeconds: 604_800n,
};

export interface Payment {
  readonly signedOrder: SignedOrder;
  readonly qc: QuorumCertificate;
  readonly cc: CommitCertificate;
}

const context = createVerificationContext(network, createNodeEngine());
/** A quorum of three with the measured validator among them, as most are. */
const QUORUM = [0, 1, 2];

export function payerOf(index: number): Secp256k1Signer {
  return createNodeSecp256k1Signer(unsignedBytes(1_000_000 + index, 32));
}

/** Payment `index`: from an account of its own to the account of another one. */
export async function makePayment(index: number): Promise<Payment> {
  const sender = payerOf(index);
  const order = {
    kind: 0 as const,
    sender: sender.address,
    recipient: payerOf(index ^ 1).address,
    asset: PATH_USD,
    amount: toAmount(1_000_000n),
    fee: toAmount(8_000n),
    sequence: toSequence(0n),
    validUntil: BigInt(NOW_MS / 1_000 + 600),
    memo: ZERO_HASH,
    parents: [],
  };
  const value = transactionHashIn(order, network.domain);
  const signedOrder = { order, payerSignature: await sender.sign(value) };
  const ballot = { slot: slotOf(order), round: 0, value };
  const member = (signer: number) => members[signer] as Member;
  const votes = await Promise.all(QUORUM.map((at) => signVote(context, ballot, at, member(at).votingSigner)));
  const commits = await Promise.all(QUORUM.map((at) => signCommit(context, ballot, at, member(at).settlementSigner)));
  const body = { epoch: 0n, ...ballot, signedOrder };
  return {
    signedOrder,
    qc: { type: 'quorum', ...body, signatures: votes.map(({ signature }) => signature) },
    cc: { type: 'commit', ...body, signatures: commits.map(({ signature }) => signature) },
  };
}
