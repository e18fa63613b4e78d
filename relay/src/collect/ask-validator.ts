import { type VerificationContext, verifyCommitCertificate } from '@fastpay/crypto';
import { type CommitCertificate, decodeCommitCertificate, equalSlots, RejectError, type Slot } from '@fastpay/protocol';
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

interface Resolved {
  readonly type: 'resolved';
  readonly certificate: CommitCertificate;
}

/** What a validator is asked to sign for one slot. */
export interface Question<Said extends { readonly type: string }, Signed> {
  readonly slot: Slot;
  ask(validator: ValidatorPort, signal: AbortSignal): Promise<Said | Resolved>;
  /** What of its answer counts once it is verified. @throws RejectError when it does not, or is not what was asked. */
  check(answer: Said, signer: number): Promise<Signed>;
}

/**
 * Asks one validator and verifies what it says. When it lacks earlier certificates it is handed them and asked once
 * more. An answer that does not verify counts as no answer at all.
 * @throws RejectError: the validator's refusal, or TEMPORARILY_UNAVAILABLE.
 */
export async function askValidator<Said extends { readonly type: string }, Signed>(
  validator: ValidatorPort,
  question: Question<Said, Signed>,
  dependencies: AskDependencies,
  signal: AbortSignal,
): Promise<Answer<Signed>> {
  try {
    return await checkedAnswer(validator, question, dependencies, signal);
  } catch (refusal) {
    if (!(refusal instanceof RejectError)) throw refusal;
    if (refusal.code !== 'MISSING_PREDECESSOR' && refusal.code !== 'MISSING_PARENT') throw refusal;
    const certificates = await dependencies.supply(refusal, validator, signal);
    if (certificates.length === 0) throw refusal;
    for (const certificate of certificates) await validator.resolve(certificate, signal);
    return await checkedAnswer(validator, question, dependencies, signal);
  }
}

async function checkedAnswer<Said extends { readonly type: string }, Signed>(
  validator: ValidatorPort,
  { slot, ask, check }: Question<Said, Signed>,
  { context, onMisbehaviour }: AskDependencies,
  signal: AbortSignal,
): Promise<Answer<Signed>> {
  const answer = await refusalWithProof(ask(validator, signal));
  try {
    if (!isResolved(answer)) return { type: 'signed', signed: await check(answer, validator.signer) };
    if (!equalSlots(answer.certificate.slot, slot)) throw notWhatWasAsked();
    await verifyCommitCertificate(context, answer.certificate);
    return answer;
  } catch (problem) {
    if (!(problem instanceof RejectError)) throw problem;
    onMisbehaviour(validator.signer, problem.message);
    throw unverified(problem);
  }
}

function isResolved(answer: { readonly type: string }): answer is Resolved {
  return answer.type === 'resolved';
}

/** A refusal that carries the certificate of its slot is the better answer: the certificate itself. */
async function refusalWithProof<Said>(answer: Promise<Said>): Promise<Said | Resolved> {
  try {
    return await answer;
  } catch (refusal) {
    if (!(refusal instanceof RejectError) || !refusal.facts.commitCertificate) throw refusal;
    return { type: 'resolved', certificate: decodeCommitCertificate(refusal.facts.commitCertificate) };
  }
}

function unverified(cause: RejectError): RejectError {
  return new RejectError('TEMPORARILY_UNAVAILABLE', 'its answer does not verify', {}, { cause });
}

export function notWhatWasAsked(): RejectError {
  return new RejectError('INVALID_SIGNATURE', 'it signed something else than what was asked');
}
