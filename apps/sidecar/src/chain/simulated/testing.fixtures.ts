import { createVerificationContext, signCommit } from '@fastpay/crypto';
import { createNodeEngine, createNodeSecp256k1Signer, createNodeVotingSigner } from '@fastpay/crypto/node';
import {
  type CommitCertificate,
  type Network,
  PATH_USD,
  slotOf,
  toAddress,
  toAmount,
  toHash,
  toSequence,
  transactionHashIn,
  ZERO_HASH,
} from '@fastpay/protocol';

const settlementSigners = [1, 2, 3, 4].map((seed) => createNodeSecp256k1Signer(new Uint8Array(32).fill(seed)));
const payer = createNodeSecp256k1Signer(new Uint8Array(32).fill(0xa1));

export const alice = payer.address;
export const bob = toAddress(`0x${'b0'.repeat(20)}`);
export const settlers = settlementSigners.map(({ address }) => address);

/** Four validators on a devnet whose reserve was never deployed. */
export const network: Network = {
  name: 'stage',
  kind: 'devnet',
  domain: { chainId: 31_337n, reserve: toAddress(`0x${'fa'.repeat(20)}`), salt: toHash(`0x${'22'.repeat(32)}`) },
  committee: {
    epoch: 0n,
    members: settlementSigners.map(({ address }, index) => ({
      name: `Validator ${index}`,
      votingKey: createNodeVotingSigner(new Uint8Array(32).fill(0x40 + index)).publicKey,
      settlementAddress: address,
      stake: 1n,
    })),
  },
  assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
  fees: { minimum: 2_000n, newRecipientSurcharge: 0n },
  exitDelaySeconds: 600n,
};

/** A payment of Alice to Bob, committed to by three of four. */
export async function payment(sequence: bigint, amount: bigint): Promise<CommitCertificate> {
  const context = createVerificationContext(network, createNodeEngine());
  const order = {
    kind: 0 as const,
    sender: alice,
    recipient: bob,
    asset: PATH_USD,
    amount: toAmount(amount),
    fee: toAmount(2_000n),
    sequence: toSequence(sequence),
    validUntil: 4_000_000_000n,
    memo: ZERO_HASH,
    parents: [],
  };
  const value = transactionHashIn(order, network.domain);
  const ballot = { slot: slotOf(order), round: 0, value };
  const commits = await Promise.all(
    settlementSigners.slice(0, 3).map((signer, index) => signCommit(context, ballot, index, signer)),
  );
  const signatures = commits.map(({ signature }) => signature);
  const signedOrder = { order, payerSignature: await payer.sign(value) };
  return { type: 'commit', epoch: 0n, ...ballot, signedOrder, signatures };
}
