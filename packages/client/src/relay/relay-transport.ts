import { type AccountAnswer, bytesOf, RejectError } from '@fastpay/protocol';
import {
  accountAnswerFromProto,
  accountEventFromProto,
  bulletinEntryFromProto,
  bulletinFilterToProto,
  certificateToProto,
  chainHeadFromProto,
  collectedPromisesFromProto,
  collectPromisesRequestToProto,
  evidenceListFromProto,
  fundingClosureFromProto,
  paymentEventFromProto,
  paymentStatusFromProto,
  type AccountEvent as RelayAccountEvent,
  type ValidatorStatus as RelayValidatorStatus,
  rejectFromError,
  submitPaymentRequestToProto,
  submitRoundProposalRequestToProto,
  validatorStatusFromProto,
} from '@fastpay/rpc';
import type { AccountEvent, AccountLogPage, Transport, ValidatorStatus } from '../transport.ts';
import { answer, readable } from './answer.ts';
import { createRelayCalls, type RelayCallsOptions } from './relay-calls.ts';

export interface RelayTransportOptions extends RelayCallsOptions {
  /** For every call but the streams. Milliseconds. */
  readonly timeoutMs?: number;
}

/** Entries asked for at a time when a log is read. */
const LOG_PAGE = 250;

/** Reaches the committee through a relay, over Connect. Verifies nothing: that is the client's. */
export function createRelayTransport(options: RelayTransportOptions): Transport {
  const relay = createRelayCalls(options);
  const { timeoutMs = 15_000 } = options;
  const call = { timeoutMs };

  return {
    submitPayment: (request, signal) =>
      stream(relay.submitPayment(submitPaymentRequestToProto(request), { signal }), paymentEventFromProto),
    collectPromises: (request, signal) =>
      answer(
        relay.collectPromises(collectPromisesRequestToProto(request), { ...call, signal }),
        collectedPromisesFromProto,
      ),
    submitProposal: (request, signal) =>
      stream(relay.submitRoundProposal(submitRoundProposalRequestToProto(request), { signal }), paymentEventFromProto),
    deliverCertificate: (certificate) =>
      answer(relay.deliverCertificate({ commitCertificate: certificateToProto(certificate) }, call), () => undefined),
    fundingClosure: (transactionHash) =>
      answer(
        relay.getRelayFundingClosure({ transactionHash: bytesOf(transactionHash) }, call),
        fundingClosureFromProto,
      ),
    evidence: () => answer(relay.listRelayEvidence({}, call), ({ evidence }) => evidenceListFromProto(evidence)),
    accountStatements: ({ owner, asset }, clientNonce) =>
      answer(
        relay.getAccountStatements({ owner: bytesOf(owner), asset: bytesOf(asset), clientNonce }, call),
        ({ answers }) => answers.flatMap(readableAnswer),
      ),
    paymentStatus: (transactionHash) =>
      answer(relay.getPaymentStatus({ transactionHash: bytesOf(transactionHash) }, call), (message) => {
        const { stage, ...status } = paymentStatusFromProto(message);
        return { ...status, stage };
      }),
    accountLog: ({ owner, signer, afterCursor }) => {
      const filter = bulletinFilterToProto({ owner });
      return answer(relay.listRelayBulletin({ filter, signer, afterCursor, limit: LOG_PAGE }, call), (page) => {
        if (page.signer !== signer) throw new RejectError('INVALID_FORMAT', 'signer: the log of another validator');
        return toLogPage(page);
      });
    },
    watchAccount: (owner, signal) =>
      stream(relay.watchAccount({ owner: bytesOf(owner) }, { signal }), (message) =>
        toAccountEvent(accountEventFromProto(message)),
      ),
    committeeStatus: () =>
      answer(relay.getCommitteeStatus({}, call), ({ validators }) =>
        validators.map((message) => toValidatorStatus(validatorStatusFromProto(message))),
      ),
    chainHead: () => answer(relay.getRelayChainHead({}, call), ({ chainHead }) => chainHeadFromProto(chainHead)),
  };
}

async function* stream<Message, Value>(
  messages: AsyncIterable<Message>,
  convert: (message: Message) => Value,
): AsyncGenerator<Value> {
  const iterator = messages[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await nextOf(iterator);
      if (step.done) return;
      const { value } = step;
      yield readable(() => convert(value));
    }
  } finally {
    await iterator.return?.();
  }
}

async function nextOf<Message>(iterator: AsyncIterator<Message>): Promise<IteratorResult<Message>> {
  try {
    return await iterator.next();
  } catch (error) {
    throw rejectFromError(error);
  }
}

/** One validator's garbage must not hide what the others say. */
function readableAnswer(message: Parameters<typeof accountAnswerFromProto>[0]): readonly AccountAnswer[] {
  try {
    return [accountAnswerFromProto(message)];
  } catch (error) {
    if (error instanceof RejectError) return [];
    throw error;
  }
}

function toLogPage(page: {
  readonly entries: readonly Parameters<typeof bulletinEntryFromProto>[0][];
  readonly nextCursor: bigint;
  readonly hasMore: boolean;
}): AccountLogPage {
  const events = page.entries.map((entry) => bulletinEntryFromProto(entry).event);
  return {
    certificates: events.flatMap((event) => (event.type === 'resolved' ? [event.certificate] : [])),
    settlements: events.flatMap((event) => (event.type === 'settlement' ? [event] : [])),
    nextCursor: page.nextCursor,
    hasMore: page.hasMore,
  };
}

function toAccountEvent(event: RelayAccountEvent): AccountEvent {
  if (event.type === 'exit') return { type: 'exit', account: event.exit.account, change: event.exit.type };
  if (event.type !== 'deposited') return event;
  const { account, amount } = event.deposit;
  return { type: 'deposited', account, amount };
}

function toValidatorStatus({ info, ...status }: RelayValidatorStatus): ValidatorStatus {
  if (!info) return status;
  const { chainHead, ...rest } = info;
  return { ...status, info: { ...rest, finalizedHeight: chainHead?.finalized.height ?? 0n } };
}
