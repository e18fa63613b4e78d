import { type Committee, type Domain, toHash } from '@fastpay/protocol';
import { encodeRotate, rotationDigest } from '../../rotate.ts';
import { createTestCommittee, signAll, type TestCommittee } from '../committee.fixtures.ts';
import { type Action, settleByOldCommittee } from './batch-actions.fixtures.ts';
import { quorumOf, withHighS } from './signing.fixtures.ts';
import { submitCalls } from './submit.fixtures.ts';
import type { World } from './world.fixtures.ts';

/** Committees that hand over, and others that would like to. */

interface Attempt {
  readonly next: TestCommittee;
  readonly isWellFormed: boolean;
  /** Said to be the present committee. */
  readonly present: TestCommittee;
  readonly signers: readonly number[];
  readonly signedFor: Committee;
  readonly domain: Domain;
  readonly hasHighS: boolean;
  /** By the settlement keys of others, under the members' numbers. */
  readonly byStrangers: boolean;
}

type Change = (attempt: Attempt, world: World) => Partial<Attempt>;

/** What makes an attempt fail, each alone. */
export const badRotations: Readonly<Record<string, Change>> = {
  'too little stake': ({ signers }) => ({ signers: signers.slice(1) }),
  nobody: () => ({ signers: [] }),
  'duplicate signers': ({ present, signers }) => ({
    signers: present.committee.members.map(() => signers[0] ?? 0).concat(0),
  }),
  'unordered signers': ({ signers }) => ({ signers: [...signers.toReversed(), 0] }),
  strangers: () => ({ byStrangers: true }),
  'a high s': () => ({ hasHighS: true }),
  'a foreign salt': ({ domain }) => ({ domain: { ...domain, salt: toHash(`0x${'07'.repeat(32)}`) } }),
  'signatures for another committee': ({ next }) => ({
    signedFor: createTestCommittee([3n, 3n], next.committee.epoch).committee,
  }),
  'an epoch left out': ({ next }) => {
    const later = { ...next, committee: { ...next.committee, epoch: next.committee.epoch + 1n } };
    return { next: later, signedFor: later.committee };
  },
  'its own epoch': ({ next, present }) => {
    const same = { ...next, committee: { ...next.committee, epoch: present.committee.epoch } };
    return { next: same, signedFor: same.committee };
  },
  'a member twice': ({ next }) => {
    const [first] = next.committee.members;
    if (!first) throw new Error('a committee has members');
    const committee = { ...next.committee, members: [first, { ...first, name: 'again' }] };
    return { next: { ...next, committee }, signedFor: committee, isWellFormed: false };
  },
  'a member without stake': ({ next }) => {
    const members = next.committee.members.map((each, index) => (index === 0 ? { ...each, stake: 0n } : each));
    const committee = { ...next.committee, members };
    return { next: { ...next, committee }, signedFor: committee, isWellFormed: false };
  },
  'no members': ({ next }) => {
    const committee = { ...next.committee, members: [] };
    return { next: { ...next, committee }, signedFor: committee, isWellFormed: false };
  },
  'a committee that handed over before'(_, { committees }) {
    const present = committees[0] as TestCommittee;
    return { present, signers: present.signers.map((_, index) => index) };
  },
};

function goodAttempt({ committees, random, domain }: World): Attempt {
  const present = committees.at(-1) as TestCommittee;
  const size = 2 + random.below(5);
  const stakes = Array.from({ length: size }, () => (random.chance(4) ? 1n << 60n : BigInt(1 + random.below(9))));
  const next = createTestCommittee(random.chance(3) ? stakes.map(() => 1n) : stakes, present.committee.epoch + 1n);
  return {
    ...{ next, present, domain, signedFor: next.committee, signers: quorumOf(present.committee, random) },
    ...{ isWellFormed: true, hasHighS: false, byStrangers: false },
  };
}

async function rotate(world: World, attempt: Attempt, isSigned: boolean): Promise<boolean> {
  const { next, present, signers, signedFor, domain, hasHighS, byStrangers, isWellFormed } = attempt;
  const count = present.signers.length;
  const strangers = createTestCommittee(Array.from({ length: count * 2 }, () => 1n)).signers.slice(count);
  const by = byStrangers ? { ...present, signers: strangers } : present;
  const signed = await signAll(rotationDigest(domain, signedFor), { committee: by, signers });
  const signatures = hasHighS ? signed.map((each) => ({ ...each, signature: withHighS(each.signature) })) : signed;
  const data = encodeRotate({ committee: next.committee, present: present.committee, signatures });
  const call = { next: next.committee, present: present.committee, isWellFormed, isSigned };
  const signer = world.random.pick(world.settlers);
  return submitCalls(world, signer, [{ to: world.reserve, data }], (now) => world.model.rotate({ ...call, now }));
}

async function rotateWell(world: World): Promise<string> {
  const attempt = goodAttempt(world);
  await rotate(world, attempt, true);
  world.committees.push(attempt.next);
  const { epoch, members } = attempt.next.committee;
  // What the old committee certified is not lost.
  const old = await settleByOldCommittee(world);
  return `to epoch ${epoch}, stakes ${members.map(({ stake }) => stake).join(' ')}; ${old}`;
}

async function rotateBadly(world: World): Promise<string> {
  const names: string[] = [];
  for (let left = 3; left > 0; left -= 1) names.push(await rotateBadlyOnce(world));
  return names.join(', ');
}

async function rotateBadlyOnce(world: World): Promise<string> {
  const { statistics } = world;
  const usable = Object.keys(badRotations).filter(
    (each) => each !== 'a committee that handed over before' || world.committees.length > 1,
  );
  const counted = statistics.rarest(usable.map((each) => `rotation: ${each}`));
  const name = counted.slice('rotation: '.length);
  const change = badRotations[name] as Change;
  const good = goodAttempt(world);
  await rotate(world, { ...good, ...change(good, world) }, false);
  statistics.count(counted);
  return name;
}

export const rotationActions: readonly (readonly [name: string, weight: number, action: Action])[] = [
  ['rotate', 1, rotateWell],
  ['rotate badly', 4, rotateBadly],
];
