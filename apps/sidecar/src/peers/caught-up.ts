import { type Committee, totalStake, validityStake } from '@fastpay/protocol';

/**
 * Whether everything was taken over from so many others that an honest one is among them (§9): those of stake ≥ v, or
 * all there are, where they have less than that together. Of a committee of one there is nobody else to ask.
 */
export function isCaughtUp(committee: Committee, own: number, heard: readonly number[]): boolean {
  const stakeOf = (signer: number) => committee.members[signer]?.stake ?? 0n;
  const others = totalStake(committee) - stakeOf(own);
  const stake = heard.reduce((sum, signer) => sum + stakeOf(signer), 0n);
  return stake >= validityStake(committee) || stake >= others;
}
