/** Reject codes of §11, and what each means for the person who reads it. */

interface RejectMeaning {
  /** What happened to the money. */
  readonly money: string;
  /** What to do next. */
  readonly action: string;
  /** Whether sending the same bytes again later can succeed. Only codes without it may be cached. */
  readonly retryable: boolean;
}

const UNCHANGED = 'No money moved and nothing was recorded.';
const MAY_STILL_HAPPEN =
  'No money moved. The same signed payment may still complete until its slot holds something else.';

export const rejectMeanings = {
  INVALID_FORMAT: {
    money: UNCHANGED,
    action: 'Correct the request as the message says and send it again.',
    retryable: false,
  },
  INVALID_SIGNATURE: {
    money: UNCHANGED,
    action: 'Sign with the key of the sender account, over this network’s domain, in its one canonical encoding.',
    retryable: false,
  },
  WRONG_CHAIN: {
    money: UNCHANGED,
    action: 'Choose the network that this payment was signed for.',
    retryable: false,
  },
  EXPIRED: {
    money: MAY_STILL_HAPPEN,
    action: 'Cancel the pending payment, or wait until the clock of this device is right and pay again.',
    retryable: false,
  },
  NOT_PAYMENT: {
    money: UNCHANGED,
    action: 'Use an asset from the network’s list and a kind that it knows.',
    retryable: false,
  },
  SEQUENCE_TOO_LOW: {
    money:
      'That slot is closed for good, by another payment or by a cancellation: this payment did not and will not happen.',
    action: 'Take in the certificate that is part of this answer and use the next free sequence.',
    retryable: false,
  },
  SEQUENCE_TOO_HIGH: {
    money: UNCHANGED,
    action: 'Finish the payments before this one, then use the expected sequence.',
    retryable: false,
  },
  MISSING_PREDECESSOR: {
    money: MAY_STILL_HAPPEN,
    action: 'Bring this validator up to date with the certificates of the earlier slots, then send the same bytes.',
    retryable: true,
  },
  EQUIVOCATION: {
    money:
      'No money moved. This validator already holds something else of this account in the slot; this payment can only still happen if the slot ends with it.',
    action: 'Finish the slot in a higher round, then decide again whether to pay.',
    retryable: false,
  },
  STALE_ROUND: {
    money: MAY_STILL_HAPPEN,
    action: 'Finish the slot in a higher round.',
    retryable: false,
  },
  INSUFFICIENT_FUNDS: {
    money: MAY_STILL_HAPPEN,
    action: 'Deposit, or attach the certificates of the payments that fund this one.',
    retryable: true,
  },
  MISSING_PARENT: {
    money: MAY_STILL_HAPPEN,
    action: 'Attach the commit certificates of the parents and send the same bytes.',
    retryable: true,
  },
  INVALID_CERTIFICATE: {
    money: UNCHANGED,
    action: 'Fetch the certificate again from another source; this one proves nothing.',
    retryable: false,
  },
  EXITING: {
    money: MAY_STILL_HAPPEN,
    action: 'Cancel the exit of the account first, or wait for it to end.',
    retryable: true,
  },
  FEE_TOO_LOW: {
    money: MAY_STILL_HAPPEN,
    action: 'Pay at least the fee that the answer names.',
    retryable: false,
  },
  STALE_CHAIN: {
    money: MAY_STILL_HAPPEN,
    action: 'The validator has lost sight of the chain. The same bytes can succeed once it sees it again.',
    retryable: true,
  },
  RATE_LIMITED: {
    money: MAY_STILL_HAPPEN,
    action: 'Wait for the time that the answer names and send the same bytes.',
    retryable: true,
  },
  NOT_SPONSORED: {
    money: 'No money moved: the sponsor signed nothing.',
    action: 'Deposit and pay the network fee yourself, or ask again later.',
    retryable: false,
  },
  TEMPORARILY_UNAVAILABLE: {
    money: MAY_STILL_HAPPEN,
    action: 'Send the same bytes again later; they can only ever be paid once.',
    retryable: true,
  },
} as const satisfies Record<string, RejectMeaning>;

export type RejectCode = keyof typeof rejectMeanings;

export function isRejectCode(text: string): text is RejectCode {
  return Object.hasOwn(rejectMeanings, text);
}

/** What a client needs to go on; every field is optional because each belongs to a few codes only. */
export interface RejectFacts {
  readonly expectedSequence?: bigint;
  /** Base units; may be below zero on a validator that lags. */
  readonly balance?: bigint;
  /** Base units. */
  readonly requiredFee?: bigint;
  readonly promisedRound?: number;
  /** Transaction hashes. */
  readonly missingParents?: readonly string[];
  /** Canonical bytes of the signed order that holds the slot (`encodeSignedOrder`). */
  readonly storedOrder?: Uint8Array;
  /** Canonical bytes of the commit certificate that resolved the slot. */
  readonly commitCertificate?: Uint8Array;
  readonly retryAfterMs?: number;
}

/** A definite refusal: bad input or a rule that does not allow it. Never thrown for a broken invariant. */
export class RejectError extends Error {
  override readonly name = 'RejectError';
  readonly code: RejectCode;
  readonly facts: RejectFacts;

  constructor(code: RejectCode, message: string, facts: RejectFacts = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.facts = facts;
  }

  get money(): string {
    return rejectMeanings[this.code].money;
  }

  get action(): string {
    return rejectMeanings[this.code].action;
  }

  get retryable(): boolean {
    return rejectMeanings[this.code].retryable;
  }
}
