import { type VerificationContext, verifyCommit, verifyVote } from '@fastpay/crypto';
import {
  type Ballot,
  type CommitCertificate,
  encodeCertificate,
  equalSlots,
  type QuorumCertificate,
  RejectError,
  type SignedBallot,
} from '@fastpay/protocol';
import type { CommitAnswer, PaymentEvent, VoteAnswer } from '@fastpay/rpc';
import { type AskDependencies, askValidator, notWhatWasAsked } from './ask-validator.ts';
import type { DrivenValue } from './driven-value.ts';
import { explainStall } from './explain-stall.ts';
import { type Gathered, gatherQuorum } from './gather-quorum.ts';
import type { ValidatorPort } from './validator-port.ts';

export interface CollectorDependencies extends AskDependencies {
  readonly validators: readonly ValidatorPort[];
  /** Resolves after the time that the rest may take once no quorum can stand. */
  grace(): Promise<void>;
}

export type Collected =
  /** What the slot holds: the driven value, or what was certified before. */
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate }
  | { readonly type: 'stalled'; readonly reject: RejectError };

/**
 * Drives one value through a round (§8): votes, quorum certificate, commits, commit certificate. Every signature is
 * verified before it counts. Emits each step as it happens, the last being `paid`, when the slot holds the value, or
 * `stalled`. Ends as `stalled` when `signal` aborts. Handing the commit certificate on is the caller's.
 */
export async function collectValue(
  driven: DrivenValue,
  emit: (event: PaymentEvent) => void,
  dependencies: CollectorDependencies,
  signal: AbortSignal,
): Promise<Collected> {
  let hasEnded = false;
  // Validators that answer after the end are not part of it any more.
  const emitUntilEnd = (event: PaymentEvent) => {
    if (!hasEnded) emit(event);
  };
  const collected = await votesAndCommits(driven, emitUntilEnd, dependencies, signal);
  emitUntilEnd(lastEvent(driven, collected));
  hasEnded = true;
  return collected;
}

type Vote = Extract<VoteAnswer, { type: 'vote' }>;
type Commit = Extract<CommitAnswer, { type: 'commit' }>;

async function votesAndCommits(
  driven: DrivenValue,
  emit: (event: PaymentEvent) => void,
  dependencies: CollectorDependencies,
  signal: AbortSignal,
): Promise<Collected> {
  const { context, validators, grace } = dependencies;
  const { committee } = context;
  const { slot, attachments } = driven;
  const shared = {
    committee,
    validators,
    signal,
    grace,
    onFailure: (signer: number, reject: RejectError) => emit({ type: 'failure', signer, reject }),
  };

  const votes = await gatherQuorum({
    ...shared,
    ask: (validator) =>
      askValidator(
        validator,
        {
          slot,
          ask: driven.vote,
          check: ({ vote }: Vote, signer) => checkedBallot(context, driven, signer, vote, verifyVote),
        },
        dependencies,
        signal,
      ),
    onSigned: (vote) => emit({ type: 'vote', vote }),
  });
  if (votes.type !== 'quorum') return ending(votes, dependencies);

  const quorum: QuorumCertificate = { type: 'quorum', ...certificateOf(votes.signed, driven, committee.epoch) };
  emit({ type: 'quorum', certificate: quorum });
  const submission = { certificate: quorum, attachments };
  const commits = await gatherQuorum({
    ...shared,
    ask: (validator) =>
      askValidator(
        validator,
        {
          slot,
          ask: (port) => port.commit(submission, signal),
          check: ({ commit }: Commit, signer) => checkedBallot(context, driven, signer, commit, verifyCommit),
        },
        dependencies,
        signal,
      ),
    onSigned: (commit) => emit({ type: 'commit', commit }),
  });
  if (commits.type !== 'quorum') return ending(commits, dependencies);
  const certificate = certificateOf(commits.signed, driven, committee.epoch);
  return { type: 'resolved', certificate: { type: 'commit', ...certificate } };
}

async function checkedBallot(
  context: VerificationContext,
  expected: Ballot,
  signer: number,
  ballot: SignedBallot,
  verify: (context: VerificationContext, ballot: SignedBallot) => Promise<void>,
): Promise<SignedBallot> {
  const isExpected =
    ballot.signature.signer === signer &&
    ballot.epoch === context.committee.epoch &&
    ballot.round === expected.round &&
    ballot.value === expected.value &&
    equalSlots(ballot.slot, expected.slot);
  if (!isExpected) throw notWhatWasAsked();
  await verify(context, ballot);
  return ballot;
}

function certificateOf(
  ballots: ReadonlyMap<number, SignedBallot>,
  { slot, round, value, signedOrder }: DrivenValue,
  epoch: bigint,
) {
  const signatures = [...ballots.values()].map(({ signature }) => signature);
  return { epoch, slot, round, value, ...(signedOrder ? { signedOrder } : {}), signatures };
}

function ending(gathered: Gathered<SignedBallot>, { context }: CollectorDependencies): Collected {
  if (gathered.type === 'resolved') return gathered;
  const { signed, failures } = gathered;
  const reject = explainStall({ committee: context.committee, signers: [...signed.keys()], failures });
  return { type: 'stalled', reject };
}

function lastEvent({ value, slot }: Ballot, collected: Collected): PaymentEvent {
  if (collected.type === 'stalled') return collected;
  const { certificate } = collected;
  if (certificate.value === value) return { type: 'paid', certificate };
  const reject = new RejectError('SEQUENCE_TOO_LOW', `slot ${slot.sequence} of this account holds something else`, {
    commitCertificate: encodeCertificate(certificate),
  });
  return { type: 'stalled', reject };
}
