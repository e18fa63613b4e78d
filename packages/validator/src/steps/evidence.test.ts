import { verifyEvidence } from '@fastpay/crypto';
import { type Evidence, SKIP, toAmount } from '@fastpay/protocol';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { validatorLimits } from '../limits.ts';
import { expectRefusal } from '../testing/expect-refusal.fixtures.ts';
import { contextOf, lockOf, promiseOf, promisesOf, proposalOf } from '../testing/rounds.fixtures.ts';
import {
  AT_NOW,
  certify,
  createWorld,
  fund,
  openValidator,
  orderOf,
  paid,
  payer,
  settle,
  skipOf,
  slotAt,
} from '../testing/world.fixtures.ts';

const world = createWorld();
const [alice, bob] = [payer(0), payer(1)];
const slot = slotAt(alice, 0n);
let first: Awaited<ReturnType<typeof paid>>;
let second: typeof first;
let validator: ReturnType<typeof openValidator>;
beforeAll(async () => {
  first = await paid(world, alice, orderOf(alice, bob));
  second = await paid(world, alice, orderOf(alice, bob, { amount: toAmount(5n) }));
});
beforeEach(() => {
  validator = openValidator(world);
});

/** What `signer` signed twice: the ballots of two certificates. */
function pair(type: 'votes' | 'commits', signer: number, left = first, right = second): Evidence {
  const [one, two] = [left, right].map(({ qc, cc }) => {
    const { epoch, slot: at, round, value, signatures } = type === 'votes' ? qc : cc;
    const signature = signatures.find((candidate) => candidate.signer === signer);
    if (!signature) throw new Error(`no signature of ${signer}`);
    return { epoch, slot: at, round, value, signature };
  });
  if (!one || !two) throw new Error('no ballots');
  return { type, first: one, second: two };
}

test('what is proven is kept, published once it is durable, and found again after a restart', async () => {
  const published: unknown[] = [];
  validator.onBulletinEntry((entry) => published.push(entry));
  const evidence = pair('votes', 2);
  expect(await validator.report(evidence)).toBe(true);
  expect(validator.evidence(10)).toEqual([evidence]);
  const entry = { cursor: 1n, event: { type: 'evidence', evidence } };
  await settle();
  expect(published).toEqual([entry]);
  expect(validator.bulletin({ afterCursor: 0n, limit: 10 }).entries).toEqual([entry]);
  expect(validator.bulletin({ afterCursor: 0n, limit: 10, owner: alice.address }).entries).toEqual([entry]);
  expect(validator.bulletin({ afterCursor: 0n, limit: 10, owner: bob.address }).entries).toEqual([]);
  const after = openValidator(world, 0, validator.kv);
  expect(after.evidence(10)).toEqual([evidence]);
  expect(await after.report(evidence)).toBe(false);
});

test('at most one of a kind is kept for each signer and slot', async () => {
  const third = await paid(world, alice, orderOf(alice, bob, { amount: toAmount(6n) }));
  expect(await validator.report(pair('votes', 2))).toBe(true);
  expect(await validator.report(pair('votes', 2, second, third))).toBe(false);
  expect(await validator.report(pair('commits', 2))).toBe(true);
  expect(await validator.report(pair('votes', 3))).toBe(true);
  expect(validator.evidence(10)).toHaveLength(3);
  expect(validator.evidence(2)).toHaveLength(2);
});

test('reported many times at once it is kept once', async () => {
  const answers = await Promise.all(Array.from({ length: 4 }, () => validator.report(pair('commits', 1))));
  expect(answers.filter(Boolean)).toHaveLength(1);
  expect(validator.bulletin({ afterCursor: 0n, limit: 10 }).entries).toHaveLength(1);
});

test('what proves nothing is refused, and changes nothing', async () => {
  const good = pair('votes', 2);
  if (good.type === 'promise') throw new Error('not a pair');
  const broken = { ...good.second, signature: { signer: 2, signature: new Uint8Array(64) } };
  const other = pair('votes', 3);
  if (other.type === 'promise') throw new Error('not a pair');
  const forgeries: [string, Evidence, 'INVALID_FORMAT' | 'INVALID_SIGNATURE'][] = [
    ['the same value twice', { ...good, second: good.first }, 'INVALID_FORMAT'],
    ['two rounds', { ...good, second: { ...good.second, round: 1 } }, 'INVALID_FORMAT'],
    ['two signers', { ...good, second: other.second }, 'INVALID_FORMAT'],
    ['two slots', { ...good, second: { ...good.second, slot: slotAt(bob, 0n) } }, 'INVALID_FORMAT'],
    ['two epochs', { ...good, second: { ...good.second, epoch: 1n } }, 'INVALID_FORMAT'],
    ['a bad signature', { ...good, second: broken }, 'INVALID_SIGNATURE'],
    ['votes as commits', { ...good, type: 'commits' }, 'INVALID_SIGNATURE'],
  ];
  for (const [what, evidence, code] of forgeries) {
    await expectRefusal(validator, () => validator.report(evidence), code).catch((cause: unknown) => {
      throw new Error(what, { cause });
    });
  }
});

test('a promise beside a commit that it rules out is kept; one that names the commit’s lock is not', async () => {
  const { epoch, round, value, signatures } = first.cc;
  const [signature] = signatures;
  if (!signature) throw new Error('no commit');
  const commit = { epoch, slot, round, value, signature };
  const blank = await promiseOf(world, slot, 3, signature.signer);
  const honest = await promiseOf(world, slot, 3, signature.signer, lockOf(first.qc));
  const refusal = () => validator.report({ type: 'promise', promise: honest, commit });
  await expectRefusal(validator, refusal, 'INVALID_FORMAT');
  expect(await validator.report({ type: 'promise', promise: blank, commit })).toBe(true);
});

test('against one validator only so much is kept, and then still against others', async () => {
  const evidenceIn = async (sequence: bigint) => {
    const at = slotAt(alice, sequence);
    const [left, right] = [
      await certify(world, { slot: at, round: 0, value: first.hash }, first.signedOrder),
      await certify(world, { slot: at, round: 0, value: SKIP }),
    ];
    return (signer: number) => pair('votes', signer, { ...first, ...left }, { ...first, ...right });
  };
  for (let index = 0; index < validatorLimits.evidencePerSigner; index++) {
    expect(await validator.report((await evidenceIn(BigInt(index)))(1))).toBe(true);
  }
  const more = await evidenceIn(1_000n);
  expect(await validator.report(more(1))).toBe(false);
  expect(await validator.report(more(2))).toBe(true);
  expect(validator.evidence(1_000)).toHaveLength(validatorLimits.evidencePerSigner + 1);
});

test('two quorum certificates of one round convict everyone who signed both', async () => {
  await validator.commit({ certificate: first.qc, attachments: [] }, AT_NOW);
  const commit = () => validator.commit({ certificate: second.qc, attachments: [] }, AT_NOW);
  await expect(commit()).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  expect(validator.evidence(10)).toEqual([1, 2, 3].map((signer) => pair('votes', signer)));
  for (const evidence of validator.evidence(10)) await verifyEvidence(contextOf(world), evidence);
});

test('so do two commit certificates of one round; those of different rounds convict nobody by themselves', async () => {
  await validator.resolve(first.cc, AT_NOW);
  await expect(validator.resolve(second.cc, AT_NOW)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  expect(validator.evidence(10)).toEqual([1, 2, 3].map((signer) => pair('commits', signer)));

  const elsewhere = openValidator(world);
  await elsewhere.resolve(first.cc, AT_NOW);
  const skip = await skipOf(world, slot, 2);
  await expect(elsewhere.resolve(skip.cc, AT_NOW)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  expect(elsewhere.alarms()).toHaveLength(1);
  expect(elsewhere.evidence(10)).toEqual([]);
});

test('promises that a vote rested on are held against the certificate that resolves the slot', async () => {
  await fund(validator, alice, 10_000_000n);
  // 1 promises as if it had not committed, or will commit afterwards; 3 is honest.
  const heard = await promisesOf(world, slot, 2, [1, [3, first.qc], 0]);
  const request = { ...heard, proposal: await proposalOf(world, alice, 2, first.signedOrder), attachments: [] };
  await validator.voteInRound(request, AT_NOW);
  validator = openValidator(world, 0, validator.kv);
  expect(await validator.resolve(first.cc, AT_NOW)).toBe(true);
  const kept = validator.evidence(10);
  expect(kept).toMatchObject([
    { type: 'promise', promise: { round: 2, signature: { signer: 1 } }, commit: { round: 0 } },
  ]);
  for (const evidence of kept) await verifyEvidence(contextOf(world), evidence);
});

test('promises that come for a resolved slot are held against the commits that resolved it', async () => {
  await fund(validator, alice, 10_000_000n);
  await validator.resolve(first.cc, AT_NOW);
  const proposal = await proposalOf(world, alice, 2);
  // 1 and 2 committed and promise as if they had not; 3 is honest; a forged promise of 2 convicts nobody.
  const liars = await promisesOf(world, slot, 2, [1, [3, first.qc], 0]);
  const forged = { ...(await promiseOf(world, slot, 2, 2)), signature: { signer: 2, signature: new Uint8Array(64) } };
  const request = { proposal, ...liars, promises: [...liars.promises, forged], attachments: [] };
  await expect(validator.voteInRound(request, AT_NOW)).rejects.toMatchObject({ code: 'SEQUENCE_TOO_LOW' });
  const kept = validator.evidence(10);
  expect(kept).toMatchObject([
    { type: 'promise', promise: { signature: { signer: 1 } }, commit: { value: first.hash } },
  ]);
  for (const evidence of kept) await verifyEvidence(contextOf(world), evidence);
});
