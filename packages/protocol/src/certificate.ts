import type { AccountStatement, Ballot } from './messages.ts';
import type { SignedOrder } from './order.ts';
import { slotKey } from './slot.ts';

/** One validator's signature inside a certificate; `signer` is its index in the epoch's committee. */
export interface SignerSignature {
  readonly signer: number;
  /** Ed25519 (64 bytes) in a quorum certificate, secp256k1 r‖s‖v (65 bytes) in a commit certificate. */
  readonly signature: Uint8Array;
}

/** One validator's signature over a ballot: a vote (Ed25519) or a commit (secp256k1). */
export interface SignedBallot extends Ballot {
  readonly epoch: bigint;
  readonly signature: SignerSignature;
}

/** One validator's Ed25519 signature over what it says of an account (§4). */
export interface SignedStatement {
  readonly epoch: bigint;
  readonly statement: AccountStatement;
  readonly signature: SignerSignature;
}

interface CertificateBody extends Ballot {
  readonly epoch: bigint;
  /** The order that hashes to `value`, with its payer's signature; absent exactly when `value` is SKIP. */
  readonly signedOrder?: SignedOrder;
  /** Distinct signers in ascending order of index, with stake ≥ q. */
  readonly signatures: readonly SignerSignature[];
}

/** Votes of stake ≥ q for one value in one slot and round (§4). Proves that the value is the only one of its round. */
export interface QuorumCertificate extends CertificateBody {
  readonly type: 'quorum';
}

/** Commits of stake ≥ q, all of one round (§4). Over an order it is money. */
export interface CommitCertificate extends CertificateBody {
  readonly type: 'commit';
}

export type Certificate = QuorumCertificate | CommitCertificate;

/** (slot, round, value): another subset of signers is the same certificate (§4). */
export function certificateIdentity(certificate: Certificate): string {
  return `${certificate.type}/${certificate.epoch}/${slotKey(certificate.slot)}/${certificate.round}/${certificate.value}`;
}
