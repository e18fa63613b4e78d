import { randomBytes } from 'node:crypto';
import {
  createVerificationContext,
  signCommit,
  signVote,
  verifyCommit,
  verifyCommitCertificate,
  verifyQuorumCertificate,
  verifySignedOrder,
  verifyVote,
} from '@fastpay/crypto';
import { createNodeEngine, createNodeSecp256k1Signer, createNodeVotingSigner } from '@fastpay/crypto/node';
import {
  type Ballot,
  type CommitCertificate,
  domainSeparator,
  type Network,
  OrderKind,
  type PaymentOrder,
  type QuorumCertificate,
  type SignedBallot,
  slotOf,
  toAmount,
  toSequence,
  transactionHash,
  ZERO_HASH,
} from '@fastpay/protocol';

const secret = () => new Uint8Array(randomBytes(32));
const QUORUM = 3;

/**
 * What the signatures of one payment cost when nothing else is done: every signature and every verification that
 * payer, four validators, relay and wallet make, one after the other on one core. Milliseconds a payment.
 */
export async function measureCryptoCeiling(network: Network, payments: number): Promise<number> {
  const keys = network.committee.members.map(() => ({
    voting: createNodeVotingSigner(secret()),
    settlement: createNodeSecp256k1Signer(secret()),
  }));
  const members = network.committee.members.map((member, index) => ({
    ...member,
    votingKey: keys[index]?.voting.publicKey ?? ZERO_HASH,
    settlementAddress: keys[index]?.settlement.address ?? member.settlementAddress,
  }));
  const bench: Network = { ...network, committee: { ...network.committee, members } };
  const contextOf = () => createVerificationContext(bench, createNodeEngine());
  const validators = keys.map((key, signer) => ({ ...key, signer, context: contextOf() }));
  const relay = contextOf();
  const wallet = contextOf();
  const payer = createNodeSecp256k1Signer(secret());
  const recipient = createNodeSecp256k1Signer(secret()).address;
  const separator = domainSeparator(network.domain);
  const { epoch } = network.committee;

  async function onePayment(sequence: number): Promise<void> {
    const order: PaymentOrder = {
      kind: OrderKind.transfer,
      sender: payer.address,
      recipient,
      asset: network.assets[0]?.address ?? recipient,
      amount: toAmount(1n),
      fee: toAmount(network.fees.minimum),
      sequence: toSequence(BigInt(sequence)),
      validUntil: 2_000_000_000n,
      memo: ZERO_HASH,
      parents: [],
    };
    const value = transactionHash(order, separator);
    const signedOrder = { order, payerSignature: await payer.sign(value) };
    const ballot: Ballot = { slot: slotOf(order), round: 0, value };
    const signaturesOf = (ballots: readonly SignedBallot[]) =>
      ballots.slice(0, QUORUM).map(({ signature }) => signature);

    await verifySignedOrder(relay, signedOrder);
    const votes: SignedBallot[] = [];
    for (const { context, signer, voting } of validators) {
      await verifySignedOrder(context, signedOrder);
      votes.push(await signVote(context, ballot, signer, voting));
    }
    for (const vote of votes) await verifyVote(relay, vote);
    for (const vote of votes.slice(0, QUORUM)) await verifyVote(wallet, vote);
    const quorum: QuorumCertificate = {
      type: 'quorum',
      epoch,
      ...ballot,
      signedOrder,
      signatures: signaturesOf(votes),
    };
    const commits: SignedBallot[] = [];
    for (const { context, signer, settlement } of validators) {
      await verifyQuorumCertificate(context, quorum);
      commits.push(await signCommit(context, ballot, signer, settlement));
    }
    for (const commit of commits) await verifyCommit(relay, commit);
    const certificate: CommitCertificate = { ...quorum, type: 'commit', signatures: signaturesOf(commits) };
    for (const { context } of validators) await verifyCommitCertificate(context, certificate);
    await verifyCommitCertificate(wallet, certificate);
  }

  const warmUp = Math.ceil(payments / 5);
  for (let sequence = 0; sequence < warmUp; sequence++) await onePayment(sequence);
  const started = performance.now();
  for (let sequence = 0; sequence < payments; sequence++) await onePayment(warmUp + sequence);
  return (performance.now() - started) / payments;
}
