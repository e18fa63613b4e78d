import type { ServiceImpl } from '@connectrpc/connect';
import { RejectError, SKIP, type Stage, slotOf, transactionHash } from '@fastpay/protocol';
import {
  commitAnswerToProto,
  commitCertificateFromProto,
  type OrderSubmission,
  orderSubmissionFromProto,
  quorumSubmissionFromProto,
  stageToProto,
  type ValidatorService,
  voteAnswerToProto,
} from '@fastpay/rpc';
import type { VoteAnswer } from '@fastpay/validator';
import type { ServiceDependencies } from './dependencies.ts';

type Methods = Pick<
  ServiceImpl<typeof ValidatorService>,
  'submitOrder' | 'submitQuorumCertificate' | 'submitCommitCertificate'
>;

/** The three calls of a payment's normal course (§5 rules 1 to 3). */
export function createSubmitMethods(dependencies: ServiceDependencies): Methods {
  const { validator, hub, witness, clock } = dependencies;
  const surroundings = () => ({ nowMs: clock.unixMs() });

  return {
    async submitOrder(request) {
      return voteAnswerToProto(await voteFor(orderSubmissionFromProto(request), dependencies));
    },

    async submitQuorumCertificate(request) {
      const submission = quorumSubmissionFromProto(request);
      const answer = await validator.commit(submission, surroundings());
      // The validator has verified it: whoever watches this payment may hear of it.
      if (answer.type === 'commit') {
        hub.publish(submission.certificate);
        witness.quorum(submission.certificate);
      }
      return commitAnswerToProto(answer);
    },

    async submitCommitCertificate(request) {
      const certificate = commitCertificateFromProto(request.commitCertificate, 'commit_certificate');
      await validator.resolve(certificate, surroundings());
      const stage: Stage =
        certificate.value === SKIP ? 'SKIPPED' : (validator.payment(certificate.value)?.stage ?? 'QUEUED_ONCHAIN');
      return { stage: stageToProto(stage) };
    },
  };
}

/** Asks the validator for its vote, unless the chain it sees is not its own or the account is over its limit. */
export async function voteFor(
  submission: OrderSubmission,
  { validator, accountLimit, clock, chain, separator }: ServiceDependencies,
): Promise<VoteAnswer> {
  const foreign = chain.foreignReason();
  if (foreign !== undefined) throw new RejectError('STALE_CHAIN', foreign);
  const { order } = submission.signedOrder;
  const account = slotOf(order);
  const hash = transactionHash(order, separator);
  accountLimit.check(account, hash);
  const answer = await validator.vote(submission, { nowMs: clock.unixMs() });
  if (answer.type === 'vote') accountLimit.charge(account, hash);
  return answer;
}
