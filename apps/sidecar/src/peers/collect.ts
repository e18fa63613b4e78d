import { type CommitCertificate, type Committee, quorumStake, RejectError } from '@fastpay/protocol';
import { PeerError } from './peer-error.ts';
import type { Voter } from './voter.ts';

/** What one validator answers in a step of a slot: the signed message that was asked for, or what ended the slot. */
export type Signed<Message> =
  | { readonly type: 'signed'; readonly message: Message }
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate };

export type Collected<Message> =
  | { readonly type: 'quorum'; readonly messages: readonly Message[] }
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate }
  /** Everybody has answered, and it was not enough. */
  | { readonly type: 'short'; readonly refusals: readonly (RejectError | PeerError)[] };

/**
 * Asks every validator at once and returns as soon as those with stake ≥ q have given what verifies. `ask` must verify
 * before it returns, and fails with RejectError or PeerError.
 */
export function collect<Message>(
  voters: readonly Voter[],
  ask: (voter: Voter) => Promise<Signed<Message>>,
  committee: Committee,
): Promise<Collected<Message>> {
  const quorum = quorumStake(committee);
  const bySigner = new Map<number, Message>();
  const refusals: (RejectError | PeerError)[] = [];
  let stake = 0n;
  let left = voters.length;
  return new Promise((resolve, reject) => {
    const endIfShort = () => {
      left--;
      if (left === 0) resolve({ type: 'short', refusals });
    };
    if (left === 0) resolve({ type: 'short', refusals });
    for (const voter of voters) {
      ask(voter)
        .then((answer) => {
          if (answer.type === 'resolved') return resolve(answer);
          bySigner.set(voter.signer, answer.message);
          stake += committee.members[voter.signer]?.stake ?? 0n;
          if (stake < quorum) return endIfShort();
          const inOrder = [...bySigner].sort(([one], [other]) => one - other);
          resolve({ type: 'quorum', messages: inOrder.map(([, message]) => message) });
        })
        .catch((error: unknown) => {
          if (!isRefusal(error)) return reject(error);
          refusals.push(error);
          endIfShort();
        });
    }
  });
}

function isRefusal(error: unknown): error is RejectError | PeerError {
  return error instanceof PeerError || error instanceof RejectError;
}
