import { SKIP } from '@fastpay/protocol';
import type { ValidatorCalls } from '../validator-calls.ts';
import type { Attack } from './attacker.ts';
import { askForVotes, commitTo, deliver, makeOrder, resolveForged } from './moves.ts';
import { openAt, proposeForged, proposeTo } from './round-moves.ts';
import { signNewRound } from './sign.ts';

/** Attacks of several steps, each of which waits for the answers to the one before: random moves seldom meet so. */
type Campaign = (attack: Attack) => Promise<void>;

/** Two parts of the committee. */
function split({ validators, random }: Attack): readonly [readonly ValidatorCalls[], readonly ValidatorCalls[]] {
  const mixed = random.shuffle(validators);
  const middle = Math.ceil(mixed.length / 2);
  return [mixed.slice(0, middle), mixed.slice(middle)];
}

/** Some committed in round 0, the others in a later one, to the same value: together they look like a certificate. */
async function commitsOfTwoRounds(attack: Attack): Promise<void> {
  const [some, others] = split(attack);
  const value = await makeOrder(attack);
  await askForVotes(attack, value, attack.validators);
  await commitTo(attack, 0, value, some);
  await openAt(attack, await signNewRound(attack, 1), attack.validators);
  await proposeTo(attack, 1, value, attack.validators);
  await commitTo(attack, 1, value, others);
  for (let attempt = 0; attempt < 4; attempt++) await resolveForged(attack);
}

/** A certificate in the drawer, and then rounds that must not carry anything else. */
async function againstTheLock(attack: Attack): Promise<void> {
  const value = await makeOrder(attack);
  await askForVotes(attack, value, attack.validators);
  await commitTo(attack, 0, value, attack.validators);
  const round = attack.random.between(1, 3);
  await openAt(attack, await signNewRound(attack, round), attack.validators);
  for (let attempt = 0; attempt < 3; attempt++) await proposeForged(attack);
}

/** A quorum certificate that nobody saw, until a later round has decided otherwise. */
async function hiddenQuorum(attack: Attack): Promise<void> {
  const { random, validators } = attack;
  const hidden = await makeOrder(attack);
  await askForVotes(attack, hidden, validators);
  await openAt(attack, await signNewRound(attack, 1), validators);
  const value = random.chance(0.5) ? SKIP : await makeOrder(attack);
  await proposeTo(attack, 1, value, validators);
  await commitTo(attack, 1, value, random.some(validators, 0.8));
  await commitTo(attack, 0, hidden, validators);
  await deliver(attack, 1, value, validators);
}

/** Half see one order, half another; then a round decides. */
async function twoFaces(attack: Attack): Promise<void> {
  const [some, others] = split(attack);
  const [first, second] = [await makeOrder(attack), await makeOrder(attack)];
  attack.faults.add('equivocation');
  await Promise.all([askForVotes(attack, first, some), askForVotes(attack, second, others)]);
  await Promise.all([askForVotes(attack, second, some), askForVotes(attack, first, others)]);
  await openAt(attack, await signNewRound(attack, 1), attack.validators);
  await proposeTo(attack, 1, attack.random.pick([first, second, SKIP]), attack.validators);
}

/** The next payment reaches some validators before the one before it does. */
async function newestFirst(attack: Attack): Promise<void> {
  const { validators, random, model } = attack;
  const absent = random.pick(validators);
  const present = validators.filter((validator) => validator !== absent);
  if (!model.stakes.isQuorum(present.map(({ signer }) => signer))) return;
  const value = await makeOrder(attack);
  await askForVotes(attack, value, present);
  await commitTo(attack, 0, value, present);
  await deliver(attack, 0, value, present);
  const next = attack.next();
  const second = await makeOrder(next);
  await askForVotes(next, second, present);
  await commitTo(next, 0, second, present);
  await deliver(next, 0, second, [absent]);
  await deliver(attack, 0, value, [absent]);
}

/**
 * A question while disks are slow, and a power cut before anything is durable: whoever answers too soon forgets what it
 * said.
 */
async function cutOffDuring(attack: Attack, ask: () => Promise<void>): Promise<void> {
  const { validators, random, cutPower, stallDisks, scheduler } = attack;
  stallDisks(random.between(200, 500));
  await Promise.race([ask(), scheduler.sleep(random.between(60, 180))]);
  for (const { signer } of random.some(validators, 0.7)) cutPower(signer);
  await scheduler.sleep(random.between(500, 1_500));
}

/** A vote, and another order for the same validators. */
async function askAgainOtherwise(attack: Attack): Promise<void> {
  attack.faults.add('equivocation');
  const first = await makeOrder(attack);
  await cutOffDuring(attack, () => askForVotes(attack, first, attack.validators));
  await askForVotes(attack, await makeOrder(attack), attack.validators);
}

/** A promise, and a commit below it. */
async function commitAfterPromise(attack: Attack): Promise<void> {
  const { random, validators } = attack;
  const value = await makeOrder(attack);
  await askForVotes(attack, value, validators);
  const newRound = await signNewRound(attack, random.between(1, 3));
  await cutOffDuring(attack, () => openAt(attack, newRound, validators));
  await commitTo(attack, 0, value, validators);
}

/** A commit, and the call for a promise that has to name it. */
async function promiseAfterCommit(attack: Attack): Promise<void> {
  const { random, validators } = attack;
  const value = await makeOrder(attack);
  await askForVotes(attack, value, validators);
  await cutOffDuring(attack, () => commitTo(attack, 0, value, random.some(validators, 0.7)));
  await openAt(attack, await signNewRound(attack, random.between(1, 3)), validators);
}

export const campaigns: readonly Campaign[] = [
  commitsOfTwoRounds,
  againstTheLock,
  againstTheLock,
  hiddenQuorum,
  twoFaces,
  newestFirst,
  askAgainOtherwise,
  commitAfterPromise,
  promiseAfterCommit,
];
