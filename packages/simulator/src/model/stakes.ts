import type { CommitteeFacts } from './types.ts';

/** Sums over the committee, as §2 defines them. */
export interface Stakes {
  readonly quorum: bigint;
  readonly validity: bigint;
  isHonest(signer: number): boolean;
  /**
   * Whether these honest signers and all Byzantine validators together are a quorum: what Byzantine validators may have
   * signed in secret counts as signed.
   */
  canBeQuorum(honest: ReadonlySet<number> | undefined): boolean;
  /** Whether these signers, each once, are a quorum. */
  isQuorum(signers: Iterable<number>): boolean;
}

export function createStakes({ stakes, byzantine }: CommitteeFacts): Stakes {
  const total = stakes.reduce((sum, stake) => sum + stake, 0n);
  const validity = (total + 2n) / 3n;
  const quorum = (total + validity + 1n) / 2n;
  const sum = (signers: Iterable<number>) => {
    let stake = 0n;
    for (const signer of new Set(signers)) stake += stakes[signer] ?? 0n;
    return stake;
  };
  const byzantineStake = sum(byzantine);
  return {
    quorum,
    validity,
    isHonest: (signer) => signer < stakes.length && !byzantine.has(signer),
    canBeQuorum: (honest) => byzantineStake + sum(honest ?? []) >= quorum,
    isQuorum: (signers) => sum(signers) >= quorum,
  };
}
