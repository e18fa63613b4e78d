import {
  type CommitCertificate,
  domainSeparator,
  type Network,
  type ProvenPromise,
  type QuorumCertificate,
  quorumStake,
  RejectError,
  type SignedBallot,
  slotOf,
  stakeOfDistinct,
  transactionHash,
} from '@fastpay/protocol';
import type { Validator } from '@fastpay/validator';
import type { DrivenValue } from '../payment/collector.ts';
import type { AccountEvent, Transport, TransportPaymentEvent } from '../transport.ts';
import type { TestClock } from './clock.fixtures.ts';

/** One validator of a test network, as the network lets it be reached. */
export interface TestValidator {
  readonly signer: number;
  readonly validator: Validator;
  isUp: boolean;
  /** Whether commit certificates reach it on their own; it still takes them as attachments. */
  isInformed: boolean;
}

/**
 * What a relay does, in process and in a fixed order: it asks the real validators one after the other, assembles the
 * certificates, and hands them on. It verifies nothing, as nobody may count on that.
 */
export function createCommitteeTransport(
  { committee, domain }: Network,
  validators: readonly TestValidator[],
  clock: TestClock,
): Transport {
  const separator = domainSeparator(domain);
  const surroundings = () => ({ nowMs: clock.nowMs() });
  const reachable = () => validators.filter(({ isUp }) => isUp);
  const isQuorum = (ballots: readonly SignedBallot[]) =>
    (stakeOfDistinct(
      committee,
      ballots.map(({ signature }) => signature.signer),
    ) ?? 0n) >= quorumStake(committee);

  async function inform(certificate: CommitCertificate): Promise<void> {
    for (const { validator, isInformed } of reachable()) {
      if (isInformed) await ignoringRefusals(() => validator.resolve(certificate, surroundings()));
    }
  }

  async function* collect<Answer extends { readonly type: string }>(
    ask: (validator: Validator) => Promise<Answer>,
  ): AsyncGenerator<{ readonly signer: number; readonly answer: Answer | RejectError }> {
    for (const { signer, validator, isUp } of validators) {
      const answer = isUp ? await ask(validator).catch(refusal) : unreachable();
      yield { signer, answer };
    }
  }

  /** Votes, a quorum certificate, commits, a commit certificate: for an order as for what a round put forward. */
  async function* driveValue(
    driven: DrivenValue,
    attachments: readonly CommitCertificate[],
    askVote: (validator: Validator) => ReturnType<Validator['vote']>,
  ): AsyncGenerator<TransportPaymentEvent> {
    const votes: SignedBallot[] = [];
    let last: RejectError | undefined;
    for await (const { signer, answer } of collect(askVote)) {
      if (answer instanceof RejectError) {
        last = answer;
        yield { type: 'failure', signer, reject: answer };
      } else if (answer.type === 'resolved') {
        await inform(answer.certificate);
        yield { type: 'paid', certificate: answer.certificate };
        return;
      } else {
        votes.push(answer.vote);
        yield { type: 'vote', vote: answer.vote };
      }
    }
    if (!isQuorum(votes)) {
      yield { type: 'stalled', reject: last ?? unreachable() };
      return;
    }
    const body = { epoch: committee.epoch, ...driven };
    const certificate: QuorumCertificate = {
      type: 'quorum',
      ...body,
      signatures: votes.map(({ signature }) => signature),
    };
    yield { type: 'quorum', certificate };
    const commits: SignedBallot[] = [];
    for await (const { signer, answer } of collect((validator) =>
      validator.commit({ certificate, attachments }, surroundings()),
    )) {
      if (answer instanceof RejectError) yield { type: 'failure', signer, reject: answer };
      else if (answer.type === 'resolved') {
        yield { type: 'paid', certificate: answer.certificate };
        return;
      } else {
        commits.push(answer.commit);
        yield { type: 'commit', commit: answer.commit };
      }
    }
    if (!isQuorum(commits)) {
      yield { type: 'stalled', reject: unreachable() };
      return;
    }
    const paid: CommitCertificate = { type: 'commit', ...body, signatures: commits.map(({ signature }) => signature) };
    await inform(paid);
    yield { type: 'paid', certificate: paid };
  }

  async function* watchAccount(
    ...[owner, signal]: Parameters<Transport['watchAccount']>
  ): AsyncGenerator<AccountEvent> {
    const events: AccountEvent[] = [{ type: 'keepAlive' }];
    let wake: () => void = () => undefined;
    const seen = new Set<string>();
    const push = (key: string, event: AccountEvent) => {
      if (seen.has(key)) return;
      seen.add(key);
      events.push(event);
      wake();
    };
    const stops = validators.map((one) =>
      one.validator.onBulletinEntry(({ event }) => {
        if (!one.isUp) return;
        if (event.type === 'resolved') {
          const { slot, value, signedOrder } = event.certificate;
          if (slot.owner !== owner && signedOrder?.order.recipient !== owner) return;
          push(`resolved ${value}`, { type: 'resolved', certificate: event.certificate });
        } else if (event.type === 'deposited' && event.deposit.account.owner === owner) {
          const { account, amount, index } = event.deposit;
          push(`deposited ${index}`, { type: 'deposited', account, amount });
        } else if (event.type === 'exit' && event.exit.account.owner === owner) {
          const { account, type, block } = event.exit;
          push(`exit ${type} ${block.height}`, { type: 'exit', account, change: type });
        } else if (event.type === 'settlement') {
          const { transactionHash: hash, stage, settlement } = event;
          const hint = { transactionHash: hash, stage, ...(settlement ? { settlement } : {}) };
          push(`${hash} ${stage}`, { type: 'settlement', ...hint });
        }
      }),
    );
    const stop = () => wake();
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) {
        const event = events.shift();
        if (event) yield event;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (signal.aborted) resolve();
          });
        }
      }
    } finally {
      signal.removeEventListener('abort', stop);
      for (const end of stops) end();
    }
  }

  return {
    submitPayment: ({ signedOrder, attachments }) =>
      driveValue(
        {
          slot: slotOf(signedOrder.order),
          round: 0,
          value: transactionHash(signedOrder.order, separator),
          signedOrder,
        },
        attachments,
        (validator) => validator.vote({ signedOrder, attachments }, surroundings()),
      ),
    submitProposal(request) {
      const { slot, round, value, signedOrder } = request.proposal;
      return driveValue(
        { slot, round, value, ...(signedOrder ? { signedOrder } : {}) },
        request.attachments,
        (validator) => validator.voteInRound(request, surroundings()),
      );
    },
    async collectPromises(request) {
      const promises: ProvenPromise[] = [];
      const failures: { signer: number; reject: RejectError }[] = [];
      for await (const { signer, answer } of collect((validator) => validator.openRound(request, surroundings()))) {
        if (answer instanceof RejectError) failures.push({ signer, reject: answer });
        else if (answer.type === 'resolved') return { promises, failures, certificate: answer.certificate };
        else promises.push(answer.proven);
      }
      return { promises, failures };
    },
    fundingClosure(hash) {
      const found = reachable().flatMap(({ validator }) => validator.fundingClosure(hash) ?? []);
      return Promise.resolve(
        found.find(({ complete }) => complete) ?? found[0] ?? { certificates: [], complete: false },
      );
    },
    evidence: () => Promise.resolve(reachable().flatMap(({ validator }) => validator.evidence(16))),
    watchAccount,
    async deliverCertificate(certificate) {
      if (reachable().length === 0) throw unreachable();
      for (const { validator } of reachable())
        await ignoringRefusals(() => validator.resolve(certificate, surroundings()));
    },
    accountStatements: (account, clientNonce) =>
      Promise.all(reachable().map(({ validator }) => validator.account(account, clientNonce, surroundings()))),
    paymentStatus: () => Promise.reject(unreachable()),
    async accountLog({ owner, signer, afterCursor }) {
      const one = validators[signer];
      if (!one?.isUp) throw unreachable();
      const page = await one.validator.bulletin({ owner, afterCursor, limit: 3 });
      const events = page.entries.map(({ event }) => event);
      return {
        certificates: events.flatMap((event) => (event.type === 'resolved' ? [event.certificate] : [])),
        settlements: events.flatMap((event) => (event.type === 'settlement' ? [event] : [])),
        nextCursor: page.nextCursor,
        hasMore: page.hasMore,
      };
    },
    committeeStatus: () => Promise.reject(unreachable()),
    chainHead: () => Promise.reject(unreachable()),
  };
}

function unreachable(): RejectError {
  return new RejectError('TEMPORARILY_UNAVAILABLE', 'not reachable');
}

function refusal(error: unknown): RejectError {
  if (error instanceof RejectError) return error;
  throw error;
}

async function ignoringRefusals(action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
  }
}
