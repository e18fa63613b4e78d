import {
  type Ballot,
  type CommitCertificate,
  commitDigest,
  type Domain,
  domainSeparator,
  type Network,
  PATH_USD,
  type PaymentOrder,
  type QuorumCertificate,
  type SignedOrder,
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
import type { PayerSigner, Secp256k1Signer, VotingSigner } from '../engine.ts';
import { createNodeSecp256k1Signer, createNodeVotingSigner } from '../node/signers.ts';

/** A network whose keys are the numbers 1, 2, 3, …: whoever reads its vectors can sign them again. */

export interface TestValidator {
  readonly voting: VotingSigner;
  readonly settlement: Secp256k1Signer;
}

export interface TestNetwork {
  readonly network: Network;
  readonly validators: readonly TestValidator[];
}

export const testDomain: Domain = {
  chainId: 31_337n,
  reserve: toAddress('0x5fbdb2315678afecb367f032d93f642f64180aa3'),
  salt: toHash(`0x${'5a'.repeat(32)}`),
};

const names = ['Dave', 'Edgar', 'Frank', 'Grace'];

/** Validator i has the 32-byte number i + 1 as voting seed and i + 101 as settlement key; the payer has 1001. */
export const testKeys = {
  votingSeed: (validator: number) => unsignedBytes(validator + 1, 32),
  settlementKey: (validator: number) => unsignedBytes(validator + 101, 32),
  payer: unsignedBytes(1_001, 32),
} as const;

export function createTestNetwork(stakes: readonly bigint[] = [1n, 1n, 1n, 1n]): TestNetwork {
  const validators = stakes.map((_, index) => ({
    voting: createNodeVotingSigner(testKeys.votingSeed(index)),
    settlement: createNodeSecp256k1Signer(testKeys.settlementKey(index)),
  }));
  const members = validators.map(({ voting, settlement }, index) => ({
    name: names[index] ?? `Validator ${index}`,
    votingKey: voting.publicKey,
    settlementAddress: settlement.address,
    stake: stakes[index] as bigint,
  }));
  return {
    validators,
    network: {
      name: 'test',
      kind: 'devnet',
      domain: testDomain,
      committee: { epoch: 0n, members },
      assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
      fees: { minimum: 2_000n, newRecipientSurcharge: 6_000n },
      exitDelaySeconds: 604_800n,
    },
  };
}

export function testOrder(sender: PayerSigner, changes: Partial<PaymentOrder> = {}): PaymentOrder {
  return {
    kind: 0,
    sender: sender.address,
    recipient: toAddress(`0x${'b0'.repeat(20)}`),
    asset: PATH_USD,
    amount: toAmount(10_000_000n),
    fee: toAmount(2_000n),
    sequence: toSequence(0n),
    validUntil: 1_800_000_000n,
    memo: ZERO_HASH,
    parents: [],
    ...changes,
  };
}

export async function signOrder(sender: PayerSigner, order: PaymentOrder): Promise<SignedOrder> {
  const hash = transactionHash(order, domainSeparator(testDomain));
  return { order, payerSignature: await sender.sign(hash) };
}

/** What a vote or commit over the order says. */
export function ballotOf(signedOrder: SignedOrder, round = 0): Ballot {
  const value = transactionHash(signedOrder.order, domainSeparator(testDomain));
  return { slot: slotOf(signedOrder.order), round, value };
}

export async function certify(
  { network, validators }: TestNetwork,
  signers: readonly number[],
  ballot: Ballot,
  signedOrder?: SignedOrder,
): Promise<{ readonly qc: QuorumCertificate; readonly cc: CommitCertificate }> {
  const { epoch } = network.committee;
  const context = { separator: domainSeparator(network.domain), epoch };
  const body = { epoch, ...ballot, ...(signedOrder ? { signedOrder } : {}) };
  const signAll = (sign: (validator: TestValidator) => Uint8Array | Promise<Uint8Array>) =>
    Promise.all(
      signers.map(async (signer) => ({ signer, signature: await sign(validators[signer] as TestValidator) })),
    );
  return {
    qc: {
      type: 'quorum',
      ...body,
      signatures: await signAll(({ voting }) => voting.sign(voteBytes(context, ballot))),
    },
    cc: {
      type: 'commit',
      ...body,
      signatures: await signAll(({ settlement }) => settlement.sign(commitDigest(context, ballot))),
    },
  };
}
