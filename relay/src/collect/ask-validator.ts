import { type VerificationContext, verifyCommit, verifyCommitCertificate, verifyVote } from '@fastpay/crypto';
import {
  type Ballot,
  type CommitCertificate,
  decodeCommitCertificate,
  equalSlots,
  RejectError,
  type SignedBallot,
} from '@fastpay/protocol';
import type { CommitAnswer, VoteAnswer } from '@fastpay/rpc';
import type { Answer } from './gather-quorum.ts';
import type { ValidatorPort } from './validator-port.ts';

/** Verified certificates that the relay knows and a validator says it lacks (MISSING_PREDECESSOR, MISSING_PARENT). */
export type Supply = (
  refusal: RejectError,
  validator: ValidatorPort,
  signal: AbortSignal,
) => Promise<readonly CommitCertificate[]>;

export interface AskDependencies {
  readonly context: VerificationContext;
  readonly supply: Supply;
  /** Told about every answer that does not verify. */
  readonly onMisbehaviour: (signer: number, problem: string) => void;
}

type Call = (validator: ValidatorPort) => Promise<VoteAnswer | CommitAnswer>;

/**
 * Asks one validator to sign `expected` and verifies what it says. When it lacks earlier certificates it is handed
 * them and asked once more. An answer that does not verify counts as no answer at all.
 * @throws RejectError: the validator's refusal, or TEMPORARILY_UNAVAILABLE.
 */
export async function askValidator(
  validator: ValidatorPort,
  expected: Ballot,
  call: Call,
  dependencies: AskDependencies,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    return await checkedAnswer(validator, expected, call, dependencies);
  } catch (refusal) {
    if (!(refusal instanceof RejectError)) throw refusal;
    if (refusal.code !== 'MISSING_PREDECESSOR' && refusal.code !== 'MISSING_PARENT') throw refusal;
    const certificates = await dependencies.supply(refusal, validator, signal);
    if (certificates.length === 0) throw refusal;
    for (const certificate of certificates) await validator.resolve(certificate, signal);
    return await checkedAnswer(validator, expected, call, dependencies);
  }
}

async function checkedAnswer(
  validator: ValidatorPort,
  expected: Ballot,
  call: Call,
  dependencies: AskDependencies,
): Promise<Answer> {
  const answer = await refusalWithProof(call(validator));
  try {
    if (answer.type === 'vote') return await checkedBallot(validator, expected, answer.vote, verifyVote, dependencies);
    if (answer.type === 'commit') {
      return await checkedBallot(validator, expected, answer.commit, verifyCommit, dependencies);
    }
    if (!equalSlots(answer.certificate.slot, expected.slot)) throw notWhatWasAsked();
    await verifyCommitCertificate(dependencies.context, answer.certificate);
    return { type: 'resolved', certificate: answer.certificate };
  } catch (problem) {
    if (!(problem instanceof RejectError)) throw problem;
    dependencies.onMisbehaviour(validator.signer, problem.message);
    throw unverified(problem);
  }
}

/** A refusal that carries the certificate of its slot is the better answer: the certificate itself. */
async function refusalWithProof(answer: Promise<VoteAnswer | CommitAnswer>): Promise<VoteAnswer | CommitAnswer> {
  try {
    return await answer;
  } catch (refusal) {
    if (!(refusal instanceof RejectError) || !refusal.facts.commitCertificate) throw refusal;
    return { type: 'resolved', certificate: decodeCommitCertificate(refusal.facts.commitCertificate) };
  }
}

async function checkedBallot(
  validator: ValidatorPort,
  expected: Ballot,
  ballot: SignedBallot,
  verify: (context: VerificationContext, ballot: SignedBallot) => Promise<void>,
  { context }: AskDependencies,
): Promise<Answer> {
  const isExpected =
    ballot.signature.signer === validator.signer &&
    ballot.epoch === context.committee.epoch &&
    ballot.round === expected.round &&
    ballot.value === expected.value &&
    equalSlots(ballot.slot, expected.slot);
  if (!isExpected) throw notWhatWasAsked();
  await verify(context, ballot);
  return { type: 'signed', ballot };
}

function unverified(cause: RejectError): RejectError {
  return new RejectError('TEMPORARILY_UNAVAILABLE', 'its answer does not verify', {}, { cause });
}

function notWhatWasAsked(): RejectError {
  return new RejectError('INVALID_SIGNATURE', 'it signed something else than what was asked');
}
