import {
  type VerificationContext,
  verifyCommitCertificate,
  verifyEvidence,
  verifyNewRound,
  verifyPromises,
  verifyProposal,
  verifySignedOrder,
  verifyStatement,
} from '@fastpay/crypto';
import {
  type AccountAnswer,
  type AccountId,
  type Address,
  type CommitCertificate,
  type Evidence,
  encodeEvidence,
  equalBytes,
  type Hash,
  type Network,
  RejectError,
  type SignedOrder,
  slotKey,
  slotOf,
  toHex,
} from '@fastpay/protocol';
import type {
  AccountEvent,
  BulletinFilter,
  CollectedPromises,
  FundingClosure,
  OrderSubmission,
  PaymentEvent,
  PaymentStatus,
  ProposalSubmission,
  RoundSubmission,
  ValidatorFailure,
  ValidatorStatus,
} from '@fastpay/rpc';
import type { CertificateCache } from './certificate-cache.ts';
import { drivenKey, drivenOrder, drivenProposal } from './collect/driven-value.ts';
import type { Delivery } from './delivery.ts';
import type { EventHub } from './event-hub.ts';
import type { Health } from './health.ts';
import { relayLimits } from './limits.ts';
import type { PaymentRuns } from './payment-runs.ts';
import { paymentStatus } from './payment-status.ts';
import type { RateLimit } from './rate-limit.ts';
import { readAll } from './upstream/read-all.ts';
import type { BulletinPage, ValidatorClient } from './upstream/validator-client.ts';
import { withDeadline } from './with-deadline.ts';

/**
 * Everything that the relay does for its callers, whatever protocol they speak. Fails with RejectError. `client` is the
 * caller's network address: streams, and what costs a page of verifications, are counted by it.
 */
export interface Relay {
  readonly network: Network;
  /** Verifies the order and its attachments, then drives it; the steps come as they happen. */
  submit(
    submission: OrderSubmission,
  ): Promise<{ readonly transactionHash: Hash; readonly events: AsyncIterable<PaymentEvent> }>;
  /** Verifies who opens the round, then asks every validator for its promise. */
  openRound(submission: RoundSubmission): Promise<CollectedPromises>;
  /** Verifies the proposal and the promises that allow it, then drives it like an order. */
  propose(submission: ProposalSubmission): Promise<AsyncIterable<PaymentEvent>>;
  deliver(certificate: CommitCertificate): Promise<{
    readonly signers: readonly number[];
    readonly failures: readonly ValidatorFailure[];
  }>;
  status(transactionHash: Hash): Promise<PaymentStatus>;
  /** From the first validator that has all of it; the most that one has when none does. */
  closure(transactionHash: Hash, client: string): Promise<FundingClosure>;
  /** What any validator published, each piece once. */
  evidence(client: string): Promise<readonly Evidence[]>;
  statements(
    account: AccountId,
    clientNonce: Uint8Array,
  ): Promise<{ readonly answers: readonly AccountAnswer[]; readonly failures: readonly ValidatorFailure[] }>;
  bulletin(query: BulletinQuery, client: string): Promise<{ readonly signer: number } & BulletinPage>;
  watch(owner: Address, client: string, signal: AbortSignal): AsyncIterable<AccountEvent>;
  committee(): readonly ValidatorStatus[];
}

export interface BulletinQuery {
  readonly filter: BulletinFilter;
  readonly afterCursor: bigint;
  /** 0 for the default. */
  readonly limit: number;
  /** Whose log; the first that answers when it is left out, which only a first page may. */
  readonly signer?: number;
}

interface RelayDependencies {
  readonly context: VerificationContext;
  readonly validators: readonly ValidatorClient[];
  readonly cache: CertificateCache;
  readonly runs: PaymentRuns;
  collectPromises(submission: RoundSubmission, signal: AbortSignal): Promise<CollectedPromises>;
  readonly deliveries: ReadonlyMap<number, Delivery>;
  /** Tells of a verified certificate, and sees to it that every validator gets it. */
  handOn(certificate: CommitCertificate): void;
  readonly hub: EventHub;
  readonly health: Health;
  readonly senderLimit: RateLimit;
  /** Of what costs a page of verifications each, by the caller's network address (§14). */
  readonly pageLimit: RateLimit;
  readonly onMisbehaviour: (signer: number, problem: string) => void;
}

const DEFAULT_PAGE = 100;

export function createRelay(network: Network, dependencies: RelayDependencies): Relay {
  const { context, validators, cache, runs, hub, health, pageLimit } = dependencies;
  const reading = {
    committee: network.committee,
    timeoutMs: relayLimits.readTimeoutMs,
    graceMs: relayLimits.readGraceMs,
  };

  const verifyAndKeep = async (certificate: CommitCertificate) => {
    await verifyCommitCertificate(context, certificate);
    cache.add(certificate);
  };

  /**
   * Of what its owner signed, once that is verified. An order that has not completed is shown to anybody who asks, so
   * the same again is not counted: nobody but the owner can use up the owner's share.
   */
  const countOnce = (owner: Address, id: string) => dependencies.senderLimit.take(owner, id);

  const keepAttachments = async (attachments: readonly CommitCertificate[]) => {
    for (const attachment of attachments) await verifyAndKeep(attachment);
  };
  const keepReported = async (signer: number, value: Hash, certificate: CommitCertificate | undefined) => {
    if (certificate?.value !== value || cache.payment(value)?.commit) return;
    try {
      await verifyAndKeep(certificate);
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      dependencies.onMisbehaviour(signer, error.message);
    }
  };

  const checkedPage = async (validator: ValidatorClient, query: BulletinQuery): Promise<BulletinPage> => {
    const limit = Math.min(query.limit === 0 ? DEFAULT_PAGE : query.limit, relayLimits.bulletinPage);
    const page = await withDeadline(relayLimits.callTimeoutMs, (signal) =>
      validator.bulletin({ ...query, limit }, signal),
    );
    try {
      for (const { event } of page.entries) {
        if (event.type === 'resolved') await verifyAndKeep(event.certificate);
      }
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      dependencies.onMisbehaviour(validator.signer, error.message);
      throw unverifiedPage(error);
    }
    return page;
  };

  return {
    network,
    async submit(submission) {
      const transactionHash = await verifySignedOrder(context, submission.signedOrder);
      const paid = cache.payment(transactionHash)?.commit;
      if (paid) return { transactionHash, events: once({ type: 'paid', certificate: paid }) };
      await countOnce(submission.signedOrder.order.sender, transactionHash);
      await keepAttachments(submission.attachments);
      return { transactionHash, events: runs.submit(drivenOrder(submission, transactionHash)) };
    },

    async openRound(submission) {
      const { newRound, attachments } = submission;
      await verifyNewRound(context, newRound);
      await countOnce(newRound.slot.owner, `${slotKey(newRound.slot)}/${newRound.round}`);
      await keepAttachments(attachments);
      const collected = await withDeadline(relayLimits.callTimeoutMs, (signal) =>
        dependencies.collectPromises(submission, signal),
      );
      if (collected.certificate) dependencies.handOn(collected.certificate);
      return collected;
    },

    async propose(submission) {
      const { proposal, attachments } = submission;
      await verifyProposal(context, proposal);
      await countOnce(proposal.slot.owner, drivenKey(proposal));
      await verifyPromises(context, { ...submission, ...proposal });
      await keepAttachments(attachments);
      return runs.submit(drivenProposal(submission));
    },

    async closure(transactionHash, client) {
      await pageLimit.take(client);
      let most: FundingClosure = { certificates: [], complete: false };
      for (const validator of byReachability(validators)) {
        const closure = await checkedClosure(validator, transactionHash);
        if (closure?.complete) return closure;
        if (closure && closure.certificates.length > most.certificates.length) most = closure;
      }
      return most;
    },

    async evidence(client) {
      await pageLimit.take(client);
      const { answers } = await readAll(
        validators,
        (validator, signal) => validator.evidence(relayLimits.evidence, signal),
        reading,
      );
      const verified = new Map<string, Evidence>();
      for (const { signer, value } of answers) {
        for (const evidence of value.slice(0, relayLimits.evidence)) {
          const key = toHex(encodeEvidence(evidence));
          if (!verified.has(key) && (await proves(signer, evidence))) verified.set(key, evidence);
        }
      }
      return [...verified.values()];
    },
    async deliver(certificate) {
      await verifyAndKeep(certificate);
      hub.resolved(certificate);
      const { answers, failures } = await readAll(
        validators,
        (validator, signal) => validator.resolve(certificate, signal),
        reading,
      );
      for (const { signer, reject } of failures) {
        if (reject.retryable) dependencies.deliveries.get(signer)?.add(certificate);
      }
      return { signers: answers.map(({ signer }) => signer), failures };
    },
    async status(transactionHash) {
      const { answers, failures } = await readAll(
        validators,
        (validator, signal) => validator.payment(transactionHash, signal),
        reading,
      );
      const views = answers.flatMap(({ signer, value }) => (value ? [{ signer, view: value }] : []));
      for (const { signer, view } of views) {
        await keepReported(signer, transactionHash, view.commitCertificate);
      }
      const cached = cache.payment(transactionHash);
      const progress = runs.progress(transactionHash);
      if (answers.length === 0 && failures.length > 0 && !cached && !progress) {
        throw new RejectError(
          'TEMPORARILY_UNAVAILABLE',
          'no validator answers, and this relay has not seen the payment',
        );
      }
      const resolutionOf = ({ order }: SignedOrder) => cache.resolution(slotOf(order));
      return await paymentStatus(transactionHash, { cached, progress, views, resolutionOf }, context);
    },
    async statements(account, clientNonce) {
      const { answers, failures } = await readAll(
        validators,
        async (validator, signal) => {
          const answer = await validator.account(account, clientNonce, signal);
          await checkStatement(validator.signer, answer, account, clientNonce);
          return answer;
        },
        reading,
      );
      return { answers: answers.map(({ value }) => value), failures };
    },
    async bulletin(query, client) {
      if (query.signer === undefined && query.afterCursor > 0n) {
        throw new RejectError('INVALID_FORMAT', 'signer: a cursor belongs to one validator, which has to be named');
      }
      if (query.signer !== undefined && !network.committee.members[query.signer]) {
        throw new RejectError('INVALID_FORMAT', 'signer: the committee has no such validator');
      }
      await pageLimit.take(client);
      const candidates = byReachability(validators).filter(
        ({ signer }) => query.signer === undefined || signer === query.signer,
      );
      let failure = new RejectError('TEMPORARILY_UNAVAILABLE', 'this relay knows no such validator');
      for (const validator of candidates) {
        try {
          return { signer: validator.signer, ...(await checkedPage(validator, query)) };
        } catch (error) {
          if (!(error instanceof RejectError)) throw error;
          failure = error;
          if (!error.retryable) break;
        }
      }
      throw failure;
    },
    watch: (owner, client, signal) => hub.watch(owner, client, signal),
    committee: () => health.statuses(),
  };

  function byReachability(all: readonly ValidatorClient[]): readonly ValidatorClient[] {
    const rank = ({ signer }: ValidatorClient) => Number(!health.isReachable(signer));
    return all.toSorted((left, right) => rank(left) - rank(right));
  }

  /** `undefined` when the validator does not answer, or serves what does not verify. */
  async function checkedClosure(validator: ValidatorClient, hash: Hash): Promise<FundingClosure | undefined> {
    let closure: FundingClosure;
    try {
      closure = await withDeadline(relayLimits.callTimeoutMs, (signal) => validator.fundingClosure(hash, signal));
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      return undefined;
    }
    try {
      const certificates: CommitCertificate[] = [];
      for (const certificate of closure.certificates) {
        const known = cache.payment(certificate.value)?.commit;
        if (!known) await verifyAndKeep(certificate);
        certificates.push(known ?? certificate);
      }
      return { ...closure, certificates };
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      dependencies.onMisbehaviour(validator.signer, error.message);
      return undefined;
    }
  }

  async function proves(reporter: number, evidence: Evidence): Promise<boolean> {
    try {
      await verifyEvidence(context, evidence);
      return true;
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      dependencies.onMisbehaviour(reporter, error.message);
      return false;
    }
  }

  async function checkStatement(
    signer: number,
    { signed }: AccountAnswer,
    account: AccountId,
    clientNonce: Uint8Array,
  ): Promise<void> {
    const { statement } = signed;
    try {
      const isAnswer =
        signed.signature.signer === signer &&
        statement.account.owner === account.owner &&
        statement.account.asset === account.asset &&
        equalBytes(statement.clientNonce, clientNonce);
      if (!isAnswer) throw new RejectError('INVALID_SIGNATURE', 'the statement answers another question');
      await verifyStatement(context, signed);
    } catch (error) {
      if (!(error instanceof RejectError)) throw error;
      dependencies.onMisbehaviour(signer, error.message);
      throw unverifiedStatement(error);
    }
  }
}

function unverifiedPage(cause: RejectError): RejectError {
  return new RejectError('TEMPORARILY_UNAVAILABLE', 'its log does not verify', {}, { cause });
}

function unverifiedStatement(cause: RejectError): RejectError {
  return new RejectError('TEMPORARILY_UNAVAILABLE', 'its statement does not verify', {}, { cause });
}

async function* once(event: PaymentEvent): AsyncIterable<PaymentEvent> {
  yield await Promise.resolve(event);
}
