import { describe, expect, it } from 'vitest';
import { createVerificationContext } from './context.ts';
import { createSecp256k1Signer } from './secp256k1-signer.ts';
import { signCommit, signVote } from './sign-ballot.ts';
import { createCountingEngine } from './testing/counting-engine.fixtures.ts';
import {
  ballotOf,
  certify,
  createTestNetwork,
  signOrder,
  type TestValidator,
  testOrder,
} from './testing/network.fixtures.ts';
import { verifyCommit, verifyVote } from './verify-ballot.ts';
import { verifyCommitCertificate, verifyQuorumCertificate } from './verify-certificate.ts';

const alice = createSecp256k1Signer(new Uint8Array(32).fill(0xa1));
const test = createTestNetwork();
const [dave, edgar] = test.validators as [TestValidator, TestValidator];
const signedOrder = await signOrder(alice, testOrder(alice));
const ballot = ballotOf(signedOrder);
const { qc, cc } = await certify(test, [0, 1, 2], ballot, signedOrder);

describe('own ballots', () => {
  it('are those that everybody verifies', async () => {
    const context = createVerificationContext(test.network, createCountingEngine());
    const vote = await signVote(context, ballot, 0, dave.voting);
    const commit = await signCommit(context, ballot, 0, dave.settlement);
    expect(vote.signature).toEqual(qc.signatures[0]);
    expect(commit.signature).toEqual(cc.signatures[0]);
    const elsewhere = createVerificationContext(test.network, createCountingEngine());
    await verifyVote(elsewhere, vote);
    await verifyCommit(elsewhere, commit);
  });

  it('are not verified again inside a certificate', async () => {
    const engine = createCountingEngine();
    const context = createVerificationContext(test.network, engine);
    await signVote(context, ballot, 0, dave.voting);
    await signCommit(context, ballot, 0, dave.settlement);
    await verifyQuorumCertificate(context, qc);
    // Two other votes and the payer.
    expect(engine.count()).toBe(3);
    await verifyCommitCertificate(context, cc);
    expect(engine.count()).toBe(5);
  });

  it('of a key that is not the named member’s are verified, and refused', async () => {
    const context = createVerificationContext(test.network, createCountingEngine());
    const vote = await signVote(context, ballot, 0, edgar.voting);
    await expect(verifyVote(context, vote)).rejects.toEqual(expect.objectContaining({ code: 'INVALID_SIGNATURE' }));
    const commit = await signCommit(context, ballot, 0, edgar.settlement);
    await expect(verifyCommit(context, commit)).rejects.toEqual(expect.objectContaining({ code: 'INVALID_SIGNATURE' }));
  });
});
