import type { PayerSigner, Secp256k1Signer } from '@fastpay/crypto';
import { createNodeSecp256k1Signer, createNodeVotingSigner } from '@fastpay/crypto/node';
import {
  type Address,
  type Ballot,
  type BatchEntry,
  batchAttestationDigest,
  type CommitCertificate,
  type Committee,
  commitDigest,
  type Domain,
  domainSeparator,
  type Hash,
  OrderKind,
  PATH_USD,
  type PaymentOrder,
  type SignerSignature,
  type SigningContext,
  SKIP,
  type Slot,
  slotOf,
  toAmount,
  toSequence,
  transactionHashIn,
  unsignedBytes,
  ZERO_HASH,
} from '@fastpay/protocol';

/** A committee whose keys are numbers. Voting keys never sign here, but no committee is registered with bad ones. */
export interface TestCommittee {
  readonly committee: Committee;
  readonly signers: readonly Secp256k1Signer[];
}

export function createTestCommittee(stakes: readonly bigint[] = [1n, 1n, 1n, 1n], epoch = 0n): TestCommittee {
  const signers = stakes.map((_, index) => createNodeSecp256k1Signer(unsignedBytes(0x2000_0000 + index, 32)));
  const members = signers.map(({ address }, index) => ({
    name: `Validator ${index}`,
    votingKey: createNodeVotingSigner(unsignedBytes(0x3000_0000 + index, 32)).publicKey,
    settlementAddress: address,
    stake: stakes[index] as bigint,
  }));
  return { committee: { epoch, members }, signers };
}

export interface OrderFields {
  readonly kind?: PaymentOrder['kind'];
  readonly sender: Address;
  readonly recipient: Address;
  readonly amount: bigint;
  readonly fee?: bigint;
  readonly sequence: bigint;
  readonly asset?: Address;
  readonly parents?: PaymentOrder['parents'];
  readonly memo?: PaymentOrder['memo'];
}

export function createOrder(fields: OrderFields): PaymentOrder {
  return {
    kind: fields.kind ?? OrderKind.transfer,
    sender: fields.sender,
    recipient: fields.recipient,
    asset: fields.asset ?? PATH_USD,
    amount: toAmount(fields.amount),
    fee: toAmount(fields.fee ?? 2_000n),
    sequence: toSequence(fields.sequence),
    validUntil: 1_800_000_000n,
    memo: fields.memo ?? ZERO_HASH,
    parents: fields.parents ?? [],
  };
}

export interface Signers {
  readonly committee: TestCommittee;
  /** Committee indices, in the order in which their signatures are listed; 0, 1, 2 unless given. */
  readonly signers?: readonly number[] | undefined;
}

export interface CertifyOptions extends Signers {
  readonly domain: Domain;
  readonly round?: number;
  readonly epoch?: bigint;
}

/** A commit certificate over a payment. */
export async function certify(
  order: PaymentOrder,
  payer: PayerSigner,
  options: CertifyOptions,
): Promise<CommitCertificate> {
  const value = transactionHashIn(order, options.domain);
  const payerSignature = await payer.sign(value);
  return {
    ...(await commitTo({ slot: slotOf(order), round: options.round ?? 0, value }, options)),
    signedOrder: { order, payerSignature },
  };
}

/** A commit certificate over SKIP. */
export function certifySkip(slot: Slot, options: CertifyOptions): Promise<CommitCertificate> {
  return commitTo({ slot, round: options.round ?? 1, value: SKIP }, options);
}

/** A batch attestation. */
export function attest(entries: readonly BatchEntry[], options: CertifyOptions): Promise<readonly SignerSignature[]> {
  return signAll(batchAttestationDigest(contextOf(options), entries), options);
}

async function commitTo(ballot: Ballot, options: CertifyOptions): Promise<CommitCertificate> {
  const context = contextOf(options);
  const signatures = await signAll(commitDigest(context, ballot), options);
  return { type: 'commit', ...ballot, epoch: context.epoch, signatures };
}

function contextOf({ domain, committee, epoch = committee.committee.epoch }: CertifyOptions): SigningContext {
  return { separator: domainSeparator(domain), epoch };
}

/** Signatures of committee members over a digest, in the order in which they are asked. */
export function signAll(
  digest: Hash,
  { committee, signers = [0, 1, 2] }: Signers,
): Promise<readonly SignerSignature[]> {
  return Promise.all(
    signers.map(async (signer) => ({
      signer,
      signature: await (committee.signers[signer] as Secp256k1Signer).sign(digest),
    })),
  );
}
