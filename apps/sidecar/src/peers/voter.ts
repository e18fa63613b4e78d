import type { CommitCertificate, QuorumCertificate, RoundProposal, SignedNewRound } from '@fastpay/protocol';
import type { CommitAnswer, PromiseAnswer, VoteAnswer } from '@fastpay/rpc';
import type { Validator } from '@fastpay/validator';

/** Any member of the committee, this one included, as somebody asks it who ends a slot. Answers are still to be verified. */
export interface Voter {
  /** Index in the committee. */
  readonly signer: number;
  openRound(newRound: SignedNewRound, signal: AbortSignal): Promise<PromiseAnswer>;
  voteInRound(proposal: RoundProposal, signal: AbortSignal): Promise<VoteAnswer>;
  commit(certificate: QuorumCertificate, signal: AbortSignal): Promise<CommitAnswer>;
  resolve(certificate: CommitCertificate, signal: AbortSignal): Promise<void>;
}

/** This very validator, without a network in between. */
export function createOwnVoter(
  { signer }: { readonly signer: number },
  { validator, unixMs }: { readonly validator: Validator; readonly unixMs: () => number },
): Voter {
  const surroundings = () => ({ nowMs: unixMs() });
  return {
    signer,
    openRound: (newRound) => validator.openRound({ newRound, attachments: [] }, surroundings()),
    voteInRound: (proposal) => validator.voteInRound({ ...proposal, attachments: [] }, surroundings()),
    commit: (certificate) => validator.commit({ certificate, attachments: [] }, surroundings()),
    async resolve(certificate) {
      await validator.resolve(certificate, surroundings());
    },
  };
}
