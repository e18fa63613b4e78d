import {
  type BatchEntry,
  type CommitCertificate,
  type Committee,
  concatBytes,
  fromHex,
  type Hex,
  quorumStake,
  type SignerSignature,
  toHex,
} from '@fastpay/protocol';
import { callData } from './call-data.ts';
import { accountsOf, type BatchForm, packBatch, packEntry, packSignatures } from './settle-batch.ts';

/** What follows is packed: for the contract, arguments in the ABI's encoding are bytes and gas without a use. */
const selectors = {
  settle: fromHex(callData('settle()', [])),
  settleAttested: fromHex(callData('settleAttested()', [])),
};

/** Calldata of the reserve's `settle`, or with an attestation of its `settleAttested`, for a batch as it is. */
export function settleCalldata(batch: Uint8Array, attestation?: Uint8Array): Hex {
  return attestation
    ? toHex(concatBytes(selectors.settleAttested, batch, attestation))
    : toHex(concatBytes(selectors.settle, batch));
}

export interface SettleBatch {
  /** All of one asset and of the committee's epoch, each account's in slot order, funding before what it funds. */
  readonly certificates: readonly CommitCertificate[];
  /** The committee that certified them: the reserve's present one, or one that handed over within the exit delay. */
  readonly committee: Committee;
}

export interface AttestedBatch extends SettleBatch {
  /**
   * Settlement signatures over `batchAttestationDigest` of `batchEntries(certificates)`, signers ascending,
   * together a quorum. The certificates' own commits are not used.
   */
  readonly attestation: readonly SignerSignature[];
}

/**
 * Calldata of the reserve's `settle`: each certificate with no more signatures than the quorum needs.
 * @throws RangeError for an empty batch, or one of several assets, or of an epoch that is not the committee's.
 */
export function encodeSettle(batch: SettleBatch): Hex {
  return settleCalldata(packCertificates(batch, 'committed'));
}

/** Calldata of the reserve's `settleAttested`. @throws RangeError as `encodeSettle`. */
export function encodeSettleAttested(batch: AttestedBatch): Hex {
  return settleCalldata(packCertificates(batch, 'attested'), packSignatures(batch.attestation));
}

/** What a committee attests to: the slots of a batch with their values, in the batch's order (§4). */
export function batchEntries(certificates: readonly CommitCertificate[]): readonly BatchEntry[] {
  return certificates.map(({ slot: { owner, asset, sequence }, value }) => ({
    account: owner,
    asset,
    sequence,
    value,
  }));
}

function packCertificates({ certificates, committee }: SettleBatch, form: BatchForm): Uint8Array {
  const asset = certificates[0]?.slot.asset;
  if (asset === undefined) throw new RangeError('a batch holds at least one certificate');
  for (const { slot, epoch } of certificates) {
    if (slot.asset !== asset) throw new RangeError('a batch holds certificates of one asset');
    if (epoch !== committee.epoch) throw new RangeError('a batch holds certificates of one committee');
  }
  const accounts = accountsOf(certificates);
  const entries = certificates.map((each) => packEntry(withFewestSigners(each, committee), accounts, form));
  return packBatch({ asset, committee, accounts, entries });
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
