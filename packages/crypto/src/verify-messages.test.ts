import {
  type AccountStatement,
  accountStatementBytes,
  domainSeparator,
  type SignedBallot,
  type SignedStatement,
  toAmount,
  toHash,
  toSequence,
} from '@fastpay/protocol';
import { describe, expect, it } from 'vitest';
import { createVerificationContext } from './context.ts';
import { createSecp256k1Signer } from './secp256k1-signer.ts';
import { createCountingEngine } from './testing/counting-engine.fixtures.ts';
import { allEngines } from './testing/engines.fixtures.ts';
import { ballotOf, certify, createTestNetwork, signOrder, testOrder } from './testing/network.fixtures.ts';
import { createP256Payer, createPasskeyPayer } from './testing/payers.fixtures.ts';
import { verifyCommit, verifyVote } from './verify-ballot.ts';
import { verifySignedOrder } from './verify-order.ts';
import { verifyStatement } from './verify-statement.ts';

const engines = await allEngines();
const alice = createSecp256k1Signer(new Uint8Array(32).fill(0xa1));
const test = createTestNetwork();
const order = testOrder(alice);
const signedOrder = await signOrder(alice, order);
const ballot = ballotOf(signedOrder);
const { qc, cc } = await certify(test, [0, 1, 2, 3], ballot, signedOrder);
const ballotsOf = (certificate: typeof qc | typeof cc): SignedBallot[] =>
  certificate.signatures.map((signature) => ({ epoch: 0n, ...ballot, signature }));
const votes = ballotsOf(qc);
const commits = ballotsOf(cc);
const [vote] = votes as [SignedBallot];
const [commit] = commits as [SignedBallot];

const invalidSignature = expect.objectContaining({ code: 'INVALID_SIGNATURE' });
const invalidFormat = expect.objectContaining({ code: 'INVALID_FORMAT' });

describe.each(engines)('single messages in the %s engine', (_, engine) => {
  const context = () => createVerificationContext(test.network, engine);

  it('are taken: votes and commits of every member', async () => {
    for (const each of votes) await verifyVote(context(), each);
    for (const each of commits) await verifyCommit(context(), each);
  });

  it('are taken: orders of all three schemes', async () => {
    for (const payer of [
      alice,
      createP256Payer(new Uint8Array(32).fill(2)),
      createPasskeyPayer(new Uint8Array(32).fill(3)),
    ]) {
      const signed = await signOrder(payer, testOrder(payer));
      expect(await verifySignedOrder(context(), signed)).toBe(ballotOf(signed).value);
    }
  });

  it('are refused with the signature of another member', async () => {
    const other = { ...vote, signature: { signer: 0, signature: votes[1]?.signature.signature ?? new Uint8Array() } };
    await expect(verifyVote(context(), other)).rejects.toEqual(invalidSignature);
    const otherCommit = {
      ...commit,
      signature: { signer: 0, signature: commits[1]?.signature.signature ?? new Uint8Array() },
    };
    await expect(verifyCommit(context(), otherCommit)).rejects.toEqual(invalidSignature);
  });
});

describe('ballots', () => {
  const context = createVerificationContext(test.network, createCountingEngine());

  it.each<[string, Partial<SignedBallot>]>([
    ['another epoch', { epoch: 1n }],
    ['another round', { round: 1 }],
    ['another value', { value: toHash(`0x${'01'.repeat(32)}`) }],
    ['another slot', { slot: { ...ballot.slot, sequence: toSequence(1n) } }],
    ['a signer beyond the committee', { signature: { signer: 4, signature: vote.signature.signature } }],
    ['a negative signer', { signature: { signer: -1, signature: vote.signature.signature } }],
    ['a signature of no length', { signature: { signer: 0, signature: new Uint8Array(0) } }],
  ])('are refused with %s', async (_, change) => {
    await expect(verifyVote(context, { ...vote, ...change })).rejects.toEqual(invalidSignature);
    await expect(verifyCommit(context, { ...commit, ...change })).rejects.toEqual(invalidSignature);
  });

  it.each([-1, 0.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY])('are refused with round %d', async (round) => {
    await expect(verifyVote(context, { ...vote, round })).rejects.toEqual(invalidFormat);
    await expect(verifyCommit(context, { ...commit, round })).rejects.toEqual(invalidFormat);
  });

  it('are refused as the other kind', async () => {
    await expect(verifyVote(context, commit)).rejects.toEqual(invalidSignature);
    await expect(verifyCommit(context, vote)).rejects.toEqual(invalidSignature);
  });
});

describe('orders', () => {
  const engine = createCountingEngine();
  const context = createVerificationContext(test.network, engine);

  it('are refused before any signature is checked when they break a rule', async () => {
    engine.reset();
    const broken = await signOrder(alice, testOrder(alice, { amount: toAmount(0n) }));
    await expect(verifySignedOrder(context, broken)).rejects.toEqual(invalidFormat);
    const reserve = await signOrder(alice, testOrder(alice, { recipient: test.network.domain.reserve }));
    await expect(verifySignedOrder(context, reserve)).rejects.toEqual(invalidFormat);
    expect(engine.count()).toBe(0);
  });

  it('are refused when anything that the payer signed is altered', async () => {
    for (const change of [
      { amount: toAmount(10_000_001n) },
      { fee: toAmount(2_001n) },
      { sequence: toSequence(1n) },
      { validUntil: 1n },
      { kind: 1 as const },
      { parents: [toHash(`0x${'01'.repeat(32)}`)] },
      { memo: toHash(`0x${'01'.repeat(32)}`) },
    ]) {
      const altered = { ...signedOrder, order: { ...order, ...change } };
      await expect(verifySignedOrder(context, altered)).rejects.toEqual(invalidSignature);
    }
  });

  it('are verified once', async () => {
    engine.reset();
    await verifySignedOrder(context, signedOrder);
    await verifySignedOrder(context, signedOrder);
    expect(engine.count()).toBe(1);
  });
});

describe('account statements', () => {
  const context = createVerificationContext(test.network, createCountingEngine());
  const statement: AccountStatement = {
    account: { owner: alice.address, asset: order.asset },
    balance: -5n,
    next: 3n,
    finalizedHeight: 9n,
    finalizedHash: toHash(`0x${'0f'.repeat(32)}`),
    unixMillis: 1_800_000_000_000n,
    clientNonce: new Uint8Array(16).fill(7),
  };
  const bytes = accountStatementBytes({ separator: domainSeparator(test.network.domain), epoch: 0n }, statement);
  const signed = async (signer: number): Promise<SignedStatement> => ({
    epoch: 0n,
    statement,
    signature: { signer, signature: (await test.validators[signer]?.voting.sign(bytes)) ?? new Uint8Array() },
  });

  it('are taken from every member', async () => {
    for (let signer = 0; signer < 4; signer++) await verifyStatement(context, await signed(signer));
  });

  it('are refused when altered, from another member, or of another epoch', async () => {
    const good = await signed(2);
    for (const change of [{ balance: 5n }, { next: 4n }, { clientNonce: new Uint8Array(16) }, { unixMillis: 0n }]) {
      const altered = { ...good, statement: { ...statement, ...change } };
      await expect(verifyStatement(context, altered)).rejects.toEqual(invalidSignature);
    }
    const other = { ...good, signature: { ...good.signature, signer: 1 } };
    await expect(verifyStatement(context, other)).rejects.toEqual(invalidSignature);
    await expect(verifyStatement(context, { ...good, epoch: 1n })).rejects.toEqual(invalidSignature);
  });
});
