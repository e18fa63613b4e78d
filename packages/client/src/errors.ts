import type { PendingPayment } from './client.ts';

export type ClientErrorCode =
  | 'PAYMENT_PENDING'
  | 'WRONG_NETWORK'
  | 'WRONG_SIGNER'
  | 'CONFLICTING_CERTIFICATES'
  | 'STORE_FULL'
  | 'STORE_DAMAGED'
  | 'STORE_OUTDATED'
  | 'STORE_FAILED';

/** What a screen needs to tell of a failure; a RejectError has the same fields. */
interface Telling {
  /** What happened to the money. */
  readonly money: string;
  /** What to do next. */
  readonly action: string;
  /** Whether trying the same again can help. */
  readonly retryable: boolean;
}

/** A failure on this device, as opposed to a refusal by validators (RejectError). */
export class ClientError extends Error {
  override readonly name: string = 'ClientError';
  readonly code: ClientErrorCode;
  readonly money: string;
  readonly action: string;
  readonly retryable: boolean;

  constructor(code: ClientErrorCode, message: string, telling: Telling, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.money = telling.money;
    this.action = telling.action;
    this.retryable = telling.retryable;
  }
}

/** An earlier payment of this account has not ended; a second one would have to take its place. */
export class PaymentPendingError extends ClientError {
  override readonly name = 'PaymentPendingError';
  readonly pending: PendingPayment;

  constructor(pending: PendingPayment) {
    super('PAYMENT_PENDING', 'An earlier payment of this account is not completed yet.', {
      money: 'Nothing new was signed. The earlier payment may still happen.',
      action:
        'Let the wallet finish the earlier payment, which it does by itself as soon as enough validators answer, ' +
        'or cancel it. Then decide anew whether to pay.',
      retryable: true,
    });
    this.pending = pending;
  }
}

/** The data on this device belongs to another network than the one that is served. Ids are those of `networkId`. */
export class WrongNetworkError extends ClientError {
  override readonly name = 'WrongNetworkError';
  readonly pinnedId: string;
  readonly servedId: string;

  constructor(pinnedId: string, servedId: string) {
    super('WRONG_NETWORK', `This wallet belongs to network ${pinnedId}, but network ${servedId} is served here.`, {
      money: 'Nothing was read or sent. Money on the two networks has nothing to do with each other.',
      action: 'Go back to where the wallet was opened first, or start anew on this network on purpose.',
      retryable: false,
    });
    this.pinnedId = pinnedId;
    this.servedId = servedId;
  }
}

const storeTellings = {
  STORE_FULL: {
    message: 'This device has no room left to keep a record of the payment.',
    action: 'Free some storage and try again.',
    retryable: true,
  },
  STORE_DAMAGED: {
    message: 'A record on this device cannot be read any more.',
    action: 'Export what is left and restore the wallet from its recovery phrase.',
    retryable: false,
  },
  STORE_OUTDATED: {
    message: 'Another window runs a newer version of this wallet.',
    action: 'Reload this window.',
    retryable: false,
  },
  STORE_FAILED: {
    message: 'The browser could not write to its storage.',
    action: 'Try again, and reload the wallet if it keeps happening.',
    retryable: true,
  },
} as const;

export type StoreErrorCode = keyof typeof storeTellings;

/** The wallet's own storage failed. Nothing is sent that is not journaled first, so no money depends on it. */
export class StoreError extends ClientError {
  override readonly name = 'StoreError';

  constructor(code: StoreErrorCode, options?: { readonly cause?: unknown }) {
    const { message, action, retryable } = storeTellings[code];
    const money =
      'Nothing that is not stored on this device was sent. A payment listed under Activity may still happen.';
    super(code, message, { money, action, retryable }, options);
  }
}

/** Two valid commit certificates for one slot: a third of the stake or more has broken the protocol (§12 I4). */
export class ConflictingCertificatesError extends ClientError {
  override readonly name = 'ConflictingCertificatesError';
  /** Canonical bytes of both: the evidence. */
  readonly evidence: readonly [stored: Uint8Array, received: Uint8Array];

  constructor(evidence: readonly [Uint8Array, Uint8Array]) {
    super('CONFLICTING_CERTIFICATES', 'Validators have certified two different payments for one and the same slot.', {
      money: 'Payments on this network cannot be relied on until this is explained.',
      action: 'Stop paying and accepting payments, keep this device as it is, and report it.',
      retryable: false,
    });
    this.evidence = evidence;
  }
}
