import {
  type Address,
  bytesOf,
  type CommitCertificate,
  type Committee,
  concatBytes,
  OrderKind,
  type PaymentOrder,
  packedCommittee,
  type SignerSignature,
  unsignedBytes,
  ZERO_HASH,
} from '@fastpay/protocol';

/** A batch as the reserve's `settle` and `settleAttested` take it (contracts/Batches.sol, contracts/Entries.sol). */

/** Whether each entry carries its commits, or one attestation stands for all of them. */
export type BatchForm = 'committed' | 'attested';

export interface BatchParts {
  readonly asset: Address;
  readonly committee: Committee;
  /** Distinct, ascending; entries name them by their index. */
  readonly accounts: readonly Address[];
  readonly entries: readonly Uint8Array[];
}

/** In the place of an order's kind. */
const SKIP_KIND = 255;

/**
 * asset 20 ‖ member count u8 ‖ epoch u64 ‖ members 28 each ‖ account count u16 ‖ accounts 20 each ‖ entry count u16
 * ‖ entries.
 */
export function packBatch({ asset, committee, accounts, entries }: BatchParts): Uint8Array {
  return concatBytes(
    bytesOf(asset),
    unsignedBytes(committee.members.length, 1),
    packedEpochCommittee(committee),
    unsignedBytes(accounts.length, 2),
    ...accounts.map(bytesOf),
    unsignedBytes(entries.length, 2),
    ...entries,
  );
}

/** epoch u64 ‖ (settlement address 20 ‖ stake u64) for each member. */
export function packedEpochCommittee(committee: Committee): Uint8Array {
  return concatBytes(unsignedBytes(committee.epoch, 8), packedCommittee(committee));
}

/** The addresses that a batch of these certificates names: distinct, ascending. */
export function accountsOf(certificates: readonly CommitCertificate[]): readonly Address[] {
  const named = certificates.flatMap(({ slot, signedOrder }) =>
    signedOrder ? [signedOrder.order.sender, signedOrder.order.recipient] : [slot.owner],
  );
  return [...new Set(named)].toSorted();
}

/**
 * length u16 ‖ kind u8 ‖ payer u16 ‖ sequence u64 ‖ recipient u16 ‖ amount u64 ‖ fee u64 ‖ shape u8 ‖ validUntil u64
 * ‖ memo unless zero ‖ parents ‖ (unless attested: round u32 ‖ commit count u8 ‖ commits) ‖ payer signature.
 * Nothing is checked but that numbers fit.
 */
export function packEntry(
  certificate: CommitCertificate,
  accounts: readonly Address[],
  form: BatchForm = 'committed',
): Uint8Array {
  const { slot, round, signedOrder, signatures } = certificate;
  const indexOf = (account: Address) => unsignedBytes(accounts.indexOf(account), 2);
  const commits =
    form === 'committed'
      ? [unsignedBytes(round, 4), unsignedBytes(signatures.length, 1), packSignatures(signatures)]
      : [];
  const body = signedOrder
    ? concatBytes(...orderParts(signedOrder.order, indexOf), ...commits, signedOrder.payerSignature)
    : concatBytes(
        Uint8Array.of(SKIP_KIND),
        indexOf(slot.owner),
        unsignedBytes(slot.sequence, 8),
        new Uint8Array(REST_OF_ORDER_BYTES),
        ...commits,
      );
  return concatBytes(unsignedBytes(body.length, 2), body);
}

/** Recipient, amount, fee, shape, validUntil. */
const REST_OF_ORDER_BYTES = 2 + 8 + 8 + 1 + 8;
const HAS_MEMO = 0x80;

function orderParts(order: PaymentOrder, indexOf: (account: Address) => Uint8Array): readonly Uint8Array[] {
  const hasMemo = order.memo !== ZERO_HASH;
  return [
    unsignedBytes(order.kind, 1),
    indexOf(order.sender),
    unsignedBytes(order.sequence, 8),
    indexOf(order.recipient),
    unsignedBytes(order.amount, 8),
    unsignedBytes(order.fee, 8),
    unsignedBytes(order.parents.length + (hasMemo ? HAS_MEMO : 0), 1),
    unsignedBytes(order.validUntil, 8),
    ...(hasMemo ? [bytesOf(order.memo)] : []),
    ...order.parents.map(bytesOf),
  ];
}

/** (signer u8 ‖ r 32 ‖ s 32 ‖ v u8) each. */
export function packSignatures(signatures: readonly SignerSignature[]): Uint8Array {
  return concatBytes(...signatures.flatMap(({ signer, signature }) => [unsignedBytes(signer, 1), signature]));
}

// What the contract wants left before it begins an entry (contracts/Settlement.sol), and what the entries take.
const GAS_TRANSACTION = 500_000n;
const GAS_TO_BEGIN = 1_200_000n;
const GAS_PER_ENTRY = 40_000n;
const GAS_PER_COMMIT = 5_000n;
const GAS_NEW_ACCOUNT = 260_000n;
const GAS_WITHDRAWALS = 800_000n;
const GAS_WITHDRAWAL = 400_000n;

/**
 * A gas limit with which every entry of the batch is reached, whoever is new to the chain. What is left is not paid.
 * Where it exceeds what the chain grants a transaction, less will do: the contract stops between entries.
 */
export function settleGas(certificates: readonly CommitCertificate[]): bigint {
  const withdrawals = certificates.filter(({ signedOrder }) => signedOrder?.order.kind === OrderKind.withdraw).length;
  // A payer that has money has a word in storage already, or gets it here as a recipient.
  const written = new Set(
    certificates.map(({ slot, signedOrder }) => (signedOrder ? signedOrder.order.recipient : slot.owner)),
  );
  const commits = certificates.reduce((sum, { signatures }) => sum + signatures.length, 0);
  return (
    GAS_TRANSACTION +
    GAS_TO_BEGIN +
    GAS_PER_ENTRY * BigInt(certificates.length) +
    GAS_PER_COMMIT * BigInt(commits) +
    GAS_NEW_ACCOUNT * BigInt(written.size) +
    (withdrawals > 0 ? GAS_WITHDRAWALS + GAS_WITHDRAWAL * BigInt(withdrawals) : 0n)
  );
}
