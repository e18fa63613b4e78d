import { type CommitCertificate, type Committee, quorumStake, RejectError, type SignedBallot } from '@fastpay/protocol';
import type { ValidatorPort } from './validator-port.ts';

/** What one validator's verified answer amounts to. */
export type Answer =
  | { readonly type: 'signed'; readonly ballot: SignedBallot }
  /** The slot is resolved already: this certificate settles the matter whatever the others say. */
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate };

export type Gathered =
  /** Ballots of stake ≥ q by distinct validators, signers ascending. */
  | { readonly type: 'quorum'; readonly ballots: readonly SignedBallot[] }
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate }
  /** The stake that can still sign is below q. */
  | {
      readonly type: 'impossible';
      readonly signers: readonly number[];
      readonly failures: ReadonlyMap<number, RejectError>;
    };

interface GatherOptions {
  readonly committee: Committee;
  readonly validators: readonly ValidatorPort[];
  readonly signal: AbortSignal;
  /** Asks one validator and verifies its answer; fails with RejectError only. */
  ask(validator: ValidatorPort): Promise<Answer>;
  /** Called for each verified ballot, also for those that come after the quorum. */
  onBallot(ballot: SignedBallot): void;
  onFailure(signer: number, reject: RejectError): void;
  /** How long the rest is waited for once no quorum can stand any more: what they say makes the reason clearer. */
  grace(): Promise<void>;
}

/**
 * Asks every validator at once and settles as soon as a quorum stands, or a certificate turns up. Each validator counts once, under the index
 * that it was asked by; members that have no port count as failures from the start.
 */
export function gatherQuorum(options: GatherOptions): Promise<Gathered> {
  const { committee, validators, signal } = options;
  const quorum = quorumStake(committee);
  const stakeOf = (signer: number) => committee.members[signer]?.stake ?? 0n;
  const ballots = new Map<number, SignedBallot>();
  const failures = new Map<number, RejectError>();
  let signedStake = 0n;
  let openStake = committee.members.reduce((sum, member) => sum + member.stake, 0n);

  return new Promise((settle, reject) => {
    const resolve = (gathered: Gathered) => {
      signal.removeEventListener('abort', expire);
      settle(gathered);
    };
    const isOpen = (signer: number) => !ballots.has(signer) && !failures.has(signer);
    let isInGrace = false;
    const endIfImpossible = () => {
      if (signedStake + openStake >= quorum) return;
      if (openStake === 0n) {
        resolve({ type: 'impossible', signers: [...ballots.keys()], failures: new Map(failures) });
      } else if (!isInGrace) {
        isInGrace = true;
        options.grace().then(expire, reject);
      }
    };
    const fail = (signer: number, error: RejectError) => {
      if (!isOpen(signer)) return;
      failures.set(signer, error);
      openStake -= stakeOf(signer);
      options.onFailure(signer, error);
      endIfImpossible();
    };
    const take = (signer: number, answer: Answer) => {
      if (!isOpen(signer)) return;
      if (answer.type === 'resolved') {
        resolve(answer);
        return;
      }
      ballots.set(signer, answer.ballot);
      openStake -= stakeOf(signer);
      signedStake += stakeOf(signer);
      options.onBallot(answer.ballot);
      endIfImpossible();
      if (signedStake >= quorum) resolve({ type: 'quorum', ballots: ascending([...ballots.values()]) });
    };
    const expire = () => {
      for (const { signer } of validators) {
        fail(signer, new RejectError('TEMPORARILY_UNAVAILABLE', 'no answer in time'));
      }
    };

    for (const [signer] of committee.members.entries()) {
      if (validators.some((validator) => validator.signer === signer)) continue;
      fail(signer, new RejectError('TEMPORARILY_UNAVAILABLE', 'this relay has no address of it'));
    }
    if (signal.aborted) expire();
    else signal.addEventListener('abort', expire, { once: true });
    for (const validator of validators) {
      options.ask(validator).then(
        (answer) => take(validator.signer, answer),
        (error: unknown) => {
          if (error instanceof RejectError) fail(validator.signer, error);
          else reject(error);
        },
      );
    }
  });
}

function ascending(ballots: readonly SignedBallot[]): readonly SignedBallot[] {
  return ballots.toSorted((left, right) => left.signature.signer - right.signature.signer);
}
