import { verifyQuorumCertificate, verifyVote } from '@fastpay/crypto';
import {
  decodeCommitCertificate,
  encodeSignedOrder,
  limits,
  type QuorumCertificate,
  type RoundProposal,
  type SignedOrder,
  type SignedProposal,
  SKIP,
  toAmount,
  toSequence,
} from '@fastpay/protocol';
import { dump } from '@fastpay/storage/testing';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { exitRoundAt } from '../rules/exit-turn.ts';
import { expectRefusal } from '../testing/expect-refusal.fixtures.ts';
import {
  contextOf,
  drivenProposalOf,
  drivenRoundOf,
  newRoundOf,
  promiseOf,
  promisesOf,
  proposalOf,
} from '../testing/rounds.fixtures.ts';
import {
  AT_NOW,
  accountOf,
  ballotOf,
  blockAt,
  certify,
  createWorld,
  fund,
  hashOf,
  NOW,
  NOW_MS,
  openValidator,
  orderOf,
  paid,
  payer,
  quorumOf,
  sign,
  skipOf,
  slotAt,
} from '../testing/world.fixtures.ts';

const world = createWorld();
const [alice, bob, mallory] = [payer(0), payer(1), payer(66)];
const slot = slotAt(alice, 0n);
let first: SignedOrder;
let second: SignedOrder;
let validator: ReturnType<typeof openValidator>;
beforeAll(async () => {
  first = await sign(world, alice, orderOf(alice, bob));
  second = await sign(world, alice, orderOf(alice, bob, { amount: toAmount(5n) }));
});
beforeEach(async () => {
  validator = openValidator(world);
  await fund(validator, alice, 10_000_000n);
});

type Request = Parameters<typeof validator.voteInRound>[0];
type Signers = Parameters<typeof promisesOf>[3];
const submit = (request: RoundProposal & Partial<Request>, at = AT_NOW) =>
  validator.voteInRound({ attachments: [], ...request }, at);
const refused = (request: RoundProposal & Partial<Request>, code: Parameters<typeof expectRefusal>[2]) =>
  expectRefusal(validator, () => submit(request), code);

/** A whole request: Alice proposes an order, or SKIP, on the promises of these signers. */
async function requestOf(round: number, order?: SignedOrder, signers?: Signers): Promise<RoundProposal> {
  return {
    proposal: await proposalOf(world, alice, round, order),
    ...(await promisesOf(world, slot, round, signers)),
  };
}
const lockAt = async (round: number, order?: SignedOrder): Promise<QuorumCertificate> =>
  order ? (await certify(world, ballotOf(world, order, round), order)).qc : (await skipOf(world, slot, round)).qc;
const committedTo = async (certificate: QuorumCertificate) =>
  validator.commit({ certificate, attachments: [] }, AT_NOW);

test('votes for SKIP when nobody is locked, and the vote makes a certificate', async () => {
  const answer = await submit(await requestOf(1));
  if (answer.type !== 'vote') throw new Error('no vote');
  await verifyVote(contextOf(world), answer.vote);
  expect(answer.vote).toMatchObject({ epoch: 0n, slot, round: 1, value: SKIP, signature: { signer: 0 } });
  const { qc } = await certify(world, { slot, round: 1, value: SKIP }, undefined, [1, 2]);
  const whole = quorumOf([answer.vote, ...qc.signatures.map((signature) => ({ ...answer.vote, signature }))]);
  await verifyQuorumCertificate(contextOf(world), whole);
  expect(validator.counters()).toMatchObject({ votesSigned: 1n, lastSignedAtMs: BigInt(NOW_MS) });
});

test('votes for an order when nobody is locked, whatever was voted for in lower rounds', async () => {
  await validator.vote({ signedOrder: first, attachments: [] }, AT_NOW);
  expect(await submit(await requestOf(1, second))).toMatchObject({ vote: { round: 1, value: hashOf(world, second) } });
  expect(validator.payment(hashOf(world, second))?.stage).toBe('ACCEPTED');
  expect(await submit(await requestOf(2, first))).toMatchObject({ vote: { round: 2 } });
});

test('votes once a round: the same value gets the same bytes, another is an equivocation with the stored order', async () => {
  const answer = await submit(await requestOf(3, first));
  const before = dump(validator.kv);
  expect(await submit(await requestOf(3, first, [0, 1, 2]))).toEqual(answer);
  expect(dump(validator.kv)).toEqual(before);
  const stored = { storedOrder: encodeSignedOrder(first) };
  expect(await refused(await requestOf(3, second), 'EQUIVOCATION')).toEqual(stored);
  expect(await refused(await requestOf(3), 'EQUIVOCATION')).toEqual(stored);
  await submit(await requestOf(4));
  expect(await refused(await requestOf(4, first), 'EQUIVOCATION')).toEqual({});
  expect(await submit(await requestOf(3, first))).toEqual(answer);
});

test('asked for two values at once it signs one', async () => {
  const [left, right] = [await requestOf(1, first), await requestOf(1, second)];
  const answers = await Promise.allSettled([submit(left), submit(right)]);
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('a vote binds to its round', async () => {
  await submit(await requestOf(5));
  const facts = { promisedRound: 5 };
  expect(await refused(await requestOf(4), 'STALE_ROUND')).toEqual(facts);
  const newRound = await newRoundOf(world, alice, 5);
  const openRound = () => validator.openRound({ newRound, attachments: [] }, AT_NOW);
  expect(await expectRefusal(validator, openRound, 'STALE_ROUND')).toEqual(facts);
  const qc = await lockAt(4, first);
  expect(await expectRefusal(validator, () => committedTo(qc), 'STALE_ROUND')).toEqual(facts);
  const vote = () => validator.vote({ signedOrder: first, attachments: [] }, AT_NOW);
  expect(await expectRefusal(validator, vote, 'STALE_ROUND')).toEqual(facts);
});

test('votes in the round that it promised, and not below', async () => {
  await validator.openRound({ newRound: await newRoundOf(world, alice, 6), attachments: [] }, AT_NOW);
  expect(await refused(await requestOf(5), 'STALE_ROUND')).toEqual({ promisedRound: 6 });
  expect(await submit(await requestOf(6))).toMatchObject({ type: 'vote' });
});

test('a commit to another value of the round leaves no vote for this one', async () => {
  await committedTo(await lockAt(2, first));
  expect(await refused(await requestOf(2, second), 'EQUIVOCATION')).toEqual({ storedOrder: encodeSignedOrder(first) });
  expect(await submit(await requestOf(2, first))).toMatchObject({ type: 'vote' });
});

test('a lock carries its value: any other is refused, at any round above', async () => {
  const qc = await lockAt(0, first);
  for (const round of [1, 7]) {
    const signers: Signers = [1, 2, [3, qc]];
    await refused(await requestOf(round, second, signers), 'INVALID_FORMAT');
    await refused(await requestOf(round, undefined, signers), 'INVALID_FORMAT');
    expect(await submit(await requestOf(round, first, signers))).toMatchObject({ vote: { round } });
  }
});

test('of several locks the highest wins, SKIP as well', async () => {
  const [low, high, skip] = [await lockAt(0, first), await lockAt(3, second), await lockAt(4)];
  const signers: Signers = [
    [1, high],
    [2, low],
    [3, high],
  ];
  await refused(await requestOf(5, first, signers), 'INVALID_FORMAT');
  await refused(await requestOf(5, undefined, signers), 'INVALID_FORMAT');
  expect(await submit(await requestOf(5, second, signers))).toMatchObject({ type: 'vote' });
  const withSkip: Signers = [
    [1, high],
    [2, skip],
    [3, low],
  ];
  await refused(await requestOf(6, second, withSkip), 'INVALID_FORMAT');
  expect(await submit(await requestOf(6, undefined, withSkip))).toMatchObject({ vote: { value: SKIP } });
});

test('a locked order is carried on without funds, after validUntil, with a low fee: its time to be refused is over', async () => {
  const poor = openValidator(world);
  const qc = await lockAt(0, first);
  const request = await requestOf(1, first, [1, 2, [3, qc]]);
  const late = { nowMs: NOW_MS + 10_000_000 };
  expect(await poor.voteInRound({ ...request, attachments: [] }, late)).toMatchObject({ type: 'vote' });
});

test('an order that nobody is locked on has to pass rule 1, apart from round 0', async () => {
  const orderWith = (changes: Parameters<typeof orderOf>[2]) => sign(world, alice, orderOf(alice, bob, changes));
  await refused(await requestOf(1, await orderWith({ amount: toAmount(10_000_000n) })), 'INSUFFICIENT_FUNDS');
  await refused(await requestOf(1, await orderWith({ fee: toAmount(1n) })), 'FEE_TOO_LOW');
  await refused(await requestOf(1, await orderWith({ validUntil: NOW - 1n })), 'EXPIRED');
  await refused(await requestOf(1, await orderWith({ validUntil: NOW + 90_000n })), 'EXPIRED');
  await refused(await requestOf(1, await orderWith({ parents: [hashOf(world, second)] })), 'MISSING_PARENT');
  const stale = { nowMs: NOW_MS + 200_000_000 };
  const request = await requestOf(1, await orderWith({ validUntil: NOW + 200_100n }));
  await expectRefusal(validator, () => submit(request, stale), 'STALE_CHAIN');
});

test('SKIP needs none of that', async () => {
  const poor = openValidator(world);
  const request = { ...(await requestOf(1)), attachments: [] };
  expect(await poor.voteInRound(request, AT_NOW)).toMatchObject({ type: 'vote' });
});

test('attached payments count', async () => {
  const rich = await sign(world, bob, orderOf(bob, alice, { amount: toAmount(500n) }));
  const { cc } = await paid(world, alice, orderOf(alice, bob));
  const bobs = slotAt(bob, 0n);
  const request = { proposal: await proposalOf(world, bob, 1, rich), ...(await promisesOf(world, bobs, 1)) };
  await refused(request, 'INSUFFICIENT_FUNDS');
  expect(await submit({ ...request, attachments: [cc] })).toMatchObject({ type: 'vote' });
  await refused({ ...request, attachments: Array(limits.attachments + 1).fill(cc) }, 'INVALID_FORMAT');
});

test('only the owner proposes', async () => {
  const request = await requestOf(1, first);
  const { proposal } = request;
  const byMallory = await proposalOf(world, mallory, 1, first, slot);
  const otherRound = await proposalOf(world, alice, 2, first);
  const otherValue = await proposalOf(world, alice, 1, second);
  const newRound = await newRoundOf(world, alice, 1);
  for (const { authority } of [byMallory, otherRound, otherValue, newRound]) {
    await refused({ ...request, proposal: { ...proposal, authority } }, 'INVALID_SIGNATURE');
  }
  // The stored vote is not given to just anybody either.
  await submit(request);
  await refused({ ...request, proposal: byMallory }, 'INVALID_SIGNATURE');
});

test('the order is the one that is proposed, for this slot, signed by its payer', async () => {
  const request = await requestOf(1, first);
  const { proposal } = request;
  const withOrder = (signedOrder: SignedOrder): RoundProposal => ({
    ...request,
    proposal: { ...proposal, signedOrder },
  });
  await refused(withOrder(second), 'INVALID_FORMAT');
  await refused(
    withOrder(await sign(world, alice, orderOf(alice, bob, { sequence: toSequence(1n) }))),
    'INVALID_FORMAT',
  );
  await refused(withOrder({ ...first, payerSignature: new Uint8Array(65) }), 'INVALID_SIGNATURE');
  const { signedOrder: _order, ...bare } = proposal;
  await refused({ ...request, proposal: bare }, 'INVALID_FORMAT');
  const skip = await requestOf(1);
  await refused({ ...skip, proposal: { ...skip.proposal, signedOrder: first } }, 'INVALID_FORMAT');
});

test('what is not a proposal of this epoch is refused by its form', async () => {
  const request = await requestOf(1);
  const withProposal = (changes: Partial<SignedProposal>) =>
    refused({ ...request, proposal: { ...request.proposal, ...changes } }, 'INVALID_FORMAT');
  for (const round of [0, -1, 1.5, limits.maxRound + 1]) await withProposal({ round });
  await withProposal({ epoch: 1n });
  const unlisted = { ...slot, asset: alice.address };
  const elsewhere = {
    proposal: await proposalOf(world, alice, 1, undefined, unlisted),
    ...(await promisesOf(world, unlisted, 1)),
  };
  await refused(elsewhere, 'NOT_PAYMENT');
});

test('the promises are of distinct validators with the stake of a quorum, for exactly this round, and signed', async () => {
  const request = await requestOf(2);
  const [one, two, three] = request.promises;
  if (!one || !two || !three) throw new Error('no promises');
  const elsewhere = (await promisesOf(world, slotAt(bob, 0n), 2)).promises;
  const lower = (await promisesOf(world, slot, 1)).promises;
  const broken = { ...three, signature: { ...three.signature, signature: new Uint8Array(64) } };
  const sets: [string, RoundProposal['promises']][] = [
    ['none', []],
    ['too little stake', [one, two]],
    ['one signer twice', [one, two, two]],
    ['one signer twice, by different bytes', [one, two, await promiseOf(world, slot, 2, 2)]],
    ['a signer outside the committee', [one, two, { ...three, signature: { ...three.signature, signer: 9 } }]],
    ['a bad signature', [one, two, broken]],
    ['another signer’s signature', [one, two, { ...three, signature: { ...one.signature, signer: 3 } }]],
    ['another slot', [one, two, ...elsewhere.slice(2)]],
    ['a lower round', [one, two, ...lower.slice(2)]],
    ['another epoch', [one, two, { ...three, epoch: 1n }]],
    ['a lower round under another name', [one, two, ...lower.slice(2).map((promise) => ({ ...promise, round: 2 }))]],
  ];
  for (const [what, promises] of sets) {
    await refused({ ...request, promises }, 'INVALID_CERTIFICATE').catch((cause: unknown) => {
      throw new Error(what, { cause });
    });
  }
  expect(await submit(request)).toMatchObject({ type: 'vote' });
});

test('each lock has a certificate that verifies for exactly its epoch, slot, round and value, each once', async () => {
  const qc = await lockAt(1, first);
  const request = await requestOf(2, first, [1, 2, [3, qc]]);
  const [one, two] = request.promises;
  if (!one || !two) throw new Error('no promises');
  const others = await paid(world, bob, orderOf(bob, alice));
  const thin = { ...qc, signatures: qc.signatures.slice(1) };
  const forged = { ...qc, signatures: qc.signatures.map(({ signer }) => ({ signer, signature: new Uint8Array(64) })) };
  const sets: [string, RoundProposal['lockCertificates']][] = [
    ['none', []],
    ['of another round', [await lockAt(0, first)]],
    ['of another value', [await lockAt(1, second)]],
    ['of another slot', [others.qc]],
    ['too few votes', [thin]],
    ['forged votes', [forged]],
    ['votes of another round', [{ ...(await lockAt(0, first)), round: 1 }]],
    ['twice', [qc, qc]],
    ['one too many', [qc, await lockAt(0, first)]],
  ];
  for (const [what, lockCertificates] of sets) {
    await refused({ ...request, lockCertificates }, 'INVALID_CERTIFICATE').catch((cause: unknown) => {
      throw new Error(what, { cause });
    });
  }
  // A promise cannot hide its lock: another word is another signature.
  const { lock: _lock, ...unlocked } = request.promises[2] ?? one;
  await refused({ ...request, promises: [one, two, unlocked], lockCertificates: [] }, 'INVALID_CERTIFICATE');
  expect(await submit(request)).toMatchObject({ type: 'vote' });
});

test('a lock of this very round or above proves that the promise is not honest', async () => {
  for (const round of [2, 3]) {
    await refused(await requestOf(2, first, [1, 2, [3, await lockAt(round, first)]]), 'INVALID_CERTIFICATE');
  }
});

test('two valid certificates of one round halt the account, and convict who signed both', async () => {
  const [left, right] = [await lockAt(1, first), await lockAt(1, second)];
  const request = await requestOf(2, first, [1, [2, left], [3, right]]);
  const forged = { ...right, signatures: right.signatures.slice(1) };
  await refused({ ...request, lockCertificates: [left, forged] }, 'INVALID_CERTIFICATE');
  await expect(submit(request)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  expect(validator.alarms()).toMatchObject([{ reason: 'conflictingQuorums', certificates: [left, right] }]);
  expect(validator.evidence(9).map((evidence) => evidence.type)).toEqual(['votes', 'votes', 'votes']);
  await refused(await requestOf(3), 'TEMPORARILY_UNAVAILABLE');
});

test('a slot that holds its value for good answers with it', async () => {
  const { cc } = await paid(world, alice, first.order);
  await validator.resolve(cc, AT_NOW);
  expect(await submit(await requestOf(1, first))).toEqual({ type: 'resolved', certificate: cc });
  const facts = await refused(await requestOf(1), 'SEQUENCE_TOO_LOW');
  expect(decodeCommitCertificate(facts.commitCertificate ?? new Uint8Array())).toEqual(cc);
  const ahead = slotAt(alice, 2n);
  const request = {
    proposal: await proposalOf(world, alice, 1, undefined, ahead),
    ...(await promisesOf(world, ahead, 1)),
  };
  expect(await refused(request, 'MISSING_PREDECESSOR')).toEqual({ expectedSequence: 1n });
});

test('very many votes of one slot are not all kept, the first and the last ones are', async () => {
  await validator.vote({ signedOrder: first, attachments: [] }, AT_NOW);
  const size = async () => {
    const length = dump(validator.kv).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
    return length;
  };
  for (let round = 1; round <= 20; round++) await submit(await requestOf(round));
  const before = await size();
  for (let round = 21; round <= 40; round++) await submit(await requestOf(round));
  expect(await size()).toBe(before);
  expect(await submit(await requestOf(40))).toMatchObject({ type: 'vote' });
  await refused(await requestOf(2), 'STALE_ROUND');
  expect(await validator.vote({ signedOrder: first, attachments: [] }, AT_NOW)).toMatchObject({ type: 'vote' });
});

const driver = Number((NOW / limits.driverTurnSeconds) % 4n);
const exitRound = exitRoundAt(NOW);
async function exitEvent(type: 'requested' | 'cancelled') {
  const block = blockAt((validator.finalized()?.height ?? 0n) + 1n);
  const readyAt = NOW + world.network.exitDelaySeconds;
  const exit = type === 'requested' ? { type, readyAt } : { type };
  await validator.applyFinalized(block, {
    deposits: [],
    exits: [{ ...exit, account: accountOf(alice), block } as never],
  });
}
async function driven(round: number, order?: SignedOrder, signers?: Signers, by = driver): Promise<RoundProposal> {
  return {
    proposal: await drivenProposalOf(world, by, round, slot, order),
    ...(await promisesOf(world, slot, round, signers)),
  };
}

test('while an exit stands requested validators propose in turn, the highest lock or SKIP, and the owner nothing', async () => {
  await refused(await driven(exitRound), 'TEMPORARILY_UNAVAILABLE');
  await exitEvent('requested');
  await refused(await requestOf(1), 'EXITING');
  await refused(await driven(exitRound, undefined, undefined, (driver + 1) % 4), 'TEMPORARILY_UNAVAILABLE');
  await refused(await driven(exitRound + 1), 'TEMPORARILY_UNAVAILABLE');
  await refused(await driven(exitRound, first), 'INVALID_FORMAT');
  const qc = await lockAt(0, first);
  await refused(await driven(exitRound, undefined, [1, 2, [3, qc]]), 'INVALID_FORMAT');
  expect(await submit(await driven(exitRound, first, [1, 2, [3, qc]]))).toMatchObject({ type: 'vote' });
});

test('a slot that was begun to be closed is ended after a cancelled exit too', async () => {
  await exitEvent('requested');
  const newRound = await drivenRoundOf(world, driver, exitRound, slot);
  await validator.openRound({ newRound, attachments: [] }, AT_NOW);
  await exitEvent('cancelled');
  await refused(await requestOf(1), 'STALE_ROUND');
  expect(await submit(await driven(exitRound))).toMatchObject({ vote: { value: SKIP } });
  const listed = { account: accountOf(alice), openSlot: { slot, promisedRound: exitRound } };
  expect(validator.exitingAccounts(5)).toMatchObject([listed]);
  const { cc } = await skipOf(world, slot, exitRound);
  await validator.resolve(cc, AT_NOW);
  expect(validator.exitingAccounts(5)).toEqual([]);
});

test('where the exit was never seen, the account of a slot in an exit round is looked after too', async () => {
  await committedTo((await skipOf(world, slot, limits.firstExitRound + 7)).qc);
  const listed = { account: accountOf(alice), openSlot: { slot, promisedRound: limits.firstExitRound + 7 } };
  expect(validator.exitingAccounts(5)).toMatchObject([listed]);
  const { cc } = await skipOf(world, slot, limits.firstExitRound + 8);
  await validator.resolve(cc, AT_NOW);
  expect(validator.exitingAccounts(5)).toEqual([]);
  // Nobody is listed whom the ledger does not know.
  await committedTo((await skipOf(world, slotAt(bob, 0n), limits.firstExitRound)).qc);
  expect(validator.exitingAccounts(5)).toEqual([]);
});
