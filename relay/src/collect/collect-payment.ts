import {
  type Ballot,
  type CommitCertificate,
  encodeCertificate,
  type Hash,
  type QuorumCertificate,
  RejectError,
  type SignedBallot,
  slotOf,
} from '@fastpay/protocol';
import type { OrderSubmission, PaymentEvent } from '@fastpay/rpc';
import { type AskDependencies, askValidator } from './ask-validator.ts';
import { explainStall } from './explain-stall.ts';
import { type Gathered, gatherQuorum } from './gather-quorum.ts';
import type { ValidatorPort } from './validator-port.ts';

/** A verified order on its way to a commit certificate. */
export interface PaymentRequest extends OrderSubmission {
  /** The order's hash in this network; the payer's signature over it has been verified. */
  readonly transactionHash: Hash;
}

export interface CollectorDependencies extends AskDependencies {
  readonly validators: readonly ValidatorPort[];
  /** Resolves after the time that the rest may take once no quorum can stand. */
  grace(): Promise<void>;
}

export type Collected =
  | { readonly type: 'paid'; readonly certificate: CommitCertificate }
  | { readonly type: 'stalled'; readonly reject: RejectError };

/**
 * Drives one order through both rounds (§8): votes, quorum certificate, commits, commit certificate. Every signature is
 * verified before it counts. Emits each step as it happens, the last being `paid` or `stalled`, which is returned too.
 * Ends as `stalled` when `signal` aborts. Handing the commit certificate on is the caller's.
 */
export async function collectPayment(
  request: PaymentRequest,
  emit: (event: PaymentEvent) => void,
  dependencies: CollectorDependencies,
  signal: AbortSignal,
): Promise<Collected> {
  let hasEnded = false;
  // Validators that answer after the end are not part of it any more.
  const emitUntilEnd = (event: PaymentEvent) => {
    if (!hasEnded) emit(event);
  };
  const collected = await bothRounds(request, emitUntilEnd, dependencies, signal);
  emitUntilEnd(collected);
  hasEnded = true;
  return collected;
}

async function bothRounds(
  request: PaymentRequest,
  emit: (event: PaymentEvent) => void,
  dependencies: CollectorDependencies,
  signal: AbortSignal,
): Promise<Collected> {
  const { context, validators, grace } = dependencies;
  const { committee } = context;
  const ballot: Ballot = { slot: slotOf(request.signedOrder.order), round: 0, value: request.transactionHash };
  const onFailure = (signer: number, reject: RejectError) => emit({ type: 'failure', signer, reject });

  const votes = await gatherQuorum({
    committee,
    validators,
    signal,
    ask: (validator) => askValidator(validator, ballot, (port) => port.vote(request, signal), dependencies, signal),
    onBallot: (vote) => emit({ type: 'vote', vote }),
    onFailure,
    grace,
  });
  if (votes.type !== 'quorum') return ending(votes, ballot, dependencies);

  const quorum: QuorumCertificate = { type: 'quorum', ...certificateOf(votes.ballots, ballot, request) };
  emit({ type: 'quorum', certificate: quorum });
  const submission = { certificate: quorum, attachments: request.attachments };
  const commits = await gatherQuorum({
    committee,
    validators,
    signal,
    ask: (validator) =>
      askValidator(validator, ballot, (port) => port.commit(submission, signal), dependencies, signal),
    onBallot: (commit) => emit({ type: 'commit', commit }),
    onFailure,
    grace,
  });
  if (commits.type !== 'quorum') return ending(commits, ballot, dependencies);
  return { type: 'paid', certificate: { type: 'commit', ...certificateOf(commits.ballots, ballot, request) } };
}

function certificateOf(ballots: readonly SignedBallot[], ballot: Ballot, { signedOrder }: PaymentRequest) {
  const epoch = ballots[0]?.epoch;
  if (epoch === undefined) throw new Error('a quorum of no ballots');
  return { epoch, ...ballot, signedOrder, signatures: ballots.map(({ signature }) => signature) };
}

function ending(
  gathered: Exclude<Gathered, { type: 'quorum' }>,
  { value, slot }: Ballot,
  { context }: CollectorDependencies,
): Collected {
  if (gathered.type === 'impossible') {
    return { type: 'stalled', reject: explainStall({ committee: context.committee, ...gathered }) };
  }
  const { certificate } = gathered;
  if (certificate.value === value) return { type: 'paid', certificate };
  const reject = new RejectError('SEQUENCE_TOO_LOW', `slot ${slot.sequence} of this account holds another payment`, {
    commitCertificate: encodeCertificate(certificate),
  });
  return { type: 'stalled', reject };
}
