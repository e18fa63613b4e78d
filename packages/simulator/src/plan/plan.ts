import type { FaultRates } from '../network/faults.ts';

/** Everything that one run is going to do, as data: from it a run follows, and out of it a shrinker takes things. */
export interface Plan {
  readonly seed: number;
  readonly crypto: 'simulated' | 'real';
  readonly stakes: readonly bigint[];
  /** Members that do not follow the rules; their stake is below v. */
  readonly byzantine: readonly number[];
  readonly byzantineHabits: { readonly silence: number; readonly garbage: number; readonly lies: number };
  /** Whether Byzantine validators go on when all other faults end. */
  readonly byzantineStays: boolean;
  readonly hasByzantineRelay: boolean;
  /** How far each validator's clock is off, milliseconds. */
  readonly validatorSkewMs: readonly number[];
  /** What a slow write takes at most at each validator's disk, milliseconds. */
  readonly diskSlownessMs: readonly number[];
  readonly devices: readonly DevicePlan[];
  readonly attackers: number;
  readonly rates: FaultRates;
  /** From the start of the run, when all faults end. */
  readonly faultsEndMs: number;
  /** From the start of the run, before when nobody settles. */
  readonly settlesFromMs: number;
  readonly actions: readonly Action[];
}

export interface DevicePlan {
  readonly name: string;
  /** Two devices may belong to one owner. */
  readonly owner: string;
  readonly skewMs: number;
  readonly syncEveryMs: number;
}

/** Something that happens to somebody; `id` names it for ever. */
export type Action = { readonly id: string } & (
  | {
      readonly type: 'wish';
      readonly atMs: number;
      readonly device: string;
      /** The owner who is paid. */
      readonly to: string;
      readonly amount: bigint;
      readonly kind: 0 | 1;
      readonly isImpatient: boolean;
    }
  | {
      /** Each device pays the owner of the next one all that it has, as soon as it was paid itself. */
      readonly type: 'chain';
      readonly atMs: number;
      readonly devices: readonly string[];
    }
  | {
      readonly type: 'deposit';
      readonly atMs: number;
      readonly owner: string;
      readonly amount: bigint;
    }
  | {
      readonly type: 'validatorCrash';
      readonly atMs: number;
      readonly signer: number;
      readonly share: number;
      readonly downMs: number;
    }
  | {
      /** At the n-th write of all lives, or so long after it. */
      readonly type: 'crashAtWrite';
      readonly signer: number;
      readonly write: number;
      readonly afterMs: number;
      readonly share: number;
      readonly downMs: number;
    }
  | { readonly type: 'deviceCrash'; readonly atMs: number; readonly device: string; readonly downMs: number }
  | {
      readonly type: 'deviceCrashAtWrite';
      readonly device: string;
      readonly write: number;
      readonly moment: 'before' | 'after';
      readonly downMs: number;
    }
  | {
      readonly type: 'partition';
      readonly atMs: number;
      readonly members: readonly string[];
      readonly forMs: number;
    }
  | { readonly type: 'reorganization'; readonly atMs: number }
  /** The database of a validator is backed up, and later put back in its place; without a backup it is lost. */
  | { readonly type: 'rollback'; readonly atMs: number; readonly backupMs?: number; readonly signer: number }
  | {
      /** An owner asks to leave, and does so when it may, or thinks better of it. */
      readonly type: 'exit';
      readonly atMs: number;
      readonly owner: string;
      readonly cancelsAfterMs?: number;
      /** Has votes of a quorum in its pocket and shows them when it is away. */
      readonly hidesQuorum: boolean;
    }
  | { readonly type: 'attack'; readonly atMs: number; readonly attacker: number }
);
