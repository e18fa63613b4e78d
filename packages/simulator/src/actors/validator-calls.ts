import type { CommitCertificate } from '@fastpay/protocol';
import type { ValidatorPort } from '@fastpay/relay/core';
import { simulatorLimits } from '../limits.ts';
import type { Network as Wire } from '../network/network.ts';
import type { ValidatorNode } from './validator-node.ts';

/** A validator as someone reaches it over the network: the relay's port, and what else is read from it. */
export interface ValidatorCalls extends ValidatorPort {
  vote: Asked<'vote'>;
  commit: Asked<'commit'>;
  resolve(certificate: CommitCertificate, signal?: AbortSignal): Promise<void>;
  openRound: Asked<'openRound'>;
  voteInRound: Asked<'voteInRound'>;
  account(...question: [...Parameters<ValidatorNode['account']>, AbortSignal?]): ReturnType<ValidatorNode['account']>;
  payment: Asked<'payment'>;
  fundingClosure: Asked<'fundingClosure'>;
  certificates: Asked<'certificates'>;
}

/** Without a signal nobody calls it off; one that outlives the run would keep whatever still waits when it ends. */
type Asked<
  Method extends 'vote' | 'commit' | 'openRound' | 'voteInRound' | 'payment' | 'fundingClosure' | 'certificates',
> = (request: Parameters<ValidatorNode[Method]>[0], signal?: AbortSignal) => ReturnType<ValidatorNode[Method]>;

export function createValidatorCalls(from: string, node: ValidatorNode, wire: Wire): ValidatorCalls {
  const ask = <Request, Answer>(
    what: string,
    request: Request,
    serve: (request: Request) => Promise<Answer>,
    signal: AbortSignal | undefined,
    isRead = false,
  ) => wire.call({ from, to: node, what, request, serve, timeoutMs: simulatorLimits.callTimeoutMs, signal, isRead });

  return {
    signer: node.signer,
    vote: (request, signal) => ask('vote', request, node.vote, signal),
    commit: (request, signal) => ask('commit', request, node.commit, signal),
    resolve: async (certificate, signal) => {
      await ask('resolve', certificate, node.resolve, signal);
    },
    openRound: (request, signal) => ask('openRound', request, node.openRound, signal),
    voteInRound: (request, signal) => ask('voteInRound', request, node.voteInRound, signal),
    account: (id, clientNonce, signal) =>
      ask('account', { id, clientNonce }, (question) => node.account(question.id, question.clientNonce), signal, true),
    payment: (hash, signal) => ask('payment', hash, node.payment, signal, true),
    fundingClosure: (hash, signal) => ask('closure', hash, node.fundingClosure, signal, true),
    certificates: (query, signal) => ask('certificates', query, node.certificates, signal, true),
  };
}
