import type { ServiceImpl } from '@connectrpc/connect';
import { RejectError, SKIP } from '@fastpay/protocol';
import {
  promiseAnswerToProto,
  proposalSubmissionFromProto,
  roundSubmissionFromProto,
  roundVoteAnswerToProto,
  type ValidatorService,
} from '@fastpay/rpc';
import type { ServiceDependencies } from './dependencies.ts';

type Methods = Pick<ServiceImpl<typeof ValidatorService>, 'openRound' | 'submitProposal'>;

/**
 * The two calls of a higher round (§5 rule 4). How many rounds an account may open a day is the state machine's to
 * count, since that has to survive a restart; a round takes one proposal.
 */
export function createRoundMethods({ validator, witness, chain, clock }: ServiceDependencies): Methods {
  const surroundings = () => ({ nowMs: clock.unixMs() });

  return {
    async openRound(request) {
      return promiseAnswerToProto(await validator.openRound(roundSubmissionFromProto(request), surroundings()));
    },

    async submitProposal(request) {
      const submission = proposalSubmissionFromProto(request);
      const foreign = chain.foreignReason();
      // A value that nobody is locked on is spent from a balance, and that of another chain says nothing.
      if (foreign !== undefined && submission.lockCertificates.length === 0 && submission.proposal.value !== SKIP) {
        throw new RejectError('STALE_CHAIN', foreign);
      }
      const answer = await validator.voteInRound(submission, surroundings());
      if (answer.type === 'vote') witness.proposal(submission);
      return roundVoteAnswerToProto(answer);
    },
  };
}
