import { type Hash, toAmount, toHash, toSequence } from '@fastpay/protocol';
import type { ValidatorCalls } from '../validator-calls.ts';
import type { Attack } from './attacker.ts';
import { bodyOf, keep, quorumsIn, signaturesOf } from './dossier.ts';
import { forgedCertificate, forgedQuorum } from './forgeries.ts';
import { newRound, newRoundForged, propose, proposeForged } from './round-moves.ts';
import { signOrder } from './sign.ts';

type Move = (attack: Attack) => Promise<void>;

/** Shows an order, an old or a new one, to some validators. */
async function vote(attack: Attack): Promise<void> {
  const { dossier, random, faults } = attack;
  const known = [...dossier.orders.keys()];
  let value = known.length > 0 && random.chance(0.4) ? random.pick(known) : undefined;
  if (value === undefined) {
    value = await makeOrder(attack);
    if (known.length > 0) faults.add('equivocation');
  }
  await askForVotes(attack, value, random.some(attack.validators, 0.7));
}

/** A new order for the slot; its hash. */
export async function makeOrder(attack: Attack): Promise<Hash> {
  const { value, signedOrder } = await signOrder(attack);
  attack.dossier.orders.set(value, signedOrder);
  return value;
}

/** Shows these validators a quorum's votes for the value in the round, if there are as many. */
export async function commitTo(
  attack: Attack,
  round: number,
  value: Hash,
  validators: readonly ValidatorCalls[],
): Promise<void> {
  const { dossier, model } = attack;
  const ballots = [...(dossier.votes.get(`${round}/${value}`)?.values() ?? [])];
  const [first] = ballots;
  if (!first || !model.stakes.isQuorum(ballots.map(({ signature }) => signature.signer))) return;
  const certificate = { type: 'quorum', ...bodyOf(dossier, first), signatures: signaturesOf(ballots) } as const;
  dossier.quorums.push(certificate);
  await Promise.all(
    validators.map((validator) =>
      attack.ask(validator, validator.commit({ certificate, attachments: [] }), (answer) => {
        if (answer.type === 'commit') keep(dossier.commits, answer.commit);
        else dossier.certificates.push(answer.certificate);
      }),
    ),
  );
}

/** Gives these validators the commit certificate over the value, if there is one. */
export async function deliver(
  attack: Attack,
  round: number,
  value: Hash,
  validators: readonly ValidatorCalls[],
): Promise<void> {
  const { dossier, model } = attack;
  const ballots = [...(dossier.commits.get(`${round}/${value}`)?.values() ?? [])];
  const [first] = ballots;
  if (!first || !model.stakes.isQuorum(ballots.map(({ signature }) => signature.signer))) return;
  const certificate = { type: 'commit', ...bodyOf(dossier, first), signatures: signaturesOf(ballots) } as const;
  dossier.certificates.push(certificate);
  await Promise.all(
    validators.map((validator) => attack.ask(validator, validator.resolve(certificate), () => undefined)),
  );
}

export async function askForVotes(attack: Attack, value: Hash, validators: readonly ValidatorCalls[]): Promise<void> {
  const { dossier } = attack;
  const signedOrder = dossier.orders.get(value);
  if (!signedOrder) return;
  await Promise.all(
    validators.map((validator) =>
      attack.ask(validator, validator.vote({ signedOrder, attachments: [] }), (answer) => {
        if (answer.type === 'vote') keep(dossier.votes, answer.vote);
        else dossier.certificates.push(answer.certificate);
      }),
    ),
  );
}

/** Orders that no validator may vote for: too dear, too cheap, without their parents, in the wrong place or name. */
async function voteForged(attack: Attack): Promise<void> {
  const { dossier, random, network, faults } = attack;
  const { slot } = dossier;
  const kinds = [
    () => signOrder(attack, { amount: toAmount(1_000_000_000n + BigInt(random.below(1_000))) }),
    () => signOrder(attack, { fee: toAmount(network.fees.minimum - 1n) }),
    () => signOrder(attack, { parents: [toHash(`0x${'ee'.repeat(32)}`)] }),
    () => signOrder(attack, { sequence: toSequence(slot.sequence + 1n) }),
    () => signOrder(attack, { validUntil: 1n }),
    () => signOrder(attack, {}, true),
  ];
  const { value, signedOrder } = await random.pick(kinds)();
  faults.add('equivocation');
  // Should it be taken after all, it is used like any other.
  if (signedOrder.order.sequence === slot.sequence) dossier.orders.set(value, signedOrder);
  await Promise.all(
    attack.validators.map((validator) =>
      attack.tempt(validator.vote({ signedOrder, attachments: [] }), (answer) => {
        if (answer.type === 'vote' && answer.vote.slot.sequence === slot.sequence) keep(dossier.votes, answer.vote);
      }),
    ),
  );
}

/** Has a value that a quorum voted for committed to, by some. */
async function commit(attack: Attack): Promise<void> {
  const { dossier, random, model, situations } = attack;
  const groups = quorumsIn(dossier.votes, model.stakes.isQuorum);
  if (groups.length === 0) return vote(attack);
  const ballots = random.pick(groups);
  const [first] = ballots;
  if (!first) return;
  if (ballots.some(({ signature }) => !model.stakes.isHonest(signature.signer))) situations.add('byzantineQuorum');
  const certificate = { type: 'quorum', ...bodyOf(dossier, first), signatures: signaturesOf(ballots) } as const;
  dossier.quorums.push(certificate);
  await Promise.all(
    random.some(attack.validators, 0.7).map((validator) =>
      attack.ask(validator, validator.commit({ certificate, attachments: [] }), (answer) => {
        if (answer.type === 'commit') keep(dossier.commits, answer.commit);
        else dossier.certificates.push(answer.certificate);
      }),
    ),
  );
}

/** Shows an old quorum certificate again, after whatever has happened since. */
async function commitOld(attack: Attack): Promise<void> {
  const { dossier, random } = attack;
  if (dossier.quorums.length === 0) return commit(attack);
  const certificate = random.pick(dossier.quorums);
  await Promise.all(
    attack.validators.map((validator) =>
      attack.ask(validator, validator.commit({ certificate, attachments: [] }), (answer) => {
        if (answer.type === 'commit') keep(dossier.commits, answer.commit);
        else dossier.certificates.push(answer.certificate);
      }),
    ),
  );
}

async function commitForged(attack: Attack): Promise<void> {
  const { dossier, random, validators, faults } = attack;
  const certificate = forgedQuorum(dossier, validators.length, random);
  if (!certificate) return vote(attack);
  faults.add('forgedCertificate');
  await Promise.all(
    validators.map((validator) =>
      attack.tempt(validator.commit({ certificate, attachments: [] }), (answer) => {
        if (answer.type === 'commit') keep(dossier.commits, answer.commit);
      }),
    ),
  );
}

/** Makes a commit certificate and gives it to some. */
async function resolve(attack: Attack): Promise<void> {
  const { dossier, random, model } = attack;
  const groups = quorumsIn(dossier.commits, model.stakes.isQuorum);
  if (groups.length === 0) return commit(attack);
  const ballots = random.pick(groups);
  const [first] = ballots;
  if (!first) return;
  const certificate = { type: 'commit', ...bodyOf(dossier, first), signatures: signaturesOf(ballots) } as const;
  dossier.certificates.push(certificate);
  await Promise.all(
    random
      .some(attack.validators, 0.7)
      .map((validator) => attack.ask(validator, validator.resolve(certificate), () => undefined)),
  );
}

/** The same certificate again, maybe of an older slot. */
async function resolveAgain(attack: Attack): Promise<void> {
  const { random, dossiers } = attack;
  const known = dossiers.flatMap(({ certificates }) => certificates);
  if (known.length === 0) return resolve(attack);
  const certificate = random.pick(known);
  await Promise.all(
    attack.validators.map((validator) => attack.ask(validator, validator.resolve(certificate), () => undefined)),
  );
}

export async function resolveForged(attack: Attack): Promise<void> {
  const { dossier, random, validators, faults } = attack;
  const certificate = forgedCertificate(dossier, validators.length, random);
  if (!certificate) return commit(attack);
  faults.add('forgedCertificate');
  await Promise.all(validators.map((validator) => attack.tempt(validator.resolve(certificate), () => undefined)));
}

/** As often as they stand here: what leads somewhere more often than what is refused. */
export const moves: readonly Move[] = [
  vote,
  vote,
  vote,
  commit,
  commit,
  commit,
  resolve,
  resolve,
  resolveAgain,
  commitOld,
  commitOld,
  newRound,
  newRound,
  newRound,
  propose,
  propose,
  propose,
  voteForged,
  voteForged,
  commitForged,
  resolveForged,
  newRoundForged,
  proposeForged,
  proposeForged,
];
