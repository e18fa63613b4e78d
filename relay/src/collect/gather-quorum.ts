import { type CommitCertificate, type Committee, quorumStake, RejectError } from '@fastpay/protocol';
import type { ValidatorPort } from './validator-port.ts';

/** What one validator's verified answer amounts to. */
export type Answer<Signed> =
  | { readonly type: 'signed'; readonly signed: Signed }
  /** The slot is resolved already: this certificate settles the matter whatever the others say. */
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate };

export type Gathered<Signed> =
  | { readonly type: 'resolved'; readonly certificate: CommitCertificate }
  | {
      /** quorum: distinct validators of stake ≥ q have signed. impossible: the stake that can still sign is below q. */
      readonly type: 'quorum' | 'impossible';
      /** By signer, ascending. */
      readonly signed: ReadonlyMap<number, Signed>;
      readonly failures: ReadonlyMap<number, RejectError>;
    };

interface GatherOptions<Signed> {
  readonly committee: Committee;
  readonly validators: readonly ValidatorPort[];
  readonly signal: AbortSignal;
  /** Asks one validator and verifies its answer; fails with RejectError only. */
  ask(validator: ValidatorPort): Promise<Answer<Signed>>;
  /** Called for each verified answer, also for those that come after the quorum. */
  onSigned?(signed: Signed): void;
  onFailure?(signer: number, reject: RejectError): void;
  /** How long the rest is waited for once no quorum can stand any more: what they say makes the reason clearer. */
  grace(): Promise<void>;
  /** How long the rest is waited for once a quorum stands; not at all when it is left out. */
  patience?(): Promise<void>;
}

/**
 * Asks every validator at once and settles as soon as a quorum stands, or a certificate turns up. Each validator counts
 * once, under the index that it was asked by; members that have no port count as failures from the start.
 */
export function gatherQuorum<Signed>(options: GatherOptions<Signed>): Promise<Gathered<Signed>> {
  const { committee, validators, signal } = options;
  const quorum = quorumStake(committee);
  const stakeOf = (signer: number) => committee.members[signer]?.stake ?? 0n;
  const signed = new Map<number, Signed>();
  const failures = new Map<number, RejectError>();
  let signedStake = 0n;
  let openStake = committee.members.reduce((sum, member) => sum + member.stake, 0n);

  return new Promise((settle, reject) => {
    const resolve = (gathered: Gathered<Signed>) => {
      signal.removeEventListener('abort', expire);
      settle(gathered);
    };
    const end = () => {
      const type = signedStake >= quorum ? 'quorum' : 'impossible';
      const ascending = [...signed].toSorted(([left], [right]) => left - right);
      resolve({ type, signed: new Map(ascending), failures: new Map(failures) });
    };
    const isOpen = (signer: number) => !signed.has(signer) && !failures.has(signer);
    let isWaiting = false;
    const endAfter = (wait: Promise<void>, then: () => void) => {
      if (isWaiting) return;
      isWaiting = true;
      wait.then(then, reject);
    };
    const endIfDecided = () => {
      const isQuorum = signedStake >= quorum;
      if (openStake === 0n || (isQuorum && !options.patience)) end();
      else if (isQuorum && options.patience) endAfter(options.patience(), end);
      else if (signedStake + openStake < quorum) endAfter(options.grace(), expire);
    };
    const fail = (signer: number, error: RejectError) => {
      if (!isOpen(signer)) return;
      failures.set(signer, error);
      openStake -= stakeOf(signer);
      options.onFailure?.(signer, error);
      endIfDecided();
    };
    const take = (signer: number, answer: Answer<Signed>) => {
      if (!isOpen(signer)) return;
      if (answer.type === 'resolved') {
        resolve(answer);
        return;
      }
      signed.set(signer, answer.signed);
      openStake -= stakeOf(signer);
      signedStake += stakeOf(signer);
      options.onSigned?.(answer.signed);
      endIfDecided();
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
