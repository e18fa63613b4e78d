import type {
  CommitCertificate,
  Hash,
  PaymentOrder,
  SignedBallot,
  SignedNewRound,
  SignedPromise,
  SignedProposal,
} from '@fastpay/protocol';
import { type BallotBook, createBallotBook } from './ballot-book.ts';
import { closureFault, type GivenClosure } from './closure.ts';
import { type AccountRef, createLedger, type Ledger } from './ledger.ts';
import { createPayments, type Payments } from './payments.ts';
import { checkReserve } from './reserve.ts';
import { type ChainedSpend, createSpendChains, type OnChain } from './spend-chains.ts';
import { createStakes, type Stakes } from './stakes.ts';
import { accountName, brief, type CommitteeFacts, type Settled, SKIP_VALUE, slotName, type Violate } from './types.ts';
import { createValidatorView, type FinalFacts, type ValidatorView, type ViewEvents } from './validator-view.ts';

/**
 * The protocol's promises, kept account of from outside: by what honest validators let out, what clients send, and what
 * the chain made final. It shares no code with the validator; of the protocol package it uses types only.
 */
export interface Model {
  readonly stakes: Stakes;
  readonly violate: Violate;
  /** EIP-712 domain separator of the network. */
  readonly separator: Hash;
  readonly book: BallotBook;
  readonly payments: Payments;
  /** All that exists: every final deposit and every slot that a quorum may have committed to. */
  readonly world: Ledger;
  readonly views: readonly ValidatorView[];
  /**
   * An honest validator let out a vote; `order` is what it was asked to vote for, none for SKIP, and `askedFirstMs` when
   * it was first asked.
   */
  vote(ballot: SignedBallot, order: PaymentOrder | undefined, askedFirstMs: number): void;
  /** The same in a higher round, with what it rested on. */
  voteInRound(ballot: SignedBallot, proposal: SignedProposal, promises: readonly SignedPromise[]): void;
  /** `carried` is the order in the certificate that it was asked to commit to. */
  commit(ballot: SignedBallot, carried: PaymentOrder | undefined): void;
  promise(promise: SignedPromise, newRound: SignedNewRound): void;
  /** An honest party takes a certificate for true: a client stores it, a relay passes it on as verified. */
  believed(by: string, certificate: CommitCertificate): void;
  /** The chain made a deposit final. */
  deposited(account: AccountRef, amount: bigint): void;
  /** The chain made an exit final: so much has left the account. */
  exited(account: AccountRef, amount: bigint): void;
  /** How deep the longest chain of payments is, each funded by the one before it. */
  readonly deepestChain: number;
  /** The same of payments that could not have been made without the one before, none of them settled. */
  readonly deepestUnsettledChain: number;
  /** An honest validator gives a funding closure. */
  closure(by: string, given: GivenClosure): void;
  /** At the end of a run: what the contract would make of it. */
  checkChain(deposits: Parameters<typeof checkReserve>[0]): void;
}

/** What the contract holds at the head of the chain. */
export interface ChainFacts {
  onChain(account: AccountRef): OnChain;
  /** Whether its owner ever asked to leave: its money may go before its payments are settled. */
  hasAskedToLeave(account: AccountRef): boolean;
}

export interface ModelOptions {
  readonly committee: CommitteeFacts;
  readonly separator: Hash;
  /** The least that an order pays for being settled, base units. */
  readonly leastFee: bigint;
  nowMs(): number;
  /** What an owner signs for a round, by its definition in §4. */
  readonly digests: { newRound(message: SignedNewRound): Hash; proposal(message: SignedProposal): Hash };
  readonly chain: FinalFacts & ChainFacts;
  readonly violate: Violate;
  /** With what a payment was made out of. */
  onSettled(settled: Settled, chained: ChainedSpend | undefined): void;
  /** A whole closure of so many certificates was given. */
  onClosure(certificates: number): void;
  readonly events: ViewEvents;
}

export function createModel({
  committee,
  separator,
  leastFee,
  digests,
  nowMs,
  chain,
  violate,
  onSettled,
  onClosure,
  events,
}: ModelOptions): Model {
  const stakes = createStakes(committee);
  const world = createLedger();
  const payments = createPayments(violate);
  const depthByAccount = new Map<string, number>();
  const paid = new Set<Hash>();
  const chains = createSpendChains(chain.onChain);
  let deepestChain = 0;
  let deepestUnsettledChain = 0;
  let exits = 0;

  function settle(settled: Settled): void {
    const { slot, value, order } = settled;
    if (order) paid.add(value);
    world.resolve(slot, value, order);
    payments.settled(settled);
    if (order) {
      const depth = (depthByAccount.get(accountName(slot)) ?? 0) + 1;
      const recipient = accountName({ owner: order.recipient, asset: order.asset });
      if (order.kind === 0) depthByAccount.set(recipient, Math.max(depthByAccount.get(recipient) ?? 0, depth));
      deepestChain = Math.max(deepestChain, depth);
    }
    if (world.balance(slot) < 0n) {
      violate('I7', `${slotName(slot)} took ${accountName(slot)} down to ${world.balance(slot)}`);
    }
    const chained = order && chains.paid(slot, order, nowMs());
    deepestUnsettledChain = Math.max(deepestUnsettledChain, chained?.depth ?? 0);
    onSettled(settled, chained);
  }

  const book = createBallotBook(stakes, violate, settle);
  const views = committee.stakes.map((_, signer) =>
    createValidatorView(signer, book, chain, violate, { ...events, nowMs }),
  );

  /** The payer signed it, and it is what the ballot is about. */
  function checkOrder(what: string, { slot, value, round }: SignedBallot, order: PaymentOrder | undefined): void {
    if (value === SKIP_VALUE) {
      if (round === 0) violate('rule', `${what} SKIP in round 0`);
      return;
    }
    if (!order) violate('I12', `${what} ${brief(value)} without an order`);
    else if (!payments.hasSigned(slot.owner, value)) {
      violate('I12', `${what} ${brief(value)} in ${slotName(slot)}, which its owner never signed`);
    } else if (slotName(slot) !== slotName({ owner: order.sender, asset: order.asset, sequence: order.sequence })) {
      violate('I12', `${what} an order of another slot in ${slotName(slot)}`);
    }
  }

  /** What rule 1 asks of an order that nobody is locked on, as far as it can be told from outside. */
  function checkFreshOrder(
    signer: number,
    { slot, value, round }: SignedBallot,
    order: PaymentOrder,
    askedFirstMs: number,
  ): void {
    const what = `validator ${signer} voted for ${brief(value)} in ${slotName(slot)}`;
    if (slot.sequence > world.next(slot)) violate('rule', `${what}, which is beyond the open slot`);
    // A value that a lock carried was looked at when it was first voted for.
    if (round > 0) return;
    const leavingSinceMs = views[signer]?.leavingSinceMs(slot);
    // A vote may be on its way while the exit is taken in.
    if (leavingSinceMs !== undefined && askedFirstMs - leavingSinceMs > 1_000)
      violate('rule', `${what}, whose owner leaves`);
    if (order.fee < leastFee) violate('rule', `${what}, which pays too little to be settled`);
    for (const parent of order.parents) {
      if (!paid.has(parent)) violate('rule', `${what}, whose parent is not paid`);
    }
  }

  return {
    stakes,
    violate,
    separator,
    book,
    payments,
    world,
    views,
    get deepestChain() {
      return deepestChain;
    },
    get deepestUnsettledChain() {
      return deepestUnsettledChain;
    },
    closure(by, given) {
      for (const certificate of given.certificates) this.believed(by, certificate);
      // Rule 6 is about them.
      if (given.certificates.some(({ slot }) => chain.hasAskedToLeave(slot))) return;
      const fault = closureFault(given, chain.onChain);
      if (fault !== undefined) violate('I8', `${by} gives a closure that does not settle: ${fault}`);
      if (given.complete) onClosure(given.certificates.length);
    },
    vote(ballot, order, askedFirstMs) {
      const { signer } = ballot.signature;
      checkOrder(`validator ${signer} voted for`, ballot, order);
      if (order) checkFreshOrder(signer, ballot, order, askedFirstMs);
      book.vote(signer, ballot.slot, ballot.round, ballot.value);
    },
    voteInRound(ballot, proposal, promises) {
      const { slot, round, value, signature } = ballot;
      if (proposal.authority.type === 'owner' && !payments.hasSigned(slot.owner, digests.proposal(proposal))) {
        violate(
          'rule',
          `validator ${signature.signer} voted in round ${round} of ${slotName(slot)}, which nobody proposed`,
        );
      }
      book.justify(signature.signer, slot, round, value, promises);
      this.vote(ballot, proposal.signedOrder?.order, nowMs());
    },
    commit(ballot, carried) {
      const { signer } = ballot.signature;
      // A stored commit is given again for its value alone, whatever order a forged certificate puts beside it.
      const order = payments.orderOf(ballot.value) ?? carried;
      checkOrder(`validator ${signer} committed to`, ballot, order);
      book.commit(signer, ballot.slot, ballot.round, ballot.value, order);
    },
    promise({ slot, round, lock, signature }, newRound) {
      if (newRound.authority.type === 'owner' && !payments.hasSigned(slot.owner, digests.newRound(newRound))) {
        violate(
          'rule',
          `validator ${signature.signer} promised round ${round} of ${slotName(slot)}, which nobody opened`,
        );
      }
      book.promise(signature.signer, slot, round, lock?.round);
    },
    believed(by, { slot, round, value, signatures, signedOrder }) {
      const what = `${by} takes ${brief(value)} in ${slotName(slot)} for committed`;
      if (!book.isCommitted(slot, round, value)) violate('I12', `${what}, and no quorum did`);
      if (!stakes.isQuorum(signatures.map(({ signer }) => signer))) violate('I12', `${what}, with too few signers`);
      const settled = book.settled(slot);
      if (settled?.order && signedOrder && settled.order.amount !== signedOrder.order.amount) {
        violate('I12', `${what}, with another amount`);
      }
    },
    deposited(account, amount) {
      world.deposit(account, amount);
    },
    exited(account, amount) {
      world.exit(account, amount);
      exits++;
      if (world.balance(account) < 0n) {
        violate(
          'I8',
          `${accountName(account)} left with money of payments that are not settled: ${world.balance(account)}`,
        );
      }
    },
    checkChain(deposits) {
      // With exits the order on chain decides; the simulated chain is held against the ledger itself then.
      if (exits === 0) checkReserve(deposits, book.all, world, violate);
    },
  };
}
