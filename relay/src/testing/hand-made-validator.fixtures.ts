import { type CommitCertificate, RejectError, slotOf, transactionHash } from '@fastpay/protocol';
import type { ValidatorPort } from '../collect/validator-port.ts';
import type { TestNetwork } from './network.fixtures.ts';

/** A validator that signs whatever it is asked for, with its own real keys, and remembers what it was handed. */
export interface HandMadeValidator extends ValidatorPort {
  readonly resolved: CommitCertificate[];
  readonly calls: string[];
}

export function handMadeValidator(
  net: TestNetwork,
  signer: number,
  behaviour: Partial<ValidatorPort> = {},
): HandMadeValidator {
  const resolved: CommitCertificate[] = [];
  const calls: string[] = [];
  const honest: Omit<ValidatorPort, 'signer'> = {
    async vote({ signedOrder: { order } }) {
      const ballot = { slot: slotOf(order), round: 0, value: transactionHash(order, net.separator) };
      return { type: 'vote', vote: await net.vote(signer, ballot) };
    },
    async openRound({ newRound }) {
      return { type: 'promise', proven: await net.promise(signer, newRound) };
    },
    async voteInRound({ proposal: { slot, round, value } }) {
      return { type: 'vote', vote: await net.vote(signer, { slot, round, value }) };
    },
    async commit({ certificate: { slot, round, value } }) {
      return { type: 'commit', commit: await net.commit(signer, { slot, round, value }) };
    },
    resolve(certificate) {
      resolved.push(certificate);
      return Promise.resolve();
    },
  };
  const port = { ...honest, ...behaviour };
  return {
    signer,
    resolved,
    calls,
    vote(...parameters) {
      calls.push('vote');
      return port.vote(...parameters);
    },
    openRound(...parameters) {
      calls.push('openRound');
      return port.openRound(...parameters);
    },
    voteInRound(...parameters) {
      calls.push('voteInRound');
      return port.voteInRound(...parameters);
    },
    commit(...parameters) {
      calls.push('commit');
      return port.commit(...parameters);
    },
    resolve(...parameters) {
      calls.push('resolve');
      return port.resolve(...parameters);
    },
  };
}

/** Answers that never come; they end with the caller's patience. */
export function silence(_request: unknown, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(new RejectError('TEMPORARILY_UNAVAILABLE', 'no answer in time'));
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}

export function refusal(reject: RejectError): () => Promise<never> {
  return () => Promise.reject(reject);
}

export const unreachable = refusal(new RejectError('TEMPORARILY_UNAVAILABLE', 'the other side cannot be reached'));
