import { type CommitCertificate, type QuorumCertificate, type SignedOrder, toSequence } from '@fastpay/protocol';
import {
  type CryptoEngine,
  createSecp256k1Signer,
  createVerificationContext,
  type Secp256k1Signer,
  signCommit,
  signVote,
  type VotingSigner,
  verifyCommitCertificate,
  verifyQuorumCertificate,
  verifySignedOrder,
} from '../../src/index.ts';
import {
  ballotOf,
  certify,
  createTestNetwork,
  signOrder,
  type TestValidator,
  testKeys,
  testOrder,
} from '../../src/testing/network.fixtures.ts';
import { bare } from './bare.ts';
import { type Bench, engines } from './engines.ts';
import type { Subject } from './measure.ts';

/** What the checks and signatures of whole payments cost, 3 of 4 validators signing. */

interface Payment {
  readonly signedOrder: SignedOrder;
  readonly qc: QuorumCertificate;
  readonly cc: CommitCertificate;
}

const test = createTestNetwork();
const PAYMENTS = 256;

export async function paymentBenches(): Promise<readonly Bench[]> {
  const payer = createSecp256k1Signer(testKeys.payer);
  const payments: Payment[] = [];
  for (let index = 0; index < PAYMENTS; index++) {
    const signedOrder = await signOrder(payer, testOrder(payer, { sequence: toSequence(BigInt(index)) }));
    payments.push({ signedOrder, ...(await certify(test, [0, 1, 2], ballotOf(signedOrder), signedOrder)) });
  }
  return [
    {
      title: 'a validator’s share of a payment: order, own vote, QC, own commit, CC',
      ceiling: {
        name: 'the bare native calls',
        run: () => {
          for (let payerAndOthers = 0; payerAndOthers < 3; payerAndOthers++) bare.secp256k1Recover();
          for (let others = 0; others < 2; others++) bare.ed25519Verify();
          bare.ed25519Sign();
          bare.secp256k1Sign();
        },
      },
      subjects: engines.slice(0, 1).map(([name, engine]) => forgetting(name, engine, payments, validatorsShare)),
    },
    {
      title: 'quorum certificate of 3, nothing known',
      ceiling: {
        name: 'the bare native calls',
        run: () => {
          for (let votes = 0; votes < 3; votes++) bare.ed25519Verify();
          bare.secp256k1Recover();
        },
      },
      subjects: engines.map(([name, engine]) =>
        forgetting(name, engine, payments, (context, { qc }) => verifyQuorumCertificate(context, qc)),
      ),
    },
    {
      title: 'commit certificate of 3, nothing known',
      ceiling: {
        name: 'the bare native calls',
        run: () => {
          for (let commitsAndPayer = 0; commitsAndPayer < 4; commitsAndPayer++) bare.secp256k1Recover();
        },
      },
      subjects: engines.map(([name, engine]) =>
        forgetting(name, engine, payments, (context, { cc }) => verifyCommitCertificate(context, cc)),
      ),
    },
  ];
}

type Context = ReturnType<typeof createVerificationContext>;

/** Runs over all payments in turn, with a fresh memory each time round, so that no answer comes from the last one. */
function forgetting(
  name: string,
  engine: CryptoEngine,
  payments: readonly Payment[],
  run: (context: Context, payment: Payment) => Promise<unknown>,
): Subject {
  let context = createVerificationContext(test.network, engine);
  let next = 0;
  return {
    name,
    run: () => {
      if (next === payments.length) {
        context = createVerificationContext(test.network, engine);
        next = 0;
      }
      return run(context, payments[next++] as Payment);
    },
  };
}

const [dave] = test.validators as [TestValidator];
const own: { voting: VotingSigner; settlement: Secp256k1Signer } = dave;

async function validatorsShare(context: Context, { signedOrder, qc, cc }: Payment): Promise<void> {
  await verifySignedOrder(context, signedOrder);
  await signVote(context, qc, 0, own.voting);
  await verifyQuorumCertificate(context, qc);
  await signCommit(context, qc, 0, own.settlement);
  await verifyCommitCertificate(context, cc);
}
