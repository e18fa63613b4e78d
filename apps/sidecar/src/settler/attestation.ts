import type { CryptoEngine } from '@fastpay/crypto';
import {
  type BatchEntry,
  batchAttestationDigest,
  bytesOf,
  type CommitCertificate,
  type Committee,
  type Hash,
  quorumStake,
  type SignerSignature,
} from '@fastpay/protocol';

import { batchEntries } from '@fastpay/tempo';

/** A validator that can be asked to attest a batch; this one's own among them. */
export interface Attestor {
  readonly signer: number;
  /** Hands over what is missing there first. @throws when it cannot or will not sign. */
  attest(certificates: readonly CommitCertificate[], entries: readonly BatchEntry[]): Promise<SignerSignature>;
}

export interface AttestationDependencies {
  readonly committee: Committee;
  /** EIP-712 domain separator. */
  readonly separator: Hash;
  readonly engine: CryptoEngine;
  readonly attestors: readonly Attestor[];
  /** Told of each attestor that failed or answered with a signature that is wrong. */
  readonly onRefusal: (signer: number, error: unknown) => void;
}

/**
 * Signatures of a quorum over the batch (§4), by ascending signer; undefined as soon as there can be none. Asks all at
 * once and takes the first that suffice. Every signature is verified: one that is wrong would revert the whole batch.
 */
export function collectAttestation(
  certificates: readonly CommitCertificate[],
  { committee, separator, engine, attestors, onRefusal }: AttestationDependencies,
): Promise<readonly SignerSignature[] | undefined> {
  const entries = batchEntries(certificates);
  const digest = bytesOf(batchAttestationDigest({ separator, epoch: committee.epoch }, entries));
  const quorum = quorumStake(committee);
  const signatures: SignerSignature[] = [];
  let stake = 0n;

  async function ask(attestor: Attestor): Promise<void> {
    const member = committee.members[attestor.signer];
    if (!member) throw new RangeError(`the committee has no member ${attestor.signer}`);
    const signature = await attestor.attest(certificates, entries);
    const isRight =
      signature.signer === attestor.signer &&
      engine.secp256k1Recover(digest, signature.signature) === member.settlementAddress;
    if (!isRight) throw new Error('the attestation is not signed by the validator that gave it');
    if (stake >= quorum) return;
    signatures.push(signature);
    stake += member.stake;
  }

  return new Promise((resolve) => {
    const answered = attestors.map((attestor) =>
      ask(attestor).then(
        () => {
          if (stake >= quorum) resolve(signatures.toSorted((left, right) => left.signer - right.signer));
        },
        (error: unknown) => onRefusal(attestor.signer, error),
      ),
    );
    // Whatever came by then is all there will be.
    void Promise.all(answered).then(() => resolve(undefined));
  });
}
