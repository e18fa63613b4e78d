import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificate, signedOrder } from './arbitraries.fixtures.ts';
import { concatBytes, toHex } from './bytes.ts';
import { type Certificate, certificateIdentity } from './certificate.ts';
import {
  decodeCertificate,
  decodeCommitCertificate,
  decodeQuorumCertificate,
  encodeCertificate,
} from './certificate-codec.ts';
import { limits } from './limits.ts';
import type { OrderKind } from './order.ts';
import { decodeSignedOrder, encodeSignedOrder } from './order-codec.ts';
import { RejectError } from './reject.ts';
import { SKIP } from './slot.ts';

const [order] = fc.sample(signedOrder, { numRuns: 1, seed: 1 });
const certificates = fc.sample(certificate, { numRuns: 40, seed: 2 });
const withOrder = certificates.find((each) => each.signedOrder && each.signatures.length > 2);
const withSkip = certificates.find((each) => !each.signedOrder);
if (!order || !withOrder || !withSkip) throw new Error('the samples are too few');

const refusal = expect.objectContaining({ code: 'INVALID_FORMAT' });

/** Decodes, or gives nothing for a definite refusal; any other error fails the test. */
function attempt<Value>(decode: (bytes: Uint8Array) => Value, bytes: Uint8Array): Value | undefined {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof RejectError) return undefined;
    throw error;
  }
}

describe('signed orders', () => {
  it('go there and back', () => {
    fc.assert(
      fc.property(signedOrder, (each) => {
        expect(decodeSignedOrder(encodeSignedOrder(each))).toEqual(each);
      }),
    );
  });

  it('are refused when shortened or lengthened', () => {
    const bytes = encodeSignedOrder(order);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSignedOrder(bytes.subarray(0, length))).toThrowError(refusal);
    }
    expect(() => decodeSignedOrder(concatBytes(bytes, Uint8Array.of(0)))).toThrowError(refusal);
    expect(() => decodeSignedOrder(new Uint8Array(limits.orderBytes + 1))).toThrowError(refusal);
  });

  it('are not written beyond the bounds within which they are read', () => {
    const parents = new Array(limits.parents + 1).fill(SKIP);
    expect(() => encodeSignedOrder({ ...order, order: { ...order.order, parents } })).toThrowError(refusal);
    const payerSignature = new Uint8Array(limits.payerSignatureBytes + 1);
    expect(() => encodeSignedOrder({ ...order, payerSignature })).toThrowError(refusal);
    const kind = 2 as OrderKind;
    expect(() => encodeSignedOrder({ ...order, order: { ...order.order, kind } })).toThrowError(
      expect.objectContaining({ code: 'NOT_PAYMENT' }),
    );
  });

  it('fit the bound at their longest', () => {
    const parents = new Array(limits.parents).fill(SKIP);
    const payerSignature = new Uint8Array(limits.payerSignatureBytes);
    const longest = { order: { ...order.order, parents }, payerSignature };
    expect(encodeSignedOrder(longest).length).toBeLessThanOrEqual(limits.orderBytes);
    expect(decodeSignedOrder(encodeSignedOrder(longest))).toEqual(longest);
  });

  it('have one form: whatever decodes is what encoding writes', () => {
    const edits = fc.array(fc.tuple(fc.nat(500), fc.nat(255)), { maxLength: 3 });
    fc.assert(
      fc.property(signedOrder, edits, (each, changes) => {
        const bytes = encodeSignedOrder(each);
        for (const [index, value] of changes) bytes[index % bytes.length] = value;
        const decoded = attempt(decodeSignedOrder, bytes);
        if (decoded) expect(toHex(encodeSignedOrder(decoded))).toBe(toHex(bytes));
      }),
      { numRuns: 500 },
    );
  });
});

describe('certificates', () => {
  it('go there and back', () => {
    fc.assert(
      fc.property(certificate, (each) => {
        expect(decodeCertificate(encodeCertificate(each))).toEqual(each);
      }),
    );
  });

  it('are refused when shortened or lengthened', () => {
    for (const each of [withOrder, withSkip]) {
      const bytes = encodeCertificate(each);
      for (let length = 0; length < bytes.length; length++) {
        expect(() => decodeCertificate(bytes.subarray(0, length))).toThrowError(refusal);
      }
      expect(() => decodeCertificate(concatBytes(bytes, Uint8Array.of(0)))).toThrowError(refusal);
    }
  });

  it('are read as the type that was asked for, or refused', () => {
    const quorum = { ...withSkip, type: 'quorum', signatures: [] } as const;
    const commit = { ...withSkip, type: 'commit', signatures: [] } as const;
    expect(decodeQuorumCertificate(encodeCertificate(quorum))).toEqual(quorum);
    expect(decodeCommitCertificate(encodeCertificate(commit))).toEqual(commit);
    expect(() => decodeQuorumCertificate(encodeCertificate(commit))).toThrowError(refusal);
    expect(() => decodeCommitCertificate(encodeCertificate(quorum))).toThrowError(refusal);
  });

  it.each<[string, Certificate]>([
    ['signers out of order', { ...withOrder, signatures: withOrder.signatures.toReversed() }],
    ['a signer twice', { ...withOrder, signatures: [withOrder.signatures[0], withOrder.signatures[0]] as never }],
    [
      'a signer beyond the largest committee',
      { ...withOrder, signatures: [{ signer: 128, signature: new Uint8Array(64) }] },
    ],
    ['a signature of another length', { ...withOrder, signatures: [{ signer: 0, signature: new Uint8Array(63) }] }],
    ['a round beyond 32 bits', { ...withOrder, round: limits.maxRound + 1 }],
    ['a negative round', { ...withOrder, round: -1 }],
    ['an order beside SKIP', { ...withOrder, value: SKIP }],
    ['an epoch beyond 64 bits', { ...withOrder, epoch: 1n << 64n }],
  ])('are not written with %s', (_, each) => {
    expect(() => encodeCertificate(each)).toThrowError(refusal);
  });

  it('are not written without the order behind their value', () => {
    const { signedOrder: _, ...bare } = withOrder;
    expect(() => encodeCertificate(bare)).toThrowError(refusal);
  });

  it.each([
    ['an unknown version', 0, 2],
    ['an unknown type', 1, 3],
    ['the type 0', 1, 0],
    ['a round beyond 32 bits', 61, 1],
  ])('are refused with %s', (_, index, value) => {
    const bytes = encodeCertificate(withSkip);
    bytes[index] = value;
    expect(() => decodeCertificate(bytes)).toThrowError(refusal);
  });

  it('have one form: whatever decodes is what encoding writes', () => {
    const edits = fc.array(fc.tuple(fc.nat(900), fc.nat(255)), { maxLength: 3 });
    fc.assert(
      fc.property(certificate, edits, (each, changes) => {
        const bytes = encodeCertificate(each);
        for (const [index, value] of changes) bytes[index % bytes.length] = value;
        const decoded = attempt(decodeCertificate, bytes);
        if (decoded) expect(toHex(encodeCertificate(decoded))).toBe(toHex(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('refuse any other bytes definitely', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const decoded = attempt(decodeCertificate, bytes);
        if (decoded) expect(toHex(encodeCertificate(decoded))).toBe(toHex(bytes));
        attempt(decodeSignedOrder, bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('are the same certificate with other signers, and another with another value', () => {
    const fewer = { ...withOrder, signatures: withOrder.signatures.slice(1) };
    expect(certificateIdentity(fewer)).toBe(certificateIdentity(withOrder));
    for (const other of [
      { ...withOrder, round: withOrder.round === 0 ? 1 : 0 },
      { ...withOrder, value: SKIP },
      { ...withOrder, epoch: withOrder.epoch + 1n },
      { ...withOrder, slot: withSkip.slot },
      { ...withOrder, type: withOrder.type === 'quorum' ? 'commit' : 'quorum' } as Certificate,
    ]) {
      expect(certificateIdentity(other)).not.toBe(certificateIdentity(withOrder));
    }
  });
});
