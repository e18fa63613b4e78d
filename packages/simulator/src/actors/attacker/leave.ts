import type { Attack } from './attacker.ts';
import { askForVotes, commitTo, makeOrder } from './moves.ts';

/** The value of a quorum certificate that nobody has seen yet, if one could be had. */
export async function hideQuorum(attack: Attack): Promise<void> {
  await askForVotes(attack, await makeOrder(attack), attack.validators);
}

/** Shows every quorum of votes that was kept back to everyone; whether anybody let out a commit is for the model. */
export async function showHidden(attack: Attack): Promise<void> {
  for (const ballots of attack.dossier.votes.values()) {
    const [first] = ballots.values();
    if (!first) continue;
    await commitTo(attack, first.round, first.value, attack.validators);
  }
}
