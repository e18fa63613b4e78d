import { type CallOptions, createClient } from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';
import {
  type AccountAnswer,
  type AccountId,
  bytesOf,
  type CommitCertificate,
  type Evidence,
  type Hash,
  RejectError,
} from '@fastpay/protocol';
import {
  accountAnswerFromProto,
  type BulletinEntry,
  type BulletinFilter,
  bulletinEntryFromProto,
  bulletinFilterToProto,
  certificateToProto,
  commitAnswerFromProto,
  evidenceListFromProto,
  type FundingClosure,
  fundingClosureFromProto,
  openRoundRequestToProto,
  type PaymentView,
  paymentFromProto,
  promiseAnswerFromProto,
  quorumSubmissionToProto,
  rejectFromError,
  roundVoteAnswerFromProto,
  submitOrderRequestToProto,
  submitProposalRequestToProto,
  type ValidatorInfo,
  ValidatorService,
  validatorInfoFromProto,
  voteAnswerFromProto,
} from '@fastpay/rpc';
import type { ValidatorPort } from '../collect/validator-port.ts';
import { relayLimits } from '../limits.ts';
import { createGate } from './gate.ts';
import { unaryOverHttp2 } from './unary-over-http2.ts';

export interface BulletinPage {
  readonly entries: readonly BulletinEntry[];
  readonly nextCursor: bigint;
  readonly hasMore: boolean;
}

/** Where in a validator's log a watcher stands; cursors belong to one store. */
export interface BulletinPosition {
  readonly cursor: bigint;
  readonly storeId: Uint8Array;
}

/** Everything that the relay asks of one validator. Fails with RejectError only; nothing is retried here. */
export interface ValidatorClient extends ValidatorPort {
  payment(transactionHash: Hash, signal: AbortSignal): Promise<PaymentView | undefined>;
  account(account: AccountId, clientNonce: Uint8Array, signal: AbortSignal): Promise<AccountAnswer>;
  /** Without certificates when it does not have the payment. */
  fundingClosure(transactionHash: Hash, signal: AbortSignal): Promise<FundingClosure>;
  evidence(limit: number, signal: AbortSignal): Promise<readonly Evidence[]>;
  bulletin(
    query: { readonly filter: BulletinFilter; readonly afterCursor: bigint; readonly limit: number },
    signal: AbortSignal,
  ): Promise<BulletinPage>;
  /** From `after` on, or from now on without it; an item without an entry is a keep-alive. */
  watch(
    after: BulletinPosition | undefined,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly entry?: BulletinEntry; readonly storeId: Uint8Array }>;
  info(signal: AbortSignal): Promise<ValidatorInfo>;
  close(): void;
}

/** One HTTP/2 connection, kept alive, with a bounded number of calls in flight. */
export function createValidatorClient({
  signer,
  url,
}: {
  readonly signer: number;
  readonly url: string;
}): ValidatorClient {
  const session = new Http2SessionManager(url, { pingIntervalMs: 10_000, pingTimeoutMs: 5_000 });
  const streams = createConnectTransport({
    baseUrl: url,
    httpVersion: '2',
    sessionManager: session,
    acceptCompression: [],
    readMaxBytes: relayLimits.answerBytes,
  });
  const transport = unaryOverHttp2({ session, answerBytes: relayLimits.answerBytes }, streams);
  const client = createClient(ValidatorService, transport);
  const gate = createGate({ running: relayLimits.callsInFlight, waiting: relayLimits.callsWaiting });

  const call = async <Message, Result>(
    signal: AbortSignal,
    request: (options: CallOptions) => Promise<Message>,
    read: (message: Message) => Result,
  ): Promise<Result> => {
    let message: Message;
    try {
      message = await gate.run(() => request({ signal, timeoutMs: relayLimits.callTimeoutMs }));
    } catch (error) {
      throw rejectFromError(error);
    }
    return readAnswer(() => read(message));
  };

  return {
    signer,
    vote: (submission, signal) =>
      call(
        signal,
        (options) => client.submitOrder(submitOrderRequestToProto(submission), options),
        voteAnswerFromProto,
      ),
    openRound: (submission, signal) =>
      call(signal, (options) => client.openRound(openRoundRequestToProto(submission), options), promiseAnswerFromProto),
    voteInRound: (submission, signal) =>
      call(
        signal,
        (options) => client.submitProposal(submitProposalRequestToProto(submission), options),
        roundVoteAnswerFromProto,
      ),
    commit: (submission, signal) =>
      call(
        signal,
        (options) => client.submitQuorumCertificate(quorumSubmissionToProto(submission), options),
        commitAnswerFromProto,
      ),
    resolve: (certificate: CommitCertificate, signal) =>
      call(
        signal,
        (options) => client.submitCommitCertificate({ commitCertificate: certificateToProto(certificate) }, options),
        () => undefined,
      ),
    payment: (transactionHash, signal) =>
      call(
        signal,
        (options) => client.getPayment({ transactionHash: bytesOf(transactionHash) }, options),
        ({ payment }) => (payment ? paymentFromProto(payment) : undefined),
      ),
    account: ({ owner, asset }, clientNonce, signal) =>
      call(
        signal,
        (options) => client.getAccount({ owner: bytesOf(owner), asset: bytesOf(asset), clientNonce }, options),
        ({ account }) => accountAnswerFromProto(account),
      ),
    fundingClosure: (transactionHash, signal) =>
      call(
        signal,
        (options) => client.getFundingClosure({ transactionHash: bytesOf(transactionHash) }, options),
        fundingClosureFromProto,
      ),
    evidence: (limit, signal) =>
      call(
        signal,
        (options) => client.listEvidence({ limit }, options),
        ({ evidence }) => evidenceListFromProto(evidence),
      ),
    bulletin: ({ filter, afterCursor, limit }, signal) =>
      call(
        signal,
        (options) => client.listBulletin({ filter: bulletinFilterToProto(filter), afterCursor, limit }, options),
        ({ entries, nextCursor, hasMore }) => ({
          entries: entries.map((entry, index) => bulletinEntryFromProto(entry, `entries[${index}]`)),
          nextCursor,
          hasMore,
        }),
      ),
    async *watch(after, signal) {
      const from = after ? { afterCursor: after.cursor, storeId: after.storeId } : { fromNow: true };
      try {
        for await (const { entry, storeId } of client.watchBulletin(from, { signal })) {
          yield entry ? { entry: readAnswer(() => bulletinEntryFromProto(entry)), storeId } : { storeId };
        }
      } catch (error) {
        throw rejectFromError(error);
      }
    },
    info: (signal) => call(signal, (options) => client.getValidatorInfo({}, options), validatorInfoFromProto),
    close: () => session.abort(),
  };
}

/** A malformed answer is no refusal of what was asked: the validator did not answer. */
function readAnswer<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
    throw unreadable(error);
  }
}

function unreadable(cause: RejectError): RejectError {
  return new RejectError('TEMPORARILY_UNAVAILABLE', 'its answer cannot be read', {}, { cause });
}
