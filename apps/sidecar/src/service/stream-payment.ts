import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import {
  equalSlots,
  type Hash,
  mayFollow,
  type QuorumCertificate,
  RejectError,
  type Slot,
  type Stage,
  slotOf,
  transactionHash,
} from '@fastpay/protocol';
import {
  orderSubmissionFromProto,
  type PaymentEvidence,
  paymentStepToProto,
  type ValidatorService,
} from '@fastpay/rpc';
import type { BulletinEvent, PaymentView, VoteAnswer } from '@fastpay/validator';
import type { ServiceDependencies } from './dependencies.ts';
import { createMailbox } from './mailbox.ts';
import { voteFor } from './submit.ts';

/** A payment has five steps; blocks that come and go can add some. */
const MAILBOX_STEPS = 32;

interface Step {
  readonly stage: Stage;
  readonly evidence?: PaymentEvidence;
}

type Method = ServiceImpl<typeof ValidatorService>['streamPayment'];

/**
 * Submits an order and streams its stages (§10): ACCEPTED with this validator's vote, then what it sees. Ends at
 * FINALIZED or SKIPPED, or when the client leaves. A stage is never repeated and never goes back, except INCLUDED to
 * QUEUED_ONCHAIN.
 */
export function createStreamPayment(dependencies: ServiceDependencies): Method {
  const { validator, separator, hub, clock } = dependencies;

  return async function* streamPayment(request, { signal }: HandlerContext) {
    const submission = orderSubmissionFromProto(request);
    const { order } = submission.signedOrder;
    const hash = transactionHash(order, separator);
    const mailbox = createMailbox<Step>(MAILBOX_STEPS);
    let overflowed = false;
    const put = (step: Step | undefined) => {
      if (step && !mailbox.put(step)) overflowed = true;
    };
    let current: Stage | undefined;
    // Anybody may hand in a quorum certificate as often as they like; it is news once.
    let isCertified = false;
    const onQuorum = (certificate: QuorumCertificate) => {
      if (!isCertified) put({ stage: 'CERTIFIED', evidence: { type: 'quorum', certificate } });
      isCertified = true;
    };
    // Subscribed before the vote, so that nothing falls between the vote and the subscription.
    const unsubscribe = [
      hub.subscribe(hash, onQuorum),
      validator.onBulletinEntry(({ event }) => put(stepOfEvent(event, hash, slotOf(order)))),
    ];
    try {
      yield* messages(firstSteps(await voteFor(submission, dependencies), validator.payment(hash)));
      while (!signal.aborted && current !== 'FINALIZED' && current !== 'SKIPPED') {
        await mailbox.wait({ signal });
        if (overflowed) throw new RejectError('TEMPORARILY_UNAVAILABLE', 'the stream was read too slowly');
        yield* messages(mailbox.take());
      }
      // The caller left, or the process stops: then the caller shall know that there may be more.
      if (current !== 'FINALIZED' && current !== 'SKIPPED') signal.throwIfAborted();
    } finally {
      for (const end of unsubscribe) end();
    }

    /** Those that lead on from where the stream stands. */
    function* messages(steps: Iterable<Step>): Iterable<ReturnType<typeof paymentStepToProto>> {
      for (const step of steps) {
        if (current !== undefined && (step.stage === current || !mayFollow(current, step.stage))) continue;
        current = step.stage;
        yield paymentStepToProto({ ...step, unixMillis: BigInt(clock.unixMs()), transactionHash: hash });
      }
    }
  };
}

/** What is known once the validator has answered: it may have seen more of this payment in an earlier life. */
function* firstSteps(answer: VoteAnswer, view: PaymentView | undefined): Iterable<Step> {
  if (answer.type === 'vote') yield { stage: 'ACCEPTED', evidence: { type: 'vote', vote: answer.vote } };
  else yield { stage: 'QUEUED_ONCHAIN', evidence: { type: 'paid', certificate: answer.certificate } };
  if (!view) return;
  const { stage, commitCertificate, settlement } = view;
  if (settlement) yield { stage, evidence: { type: 'settlement', settlement } };
  else if (commitCertificate) yield { stage, evidence: { type: 'paid', certificate: commitCertificate } };
  else yield { stage };
}

function stepOfEvent(event: BulletinEvent, hash: Hash, slot: Slot): Step | undefined {
  switch (event.type) {
    case 'resolved': {
      const { certificate } = event;
      if (!equalSlots(certificate.slot, slot)) return undefined;
      return {
        stage: certificate.value === hash ? 'QUEUED_ONCHAIN' : 'SKIPPED',
        evidence: { type: 'paid', certificate },
      };
    }
    case 'settlement': {
      if (event.transactionHash !== hash) return undefined;
      const { stage, settlement } = event;
      return { stage, ...(settlement ? { evidence: { type: 'settlement', settlement } } : {}) };
    }
    case 'deposited':
    case 'exit':
    case 'evidence':
      return undefined;
  }
}
