import {
  type Address,
  type CommitCertificate,
  type Committee,
  committeeIdentityHash,
  encodeCertificate,
  type Hex,
  OrderKind,
  packedCommittee,
  quorumStake,
  toHex,
} from '@fastpay/protocol';
import * as AbiFunction from 'ox/AbiFunction';

/** Written out, for a browser that settles must not load the whole contract; a test compares it with the contract's. */
const settleFunction = AbiFunction.from(
  'function settle(address asset, bytes[] certificates, bytes committee, bytes32 identityHash)',
);

export interface SettleBatch {
  /** All of one asset, each account's in slot order, funding payments before what they fund. */
  readonly certificates: readonly CommitCertificate[];
  /** The committee that the reserve knows. */
  readonly committee: Committee;
}

/**
 * Calldata of the reserve's `settle`: each certificate in its canonical binary form, with no more signatures than
 * the quorum needs.
 * @throws RangeError for an empty batch or one of several assets.
 */
export function encodeSettle({ certificates, committee }: SettleBatch): Hex {
  const asset = certificates[0]?.slot.asset;
  if (asset === undefined) throw new RangeError('a batch holds at least one certificate');
  if (certificates.some((certificate) => certificate.slot.asset !== asset)) {
    throw new RangeError('a batch holds certificates of one asset');
  }
  const entries = certificates.map((certificate) => encodeCertificate(withFewestSigners(certificate, committee)));
  return encodeSettleEntries(asset, entries, committee);
}

/** The same from bytes that came as they are, from a receipt file for instance. */
export function encodeSettleEntries(asset: Address, entries: readonly Uint8Array[], committee: Committee): Hex {
  return AbiFunction.encodeData(settleFunction, [
    asset,
    entries.map(toHex),
    toHex(packedCommittee(committee)),
    committeeIdentityHash(committee),
  ]);
}

/** The same certificate with the fewest signatures whose stake is a quorum; unchanged when it has none to spare. */
export function withFewestSigners(certificate: CommitCertificate, committee: Committee): CommitCertificate {
  const quorum = quorumStake(committee);
  const stakeOf = (signer: number) => committee.members[signer]?.stake ?? 0n;
  const kept = new Set<number>();
  let stake = 0n;
  for (const { signer } of certificate.signatures.toSorted((a, b) => Number(stakeOf(b.signer) - stakeOf(a.signer)))) {
    if (stake >= quorum) break;
    kept.add(signer);
    stake += stakeOf(signer);
  }
  return { ...certificate, signatures: certificate.signatures.filter(({ signer }) => kept.has(signer)) };
}

// The contract begins an entry only with this much gas left, so that it cannot fail halfway (contracts/Reserve.sol).
const GAS_TAIL = 1_000_000n;
const GAS_TRANSFER = 400_000n;
const GAS_WITHDRAW = 1_200_000n;
const GAS_PER_COMMIT = 5_000n;
const GAS_OF_TRANSACTION = 500_000n;

/**
 * A gas limit with which every entry of the batch is reached, whoever is new to the chain. What is left is not paid.
 * Where it exceeds what the chain grants a transaction, less will do: the contract stops between entries.
 */
export function settleGas(certificates: readonly CommitCertificate[]): bigint {
  const perEntry = certificates.map(
    ({ signedOrder, signatures }) =>
      (signedOrder?.order.kind === OrderKind.withdraw ? GAS_WITHDRAW : GAS_TRANSFER) +
      GAS_PER_COMMIT * BigInt(signatures.length),
  );
  return perEntry.reduce((sum, gas) => sum + gas, GAS_OF_TRANSACTION + GAS_TAIL);
}
