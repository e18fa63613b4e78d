import {
  type Evidence,
  limits,
  newRoundDigest,
  type ProvenPromise,
  proposeDigest,
  type SignedPromise,
  SKIP,
  toHash,
  toSequence,
} from '@fastpay/protocol';
import { describe, expect, it } from 'vitest';
import { createVerificationContext } from './context.ts';
import type { CryptoEngine } from './engine.ts';
import { createSecp256k1Signer } from './secp256k1-signer.ts';
import { signAsDriver, signNewRound, signPromise, signProposal } from './sign-round.ts';
import { createCountingEngine } from './testing/counting-engine.fixtures.ts';
import { allEngines } from './testing/engines.fixtures.ts';
import {
  ballotOf,
  certify,
  createTestNetwork,
  signOrder,
  type TestValidator,
  testOrder,
} from './testing/network.fixtures.ts';
import { createP256Payer, createPasskeyPayer } from './testing/payers.fixtures.ts';
import { verifyNewRound, verifyProposal } from './verify-authority.ts';
import { verifyEvidence } from './verify-evidence.ts';
import { type PromiseSet, verifyPromise, verifyPromises, verifyProvenPromise } from './verify-promise.ts';

const engines = await allEngines();
const network = createTestNetwork();
const contextOn = (engine: CryptoEngine = createCountingEngine()) => createVerificationContext(network.network, engine);
const context = contextOn();
const alice = createSecp256k1Signer(new Uint8Array(32).fill(0xa1));
const mallory = createSecp256k1Signer(new Uint8Array(32).fill(0x66));
const signedOrder = await signOrder(alice, testOrder(alice));
const { slot, value } = ballotOf(signedOrder);
const { qc, cc } = await certify(network, [0, 1, 2], { slot, round: 0, value }, signedOrder);
const validator = (signer: number) => network.validators[signer] as TestValidator;
const promiseOf = (signer: number, round = 2, lock?: SignedPromise['lock']) =>
  signPromise(context, { slot, round, lock }, signer, validator(signer).voting);
const lock = { epoch: 0n, round: 0, value };
const code = (name: string) => expect.objectContaining({ code: name });

describe.each(engines)('messages of higher rounds in the %s engine', (_, engine) => {
  it('are taken as signed: rounds and proposals of every kind of owner, drivers, promises with their locks', async () => {
    const checks = contextOn(engine);
    for (const owner of [
      alice,
      createP256Payer(new Uint8Array(32).fill(2)),
      createPasskeyPayer(new Uint8Array(32).fill(3)),
    ]) {
      const own = { ...slot, owner: owner.address };
      await verifyNewRound(checks, await signNewRound(context, own, 1, owner));
      await verifyProposal(checks, await signProposal(context, { slot: own, round: 1, value: SKIP }, undefined, owner));
    }
    await verifyProposal(checks, await signProposal(context, { slot, round: 1, value }, signedOrder, alice));
    await verifyProvenPromise(checks, { promise: await promiseOf(0) });
    await verifyProvenPromise(checks, { promise: await promiseOf(3, 2, lock), lockCertificate: qc });
  });
});

describe('the authority of a round', () => {
  it('is its owner’s, over exactly this message', async () => {
    const signed = await signNewRound(context, slot, 3, alice);
    for (const change of [
      { round: 4 },
      { slot: { ...slot, sequence: toSequence(1n) } },
      { slot: { ...slot, owner: mallory.address } },
      { authority: (await signNewRound(context, slot, 3, mallory)).authority },
      { authority: { type: 'owner' as const, signature: new Uint8Array(0) } },
    ]) {
      await expect(verifyNewRound(context, { ...signed, ...change })).rejects.toEqual(code('INVALID_SIGNATURE'));
    }
    await expect(verifyNewRound(context, { ...signed, epoch: 1n })).rejects.toEqual(code('INVALID_FORMAT'));
  });

  it('of a proposal is no authority to open a round, nor the other way round', async () => {
    const opened = await signNewRound(context, slot, 3, alice);
    const proposed = await signProposal(context, { slot, round: 3, value: SKIP }, undefined, alice);
    const swapped = [
      verifyNewRound(context, { ...opened, authority: proposed.authority }),
      verifyProposal(context, { ...proposed, authority: opened.authority }),
    ];
    for (const each of swapped) await expect(each).rejects.toEqual(code('INVALID_SIGNATURE'));
  });

  it('is a driver’s from the first exit round on, and the owner’s below', async () => {
    const first = limits.firstExitRound;
    const driven = async (round: number, signer = 1, by = signer) => {
      const digest = newRoundDigest({ separator: context.separator, epoch: 0n }, slot, round);
      const signature = { ...(await signAsDriver(context, digest, by, validator(by).voting)), signer };
      return { epoch: 0n, slot, round, authority: { type: 'driver' as const, signature } };
    };
    await verifyNewRound(contextOn(), await driven(first));
    await verifyNewRound(contextOn(), await driven(limits.maxRound));
    await verifyNewRound(contextOn(), await signNewRound(context, slot, first - 1, alice));
    await expect(verifyNewRound(context, await driven(first - 1))).rejects.toEqual(code('INVALID_FORMAT'));
    await expect(verifyNewRound(context, await signNewRound(context, slot, first, alice))).rejects.toEqual(
      code('INVALID_FORMAT'),
    );
    await expect(verifyNewRound(context, await driven(first, 2, 1))).rejects.toEqual(code('INVALID_SIGNATURE'));
    await expect(verifyNewRound(context, await driven(first, 9, 1))).rejects.toEqual(code('INVALID_SIGNATURE'));
    const digest = proposeDigest({ separator: context.separator, epoch: 0n }, { slot, round: first, value: SKIP });
    const signature = await signAsDriver(context, digest, 3, validator(3).voting);
    const proposal = { epoch: 0n, slot, round: first, value: SKIP, authority: { type: 'driver' as const, signature } };
    await verifyProposal(contextOn(), proposal);
    const newRound = { epoch: 0n, slot, round: first, authority: proposal.authority };
    await expect(verifyNewRound(context, newRound)).rejects.toEqual(code('INVALID_SIGNATURE'));
  });

  it('is checked before the payer of the order, and after everything that costs nothing', async () => {
    const engine = createCountingEngine();
    const checks = contextOn(engine);
    const good = await signProposal(context, { slot, round: 1, value }, signedOrder, alice);
    const other = await signOrder(alice, testOrder(alice, { sequence: toSequence(1n) }));
    const { signedOrder: _order, ...bare } = good;
    for (const wrong of [
      { ...good, round: 0 },
      { ...good, round: limits.maxRound + 1 },
      { ...good, signedOrder: other },
      { ...good, value: SKIP },
      { ...good, value: toHash(`0x${'01'.repeat(32)}`) },
      bare,
    ]) {
      await expect(verifyProposal(checks, wrong)).rejects.toEqual(code('INVALID_FORMAT'));
    }
    expect(engine.count()).toBe(0);
    const unsigned = { ...good, authority: { type: 'owner' as const, signature: new Uint8Array(65) } };
    const unpaid = { ...unsigned, signedOrder: { ...signedOrder, payerSignature: new Uint8Array(65) } };
    await expect(verifyProposal(checks, unpaid)).rejects.toThrow(/owner/);
    const payer = { ...good, signedOrder: { ...signedOrder, payerSignature: new Uint8Array(65) } };
    await expect(verifyProposal(checks, payer)).rejects.toThrow(/payer signature/);
  });
});

describe('a promise', () => {
  it('is its signer’s, over exactly this round and lock', async () => {
    const promise = await promiseOf(1, 2, lock);
    const { lock: _lock, ...unlocked } = promise;
    for (const wrong of [
      { ...promise, round: 3 },
      { ...promise, slot: { ...slot, sequence: toSequence(1n) } },
      { ...promise, epoch: 1n },
      { ...promise, lock: { ...lock, round: 1 } },
      { ...promise, lock: { ...lock, value: SKIP } },
      unlocked,
      { ...promise, signature: { ...promise.signature, signer: 2 } },
      { ...promise, signature: { ...promise.signature, signer: 4 } },
      { ...promise, signature: { signer: 1, signature: new Uint8Array(63) } },
    ]) {
      await expect(verifyPromise(context, wrong)).rejects.toEqual(code('INVALID_SIGNATURE'));
    }
    for (const wrong of [
      { ...promise, round: 0 },
      { ...promise, round: limits.maxRound + 1 },
      { ...promise, round: 1.5 },
      { ...promise, lock: { ...lock, round: -1 } },
      { ...promise, lock: { ...lock, round: 2 } },
      { ...promise, lock: { ...lock, epoch: 1n } },
    ]) {
      await expect(verifyPromise(context, wrong)).rejects.toEqual(code('INVALID_FORMAT'));
    }
  });

  it('comes with the certificate of its lock, and with no other', async () => {
    const promise = await promiseOf(1, 2, lock);
    const elsewhere = await certify(network, [0, 1, 2], {
      slot: { ...slot, sequence: toSequence(1n) },
      round: 0,
      value: SKIP,
    });
    const wrongs: ProvenPromise[] = [
      { promise },
      { promise: await promiseOf(1), lockCertificate: qc },
      { promise, lockCertificate: { ...qc, round: 1 } },
      { promise, lockCertificate: elsewhere.qc },
      { promise, lockCertificate: { ...qc, signatures: qc.signatures.slice(1) } },
    ];
    for (const wrong of wrongs) {
      await expect(verifyProvenPromise(context, wrong)).rejects.toEqual(code('INVALID_CERTIFICATE'));
    }
  });
});

describe('the promises of a round', () => {
  const setOf = async (changes: Partial<PromiseSet> = {}): Promise<PromiseSet> => ({
    epoch: 0n,
    slot,
    round: 2,
    promises: [await promiseOf(0), await promiseOf(1, 2, lock), await promiseOf(3, 2, lock)],
    lockCertificates: [qc],
    ...changes,
  });

  it('say which value the round can carry', async () => {
    expect((await verifyPromises(context, await setOf())).highestLock).toBe(qc);
    const free = [await promiseOf(0), await promiseOf(1), await promiseOf(2), await promiseOf(3)];
    const checked = await verifyPromises(context, await setOf({ promises: free, lockCertificates: [] }));
    expect(checked.highestLock).toBeUndefined();
    const skip = (await certify(network, [1, 2, 3], { slot, round: 1, value: SKIP })).qc;
    const promises = [
      await promiseOf(0, 2, { epoch: 0n, round: 1, value: SKIP }),
      await promiseOf(1, 2, lock),
      await promiseOf(2),
    ];
    for (const lockCertificates of [
      [qc, skip],
      [skip, qc],
    ]) {
      const both = await verifyPromises(context, await setOf({ promises, lockCertificates }));
      expect(both).toMatchObject({ highestLock: skip });
      expect(both.conflict).toBeUndefined();
    }
  });

  it('show two certificates of one round for different values', async () => {
    const skip = (await certify(network, [0, 1, 2], { slot, round: 0, value: SKIP })).qc;
    const promises = [await promiseOf(0, 2, { ...lock, value: SKIP }), await promiseOf(1, 2, lock), await promiseOf(2)];
    const { conflict } = await verifyPromises(context, await setOf({ promises, lockCertificates: [qc, skip] }));
    expect(conflict).toEqual([qc, skip]);
  });

  it('need the stake of a quorum, not its number', async () => {
    const weighted = createTestNetwork([5n, 1n, 1n]);
    const checks = createVerificationContext(weighted.network, createCountingEngine());
    const promise = (signer: number) =>
      signPromise(checks, { slot, round: 2 }, signer, (weighted.validators[signer] as TestValidator).voting);
    const of = async (...signers: number[]) =>
      verifyPromises(checks, await setOf({ promises: await Promise.all(signers.map(promise)), lockCertificates: [] }));
    await of(0);
    await expect(of(1, 2)).rejects.toEqual(code('INVALID_CERTIFICATE'));
  });

  it('are refused by their form before any signature is checked', async () => {
    const engine = createCountingEngine();
    const checks = contextOn(engine);
    const { promises } = await setOf();
    const [one, two, three] = promises as [SignedPromise, SignedPromise, SignedPromise];
    const wrongs: [string, Partial<PromiseSet>][] = [
      ['another epoch', { epoch: 1n }],
      ['too few', { promises: [one, two] }],
      ['one twice', { promises: [one, two, two] }],
      ['a stranger', { promises: [one, two, { ...three, signature: { ...three.signature, signer: 4 } }] }],
      ['another round', { promises: [one, two, { ...three, round: 3 }] }],
      ['another epoch of one', { promises: [one, two, { ...three, epoch: 1n }] }],
      ['another slot', { promises: [one, two, { ...three, slot: { ...slot, sequence: toSequence(1n) } }] }],
      ['a lock not below', { promises: [one, two, { ...three, lock: { ...lock, round: 2 } }] }],
      ['no certificate', { lockCertificates: [] }],
      ['a certificate of another round', { lockCertificates: [{ ...qc, round: 1 }] }],
      ['a certificate of another value', { lockCertificates: [{ ...qc, value: SKIP }] }],
      ['a certificate of another slot', { lockCertificates: [{ ...qc, slot: { ...slot, sequence: toSequence(1n) } }] }],
      ['a certificate twice', { lockCertificates: [qc, { ...qc }] }],
      ['a certificate of nobody', { promises: [one, await promiseOf(1), await promiseOf(2)] }],
    ];
    for (const [what, change] of wrongs) {
      const refused = verifyPromises(checks, await setOf(change));
      await expect(refused, what).rejects.toEqual(code('INVALID_CERTIFICATE'));
    }
    expect(engine.count()).toBe(0);
  });

  it('cost one signature check when the first of them is forged', async () => {
    const engine = createCountingEngine();
    const checks = contextOn(engine);
    const { promises } = await setOf();
    const forged = promises.map((promise) => ({
      ...promise,
      signature: { ...promise.signature, signature: new Uint8Array(64) },
    }));
    await expect(verifyPromises(checks, await setOf({ promises: forged }))).rejects.toEqual(
      code('INVALID_CERTIFICATE'),
    );
    expect(engine.count()).toBeLessThanOrEqual(1);
  });
});

describe('evidence', () => {
  it('is taken when both messages are signed, and refused otherwise', async () => {
    const skip = await certify(network, [0, 1, 2], { slot, round: 0, value: SKIP });
    const ballots = [qc, skip.qc, cc, skip.cc].map(({ epoch, round, value: of, signatures }) => {
      const [signature] = signatures;
      if (!signature) throw new Error('no signature');
      return { epoch, slot, round, value: of, signature };
    });
    const [vote, otherVote, commit, otherCommit] = ballots;
    if (!vote || !otherVote || !commit || !otherCommit) throw new Error('no ballots');
    const promise = await promiseOf(0);
    for (const evidence of [
      { type: 'votes', first: vote, second: otherVote },
      { type: 'commits', first: commit, second: otherCommit },
      { type: 'promise', promise, commit },
    ] satisfies Evidence[]) {
      await verifyEvidence(contextOn(), evidence);
    }
    const forge = <Message extends { signature: { signer: number; signature: Uint8Array } }>(message: Message) => ({
      ...message,
      signature: { ...message.signature, signature: new Uint8Array(message.signature.signature.length) },
    });
    for (const evidence of [
      { type: 'votes', first: forge(vote), second: otherVote },
      { type: 'votes', first: vote, second: forge(otherVote) },
      { type: 'commits', first: forge(commit), second: otherCommit },
      { type: 'commits', first: commit, second: forge(otherCommit) },
      { type: 'commits', first: vote, second: otherVote },
      { type: 'promise', promise: forge(promise), commit },
      { type: 'promise', promise, commit: forge(commit) },
    ] satisfies Evidence[]) {
      await expect(verifyEvidence(contextOn(), evidence)).rejects.toEqual(code('INVALID_SIGNATURE'));
    }
    const honest: Evidence = { type: 'promise', promise: await promiseOf(0, 2, lock), commit };
    await expect(verifyEvidence(contextOn(), honest)).rejects.toEqual(code('INVALID_FORMAT'));
  });
});

describe('what a validator signs itself', () => {
  it('is known to be good', async () => {
    const engine = createCountingEngine();
    const own = contextOn(engine);
    const promise = await signPromise(own, { slot, round: 2 }, 0, validator(0).voting);
    await verifyPromise(own, promise);
    expect(engine.count()).toBe(0);
  });
});
