import {
  type Certificate,
  type CommitCertificate,
  concatBytes,
  type QuorumCertificate,
  RejectError,
  SKIP,
  toAmount,
  toHash,
  toSequence,
} from '@fastpay/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVerificationContext, type VerificationContext } from './context.ts';
import { createSecp256k1Signer } from './secp256k1-signer.ts';
import { createCountingEngine } from './testing/counting-engine.fixtures.ts';
import { allEngines } from './testing/engines.fixtures.ts';
import {
  ballotOf,
  certify,
  createTestNetwork,
  signOrder,
  type TestNetwork,
  testOrder,
} from './testing/network.fixtures.ts';
import { createPasskeyPayer } from './testing/payers.fixtures.ts';
import { verifyCommitCertificate, verifyQuorumCertificate } from './verify-certificate.ts';

const engines = await allEngines();
const alice = createSecp256k1Signer(new Uint8Array(32).fill(0xa1));
const carol = createSecp256k1Signer(new Uint8Array(32).fill(0xca));
const test = createTestNetwork();
const signedOrder = await signOrder(alice, testOrder(alice));
const { qc, cc } = await certify(test, [0, 1, 3], ballotOf(signedOrder), signedOrder);

const verifyAny = (context: VerificationContext, certificate: Certificate) =>
  certificate.type === 'quorum'
    ? verifyQuorumCertificate(context, certificate)
    : verifyCommitCertificate(context, certificate);

const refusal = expect.objectContaining({ code: 'INVALID_CERTIFICATE' });

describe.each(engines)('certificates in the %s engine', (_, engine) => {
  const fresh = () => createVerificationContext(test.network, engine);

  it('are taken with the signatures of a quorum', async () => {
    await verifyQuorumCertificate(fresh(), qc);
    await verifyCommitCertificate(fresh(), cc);
  });

  it('are taken from any quorum, and from everybody', async () => {
    for (const signers of [
      [0, 1, 2],
      [1, 2, 3],
      [0, 1, 2, 3],
    ]) {
      const other = await certify(test, signers, ballotOf(signedOrder), signedOrder);
      await verifyQuorumCertificate(fresh(), other.qc);
      await verifyCommitCertificate(fresh(), other.cc);
    }
  });

  it('are taken over SKIP, without an order', async () => {
    const skip = await certify(test, [0, 1, 2], { ...ballotOf(signedOrder, 3), value: SKIP });
    await verifyQuorumCertificate(fresh(), skip.qc);
    await verifyCommitCertificate(fresh(), skip.cc);
  });

  it('are taken for an order that a passkey signed', async () => {
    const passkey = createPasskeyPayer(new Uint8Array(32).fill(0x0b));
    const order = await signOrder(passkey, testOrder(passkey, { kind: 1 }));
    const made = await certify(test, [0, 2, 3], ballotOf(order), order);
    await verifyQuorumCertificate(fresh(), made.qc);
    await verifyCommitCertificate(fresh(), made.cc);
  });

  it('are refused when a signature belongs to another round, value or slot', async () => {
    const others = [
      { ...ballotOf(signedOrder), round: 1 },
      { ...ballotOf(signedOrder), value: toHash(`0x${'01'.repeat(32)}`) },
      { ...ballotOf(signedOrder), slot: { ...qc.slot, sequence: toSequence(1n) } },
    ];
    for (const ballot of others) {
      const other = await certify(test, [3], ballot);
      const mixed = { ...qc, signatures: [...qc.signatures.slice(0, 2), ...other.qc.signatures] };
      const mixedCommit = { ...cc, signatures: [...cc.signatures.slice(0, 2), ...other.cc.signatures] };
      await expect(verifyQuorumCertificate(fresh(), mixed)).rejects.toEqual(refusal);
      await expect(verifyCommitCertificate(fresh(), mixedCommit)).rejects.toEqual(refusal);
    }
  });

  it('are refused with any bit of any signature flipped', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Certificate>(qc, cc),
        fc.nat(2),
        fc.nat(64 * 8 - 1),
        async (certificate, which, bit) => {
          const signatures = certificate.signatures.map(({ signer, signature }, index) => {
            const bytes = Uint8Array.from(signature);
            if (index === which) bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
            return { signer, signature: bytes };
          });
          await expect(verifyAny(fresh(), { ...certificate, signatures })).rejects.toEqual(refusal);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('certificates', () => {
  const engine = createCountingEngine();
  const fresh = () => createVerificationContext(test.network, engine);

  it.each<[string, Partial<Certificate>]>([
    ['another epoch', { epoch: 1n }],
    ['no signatures', { signatures: [] }],
    ['less than a quorum', { signatures: qc.signatures.slice(1) }],
    ['a signer twice', { signatures: [qc.signatures[0], qc.signatures[0], qc.signatures[1]] as never }],
    ['signers out of order', { signatures: qc.signatures.toReversed() }],
    ['a signer beyond the committee', { signatures: qc.signatures.map((s, i) => (i === 2 ? { ...s, signer: 4 } : s)) }],
    ['a negative signer', { signatures: qc.signatures.map((s, i) => (i === 0 ? { ...s, signer: -1 } : s)) }],
    [
      'a signer that is no whole number',
      { signatures: qc.signatures.map((s, i) => (i === 0 ? { ...s, signer: 0.5 } : s)) },
    ],
    [
      'a signer that is not a number',
      { signatures: qc.signatures.map((s, i) => (i === 2 ? { ...s, signer: Number.NaN } : s)) },
    ],
    ['a negative round', { round: -1 }],
    ['a round beyond 32 bits', { round: 2 ** 32 }],
    ['a round between two', { round: 0.5 }],
    ['an order although the value is SKIP', { value: SKIP }],
    ['another value than its order', { value: toHash(`0x${'01'.repeat(32)}`) }],
    ['another slot than its order', { slot: { ...qc.slot, sequence: toSequence(1n) } }],
    ['an altered amount', { signedOrder: { ...signedOrder, order: { ...signedOrder.order, amount: toAmount(1n) } } }],
  ])('are refused with %s before any signature is checked', async (_, change) => {
    engine.reset();
    await expect(verifyQuorumCertificate(fresh(), { ...qc, ...change } as QuorumCertificate)).rejects.toEqual(refusal);
    await expect(verifyCommitCertificate(fresh(), { ...cc, ...change } as CommitCertificate)).rejects.toEqual(refusal);
    expect(engine.count()).toBe(0);
  });

  it('are refused without the order behind their value', async () => {
    const { signedOrder: _, ...bare } = qc;
    await expect(verifyQuorumCertificate(fresh(), bare)).rejects.toEqual(refusal);
  });

  it('are refused over an order that breaks a rule of its own, whoever signed it', async () => {
    const order = await signOrder(alice, testOrder(alice, { recipient: alice.address }));
    const made = await certify(test, [0, 1, 2], ballotOf(order), order);
    await expect(verifyCommitCertificate(fresh(), made.cc)).rejects.toEqual(refusal);
  });

  it('are refused without a valid payer signature, whoever voted', async () => {
    for (const payerSignature of [
      await carol.sign(qc.value),
      concatBytes(signedOrder.payerSignature, Uint8Array.of(0)),
      new Uint8Array(0),
    ]) {
      const forged = { order: signedOrder.order, payerSignature };
      await expect(verifyQuorumCertificate(fresh(), { ...qc, signedOrder: forged })).rejects.toEqual(refusal);
      await expect(verifyCommitCertificate(fresh(), { ...cc, signedOrder: forged })).rejects.toEqual(refusal);
    }
  });

  it('are refused when votes stand in for commits', async () => {
    const votes = { ...qc, type: 'commit' } as const;
    const commits = { ...cc, type: 'quorum' } as const;
    await expect(verifyCommitCertificate(fresh(), votes)).rejects.toEqual(refusal);
    await expect(verifyQuorumCertificate(fresh(), commits)).rejects.toEqual(refusal);
  });

  it('are refused on another network', async () => {
    const domain = { ...test.network.domain, salt: toHash(`0x${'ff'.repeat(32)}`) };
    const elsewhere = createVerificationContext({ ...test.network, domain }, engine);
    await expect(verifyCommitCertificate(elsewhere, cc)).rejects.toEqual(refusal);
  });

  it('count stake, not heads', async () => {
    // W 10, v 4, q 7.
    const weighted: TestNetwork = createTestNetwork([5n, 2n, 2n, 1n]);
    const context = createVerificationContext(weighted.network, engine);
    const enough = await certify(weighted, [0, 1], ballotOf(signedOrder), signedOrder);
    await verifyCommitCertificate(context, enough.cc);
    const tooLittle = await certify(weighted, [1, 2, 3], ballotOf(signedOrder), signedOrder);
    await expect(verifyCommitCertificate(context, tooLittle.cc)).rejects.toEqual(refusal);
  });

  it('do not turn a broken engine into a refusal', async () => {
    const broken = { ...engine, ed25519Verify: () => Promise.reject(new TypeError('no engine')) };
    const context = createVerificationContext(test.network, broken);
    await expect(verifyQuorumCertificate(context, qc)).rejects.toThrowError(TypeError);
    await expect(verifyQuorumCertificate(context, qc)).rejects.not.toBeInstanceOf(RejectError);
  });
});

describe('what was verified before', () => {
  it('is not verified again: not the payer, not the signers', async () => {
    const engine = createCountingEngine();
    const context = createVerificationContext(test.network, engine);
    await verifyQuorumCertificate(context, qc);
    expect(engine.count()).toBe(4);
    await verifyQuorumCertificate(context, qc);
    expect(engine.count()).toBe(4);
    await verifyCommitCertificate(context, cc);
    expect(engine.count()).toBe(7);
  });

  it('says nothing about another signature, value or signer', async () => {
    const context = createVerificationContext(test.network, createCountingEngine());
    await verifyCommitCertificate(context, cc);
    const swapped = cc.signatures.map(({ signer }, index) => ({
      signer,
      signature: cc.signatures[(index + 1) % 3]?.signature ?? new Uint8Array(65),
    }));
    await expect(verifyCommitCertificate(context, { ...cc, signatures: swapped })).rejects.toEqual(refusal);
    await expect(verifyCommitCertificate(context, { ...cc, round: 1 })).rejects.toEqual(refusal);
  });

  it('does not hold what failed', async () => {
    const engine = createCountingEngine();
    const context = createVerificationContext(test.network, engine);
    const forged = { ...cc, signatures: cc.signatures.map((s) => ({ ...s, signature: new Uint8Array(65).fill(1) })) };
    await expect(verifyCommitCertificate(context, forged)).rejects.toEqual(refusal);
    const first = engine.count();
    await expect(verifyCommitCertificate(context, forged)).rejects.toEqual(refusal);
    expect(engine.count()).toBe(2 * first);
  });
});
