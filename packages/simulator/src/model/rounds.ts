import type { Hash, SignedPromise, Slot } from '@fastpay/protocol';
import type { Stakes } from './stakes.ts';
import { brief, slotName, type Violate } from './types.ts';

/** What honest validators have promised in a slot, by signer. */
export type PromisesBySigner = ReadonlyMap<number, readonly { readonly round: number; readonly lockedRound: number }[]>;

/**
 * Rule 4b from outside: a vote in a higher round rests on promises of a quorum for that very round, those of honest
 * validators as they gave them, and carries the value of the highest lock.
 */
export function checkJustification(
  {
    slot,
    round,
    value,
    signer,
  }: { readonly slot: Slot; readonly round: number; readonly value: Hash; readonly signer: number },
  promises: readonly SignedPromise[],
  given: PromisesBySigner,
  stakes: Stakes,
  violate: Violate,
): void {
  const what = `validator ${signer} voted for ${brief(value)} in round ${round} of ${slotName(slot)}`;
  if (!stakes.isQuorum(promises.map(({ signature }) => signature.signer)))
    violate('rule', `${what} on too few promises`);
  let highest: { readonly round: number; readonly value: Hash } | undefined;
  for (const promise of promises) {
    const { lock, signature } = promise;
    if (promise.round !== round) violate('rule', `${what} on a promise for round ${promise.round}`);
    if (lock && (!highest || lock.round > highest.round)) highest = lock;
    const isGiven = given
      .get(signature.signer)
      ?.some((known) => known.round === promise.round && known.lockedRound === (lock?.round ?? -1));
    if (stakes.isHonest(signature.signer) && !isGiven) {
      violate('rule', `${what} on a promise that validator ${signature.signer} never gave`);
    }
  }
  if (highest && highest.value !== value) violate('rule', `${what}, where ${brief(highest.value)} is locked`);
}
