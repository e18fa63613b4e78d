import type { Secp256k1Signer } from '@fastpay/crypto';
import { type AccountId, type Address, type Network, RejectError, type Slot, toSequence } from '@fastpay/protocol';
import type { Model } from '../../model/model.ts';
import { type Random, randomOf } from '../../random/random.ts';
import type { Fault, Situation } from '../../run/coverage.ts';
import type { Tally } from '../../run/tally.ts';
import type { Scheduler } from '../../time/scheduler.ts';
import type { ValidatorCalls } from '../validator-calls.ts';
import { campaigns } from './campaigns.ts';
import { createDossier, type Dossier } from './dossier.ts';
import { hideQuorum, showHidden } from './leave.ts';
import { moves } from './moves.ts';

/**
 * An owner with a key and no scruples, who speaks to validators without a client: signs several orders for one slot,
 * shows each validator another face, takes back what it began, opens rounds at will and forges what it cannot get.
 */
export interface Attacker {
  readonly owner: Address;
  /** One step, drawn from this seed. */
  move(seed: number, name: string): Promise<void>;
  /** Collects votes of a quorum for the slot that is open now, and keeps them back. */
  hide(seed: number): Promise<void>;
  /** Shows what was kept back. */
  show(seed: number): Promise<void>;
}

export interface AttackerDependencies {
  readonly network: Network;
  readonly signer: Secp256k1Signer;
  /** Whose key it tries where its own does not serve. */
  readonly otherSigner: Secp256k1Signer;
  readonly recipients: readonly Address[];
  readonly validators: readonly ValidatorCalls[];
  readonly model: Model;
  readonly scheduler: Scheduler;
  readonly faults: Tally<Fault>;
  readonly situations: Tally<Situation>;
  /** The power of a validator goes, and comes back soon. No attacker can, but it happens at the worst moment. */
  cutPower(signer: number): void;
  /** No disk makes anything durable for so long, virtual milliseconds. */
  stallDisks(ms: number): void;
  /** On chain, in the attacker's own name. */
  exit(account: AccountId, what: 'requestExit' | 'cancelExit' | 'exit'): Promise<void>;
}

/** What a move works with. */
export interface Attack extends AttackerDependencies {
  readonly random: Random;
  /** Of the slot that is attacked now. */
  readonly dossier: Dossier;
  readonly dossiers: readonly Dossier[];
  /** The same attack on the slot after this one. */
  next(): Attack;
  /** Asks, and passes over refusals. */
  ask<Answer>(validator: ValidatorCalls, question: Promise<Answer>, onAnswer: (answer: Answer) => void): Promise<void>;
  /** The same for what must be refused: refusals are counted. */
  tempt<Answer>(question: Promise<Answer>, onAnswer: (answer: Answer) => void): Promise<void>;
}

/** How many of the attacks are campaigns. */
const CAMPAIGN_SHARE = 0.25;

export function createAttacker(dependencies: AttackerDependencies): Attacker {
  const { network, signer, model, situations } = dependencies;
  const asset = network.assets[0]?.address;
  if (!asset) throw new Error('a network without an asset');
  const slotAt = (sequence: bigint): Slot => ({ owner: signer.address, asset, sequence: toSequence(sequence) });
  const dossiers: Dossier[] = [];
  let hidden: Dossier | undefined;

  /** Goes on to the next slot once this one holds something for good. */
  function presentDossier(): Dossier {
    let last = dossiers.at(-1);
    if (!last || (model.book.settled(last.slot) && last.certificates.length > 0)) {
      last = createDossier(slotAt(BigInt(dossiers.length)));
      dossiers.push(last);
    }
    return last;
  }

  function dossierAfter(dossier: Dossier): Dossier {
    const place = dossiers.indexOf(dossier) + 1;
    const next = dossiers[place] ?? createDossier(slotAt(BigInt(place)));
    dossiers[place] = next;
    return next;
  }

  async function passingOver<Answer>(
    question: Promise<Answer>,
    onAnswer: (answer: Answer) => void,
    onRefusal: (error: RejectError) => void,
  ): Promise<void> {
    try {
      onAnswer(await question);
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      onRefusal(error);
    }
  }

  /** What a move of this name works with, on any slot. */
  function attackWith(seed: number, name: string): (dossier: Dossier) => Attack {
    const random = randomOf(seed, name);
    const attackOn = (dossier: Dossier): Attack => ({
      ...dependencies,
      random,
      dossier,
      dossiers,
      next: () => attackOn(dossierAfter(dossier)),
      ask: (_validator, question, onAnswer) =>
        passingOver(question, onAnswer, ({ code }) => {
          if (name === 'show' && code !== 'TEMPORARILY_UNAVAILABLE') situations.add('hiddenQuorumRefused');
        }),
      tempt: (question, onAnswer) =>
        passingOver(question, onAnswer, ({ code }) => {
          if (code !== 'TEMPORARILY_UNAVAILABLE') situations.add('forgeryRefused');
        }),
    });
    return attackOn;
  }

  return {
    owner: signer.address,
    async hide(seed) {
      const attack = attackWith(seed, 'hide')(presentDossier());
      hidden = attack.dossier;
      await hideQuorum(attack);
    },
    async show(seed) {
      if (hidden) await showHidden(attackWith(seed, 'show')(hidden));
    },
    async move(seed, name) {
      const attackOn = attackWith(seed, name);
      const attack = attackOn(presentDossier());
      const { random } = attack;
      await (random.chance(CAMPAIGN_SHARE) ? random.pick(campaigns) : random.pick(moves))(attack);
    },
  };
}
