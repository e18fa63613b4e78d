import {
  type Certificate,
  concatBytes,
  encodeCertificate,
  encodeEvidence,
  encodeSignedOrder,
  type Evidence,
  type Hash,
  limits,
  MAX_U64,
  type SignedBallot,
  type SignedOrder,
  SKIP,
  type SignerSignature,
  slotOf,
  toHex,
} from '../../src/index.ts';
import { json } from '../../src/vectors.fixtures.ts';
import { hashOf, order } from './samples.ts';

/** The signatures here are filler: the binary form does not look at what they sign. */
export function codecVectors() {
  return {
    description: 'The binary form of signed orders, certificates (§4) and evidence (§13), and bytes that are refused.',
    signedOrders: signedOrders().map(([name, signedOrder]) => ({
      name,
      signedOrder: json.signedOrder(signedOrder),
      bytes: toHex(encodeSignedOrder(signedOrder)),
    })),
    certificates: certificates().map(([name, certificate]) => ({
      name,
      certificate: json.certificate(certificate),
      bytes: toHex(encodeCertificate(certificate)),
    })),
    evidence: evidence().map(([name, each]) => ({ name, evidence: json.evidence(each), bytes: toHex(encodeEvidence(each)) })),
    refusedSignedOrders: refusedOrders(),
    refusedCertificates: refusedCertificates(),
    refusedEvidence: refusedEvidence(),
  };
}

const filler = (length: number, start = 0) => Uint8Array.from({ length }, (_, index) => (start + index) & 0xff);
const parents = Array.from({ length: limits.parents }, (_, index) => hashOf(`parent ${index}`));

function signedOrders(): (readonly [string, SignedOrder])[] {
  return [
    ['a secp256k1 payer', { order, payerSignature: filler(65) }],
    ['a P-256 payer, a withdrawal', { order: { ...order, kind: 1 }, payerSignature: filler(130) }],
    ['eight parents', { order: { ...order, parents }, payerSignature: filler(65) }],
    ['the longest', { order: { ...order, parents }, payerSignature: filler(limits.payerSignatureBytes) }],
    ['no signature', { order, payerSignature: filler(0) }],
  ];
}

function certificates(): (readonly [string, Certificate])[] {
  const [, signedOrder] = signedOrders()[0] as readonly [string, SignedOrder];
  const slot = slotOf(order);
  const value = hashOf('value');
  const signatures = (length: number, signers: readonly number[]): SignerSignature[] =>
    signers.map((signer) => ({ signer, signature: filler(length, signer) }));
  return [
    ['a quorum certificate', { type: 'quorum', epoch: 0n, slot, round: 0, value, signedOrder, signatures: signatures(64, [0, 1, 3]) }],
    ['a commit certificate', { type: 'commit', epoch: 0n, slot, round: 0, value, signedOrder, signatures: signatures(65, [0, 1, 2, 3]) }],
    ['a commit certificate over SKIP', { type: 'commit', epoch: 2n, slot, round: 5, value: SKIP, signatures: signatures(65, [1, 127]) }],
    ['the highest epoch and round', { type: 'quorum', epoch: MAX_U64, slot, round: limits.maxRound, value: SKIP, signatures: [] }],
  ];
}

function evidence(): (readonly [string, Evidence])[] {
  const slot = slotOf(order);
  const [value, other] = [hashOf('value'), hashOf('other value')];
  const ballot = (round: number, of: Hash, signer: number, length: number): SignedBallot => ({
    epoch: 2n,
    slot,
    round,
    value: of,
    signature: { signer, signature: filler(length, round + signer) },
  });
  const promise = { epoch: 2n, slot, round: limits.maxRound, signature: { signer: 127, signature: filler(64) } };
  const commit = ballot(limits.maxRound - 1, value, 127, 65);
  return [
    ['two votes', { type: 'votes', first: ballot(0, value, 3, 64), second: ballot(0, other, 3, 64) }],
    ['two commits, one for SKIP', { type: 'commits', first: ballot(5, value, 0, 65), second: ballot(5, SKIP, 0, 65) }],
    ['a promise without a lock', { type: 'promise', promise, commit }],
    ['a promise with a lock', { type: 'promise', promise: { ...promise, lock: { epoch: 2n, round: 8, value: other } }, commit }],
  ];
}

interface Refused {
  readonly name: string;
  readonly bytes: string;
  readonly code: string;
}

function refusedOrders(): Refused[] {
  const [, signedOrder] = signedOrders()[0] as readonly [string, SignedOrder];
  const good = encodeSignedOrder(signedOrder);
  const parentCount = 1 + 60 + 32 + 32;
  return [
    refused('nothing', new Uint8Array(0)),
    refused('a byte missing', good.subarray(0, good.length - 1)),
    refused('a byte too many', concatBytes(good, Uint8Array.of(0))),
    refused('an unknown kind', edited(good, 0, 2), 'NOT_PAYMENT'),
    refused('nine parents', edited(good, parentCount, 9)),
    refused('a signature of 2,050 bytes', concatBytes(good.subarray(0, parentCount + 1), Uint8Array.of(8, 2), filler(2_050))),
  ];
}

function refusedCertificates(): Refused[] {
  const [quorum, , skip] = certificates().map(([, certificate]) => encodeCertificate(certificate)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const secondSigner = skip.length - 66;
  const countOffset = skip.length - 2 * 66 - 1;
  const roundOffset = 2 + 8 + 48;
  return [
    refused('nothing', new Uint8Array(0)),
    refused('a byte missing', quorum.subarray(0, quorum.length - 1)),
    refused('a byte too many', concatBytes(quorum, Uint8Array.of(0))),
    refused('version 0', edited(quorum, 0, 0)),
    refused('version 2', edited(quorum, 0, 2)),
    refused('type 0', edited(quorum, 1, 0)),
    refused('type 3', edited(quorum, 1, 3)),
    refused('a signer twice', edited(skip, secondSigner, 1)),
    refused('signers that descend', edited(skip, secondSigner, 0)),
    refused('a signer beyond the largest committee', edited(skip, secondSigner, 128)),
    refused('fewer signatures than bytes', edited(skip, countOffset, 1)),
    refused('more signatures than bytes', edited(skip, countOffset, 3)),
    refused('a round of 2^32', edited(skip, roundOffset + 3, 1)),
    refused('an order that is longer than its length', edited(quorum, roundOffset + 8 + 32 + 1, 1)),
  ];
}

function refusedEvidence(): Refused[] {
  const [votes, , unlocked, locked] = evidence().map(([, each]) => encodeEvidence(each)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const signerOffset = 2 + 8 + 48;
  const firstValue = signerOffset + 1 + 8;
  const secondValue = firstValue + 32 + 64;
  const sameValues = Uint8Array.from(votes);
  sameValues.set(votes.subarray(firstValue, firstValue + 32), secondValue);
  const flagOffset = firstValue;
  const commitRound = flagOffset + 1 + 64;
  const lockedRound = flagOffset + 1 + 8;
  return [
    refused('nothing', new Uint8Array(0)),
    refused('a byte missing', votes.subarray(0, votes.length - 1)),
    refused('a byte too many', concatBytes(votes, Uint8Array.of(0))),
    refused('version 0', edited(votes, 0, 0)),
    refused('type 0', edited(votes, 1, 0)),
    refused('type 4', edited(votes, 1, 4)),
    refused('votes as commits', edited(votes, 1, 2)),
    refused('a signer beyond the largest committee', edited(votes, signerOffset, 128)),
    refused('a round of 2^32', edited(votes, signerOffset + 1 + 3, 1)),
    refused('the same value twice', sameValues),
    refused('a flag of 2', edited(unlocked, flagOffset, 2)),
    refused('a commit in the round of the promise', edited(unlocked, commitRound + 7, 0xff)),
    refused('a commit in the round of the lock', concatBytes(
      locked.subarray(0, lockedRound),
      unlocked.subarray(commitRound, commitRound + 8),
      locked.subarray(lockedRound + 8),
    )),
  ];
}

function refused(name: string, bytes: Uint8Array, code = 'INVALID_FORMAT'): Refused {
  return { name, bytes: toHex(bytes), code };
}

function edited(bytes: Uint8Array, index: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[index] = value;
  return copy;
}
