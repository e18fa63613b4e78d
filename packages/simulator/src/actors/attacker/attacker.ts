import type { Secp256k1Signer } from '@fastpay/crypto';
import { type Address, type Network, RejectError, type Slot, toSequence } from '@fastpay/protocol';
import type { Model } from '../../model/model.ts';
import { type Random, randomOf } from '../../random/random.ts';
import type { Fault, Situation } from '../../run/coverage.ts';
import type { Tally } from '../../run/tally.ts';
import type { Scheduler } from '../../time/scheduler.ts';
import type { ValidatorCalls } from '../validator-calls.ts';
import { createDossier, type Dossier } from './dossier.ts';
import { moves } from './moves.ts';

/**
 * An owner with a key and no scruples, who speaks to validators without a client: signs several orders for one slot,
 * shows each validator another face, takes back what it began, opens rounds at will and forges what it cannot get.
 */
export interface Attacker {
  readonly owner: Address;
  /** One step, drawn from this seed. */
  move(seed: number, name: string): Promise<void>;
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
}

/** What a move works with. */
export interface Attack extends AttackerDependencies {
  readonly random: Random;
  /** Of the slot that is attacked now. */
  readonly dossier: Dossier;
  readonly dossiers: readonly Dossier[];
  /** Asks, and passes over refusals. */
  ask<Answer>(validator: ValidatorCalls, question: Promise<Answer>, onAnswer: (answer: Answer) => void): Promise<void>;
  /** The same for what must be refused: refusals are counted. */
  tempt<Answer>(question: Promise<Answer>, onAnswer: (answer: Answer) => void): Promise<void>;
}

export function createAttacker(dependencies: AttackerDependencies): Attacker {
  const { network, signer, model, situations } = dependencies;
  const asset = network.assets[0]?.address;
  if (!asset) throw new Error('a network without an asset');
  const slotAt = (sequence: bigint): Slot => ({ owner: signer.address, asset, sequence: toSequence(sequence) });
  const dossiers: Dossier[] = [];

  /** Goes on to the next slot once this one holds something for good. */
  function presentDossier(): Dossier {
    let last = dossiers.at(-1);
    if (!last || (model.book.settled(last.slot) && last.certificates.length > 0)) {
      last = createDossier(slotAt(BigInt(dossiers.length)));
      dossiers.push(last);
    }
    return last;
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

  return {
    owner: signer.address,
    async move(seed, name) {
      const random = randomOf(seed, name);
      const dossier = presentDossier();
      const attack: Attack = {
        ...dependencies,
        random,
        dossier,
        dossiers,
        ask: (_validator, question, onAnswer) => passingOver(question, onAnswer, () => undefined),
        tempt: (question, onAnswer) =>
          passingOver(question, onAnswer, ({ code }) => {
            if (code !== 'TEMPORARILY_UNAVAILABLE') situations.add('forgeryRefused');
          }),
      };
      await random.pick(moves)(attack);
    },
  };
}
