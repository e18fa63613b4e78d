import { join } from 'node:path';
import { createVerificationContext, signCommit, signVote } from '@fastpay/crypto';
import { createNodeEngine, createNodeSecp256k1Signer, createNodeVotingSigner } from '@fastpay/crypto/node';
import {
  type Address,
  type CommitCertificate,
  PATH_USD,
  type PaymentOrder,
  type QuorumCertificate,
  slotOf,
  toAmount,
  toSequence,
  transactionHashIn,
  ZERO_HASH,
} from '@fastpay/protocol';
import { readKeyFile } from '../../src/keys/key-file.ts';
import type { TestNetwork } from './test-network.ts';

export interface Payment {
  readonly quorumCertificate: QuorumCertificate;
  readonly commitCertificate: CommitCertificate;
}

export interface PaymentsOptions {
  readonly payerSeed: number;
  readonly recipient: Address;
  readonly count: number;
  /** What the order of that sequence has other than 1 unit of pathUSD for `recipient`. */
  readonly change?: (sequence: number) => Partial<PaymentOrder>;
}

/**
 * Payments of one payer, slot by slot, signed with the true keys of the committee's first three: as if it had
 * certified them while somebody was away.
 */
export async function* payments(
  net: TestNetwork,
  { payerSeed, recipient, count, change }: PaymentsOptions,
): AsyncIterable<Payment> {
  const { network, directory } = net;
  const context = createVerificationContext(network, createNodeEngine());
  const payer = createNodeSecp256k1Signer(new Uint8Array(32).fill(payerSeed));
  const signers = network.committee.members.slice(0, 3).map(({ name }) => {
    const { votingSeed, settlementKey } = readKeyFile(join(directory, `${name}.keys.json`));
    return { voting: createNodeVotingSigner(votingSeed), settlement: createNodeSecp256k1Signer(settlementKey) };
  });
  const validUntil = BigInt(Math.floor(Date.now() / 1_000) + 600);
  for (let sequence = 0n; sequence < BigInt(count); sequence++) {
    const order = {
      kind: 0 as const,
      sender: payer.address,
      recipient,
      asset: PATH_USD,
      amount: toAmount(1n),
      fee: toAmount(2_000n),
      sequence: toSequence(sequence),
      validUntil,
      memo: ZERO_HASH,
      parents: [],
      ...change?.(Number(sequence)),
    };
    const value = transactionHashIn(order, network.domain);
    const signedOrder = { order, payerSignature: await payer.sign(value) };
    const ballot = { slot: slotOf(order), round: 0, value };
    const votes = await Promise.all(signers.map(({ voting }, index) => signVote(context, ballot, index, voting)));
    const commits = await Promise.all(
      signers.map(({ settlement }, index) => signCommit(context, ballot, index, settlement)),
    );
    const body = { epoch: network.committee.epoch, ...ballot, signedOrder };
    yield {
      quorumCertificate: { type: 'quorum', ...body, signatures: votes.map(({ signature }) => signature) },
      commitCertificate: { type: 'commit', ...body, signatures: commits.map(({ signature }) => signature) },
    };
  }
}

export function payerAddress(payerSeed: number): Address {
  return createNodeSecp256k1Signer(new Uint8Array(32).fill(payerSeed)).address;
}
