import type { Address, Hash } from '@fastpay/protocol';
import type { SignedTransaction } from '@fastpay/tempo';

/** A deposit that the sponsor signed for, until it is known what became of it. */
export interface Grant {
  /** What the sender signed. */
  readonly digest: Hash;
  readonly owner: Address;
  readonly signed: SignedTransaction;
  /** Unix seconds. */
  readonly validBefore: bigint;
  /** Taken from the budget: the most that it can cost, base units. */
  readonly cost: bigint;
  /** Of the budget that it was taken from. */
  readonly hour: number;
}

export type GrantOutcome =
  /** `spent`: what the gas did cost, base units. */
  | { readonly type: 'included' | 'reverted'; readonly spent: bigint }
  /** Its time went by, and no block that is final has it. */
  | { readonly type: 'unused' };

/** What the chain says of a transaction; nothing while no block has it. */
export type LookUp = (
  transactionHash: Hash,
) => Promise<{ readonly succeeded: boolean; readonly spent: bigint } | undefined>;

/** Grants whose outcome is not known yet. */
export interface Grants {
  readonly size: number;
  /** Sum of what they can cost. */
  readonly reserved: bigint;
  /** The one for these very bytes. */
  find(digest: Hash): Grant | undefined;
  add(grant: Grant): void;
  /** Looks each up once. @throws as the two that it asks. */
  look(chain: { readonly lookUp: LookUp; finalizedTimestamp(): Promise<bigint> }): Promise<void>;
}

export function createGrants({ onOutcome }: { onOutcome(grant: Grant, outcome: GrantOutcome): void }): Grants {
  const open = new Map<Hash, Grant>();
  const end = (grant: Grant, outcome: GrantOutcome) => {
    if (open.delete(grant.digest)) onOutcome(grant, outcome);
  };
  return {
    get size() {
      return open.size;
    },
    get reserved() {
      return [...open.values()].reduce((sum, { cost }) => sum + cost, 0n);
    },
    find: (digest) => open.get(digest),
    add(grant) {
      open.set(grant.digest, grant);
    },
    async look({ lookUp, finalizedTimestamp }) {
      if (open.size === 0) return;
      // Read first: what is in no block after this was read, and too late by it, will never be in one.
      const finalized = await finalizedTimestamp();
      for (const grant of [...open.values()]) {
        const found = await lookUp(grant.signed.transactionHash);
        if (found) end(grant, { type: found.succeeded ? 'included' : 'reverted', spent: found.spent });
        else if (finalized >= grant.validBefore) end(grant, { type: 'unused' });
      }
    },
  };
}
