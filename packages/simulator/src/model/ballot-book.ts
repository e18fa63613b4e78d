import type { Hash, PaymentOrder, SignedPromise, Slot } from '@fastpay/protocol';
import { checkJustification } from './rounds.ts';
import type { Stakes } from './stakes.ts';
import { brief, type Settled, slotName, type Violate } from './types.ts';

/**
 * Everything that honest validators let out, by slot. What Byzantine ones signed is not looked at: they are taken to
 * have signed everything. Checks I2, I3, I4 and the half of I12 that is about validators.
 */
export interface BallotBook {
  vote(signer: number, slot: Slot, round: number, value: Hash): void;
  /** `order` is the one with this hash; none for SKIP. */
  commit(signer: number, slot: Slot, round: number, value: Hash, order: PaymentOrder | undefined): void;
  /** What a vote in a higher round was asked for with. */
  justify(signer: number, slot: Slot, round: number, value: Hash, promises: readonly SignedPromise[]): void;
  promise(signer: number, slot: Slot, round: number, lockedRound: number | undefined): void;
  /** Whether votes of a quorum may exist. */
  isCertifiable(slot: Slot, round: number, value: Hash): boolean;
  /** Whether commits of a quorum may exist. */
  isCommitted(slot: Slot, round: number, value: Hash): boolean;
  /** Whether honest validators voted for different values in one round. */
  isSplit(slot: Slot): boolean;
  /** What the slot holds for good, if anything. */
  settled(slot: Slot): Settled | undefined;
  readonly all: readonly Settled[];
}

interface SlotRecord {
  /** round/value → honest signers. */
  readonly votes: Map<string, Set<number>>;
  readonly commits: Map<string, Set<number>>;
  /** signer/round → value. */
  readonly votedBy: Map<string, Hash>;
  readonly committedBy: Map<number, { round: number; value: Hash }[]>;
  readonly promisedBy: Map<number, { round: number; lockedRound: number }[]>;
  /** round → value that a quorum may have voted for. */
  readonly certified: Map<number, Hash>;
  isSplit: boolean;
  settled?: Settled;
}

export function createBallotBook(stakes: Stakes, violate: Violate, onSettled: (settled: Settled) => void): BallotBook {
  const slots = new Map<string, SlotRecord>();
  const all: Settled[] = [];

  function recordOf(slot: Slot): SlotRecord {
    const name = slotName(slot);
    let record = slots.get(name);
    if (!record) {
      record = {
        votes: new Map(),
        commits: new Map(),
        votedBy: new Map(),
        committedBy: new Map(),
        promisedBy: new Map(),
        certified: new Map(),
        isSplit: false,
      };
      slots.set(name, record);
    }
    return record;
  }

  function add(sets: Map<string, Set<number>>, round: number, value: Hash, signer: number): ReadonlySet<number> {
    const key = `${round}/${value}`;
    const signers = sets.get(key) ?? new Set<number>();
    sets.set(key, signers.add(signer));
    return signers;
  }

  /** §13: a promise above the commit that does not name it, or a higher lock. */
  function checkPromises(signer: number, slot: Slot, record: SlotRecord): void {
    for (const { round: promised, lockedRound } of record.promisedBy.get(signer) ?? []) {
      for (const { round } of record.committedBy.get(signer) ?? []) {
        if (lockedRound < round && round < promised) {
          violate(
            'I2',
            `validator ${signer} committed in round ${round} of ${slotName(slot)} against its promise of ${promised}`,
          );
        }
      }
    }
  }

  return {
    all,
    vote(signer, slot, round, value) {
      const record = recordOf(slot);
      const key = `${signer}/${round}`;
      const before = record.votedBy.get(key);
      if (before === value) return;
      if (before !== undefined) {
        violate(
          'I2',
          `validator ${signer} voted for ${brief(before)} and ${brief(value)} in round ${round} of ${slotName(slot)}`,
        );
      }
      record.votedBy.set(key, value);
      for (const known of record.votes.keys()) {
        if (known.startsWith(`${round}/`) && known !== `${round}/${value}`) record.isSplit = true;
      }
      if (!stakes.canBeQuorum(add(record.votes, round, value, signer))) return;
      const other = record.certified.get(round);
      if (other !== undefined && other !== value) {
        violate('I3', `quorums for ${brief(other)} and ${brief(value)} in round ${round} of ${slotName(slot)}`);
      }
      record.certified.set(round, value);
    },

    commit(signer, slot, round, value, order) {
      const record = recordOf(slot);
      const commits = record.committedBy.get(signer) ?? [];
      if (commits.some((known) => known.round === round && known.value === value)) return;
      if (commits.some((known) => known.round === round)) {
        violate('I2', `validator ${signer} committed to two values in round ${round} of ${slotName(slot)}`);
      }
      if (!stakes.canBeQuorum(record.votes.get(`${round}/${value}`))) {
        violate(
          'I12',
          `validator ${signer} committed to ${brief(value)} in round ${round} of ${slotName(slot)}, which no quorum voted for`,
        );
      }
      record.committedBy.set(signer, [...commits, { round, value }]);
      checkPromises(signer, slot, record);
      if (!stakes.canBeQuorum(add(record.commits, round, value, signer))) return;
      const { settled } = record;
      if (settled && settled.value !== value) {
        violate(
          'I4',
          `${slotName(slot)} holds ${brief(settled.value)} of round ${settled.round} and ${brief(value)} of round ${round}`,
        );
      }
      if (settled) return;
      record.settled = { slot, value, round, ...(order && { order }) };
      all.push(record.settled);
      onSettled(record.settled);
    },

    justify(signer, slot, round, value, promises) {
      checkJustification({ signer, slot, round, value }, promises, recordOf(slot).promisedBy, stakes, violate);
    },

    promise(signer, slot, round, lockedRound = -1) {
      const record = recordOf(slot);
      const promises = record.promisedBy.get(signer) ?? [];
      if (promises.some((known) => known.round === round && known.lockedRound === lockedRound)) return;
      record.promisedBy.set(signer, [...promises, { round, lockedRound }]);
      checkPromises(signer, slot, record);
    },

    isCertifiable: (slot, round, value) =>
      stakes.canBeQuorum(slots.get(slotName(slot))?.votes.get(`${round}/${value}`)),
    isCommitted: (slot, round, value) =>
      stakes.canBeQuorum(slots.get(slotName(slot))?.commits.get(`${round}/${value}`)),
    isSplit: (slot) => slots.get(slotName(slot))?.isSplit ?? false,
    settled: (slot) => slots.get(slotName(slot))?.settled,
  };
}
