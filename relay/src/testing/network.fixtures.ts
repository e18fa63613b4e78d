import {
  createVerificationContext,
  type PayerSigner,
  signNewRound,
  signPromise,
  signProposal,
  type VerificationContext,
} from '@fastpay/crypto';
import { createNodeEngine, createNodeSecp256k1Signer, createNodeVotingSigner } from '@fastpay/crypto/node';
import {
  type Ballot,
  type CommitCertificate,
  chooseValue,
  commitDigest,
  domainSeparator,
  type Hash,
  type Network,
  PATH_USD,
  type PaymentOrder,
  type ProvenPromise,
  type QuorumCertificate,
  type SignedBallot,
  type SignedNewRound,
  type SignedOrder,
  SKIP,
  type Slot,
  slotOf,
  toAddress,
  toAmount,
  toHash,
  toSequence,
  transactionHash,
  unsignedBytes,
  voteBytes,
  ZERO_HASH,
} from '@fastpay/protocol';
import type { ProposalSubmission } from '@fastpay/rpc';
import { type DrivenValue, drivenOrder } from '../collect/driven-value.ts';

/** An hour from the start of the test; the same for every order, so that equal orders are equal. */
const VALID_UNTIL = BigInt(Math.floor(Date.now() / 1_000)) + 3_600n;

const NAMES = ['Dave', 'Edgar', 'Frank', 'Grace'];

/** A network whose keys the test holds. */
export interface TestNetwork {
  readonly network: Network;
  readonly context: VerificationContext;
  readonly separator: ReturnType<typeof domainSeparator>;
  /** Voting seed and settlement key of a validator, 32 bytes each. */
  keysOf(signer: number): ReturnType<typeof validatorKeys>;
  vote(signer: number, ballot: Ballot): Promise<SignedBallot>;
  commit(signer: number, ballot: Ballot): Promise<SignedBallot>;
  quorumCertificate(signedOrder: SignedOrder, signers: readonly number[]): Promise<QuorumCertificate>;
  commitCertificate(signedOrder: SignedOrder, signers: readonly number[]): Promise<CommitCertificate>;
  skipCertificate(signedOrder: SignedOrder, signers: readonly number[]): Promise<CommitCertificate>;
  sign(payer: PayerSigner, changes?: Partial<PaymentOrder>): Promise<SignedOrder>;
  request(signedOrder: SignedOrder): DrivenValue & { readonly transactionHash: Hash };
  newRound(payer: PayerSigner, slot: Slot, round: number): Promise<SignedNewRound>;
  promise(signer: number, newRound: SignedNewRound, lockCertificate?: QuorumCertificate): Promise<ProvenPromise>;
  /** A proposal of an order, or of SKIP without one, with the promises of these validators. */
  proposal(
    payer: PayerSigner,
    newRound: SignedNewRound,
    promises: readonly ProvenPromise[],
    signedOrder?: SignedOrder,
  ): Promise<ProposalSubmission>;
}

function validatorKeys(signer: number) {
  return {
    voting: createNodeVotingSigner(unsignedBytes(1_000 + signer, 32)),
    settlement: createNodeSecp256k1Signer(unsignedBytes(2_000 + signer, 32)),
  };
}

export const alice: PayerSigner = createNodeSecp256k1Signer(unsignedBytes(11, 32));
export const bob: PayerSigner = createNodeSecp256k1Signer(unsignedBytes(12, 32));
export const carol: PayerSigner = createNodeSecp256k1Signer(unsignedBytes(13, 32));

export function createTestNetwork(stakes: readonly bigint[] = [1n, 1n, 1n, 1n]): TestNetwork {
  const keys = stakes.map((_, signer) => validatorKeys(signer));
  const keysOf = (signer: number) => {
    const pair = keys[signer];
    if (!pair) throw new Error(`there is no validator ${signer}`);
    return pair;
  };
  const network: Network = {
    name: 'test',
    kind: 'devnet',
    domain: {
      chainId: 31_337n,
      reserve: toAddress(`0x${'5f'.repeat(20)}`),
      salt: toHash(`0x${'5a'.repeat(32)}`),
    },
    committee: {
      epoch: 0n,
      members: stakes.map((stake, signer) => ({
        name: NAMES[signer] ?? `Validator ${signer}`,
        votingKey: keysOf(signer).voting.publicKey,
        settlementAddress: keysOf(signer).settlement.address,
        stake,
      })),
    },
    assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
    fees: { minimum: 2_000n, newRecipientSurcharge: 6_000n },
    exitDelaySeconds: 604_800n,
  };
  const separator = domainSeparator(network.domain);
  const context = createVerificationContext(network, createNodeEngine());
  const { epoch } = network.committee;
  const signing = { separator, epoch };
  const hashOf = ({ order }: SignedOrder) => transactionHash(order, separator);
  const ballotOf = (signedOrder: SignedOrder): Ballot => ({
    slot: slotOf(signedOrder.order),
    round: 0,
    value: hashOf(signedOrder),
  });
  const vote = async (signer: number, ballot: Ballot): Promise<SignedBallot> => {
    const signature = await keysOf(signer).voting.sign(voteBytes(signing, ballot));
    return { epoch, ...ballot, signature: { signer, signature } };
  };
  const commit = async (signer: number, ballot: Ballot): Promise<SignedBallot> => {
    const signature = await keysOf(signer).settlement.sign(commitDigest(signing, ballot));
    return { epoch, ...ballot, signature: { signer, signature } };
  };
  const signatures = async (signers: readonly number[], sign: typeof vote, ballot: Ballot) =>
    await Promise.all(signers.map(async (signer) => (await sign(signer, ballot)).signature));

  return {
    network,
    context,
    separator,
    keysOf,
    vote,
    commit,
    async quorumCertificate(signedOrder, signers) {
      const ballot = ballotOf(signedOrder);
      return { type: 'quorum', epoch, ...ballot, signedOrder, signatures: await signatures(signers, vote, ballot) };
    },
    async commitCertificate(signedOrder, signers) {
      const ballot = ballotOf(signedOrder);
      return { type: 'commit', epoch, ...ballot, signedOrder, signatures: await signatures(signers, commit, ballot) };
    },
    async skipCertificate(signedOrder, signers) {
      const ballot = { ...ballotOf(signedOrder), value: SKIP };
      return { type: 'commit', epoch, ...ballot, signatures: await signatures(signers, commit, ballot) };
    },
    async sign(payer, changes = {}) {
      const order: PaymentOrder = {
        kind: 0,
        sender: payer.address,
        recipient: payer === bob ? carol.address : bob.address,
        asset: PATH_USD,
        amount: toAmount(10_000_000n),
        fee: toAmount(8_000n),
        sequence: toSequence(0n),
        validUntil: VALID_UNTIL,
        memo: ZERO_HASH,
        parents: [],
        ...changes,
      };
      return { order, payerSignature: await payer.sign(transactionHash(order, separator)) };
    },
    request(signedOrder) {
      const hash = hashOf(signedOrder);
      return { ...drivenOrder({ signedOrder, attachments: [] }, hash), transactionHash: hash };
    },
    newRound: (payer, slot, round) => signNewRound(context, slot, round, payer),
    async promise(signer, { slot, round }, lockCertificate) {
      const lock = lockCertificate && {
        epoch: lockCertificate.epoch,
        round: lockCertificate.round,
        value: lockCertificate.value,
      };
      const promise = await signPromise(context, { slot, round, lock }, signer, keysOf(signer).voting);
      return { promise, ...(lockCertificate ? { lockCertificate } : {}) };
    },
    async proposal(payer, { slot, round }, proven, signedOrder) {
      const value = signedOrder ? hashOf(signedOrder) : SKIP;
      const proposal = await signProposal(context, { slot, round, value }, signedOrder, payer);
      const { promises, lockCertificates } = chooseValue(proven);
      return { proposal, promises, lockCertificates, attachments: [] };
    },
  };
}
