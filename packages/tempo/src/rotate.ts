import {
  type Committee,
  committeeHash,
  committeeIdentityHash,
  type Domain,
  domainSeparator,
  type Hash,
  type Hex,
  rotateDigest,
  type SignerSignature,
  toHex,
} from '@fastpay/protocol';
import * as AbiFunction from 'ox/AbiFunction';
import { reserveAbi } from './gen/reserve.ts';
import { packedEpochCommittee, packSignatures } from './settle-batch.ts';

export interface Rotation {
  /** The committee that takes over, of the epoch after the present one. */
  readonly committee: Committee;
  /** The one that hands over. */
  readonly present: Committee;
  /** Of members of the present committee over `rotationDigest`, signers ascending, together a quorum. */
  readonly signatures: readonly SignerSignature[];
}

/** What the present committee's settlement keys sign so that `committee` takes over (§6). */
export function rotationDigest(domain: Domain, committee: Committee): Hash {
  return rotateDigest({ separator: domainSeparator(domain), epoch: committee.epoch }, committeeHash(committee));
}

/**
 * Calldata of the reserve's `rotate`. Anyone may send it. What the present committee certified settles for the exit
 * delay from then on.
 */
export function encodeRotate({ committee, present, signatures }: Rotation): Hex {
  return AbiFunction.encodeData(AbiFunction.fromAbi(reserveAbi, 'rotate'), [
    toHex(packedEpochCommittee(committee)),
    committeeIdentityHash(committee),
    toHex(packedEpochCommittee(present)),
    toHex(packSignatures(signatures)),
  ]);
}
