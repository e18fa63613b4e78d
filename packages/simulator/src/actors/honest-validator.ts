import type { CryptoEngine, Secp256k1Signer, VotingSigner } from '@fastpay/crypto';
import {
  type CommitCertificate,
  type Network,
  RejectError,
  type SignedBallot,
  type SignedNewRound,
  type SignedOrder,
  type SignedPromise,
  toHex,
} from '@fastpay/protocol';
import {
  createValidator,
  type FinalizedBlock,
  type FinalizedEvents,
  type SettlementObservation,
  type Validator,
} from '@fastpay/validator';
import type { Model } from '../model/model.ts';
import type { Fault, Situation } from '../run/coverage.ts';
import type { Tally } from '../run/tally.ts';
import type { FaultyKv, FaultyKvOptions } from '../store/faulty-kv.ts';
import type { Scheduler } from '../time/scheduler.ts';
import type { Trace } from '../time/trace.ts';
import type { ValidatorNode } from './validator-node.ts';

/** A real validator in a process that dies and comes back, on a disk of its own, with a clock that is a little wrong. */
export interface HonestValidator extends ValidatorNode {
  /** The running process, for the model. */
  process(): Validator | undefined;
  readonly disk: FaultyKv;
  start(): void;
  /** The power goes; of the batches that were not durable, this share survives. */
  crash(share: number): void;
  backUp(): void;
  /** The backup is put in the place of its database, or nothing if there is none. */
  putBack(): void;
  voice(): Voice;
  /** A look at the chain. */
  observe(finalized: FinalizedBlock, events: FinalizedEvents): Promise<void>;
  settle(observations: readonly SettlementObservation[]): Promise<void>;
  finalizedHeight(): bigint | undefined;
  /** Unix milliseconds by its own clock. */
  nowMs(): number;
  /** Whether something was written since the last call. */
  hasChanged(): boolean;
}

/**
 * What its database allows it (§5). `required`: it is the newest, so this validator signs. `forbidden`: it let out a vote,
 * a commit or a promise that its database never held, and may only observe. `free`: its database is an older one that
 * held all of these, so signing breaks nothing; but its marker may count one that was recorded later and never left, and
 * then it only observes.
 */
export type Voice = 'required' | 'free' | 'forbidden';

export interface HonestValidatorOptions {
  readonly network: Network;
  readonly signer: number;
  /** How far its clock is off, milliseconds. */
  readonly skewMs: number;
}

export interface HonestValidatorDependencies {
  readonly engine: CryptoEngine;
  readonly votingSigner: VotingSigner;
  readonly settlementSigner: Secp256k1Signer;
  createDisk(events: Pick<FaultyKvOptions, 'onWrite' | 'onDurable'>): FaultyKv;
  /** 16 bytes, others for every store. */
  newStoreId(): Uint8Array;
  readonly scheduler: Scheduler;
  readonly model: Model;
  readonly trace: Trace;
  readonly faults: Tally<Fault>;
  readonly situations: Tally<Situation>;
  /** Whether the process dies at this write, and what share of its batches survives. */
  diesAtWrite(): number | undefined;
}

interface Request {
  readonly kind: 'vote' | 'commit' | 'other';
  hasWritten: boolean;
}

export function createHonestValidator(
  { network, signer, skewMs }: HonestValidatorOptions,
  dependencies: HonestValidatorDependencies,
): HonestValidator {
  const { engine, votingSigner, settlementSigner, newStoreId, scheduler, model, trace, faults, situations } =
    dependencies;
  const name = `v${signer}`;
  const open = new Set<Request>();
  /** Signatures under votes, commits and promises that have left, by their bytes in hex. */
  const given = new Map<string, Uint8Array>();
  const shownAtMs = new Map<string, number>();
  let life = 0;
  let running: Validator | undefined;
  let hasChanged = false;
  let voice: Voice = 'required';

  const disk = dependencies.createDisk({
    onDurable() {
      hasChanged = true;
    },
    onWrite() {
      for (const request of open) request.hasWritten = true;
      const share = running ? dependencies.diesAtWrite() : undefined;
      if (share === undefined) return;
      faults.add('crashAtWrite');
      crash(share);
    },
  });
  const surroundings = () => ({ nowMs: scheduler.nowMs() + skewMs });

  function crash(share: number): void {
    if (!running) return;
    life++;
    running = undefined;
    hasChanged = true;
    trace.add(scheduler.nowMs(), `${name} dies`);
    faults.add('validatorCrash');
    for (const { kind, hasWritten } of open) {
      if (!hasWritten || kind === 'other') continue;
      situations.add(kind === 'vote' ? 'crashBetweenVoteAndAnswer' : 'crashBetweenCommitAndAnswer');
    }
    open.clear();
    const { lost, survived } = disk.crash(share);
    if (lost > 0) faults.add('batchesLost', lost);
    if (lost > 0 && survived > 0) faults.add('batchesTorn');
  }

  /** Asks the process; what belongs to a life that is over never comes. */
  function ask<Answer>(
    kind: Request['kind'],
    action: (validator: Validator) => Promise<Answer> | Answer,
    observe: (answer: Answer) => void = () => undefined,
  ): Promise<Answer> {
    const own = life;
    const validator = running;
    if (!validator) return Promise.reject(new RejectError('TEMPORARILY_UNAVAILABLE', 'connection refused'));
    const request: Request = { kind, hasWritten: false };
    open.add(request);
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        if (own !== life) return;
        open.delete(request);
        settle();
      };
      Promise.resolve()
        .then(() => action(validator))
        .then(
          (answer) =>
            end(() => {
              observe(answer);
              resolve(answer);
            }),
          (error: unknown) =>
            end(() => {
              noteRefusal(error);
              reject(error);
            }),
        );
    });
  }

  function noteRefusal(error: unknown): void {
    if (!(error instanceof RejectError)) return;
    trace.add(scheduler.nowMs(), `${name} refuses ${error.code}`);
    if (error.code === 'EQUIVOCATION') situations.add('equivocationRefused');
    if (error.code === 'STALE_ROUND') situations.add('staleRoundRefused');
    if (error.code === 'INSUFFICIENT_FUNDS') situations.add('overspendRefused');
    if (error.code === 'EXITING') situations.add('exitingRefused');
  }

  /** When this validator was first shown the order: it may have recorded a vote then that only leaves now. */
  function firstAsked({ payerSignature }: SignedOrder): number {
    const key = payerSignature.join();
    const first = shownAtMs.get(key) ?? scheduler.nowMs();
    shownAtMs.set(key, first);
    return first;
  }

  function assertVoice(what: string): void {
    if (voice === 'forbidden') model.violate('rule', `${name} ${what} after its database was put back`);
  }

  /** Notes that a signature leaves; whether it is the first time. */
  function give(what: string, { signature }: SignedBallot['signature']): boolean {
    trace.add(scheduler.nowMs(), `${name} ${what}`);
    assertVoice(what);
    const key = toHex(signature);
    const isFirst = !given.has(key);
    given.set(key, signature);
    return isFirst;
  }

  /** Tells the model of what is given for the first time. */
  function observeBallot(verb: 'votes' | 'commits', ballot: SignedBallot, tell: () => void): void {
    const { value, round, slot, signature } = ballot;
    if (give(`${verb} ${value} in round ${round} of slot ${slot.sequence}`, signature)) tell();
    // The stored answer: what else the request carried was not looked at.
    else situations.add('repeatedAnswer');
  }

  function observePromise(promise: SignedPromise, newRound: SignedNewRound): void {
    const { slot, round, signature } = promise;
    give(`promises round ${round} of slot ${slot.sequence}`, signature);
    // Repeated or not: it says for which new round.
    model.promise(promise, newRound);
  }

  const withProof = ({ certificate }: { readonly certificate: CommitCertificate }) => model.believed(name, certificate);

  return {
    name,
    signer,
    isByzantine: false,
    disk,
    isUp: () => running !== undefined,
    process: () => running,
    hasChanged() {
      const changed = hasChanged;
      hasChanged = false;
      return changed;
    },
    start() {
      if (running) return;
      trace.add(scheduler.nowMs(), `${name} starts`);
      hasChanged = true;
      running = createValidator(
        { network, signer },
        {
          kv: disk.kv(),
          marker: disk.marker(),
          engine,
          votingSigner,
          settlementSigner,
          newStoreId,
        },
      );
    },
    crash,
    backUp: disk.backUp,
    putBack() {
      crash(0);
      const isOlder = disk.putBack();
      model.views[signer]?.forget();
      if (isOlder && voice === 'required') voice = 'free';
      if (![...given.values()].every(disk.hasRecorded)) voice = 'forbidden';
    },
    voice: () => voice,
    finalizedHeight: () => running?.finalized()?.height,
    nowMs: () => surroundings().nowMs,
    settle: (observations) => ask('other', (validator) => validator.applySettlements(observations)),
    observe: (finalized, events) => ask('other', (validator) => validator.applyFinalized(finalized, events)),
    vote: (request) => {
      const askedFirstMs = firstAsked(request.signedOrder);
      return ask(
        'vote',
        (validator) => validator.vote(request, surroundings()),
        (answer) =>
          answer.type === 'vote'
            ? observeBallot('votes', answer.vote, () =>
                model.vote(answer.vote, request.signedOrder.order, askedFirstMs),
              )
            : withProof(answer),
      );
    },
    commit: (request) =>
      ask(
        'commit',
        (validator) => validator.commit(request, surroundings()),
        (answer) =>
          answer.type === 'commit'
            ? observeBallot('commits', answer.commit, () =>
                model.commit(answer.commit, request.certificate.signedOrder?.order),
              )
            : withProof(answer),
      ),
    resolve: (certificate) => ask('other', (validator) => validator.resolve(certificate, surroundings())),
    openRound: (request) =>
      ask(
        'other',
        (validator) => validator.openRound(request, surroundings()),
        (answer) => {
          if (answer.type !== 'promise') return withProof(answer);
          observePromise(answer.proven.promise, request.newRound);
        },
      ),
    voteInRound: (request) =>
      ask(
        'vote',
        (validator) => validator.voteInRound(request, surroundings()),
        (answer) =>
          answer.type === 'vote'
            ? observeBallot('votes', answer.vote, () =>
                model.voteInRound(answer.vote, request.proposal, request.promises),
              )
            : withProof(answer),
      ),
    account: (id, clientNonce) =>
      ask(
        'other',
        (validator) => validator.account(id, clientNonce, surroundings()),
        () => assertVoice('states a balance'),
      ),
    payment: (transactionHash) => ask('other', (validator) => validator.payment(transactionHash)),
    fundingClosure: (transactionHash) =>
      ask(
        'other',
        (validator) => validator.fundingClosure(transactionHash),
        (closure) => {
          if (closure) model.closure(name, { target: transactionHash, ...closure });
        },
      ),
    bulletin: (query) => ask('other', (validator) => validator.bulletin(query)),
    certificates: (query) => ask('other', (validator) => validator.certificates(query)),
  };
}
