import { type CryptoEngine, createVerificationContext, type Secp256k1Signer, type VotingSigner } from '@fastpay/crypto';
import {
  accountStatementBytes,
  type Ballot,
  commitDigest,
  type Network,
  promiseBytes,
  type SignedBallot,
  type SignedPromise,
  type Slot,
  transactionHash,
  voteBytes,
} from '@fastpay/protocol';
import { createMemoryKv, createMemoryMarker } from '@fastpay/storage';
import {
  createValidator,
  type FinalizedBlock,
  type FinalizedEvents,
  type SettlementObservation,
} from '@fastpay/validator';
import { corrupted } from '../network/corrupt.ts';
import type { Random } from '../random/random.ts';
import type { Fault } from '../run/coverage.ts';
import type { Tally } from '../run/tally.ts';
import type { ValidatorNode } from './validator-node.ts';

/** A member of the committee that signs whatever suits whoever asks, and says what is not so. */
export interface ByzantineValidator extends ValidatorNode {
  observe(finalized: FinalizedBlock, events: FinalizedEvents): Promise<void>;
  settle(observations: readonly SettlementObservation[]): Promise<void>;
  finalizedHeight(): bigint | undefined;
  /** From now on it answers in time and to the question; what it signed stays signed. */
  behave(): void;
}

export interface ByzantineOptions {
  readonly network: Network;
  readonly signer: number;
  /** How often it does not answer, answers rubbish, or lies in what it is read for; each a probability. */
  readonly silence: number;
  readonly garbage: number;
  readonly lies: number;
}

export interface ByzantineDependencies {
  readonly engine: CryptoEngine;
  readonly votingSigner: VotingSigner;
  readonly settlementSigner: Secp256k1Signer;
  readonly random: Random;
  readonly nowMs: () => number;
  readonly faults: Tally<Fault>;
}

export function createByzantineValidator(
  options: ByzantineOptions,
  dependencies: ByzantineDependencies,
): ByzantineValidator {
  const { network, signer } = options;
  const { engine, votingSigner, settlementSigner, random, nowMs, faults } = dependencies;
  const { epoch } = network.committee;
  const { separator } = createVerificationContext(network, engine);
  const context = { separator, epoch };
  const newStoreId = () => new Uint8Array(16).fill(signer);
  // What it would know if it followed the rules: a liar has to know the truth.
  const ledger = createValidator(
    { network, signer },
    { kv: createMemoryKv(), marker: createMemoryMarker(), engine, votingSigner, settlementSigner, newStoreId },
  );
  const votesByRound = new Map<string, string>();
  const locks = new Map<string, { readonly round: number; readonly value: SignedBallot['value'] }>();
  let isBad = true;

  const slotName = ({ owner, sequence }: Slot) => `${owner}/${sequence}`;
  const surroundings = () => ({ nowMs: nowMs() });

  /** Nothing, rubbish, or what was asked for. */
  async function misbehaving<Answer>(answer: () => Promise<Answer>): Promise<Answer> {
    if (isBad && random.chance(options.silence)) {
      faults.add('byzantineSilence');
      return new Promise<never>(() => undefined);
    }
    const given = await answer();
    if (!isBad || !random.chance(options.garbage)) return given;
    faults.add('byzantineGarbage');
    return corrupted(given, random);
  }

  const sign = async (ballot: Ballot, kind: 'vote' | 'commit'): Promise<SignedBallot> => {
    const { slot, round, value } = ballot;
    const signature =
      kind === 'vote'
        ? await votingSigner.sign(voteBytes(context, { slot, round, value }))
        : await settlementSigner.sign(commitDigest(context, { slot, round, value }));
    return { epoch, slot, round, value, signature: { signer, signature } };
  };

  async function vote(ballot: Ballot): Promise<SignedBallot> {
    const key = `${slotName(ballot.slot)}/${ballot.round}`;
    const before = votesByRound.get(key);
    if (before !== undefined && before !== ballot.value) faults.add('byzantineDoubleVote');
    votesByRound.set(key, ballot.value);
    return await sign(ballot, 'vote');
  }

  async function noteAffordable(slot: Slot, cost: bigint): Promise<void> {
    const { signed } = await ledger.account(slot, new Uint8Array(16), surroundings());
    if (signed.statement.balance < cost) faults.add('byzantineVoteWithoutBalance');
  }

  return {
    name: `v${signer}`,
    signer,
    isByzantine: true,
    isUp: () => true,
    behave() {
      isBad = false;
    },
    finalizedHeight: () => ledger.finalized()?.height,
    settle: (observations) => ledger.applySettlements(observations),
    observe: (finalized, events) => ledger.applyFinalized(finalized, events),
    vote: ({ signedOrder }) =>
      misbehaving(async () => {
        const { order } = signedOrder;
        const slot: Slot = { owner: order.sender, asset: order.asset, sequence: order.sequence };
        await noteAffordable(slot, order.amount + order.fee);
        return {
          type: 'vote',
          vote: await vote({ slot, round: 0, value: transactionHash(order, separator) }),
        } as const;
      }),
    commit: ({ certificate }) =>
      misbehaving(async () => {
        const name = slotName(certificate.slot);
        const lock = locks.get(name);
        if (!lock || lock.round <= certificate.round) locks.set(name, certificate);
        else faults.add('byzantineBrokenPromise');
        return { type: 'commit', commit: await sign(certificate, 'commit') } as const;
      }),
    resolve: (certificate) => misbehaving(() => ledger.resolve(certificate, surroundings())),
    openRound: ({ newRound: { slot, round } }) =>
      misbehaving(async () => {
        // Never names what it is locked on.
        if (locks.has(slotName(slot))) faults.add('byzantineBrokenPromise');
        const signature = await votingSigner.sign(promiseBytes(context, slot, round, undefined));
        const promise: SignedPromise = { epoch, slot, round, signature: { signer, signature } };
        return { type: 'promise', proven: { promise } } as const;
      }),
    voteInRound: ({ proposal }) => misbehaving(async () => ({ type: 'vote', vote: await vote(proposal) }) as const),
    account: (id, clientNonce) =>
      misbehaving(async () => {
        const answer = await ledger.account(id, clientNonce, surroundings());
        if (!isBad || !random.chance(options.lies)) return answer;
        faults.add('byzantineFalseStatement');
        const { statement } = answer.signed;
        const lie = {
          ...statement,
          balance: statement.balance + BigInt(random.between(-5, 50)) * 1_000_000n,
          next: statement.next + BigInt(random.below(3)),
        };
        const signature = await votingSigner.sign(accountStatementBytes(context, lie));
        return { signed: { epoch, statement: lie, signature: { signer, signature } }, known: random.chance(0.5) };
      }),
    payment: (hash) => misbehaving(() => Promise.resolve(ledger.payment(hash))),
    fundingClosure: (hash) =>
      misbehaving(() => {
        const closure = ledger.fundingClosure(hash);
        if (!closure || !isBad || !random.chance(options.lies)) return Promise.resolve(closure);
        faults.add('byzantineFalseClosure');
        return Promise.resolve({ certificates: random.some(closure.certificates, 0.6), complete: true });
      }),
    bulletin: (query) =>
      misbehaving(() => {
        const page = ledger.bulletin(query);
        if (!isBad || !random.chance(options.lies)) return Promise.resolve(page);
        faults.add('byzantineLieInSync');
        return Promise.resolve({ ...page, entries: random.some(page.entries, 0.5) });
      }),
    certificates: (query) =>
      misbehaving(() => {
        const page = ledger.certificates(query);
        if (!isBad || !random.chance(options.lies)) return Promise.resolve(page);
        faults.add('byzantineLieInSync');
        const kept = random.some(page.certificates, 0.6);
        return Promise.resolve({
          ...page,
          certificates: kept.map((certificate) => (random.chance(0.3) ? corrupted(certificate, random) : certificate)),
        });
      }),
  };
}
