import {
  createPortableEngine,
  createVerificationContext,
  type PayerSigner,
  type VerificationContext,
} from '@fastpay/crypto';
import {
  type Ballot,
  type CommitCertificate,
  commitDigest,
  type Hash,
  PATH_USD,
  type PaymentOrder,
  type QuorumCertificate,
  type SignedBallot,
  type SignedOrder,
  SKIP,
  slotOf,
  toAmount,
  toSequence,
  transactionHash,
  voteBytes,
  ZERO_HASH,
} from '@fastpay/protocol';
import { type TestNetwork, testAccount } from './network.fixtures.ts';
import { bob } from './samples.fixtures.ts';

/** Votes, commits and certificates with real signatures of a test network's keys. */
export interface Evidence {
  readonly context: VerificationContext;
  order(fields?: Partial<PaymentOrder>, payer?: PayerSigner): Promise<{ signedOrder: SignedOrder; value: Hash }>;
  vote(signer: number, ballot: Ballot): Promise<SignedBallot>;
  commit(signer: number, ballot: Ballot): Promise<SignedBallot>;
  quorum(signedOrder: SignedOrder, signers?: readonly number[]): Promise<QuorumCertificate>;
  certificate(signedOrder: SignedOrder, signers?: readonly number[], value?: Hash): Promise<CommitCertificate>;
}

const QUORUM = [0, 1, 2];

export function createEvidence({ network, votingSigners, settlementSigners }: TestNetwork): Evidence {
  const context = createVerificationContext(network, createPortableEngine());
  const { epoch } = network.committee;
  const signing = { separator: context.separator, epoch };
  const hashOf = (signedOrder: SignedOrder) => transactionHash(signedOrder.order, context.separator);

  async function vote(signer: number, { slot, round, value }: Ballot): Promise<SignedBallot> {
    const signature = await signerOf(votingSigners, signer).sign(voteBytes(signing, { slot, round, value }));
    return { epoch, slot, round, value, signature: { signer, signature } };
  }

  async function commit(signer: number, { slot, round, value }: Ballot): Promise<SignedBallot> {
    const signature = await signerOf(settlementSigners, signer).sign(commitDigest(signing, { slot, round, value }));
    return { epoch, slot, round, value, signature: { signer, signature } };
  }

  return {
    context,
    vote,
    commit,
    async order(fields = {}, payer = testAccount('alice')) {
      const order: PaymentOrder = {
        kind: 0,
        sender: payer.address,
        recipient: bob,
        asset: PATH_USD,
        amount: toAmount(10_000_000n),
        fee: toAmount(2_000n),
        sequence: toSequence(0n),
        validUntil: 1_800_000_000n,
        memo: ZERO_HASH,
        parents: [],
        ...fields,
      };
      const value = transactionHash(order, context.separator);
      return { value, signedOrder: { order, payerSignature: await payer.sign(value) } };
    },
    async quorum(signedOrder, signers = QUORUM) {
      const ballot: Ballot = { slot: slotOf(signedOrder.order), round: 0, value: hashOf(signedOrder) };
      const votes = await Promise.all(signers.map((signer) => vote(signer, ballot)));
      return { type: 'quorum', epoch, ...ballot, signedOrder, signatures: votes.map(({ signature }) => signature) };
    },
    async certificate(signedOrder, signers = QUORUM, value = hashOf(signedOrder)) {
      const ballot: Ballot = { slot: slotOf(signedOrder.order), round: 0, value };
      const commits = await Promise.all(signers.map((signer) => commit(signer, ballot)));
      const signatures = commits.map(({ signature }) => signature);
      return { type: 'commit', epoch, ...ballot, ...(value === SKIP ? {} : { signedOrder }), signatures };
    },
  };
}

function signerOf<Signer>(signers: readonly Signer[], index: number): Signer {
  const signer = signers[index];
  if (!signer) throw new Error(`the test network has no signer ${index}`);
  return signer;
}
