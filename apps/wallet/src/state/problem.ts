import { ClientError } from '@fastpay/client';
import { RejectError } from '@fastpay/protocol';
import { sentence } from './format.ts';

/** One failure as a screen tells it: what happened, what happened to the money, what to do. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly money: string;
  readonly action: string;
  readonly retryable: boolean;
}

/** The one boundary where unknown failures become something that a person can read. */
export function problemOf(error: unknown): Problem {
  if (error instanceof RejectError || error instanceof ClientError) {
    const { code, message, money, action, retryable } = error;
    return { code, message: sentence(message), money, action, retryable };
  }
  const action =
    error instanceof Error && 'action' in error && typeof error.action === 'string' ? error.action : undefined;
  return {
    code: 'UNEXPECTED',
    message: error instanceof Error ? sentence(error.message) : 'Something unexpected happened.',
    money: 'Money moves only with a signature that this device has made; what it signed is listed under Activity.',
    action: action ?? 'Try again. If it happens again, reload the wallet.',
    retryable: true,
  };
}
