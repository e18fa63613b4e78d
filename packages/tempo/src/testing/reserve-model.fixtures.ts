import type { Address } from '@fastpay/protocol';
import type { Outcome } from '../reserve-events.ts';

/** What the reserve must do for one asset, written down a second time with sets and maps instead of packed words. */
export interface ReserveModel {
  deposit(owner: Address, amount: bigint): void;
  /** @param isAttested The committee vouches for the batch as a whole; whether entries are committed does not count. */
  settle(entries: readonly ModelEntry[], settler: Address, isAttested?: boolean): readonly Outcome[];
  /** False when an exit stands requested already. */
  requestExit(owner: Address): boolean;
  /** False when none stands requested. */
  cancelExit(owner: Address): boolean;
  /** After the delay. False when none stands requested. */
  exit(owner: Address): boolean;
  block(account: Address): void;
  unblock(account: Address): void;
  /** False when there is nothing to release or the token refuses. */
  release(recipient: Address): boolean;
  balance(owner: Address): bigint;
  owed(recipient: Address): bigint;
  /** Tokens that have left the reserve to this account. */
  received(account: Address): bigint;
  firstUnused(owner: Address): bigint;
  isUsed(owner: Address, sequence: bigint): boolean;
  /** What the reserve must hold: Σ balances + Σ owed. */
  total(): bigint;
}

export interface ModelEntry {
  readonly type: 'transfer' | 'withdraw' | 'skip';
  readonly sender: Address;
  readonly recipient: Address;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly sequence: bigint;
  /** The committee's signatures are in order. */
  readonly isCommitted: boolean;
}

export function createReserveModel(): ReserveModel {
  const balances = new Map<Address, bigint>();
  const owed = new Map<Address, bigint>();
  const received = new Map<Address, bigint>();
  const used = new Map<Address, Set<bigint>>();
  const blocked = new Set<Address>();
  const exiting = new Set<Address>();

  const get = (map: ReadonlyMap<Address, bigint>, key: Address) => map.get(key) ?? 0n;
  const add = (map: Map<Address, bigint>, key: Address, amount: bigint) => map.set(key, get(map, key) + amount);
  const isUsed = (owner: Address, sequence: bigint) => used.get(owner)?.has(sequence) ?? false;

  function firstUnused(owner: Address): bigint {
    let sequence = 0n;
    while (isUsed(owner, sequence)) sequence += 1n;
    return sequence;
  }

  function pay(recipient: Address, amount: bigint): void {
    if (amount > 0n) add(blocked.has(recipient) ? owed : received, recipient, amount);
  }

  function settleOne(entry: ModelEntry, isAttested: boolean): Outcome {
    const { type, sender, recipient, amount, fee, sequence } = entry;
    if (!entry.isCommitted && !isAttested) return 'NO_QUORUM';
    if (isUsed(sender, sequence)) return 'ALREADY_SETTLED';
    if (sequence > firstUnused(sender)) return 'OUT_OF_ORDER';
    const cost = type === 'skip' ? 0n : amount + fee;
    if (type !== 'skip' && (amount === 0n || (type === 'transfer' && recipient === sender))) return 'INVALID_ORDER';
    if (get(balances, sender) < cost) return 'INSUFFICIENT_BALANCE';
    const slots = used.get(sender) ?? new Set<bigint>();
    used.set(sender, slots.add(sequence));
    add(balances, sender, -cost);
    if (type === 'transfer') add(balances, recipient, amount);
    if (type === 'withdraw') pay(recipient, amount);
    return 'SETTLED';
  }

  return {
    deposit: (owner, amount) => void add(balances, owner, amount),
    settle(entries, settler, isAttested = false) {
      const outcomes = entries.map((entry) => settleOne(entry, isAttested));
      const fees = entries
        .filter((entry, index) => outcomes[index] === 'SETTLED' && entry.type !== 'skip')
        .reduce((sum, entry) => sum + entry.fee, 0n);
      if (fees > 0n) add(owed, settler, fees);
      return outcomes;
    },
    requestExit(owner) {
      if (exiting.has(owner)) return false;
      exiting.add(owner);
      return true;
    },
    cancelExit: (owner) => exiting.delete(owner),
    exit(owner) {
      if (!exiting.delete(owner)) return false;
      pay(owner, get(balances, owner));
      balances.delete(owner);
      return true;
    },
    block: (account) => void blocked.add(account),
    unblock: (account) => void blocked.delete(account),
    release(recipient) {
      const amount = get(owed, recipient);
      if (amount === 0n || blocked.has(recipient)) return false;
      owed.delete(recipient);
      add(received, recipient, amount);
      return true;
    },
    balance: (owner) => get(balances, owner),
    owed: (recipient) => get(owed, recipient),
    received: (account) => get(received, account),
    firstUnused,
    isUsed,
    total: () => [...balances.values(), ...owed.values()].reduce((sum, amount) => sum + amount, 0n),
  };
}
