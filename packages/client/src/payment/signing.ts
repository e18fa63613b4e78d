import type { PayerSigner } from '@fastpay/crypto';
import { type AccountId, RejectError } from '@fastpay/protocol';
import { type ClientCore, lockName } from '../core.ts';
import { ClientError } from '../errors.ts';
import { clientLimits } from '../limits.ts';

/**
 * Runs what signs for an account alone among all tabs (§7 rule 1).
 * @throws RejectError TEMPORARILY_UNAVAILABLE when another one does not let go in time, or after an abort.
 */
export async function alone<Result>(
  core: ClientCore,
  account: AccountId,
  sign: () => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const waiting = new AbortController();
  const ended = signal ? AbortSignal.any([signal, waiting.signal]) : waiting.signal;
  const acquired = new AbortController();
  const giveUp = () => {
    if (!acquired.signal.aborted) waiting.abort();
  };
  core.clock.sleep(clientLimits.signingLockMs, acquired.signal).then(giveUp, giveUp);
  try {
    return await core.locks.run(
      lockName(core, account),
      () => {
        acquired.abort();
        return sign();
      },
      ended,
    );
  } catch (error) {
    if (!ended.aborted || error instanceof RejectError || error instanceof ClientError) throw error;
    throw signal?.aborted ? stoppedEarly() : stillSigning(error);
  } finally {
    acquired.abort();
  }
}

/** @throws ClientError WRONG_SIGNER. */
export function assertOwn(core: ClientCore, signer: PayerSigner): void {
  if (signer.address !== core.owner) throw wrongSigner('The key that is unlocked belongs to another account.');
}

export function wrongSigner(message: string, cause?: unknown): ClientError {
  const telling = { money: 'Nothing was sent.', action: 'Unlock this account again and retry.', retryable: false };
  return new ClientError('WRONG_SIGNER', message, telling, { cause });
}

export function stoppedEarly(): RejectError {
  return new RejectError('TEMPORARILY_UNAVAILABLE', 'stopped before anything was signed');
}

function stillSigning(cause: unknown): RejectError {
  return new RejectError('TEMPORARILY_UNAVAILABLE', 'another window of this wallet is still signing', {}, { cause });
}
