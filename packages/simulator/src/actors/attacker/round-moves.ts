import {
  type Hash,
  type ProvenPromise,
  type QuorumCertificate,
  type RoundProposal,
  type SignedNewRound,
  SKIP,
} from '@fastpay/protocol';
import { corrupted } from '../../network/corrupt.ts';
import type { ValidatorCalls } from '../validator-calls.ts';
import type { Attack } from './attacker.ts';
import { keep } from './dossier.ts';
import { signNewRound, signOrder, signProposal } from './sign.ts';

/** Moves in higher rounds (§5 rule 4): what an owner may do, and what it may not. */

const HIGHEST_ROUND = 6;

/** Opens a round at some validators; often one that is too low, or that others have passed. */
export async function newRound(attack: Attack): Promise<void> {
  const { random, validators } = attack;
  await openAt(attack, await signNewRound(attack, random.between(1, HIGHEST_ROUND)), random.some(validators, 0.85));
}

export async function newRoundForged(attack: Attack): Promise<void> {
  const { random, faults } = attack;
  faults.add('forgedProposal');
  const signed = await signNewRound(attack, random.between(1, HIGHEST_ROUND), true);
  await openAt(attack, random.chance(0.5) ? signed : { ...signed, round: signed.round + 1 }, attack.validators);
}

export async function openAt(
  attack: Attack,
  signed: SignedNewRound,
  validators: readonly ValidatorCalls[],
): Promise<void> {
  const { dossier } = attack;
  await Promise.all(
    validators.map((validator) =>
      attack.ask(validator, validator.openRound({ newRound: signed, attachments: [] }), (answer) => {
        if (answer.type === 'resolved') {
          dossier.certificates.push(answer.certificate);
          return;
        }
        const { round } = answer.proven.promise;
        const bySigner = dossier.promises.get(round) ?? new Map<number, ProvenPromise>();
        dossier.promises.set(round, bySigner.set(answer.proven.promise.signature.signer, answer.proven));
      }),
    ),
  );
}

function lockCertificatesOf(promises: readonly ProvenPromise[]): readonly QuorumCertificate[] {
  const byRound = new Map<string, QuorumCertificate>();
  for (const { lockCertificate } of promises) {
    if (lockCertificate) byRound.set(`${lockCertificate.round}/${lockCertificate.value}`, lockCertificate);
  }
  return [...byRound.values()];
}

function requestOf(proposal: RoundProposal['proposal'], promises: readonly ProvenPromise[]): RoundProposal {
  return {
    proposal,
    promises: promises
      .map(({ promise }) => promise)
      .toSorted((left, right) => left.signature.signer - right.signature.signer),
    lockCertificates: lockCertificatesOf(promises),
  };
}

/** The rounds in which enough has been promised, and by whom. */
function promisedRounds({ dossier, model }: Attack): readonly (readonly [number, readonly ProvenPromise[]])[] {
  return [...dossier.promises]
    .filter(([, bySigner]) => model.stakes.isQuorum(bySigner.keys()))
    .map(([round, bySigner]) => [round, [...bySigner.values()]]);
}

/** Puts the value forward with all promises for the round that there are, if they are a quorum's. */
export async function proposeTo(
  attack: Attack,
  round: number,
  value: Hash,
  validators: readonly ValidatorCalls[],
): Promise<void> {
  const all = promisedRounds(attack).find(([promised]) => promised === round)?.[1];
  if (!all) return;
  const proposal = await signProposal(attack, round, value, attack.random.chance(0.1));
  await send(attack, requestOf(proposal, all), false, validators);
}

async function send(
  attack: Attack,
  request: RoundProposal,
  isForged: boolean,
  validators: readonly ValidatorCalls[] = attack.validators,
): Promise<void> {
  const { dossier, random } = attack;
  const asked = isForged || validators !== attack.validators ? validators : random.some(validators, 0.75);
  await Promise.all(
    asked.map((validator) => {
      const question = validator.voteInRound({ ...request, attachments: [] });
      const take = (answer: Awaited<typeof question>) => {
        if (answer.type === 'vote') keep(dossier.votes, answer.vote);
        else dossier.certificates.push(answer.certificate);
      };
      return isForged ? attack.tempt(question, take) : attack.ask(validator, question, take);
    }),
  );
}

/** A value that the rules allow for these promises, but chosen to do harm: as few locks as can be, another order. */
export async function propose(attack: Attack): Promise<void> {
  const { dossier, random, model, situations } = attack;
  const rounds = promisedRounds(attack);
  if (rounds.length === 0) return newRound(attack);
  const [round, all] = random.pick(rounds);
  const promises = random.chance(0.6) ? fewestLocks(attack, all) : all;
  const [highest] = promises
    .flatMap(({ promise: { lock } }) => (lock ? [lock] : []))
    .toSorted((left, right) => right.round - left.round);
  let value = highest?.value;
  if (value === undefined) {
    value = SKIP;
    if (random.chance(0.6)) {
      const made = await signOrder(attack);
      dossier.orders.set(made.value, made.signedOrder);
      value = made.value;
    }
  } else situations.add('lockCarried');
  if (highest && !model.book.isCertifiable(dossier.slot, highest.round, highest.value)) return;
  // Now and then with a key that has no say here.
  const proposal = await signProposal(attack, round, value, random.chance(0.2));
  await send(attack, requestOf(proposal, promises), false);
}

/** A quorum of promises that names as few locks as possible. */
function fewestLocks({ model }: Attack, promises: readonly ProvenPromise[]): readonly ProvenPromise[] {
  const chosen: ProvenPromise[] = [];
  const byLock = promises.toSorted(
    (left, right) => (left.promise.lock?.round ?? -1) - (right.promise.lock?.round ?? -1),
  );
  for (const promise of byLock) {
    chosen.push(promise);
    if (model.stakes.isQuorum(chosen.map((each) => each.promise.signature.signer))) break;
  }
  return chosen;
}

/** A value that the rules forbid, or promises that do not carry it. */
export async function proposeForged(attack: Attack): Promise<void> {
  const { dossier, random, faults } = attack;
  const everything = [...dossier.promises].flatMap(([round, bySigner]) =>
    [...bySigner.values()].map((promise) => ({ round, promise })),
  );
  if (everything.length === 0) return newRound(attack);
  const { round } = random.pick(everything);
  const ofRound = everything.filter((each) => each.round === round).map(({ promise }) => promise);
  const made = await signOrder(attack);
  dossier.orders.set(made.value, made.signedOrder);
  const value = random.chance(0.3) ? SKIP : made.value;
  faults.add('forgedProposal');
  const request = requestOf(await signProposal(attack, round, value), ofRound);
  const [one] = request.promises;
  switch (random.below(6)) {
    case 0:
      // Another value than the highest lock's, with all promises told truly.
      return send(attack, request, true);
    case 1:
      // Too few.
      return send(attack, { ...request, promises: request.promises.slice(0, 1) }, true);
    case 2:
      // One, several times.
      if (!one) return;
      return send(attack, { ...request, promises: attack.validators.map(() => one), lockCertificates: [] }, true);
    case 3: {
      // Locks left out of promises that name one.
      const promises = request.promises.map(({ lock: _lock, ...rest }) => rest);
      return send(attack, { ...request, promises, lockCertificates: [] }, true);
    }
    case 4: {
      // Promises of other rounds, each signer once.
      const bySigner = new Map(everything.map(({ promise }) => [promise.promise.signature.signer, promise]));
      return send(attack, requestOf(request.proposal, [...bySigner.values()]), true);
    }
    default: {
      const proposal = await signProposal(attack, round, value, true);
      return send(attack, random.chance(0.5) ? { ...request, proposal } : corrupted(request, random), true);
    }
  }
}
