/** How much happens in a run. Every kind of thing happens in all of them, only more or less often. */
export const SIZES = ['small', 'mixed', 'large'] as const;

export type Size = (typeof SIZES)[number];

/** A whole number from … to …. */
export type Range = readonly [from: number, to: number];

/** What plans of one size are drawn from. */
export interface SizeBounds {
  /** Picked from: how many owners have wallets. */
  readonly owners: readonly number[];
  /** The share of owners who have money from the start; the first one always has. */
  readonly fundedShare: number;
  /** When the faults end, seconds. */
  readonly faultsEndSeconds: Range;
  readonly wishes: Range;
  /** The share of runs with an attacker, and how often it moves. */
  readonly attackerShare: number;
  readonly attacks: Range;
  readonly exitShare: number;
  readonly rollbackShare: number;
  /** Of each kind of trouble at most so much of what a mixed run has at most. */
  readonly troubles: number;
  /** The share of runs with a chain of payments that are spent at once, and how many payments it has. */
  readonly chainShare: number;
  readonly chainPayments: Range;
  /** In so many seeds every kind of fault and every situation has to have occurred. */
  readonly coverageSeeds: number;
}

export const sizeBounds: Readonly<Record<Size, SizeBounds>> = {
  /** A payment and a fault or two: the most networks for the time. */
  small: {
    owners: [2],
    fundedShare: 0.8,
    faultsEndSeconds: [1, 4],
    wishes: [1, 1],
    attackerShare: 0.35,
    attacks: [2, 6],
    exitShare: 0.015,
    rollbackShare: 0.15,
    troubles: 0.5,
    chainShare: 0.02,
    chainPayments: [3, 11],
    coverageSeeds: 40_000,
  },
  /** A few payments among a few devices while much goes wrong. */
  mixed: {
    owners: [2, 2, 2, 3, 4],
    fundedShare: 0.4,
    faultsEndSeconds: [3, 11],
    wishes: [1, 3],
    attackerShare: 0.45,
    attacks: [6, 14],
    exitShare: 0.06,
    rollbackShare: 0.15,
    troubles: 1,
    chainShare: 0.06,
    chainPayments: [3, 14],
    coverageSeeds: 4_000,
  },
  /** Many payments, long chains and troubles for a minute. */
  large: {
    owners: [3, 4, 5],
    fundedShare: 0.4,
    faultsEndSeconds: [15, 60],
    wishes: [6, 16],
    attackerShare: 0.6,
    attacks: [12, 40],
    exitShare: 0.15,
    rollbackShare: 0.2,
    troubles: 3,
    chainShare: 0.6,
    chainPayments: [8, 24],
    coverageSeeds: 2_000,
  },
};
