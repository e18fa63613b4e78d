import {
  type CommitCertificate,
  type Committee,
  commitDigest,
  concatBytes,
  type Domain,
  domainSeparator,
  type Hash,
  quorumStake,
  type SignerSignature,
  type Slot,
  toHex,
  unsignedBytes,
} from '@fastpay/protocol';
import type { Random } from '@fastpay/protocol/testing';
import { signAll, type TestCommittee } from '../committee.fixtures.ts';

/** How committees sign here, rightly and wrongly. */

/** Members that are a quorum together and none to spare, ascending. */
export function quorumOf(committee: Committee, random: Random): readonly number[] {
  const left = committee.members.map((_, index) => index);
  const chosen: number[] = [];
  let stake = 0n;
  while (stake < quorumStake(committee)) {
    const [signer = 0] = left.splice(random.below(left.length), 1);
    chosen.push(signer);
    stake += committee.members[signer]?.stake ?? 0n;
  }
  const spare = (signer: number) => stake - (committee.members[signer]?.stake ?? 0n) >= quorumStake(committee);
  for (const signer of [...chosen]) {
    if (!spare(signer)) continue;
    chosen.splice(chosen.indexOf(signer), 1);
    stake -= committee.members[signer]?.stake ?? 0n;
  }
  return chosen.toSorted((a, b) => a - b);
}

export interface CommitOptions {
  readonly by: TestCommittee;
  readonly domain: Domain;
  readonly slot: Slot;
  readonly value: Hash;
  readonly round: number;
  readonly signers: readonly number[];
  /** The committee's unless given. */
  readonly epoch?: bigint;
}

export function signCommits(options: CommitOptions): Promise<readonly SignerSignature[]> {
  const { by, domain, slot, value, round, signers, epoch = by.committee.epoch } = options;
  const digest = commitDigest({ separator: domainSeparator(domain), epoch }, { slot, round, value });
  return signAll(digest, { committee: by, signers });
}

/** A certificate as packers take it; its parts need not fit together. */
export function certificateOf(
  parts: Pick<CommitCertificate, 'slot' | 'value' | 'round' | 'signatures'> & Partial<CommitCertificate>,
): CommitCertificate {
  return { type: 'commit', epoch: 0n, ...parts };
}

const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other signature that the same key made: n − s, the other parity. */
export function withHighS(signature: Uint8Array): Uint8Array {
  const s = SECP256K1_ORDER - BigInt(toHex(signature.slice(32, 64)));
  return concatBytes(signature.slice(0, 32), unsignedBytes(s, 32), Uint8Array.of(signature[64] === 27 ? 28 : 27));
}

/** The same of any Tempo signature. P-256 keeps s in front of the public key: ‖ r ‖ s ‖ x ‖ y. */
export function payerSignatureWithHighS(signature: Uint8Array): Uint8Array {
  if (signature.length === 65) return withHighS(signature);
  const start = signature[0] === 1 ? 33 : signature.length - 96;
  const s = P256_ORDER - BigInt(toHex(signature.slice(start, start + 32)));
  return concatBytes(signature.slice(0, start), unsignedBytes(s, 32), signature.slice(start + 32));
}
