import { createContextKey } from '@connectrpc/connect';
import type { RejectError } from '@fastpay/protocol';

/** What is known of one RPC besides its message. */
export interface Call {
  /** Sent back as `x-request-id` and logged. */
  readonly requestId: string;
  /** Key of the remote address, as limits count it. */
  readonly remote: string;
  /** Set when a limit refuses the call before anything of it is read. */
  readonly refusal?: RejectError;
  /** How the call ended: `ok`, a reject code, `canceled`, `internal` or a status; unset while it has not been handled. */
  outcome?: string;
}

export const callKey = createContextKey<Call>({ requestId: '-', remote: 'unknown' }, { description: 'call' });
