import { createContextKey } from '@connectrpc/connect';
import type { RejectError } from '@fastpay/protocol';

/** What is known of one RPC besides its message. */
export interface Call {
  /** Sent back as `x-request-id` and logged. */
  readonly requestId: string;
  /** Key of the remote address, as limits count it. */
  readonly remote: string;
  /** Set when the call is refused before its message is looked at: by a limit, or because it is unreadable. */
  refusal?: RejectError;
  /** How the call ended: `ok`, a reject code, `canceled`, `internal` or a status; unset while it has not been handled. */
  outcome?: string;
}

export const callKey = createContextKey<Call>({ requestId: '-', remote: 'unknown' }, { description: 'call' });
