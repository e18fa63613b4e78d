import { type Committee, quorumStake, RejectError } from '@fastpay/protocol';
import type { ValidatorFailure } from '@fastpay/rpc';

export interface ReadAnswers<Value> {
  readonly answers: readonly { readonly signer: number; readonly value: Value }[];
  readonly failures: readonly ValidatorFailure[];
}

interface ReadOptions {
  readonly committee: Committee;
  readonly timeoutMs: number;
  /** Once stake ≥ q answered, how long the rest may still take. */
  readonly graceMs: number;
}

/** Asks everyone the same question and waits for all, but not much longer than for a quorum. */
export async function readAll<Port extends { readonly signer: number }, Value>(
  validators: readonly Port[],
  ask: (validator: Port, signal: AbortSignal) => Promise<Value>,
  { committee, timeoutMs, graceMs }: ReadOptions,
): Promise<ReadAnswers<Value>> {
  const controller = new AbortController();
  const answers: { signer: number; value: Value }[] = [];
  const failures: ValidatorFailure[] = [];
  let stake = 0n;
  await new Promise<void>((resolve, reject) => {
    let timer = setTimeout(resolve, timeoutMs);
    let open = validators.length;
    const closeOne = () => {
      open--;
      if (open === 0) {
        clearTimeout(timer);
        resolve();
      }
    };
    if (open === 0) {
      clearTimeout(timer);
      resolve();
    }
    for (const validator of validators) {
      const { signer } = validator;
      ask(validator, controller.signal).then(
        (value) => {
          answers.push({ signer, value });
          const before = stake;
          stake += committee.members[signer]?.stake ?? 0n;
          if (before < quorumStake(committee) && stake >= quorumStake(committee)) {
            clearTimeout(timer);
            timer = setTimeout(resolve, graceMs);
          }
          closeOne();
        },
        (error: unknown) => {
          if (!(error instanceof RejectError)) {
            clearTimeout(timer);
            reject(error);
            return;
          }
          failures.push({ signer, reject: error });
          closeOne();
        },
      );
    }
  });
  // What comes later is not read any more: the lists are copied before the rest is cancelled.
  const result = { answers: [...answers], failures: [...failures] };
  controller.abort();
  const silent = validators.filter(
    ({ signer }) =>
      !result.answers.some((answer) => answer.signer === signer) &&
      !result.failures.some((failure) => failure.signer === signer),
  );
  for (const { signer } of silent) {
    result.failures.push({ signer, reject: new RejectError('TEMPORARILY_UNAVAILABLE', 'no answer in time') });
  }
  return {
    answers: result.answers.toSorted((left, right) => left.signer - right.signer),
    failures: result.failures.toSorted((left, right) => left.signer - right.signer),
  };
}
