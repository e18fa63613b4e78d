import { MINIMUM_FEE, SURCHARGE } from './world.fixtures.ts';

/** The rules of §5 as plain arithmetic over sets, for one validator; written from the text, not from the code. */

/** One of the two orders that a payer signed for a slot. */
export interface Candidate {
  readonly sender: number;
  readonly sequence: bigint;
  readonly variant: number;
  readonly amount: bigint;
  readonly fee: bigint;
  /** None: the money leaves the ledger. */
  readonly recipient: number | undefined;
}

/** What one validator knows; keys are slots. */
export interface Model {
  readonly deposits: readonly { readonly owner: number; readonly amount: bigint }[];
  readonly resolved: ReadonlyMap<string, Candidate>;
  readonly votes: ReadonlyMap<string, Candidate>;
  readonly commits: ReadonlyMap<string, Candidate>;
}

/** What a request comes to: one effect a durable batch, in order, and what the caller hears. */
export interface Prediction {
  readonly effects: readonly Effect[];
  readonly answer: string;
}

type Effect = (model: Model) => Model;

export const EMPTY_MODEL: Model = { deposits: [], resolved: new Map(), votes: new Map(), commits: new Map() };

export const slotName = ({ sender, sequence }: Pick<Candidate, 'sender' | 'sequence'>) => `${sender}/${sequence}`;

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
const put = (map: ReadonlyMap<string, Candidate>, value: Candidate) => new Map(map).set(slotName(value), value);

export function nextOf({ resolved }: Model, owner: number): bigint {
  let next = 0n;
  while (resolved.has(slotName({ sender: owner, sequence: next }))) next++;
  return next;
}

export function balanceOf({ deposits, resolved }: Model, owner: number): bigint {
  const all = [...resolved.values()];
  return (
    sum(deposits.filter((deposit) => deposit.owner === owner).map(({ amount }) => amount)) +
    sum(all.filter(({ recipient }) => recipient === owner).map(({ amount }) => amount)) -
    sum(all.filter(({ sender }) => sender === owner).map(({ amount, fee }) => amount + fee))
  );
}

export function isKnown({ deposits, resolved }: Model, owner: number): boolean {
  const isParty = ({ sender, recipient }: Candidate) => sender === owner || recipient === owner;
  return deposits.some((deposit) => deposit.owner === owner) || [...resolved.values()].some(isParty);
}

/** What left the ledger, and what came in. */
export function totalsOf({ deposits, resolved }: Model) {
  const all = [...resolved.values()];
  return {
    fees: sum(all.map(({ fee }) => fee)),
    withdrawn: sum(all.filter(({ recipient }) => recipient === undefined).map(({ amount }) => amount)),
    deposited: sum(deposits.map(({ amount }) => amount)),
  };
}

export function predictDeposit(owner: number, amount: bigint): Prediction {
  return {
    effects: [(model) => ({ ...model, deposits: [...model.deposits, { owner, amount }] })],
    answer: 'applied',
  };
}

export function predictResolve(model: Model, candidate: Candidate): Prediction {
  if (model.resolved.has(slotName(candidate))) return { effects: [], answer: 'known' };
  return { effects: [(before) => ({ ...before, resolved: put(before.resolved, candidate) })], answer: 'new' };
}

export function predictVote(model: Model, candidate: Candidate, attached: readonly Candidate[]): Prediction {
  const record: Effect = (before) => ({ ...before, votes: put(before.votes, candidate) });
  return withAttachments(model, attached, (at) => voteAnswer(at, candidate), record);
}

export function predictCommit(model: Model, candidate: Candidate, attached: readonly Candidate[]): Prediction {
  const record: Effect = (before) => ({ ...before, commits: put(before.commits, candidate) });
  const answer = (at: Model) => heldBy(at, candidate) ?? (at.commits.has(slotName(candidate)) ? 'stored' : 'record');
  return withAttachments(model, attached, answer, record);
}

function voteAnswer(model: Model, candidate: Candidate): string {
  const held = heldBy(model, candidate);
  if (held !== undefined) return held;
  const vote = model.votes.get(slotName(candidate));
  if (vote) return vote.variant === candidate.variant ? 'stored' : 'EQUIVOCATION';
  const committed = model.commits.get(slotName(candidate));
  if (committed && committed.variant !== candidate.variant) return 'EQUIVOCATION';
  const { sender, amount, fee, recipient } = candidate;
  const surcharge = recipient !== undefined && !isKnown(model, recipient) ? SURCHARGE : 0n;
  if (fee < MINIMUM_FEE + surcharge) return 'FEE_TOO_LOW';
  return balanceOf(model, sender) < amount + fee ? 'INSUFFICIENT_FUNDS' : 'record';
}

/** What a slot that is resolved, or not yet due, answers to everything. */
function heldBy(model: Model, candidate: Candidate): string | undefined {
  const holder = model.resolved.get(slotName(candidate));
  if (holder) return holder.variant === candidate.variant ? 'resolved' : 'SEQUENCE_TOO_LOW';
  return candidate.sequence === nextOf(model, candidate.sender) ? undefined : 'MISSING_PREDECESSOR';
}

/** Attachments are taken in only where the request can still come to something. */
function withAttachments(
  model: Model,
  attached: readonly Candidate[],
  answer: (model: Model) => string,
  record: Effect,
): Prediction {
  const early = answer(model);
  const mayBeCured = ['MISSING_PREDECESSOR', 'INSUFFICIENT_FUNDS', 'FEE_TOO_LOW'].includes(early);
  if (early !== 'record' && !(mayBeCured && attached.length > 0)) return { effects: [], answer: early };
  const effects: Effect[] = [];
  let after = model;
  for (const candidate of attached) {
    for (const effect of predictResolve(after, candidate).effects) {
      effects.push(effect);
      after = effect(after);
    }
  }
  const late = answer(after);
  return { effects: late === 'record' ? [...effects, record] : effects, answer: late === 'record' ? 'stored' : late };
}
