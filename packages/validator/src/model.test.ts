import { OrderKind, RejectError, toAmount, toSequence } from '@fastpay/protocol';
import { createMemoryMarker } from '@fastpay/storage';
import { type CrashableKv, createCrashableKv } from '@fastpay/storage/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLedger } from './state/ledger.ts';
import {
  balanceOf,
  type Candidate,
  EMPTY_MODEL,
  isKnown,
  type Model,
  nextOf,
  type Prediction,
  predictCommit,
  predictDeposit,
  predictResolve,
  predictVote,
  slotName,
  totalsOf,
} from './testing/model.fixtures.ts';
import {
  AT_NOW,
  accountOf,
  blockAt,
  createWorld,
  depositOf,
  MINIMUM_FEE,
  NOTHING,
  openValidator,
  orderOf,
  paid,
  payer,
  SURCHARGE,
  settle,
} from './testing/world.fixtures.ts';

/**
 * One validator against a model of the rules that knows nothing of stores, under random requests, certificates,
 * deposits and power cuts at any write. The network around it is honest (I3, I4): for one slot only one value is ever
 * certified. The payers are not: they sign two orders for each slot.
 */
const PAYERS = 3;
const SLOTS = 5;
const world = createWorld();
const payers = Array.from({ length: PAYERS }, (_, index) => payer(index));
const everySlot = Array.from({ length: PAYERS * SLOTS }, (_, at) => ({
  sender: at % PAYERS,
  sequence: BigInt(Math.floor(at / PAYERS)),
}));

/** Both orders of every slot with their certificates, made once: signing is the slow part. */
const payments = new Map<string, Candidate & Awaited<ReturnType<typeof paid>>>();
const nameOf = (slot: Pick<Candidate, 'sender' | 'sequence'>, variant: number) => `${slotName(slot)}/${variant}`;
beforeAll(async () => {
  for (const slot of everySlot) {
    for (const variant of [0, 1]) payments.set(nameOf(slot, variant), await makePayment({ ...slot, variant }));
  }
});

async function makePayment({ sender, sequence, variant }: Pick<Candidate, 'sender' | 'sequence' | 'variant'>) {
  const recipient = sequence === 2n ? undefined : (sender + 1 + variant) % PAYERS;
  const order = orderOf(payerOf(sender), payerOf(recipient ?? sender), {
    kind: recipient === undefined ? OrderKind.withdraw : OrderKind.transfer,
    amount: toAmount(100_000n * (sequence + 1n) + BigInt(variant)),
    fee: toAmount(variant === 0 ? MINIMUM_FEE + SURCHARGE : MINIMUM_FEE),
    sequence: toSequence(sequence),
  });
  return {
    sender,
    sequence,
    variant,
    recipient,
    amount: order.amount,
    fee: order.fee,
    ...(await paid(world, payerOf(sender), order)),
  };
}

function payerOf(index: number) {
  return payers[index] as ReturnType<typeof payer>;
}

// The first slots of an account more often than the later ones, so that runs get further than the first.
const slot = fc.constantFrom(
  ...everySlot.flatMap((of) => Array.from({ length: SLOTS - Number(of.sequence) }, () => of)),
);
const attached: fc.Arbitrary<readonly (typeof everySlot)[number][]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  fc.array(slot, { maxLength: 3 }),
);
const action = fc.oneof(
  fc.record({
    do: fc.constant('deposit' as const),
    owner: fc.nat(PAYERS - 1),
    amount: fc.constantFrom(1n, 150_000n, 900_000n),
  }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('vote' as const), slot, variant: fc.nat(1), attached }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('commit' as const), slot, attached }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resolve' as const), slot }) },
);
/** After the action the disk keeps everything, or the power goes when so many of its batches are kept. */
const disk = fc.oneof({ weight: 4, arbitrary: fc.constant('works' as const) }, { weight: 1, arbitrary: fc.nat(4) });
const script = fc.record({
  /** Which of its two orders the network certifies in each slot. */
  certified: fc.array(fc.nat(1), { minLength: everySlot.length, maxLength: everySlot.length }),
  steps: fc.array(fc.record({ action, disk }), { minLength: 10, maxLength: 60, size: 'max' }),
});
type Script = typeof script extends fc.Arbitrary<infer Value> ? Value : never;
type Action = Script['steps'][number]['action'];

const seen = new Map<string, number>();
const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);

test('does what the rules say, across a power cut at any write', async () => {
  await fc.assert(fc.asyncProperty(script, runScript), { numRuns: 100 });
});

afterAll(() => {
  // The property would prove nothing if the runs did not get everywhere.
  const rare = [
    'vote stored',
    'commit stored',
    'vote resolved',
    'commit resolved',
    'vote EQUIVOCATION',
    'vote FEE_TOO_LOW',
  ];
  rare.push(
    'vote INSUFFICIENT_FUNDS',
    'vote MISSING_PREDECESSOR',
    'vote SEQUENCE_TOO_LOW',
    'resolve new',
    'resolve known',
  );
  rare.push('power cut', 'power cut within a request');
  for (const what of rare) expect([what, (seen.get(what) ?? 0) > 0]).toEqual([what, true]);
});

async function runScript({ certified, steps }: Script): Promise<void> {
  const winnerOf = (of: (typeof everySlot)[number]) => {
    const variant = certified[everySlot.findIndex((candidate) => slotName(candidate) === slotName(of))] as number;
    return paymentOf(of, variant);
  };
  /** What ever left this validator, in all its lives. */
  const released = new Map<string, string>();
  let kv = createCrashableKv();
  const marker = createMemoryMarker();
  let validator = openValidator(world, 0, kv, marker);
  let model = EMPTY_MODEL;
  kv.flush();
  // The chain is seen once before anything else: nothing here is about its freshness.
  const first = validator.applyFinalized(blockAt(0n), NOTHING);
  kv.flush();
  await first;

  for (const { action: current, disk: fate } of steps) {
    const { effects, answer } = predict(model, current);
    const outcome = run(current, model.deposits.length);
    let isAnswered = false;
    const note = () => {
      isAnswered = true;
    };
    outcome.then(note, note);
    await settle();
    // Only a refusal may be heard before the disk has everything; what it took in on the way is a fact of its own.
    if (effects.length > 0 && ['stored', 'new', 'applied'].includes(answer)) expect(isAnswered).toBe(false);
    expect(kv.pendingCount()).toBe(effects.length);
    const kept = fate === 'works' ? effects.length : Math.min(fate, effects.length);
    model = effects.slice(0, kept).reduce((before, effect) => effect(before), model);
    if (fate === 'works' || effects.length === 0) {
      kv.flush();
      expect(await outcome).toBe(answer);
      count(`${current.do} ${answer}`);
    }
    if (fate !== 'works') {
      count(kept < effects.length ? 'power cut within a request' : 'power cut');
      kv = kv.crash(kept);
      validator = openValidator(world, 0, kv, marker);
    }
    checkStore(kv, model);
  }

  function predict(before: Model, act: Action): Prediction {
    switch (act.do) {
      case 'deposit':
        return predictDeposit(act.owner, act.amount);
      case 'vote':
        return predictVote(before, paymentOf(act.slot, act.variant), act.attached.map(winnerOf));
      case 'commit':
        return predictCommit(before, winnerOf(act.slot), act.attached.map(winnerOf));
      case 'resolve':
        return predictResolve(before, winnerOf(act.slot));
    }
  }

  /** Performs the action; a word for what came of it. */
  async function run(act: Action, deposits: number): Promise<string> {
    try {
      switch (act.do) {
        case 'deposit': {
          const index = BigInt(deposits);
          await validator.applyFinalized(blockAt(index + 1n), {
            deposits: [depositOf(index, payerOf(act.owner), act.amount)],
            exits: [],
          });
          return 'applied';
        }
        case 'vote': {
          const { signedOrder, hash } = paymentOf(act.slot, act.variant);
          const attachments = act.attached.map((of) => winnerOf(of).cc);
          const answer = await validator.vote({ signedOrder, attachments }, AT_NOW);
          if (answer.type === 'resolved') return 'resolved';
          expect(answer.vote.value).toBe(hash);
          return release(`vote ${slotName(act.slot)}`, `${hash} ${answer.vote.signature.signature.join()}`);
        }
        case 'commit': {
          const { qc, hash } = winnerOf(act.slot);
          const attachments = act.attached.map((of) => winnerOf(of).cc);
          const answer = await validator.commit({ certificate: qc, attachments }, AT_NOW);
          if (answer.type === 'resolved') return 'resolved';
          expect(answer.commit.value).toBe(hash);
          return release(`commit ${slotName(act.slot)}`, `${hash} ${answer.commit.signature.signature.join()}`);
        }
        case 'resolve':
          return (await validator.resolve(winnerOf(act.slot).cc, AT_NOW)) ? 'new' : 'known';
      }
    } catch (error) {
      if (error instanceof RejectError) return error.code;
      throw error;
    }
  }

  /** I2: in all lives together one value a slot, and always the same bytes. */
  function release(what: string, bytes: string): 'stored' {
    expect(released.get(what) ?? bytes).toBe(bytes);
    released.set(what, bytes);
    return 'stored';
  }
}

function paymentOf(of: (typeof everySlot)[number], variant: number) {
  const payment = payments.get(nameOf(of, variant));
  if (!payment) throw new Error('no such payment');
  return payment;
}

/** I1, I5, I6: the store holds exactly the model’s ledger, and no money is made or lost. */
function checkStore(kv: CrashableKv, model: Model): void {
  const ledger = createLedger(kv);
  let balances = 0n;
  for (const [owner, key] of payers.entries()) {
    const account = ledger.account(accountOf(key));
    expect(account !== undefined).toBe(isKnown(model, owner));
    const { balance, next, isHalted } = account ?? { balance: 0n, next: 0n, isHalted: false };
    expect({ balance, next, isHalted }).toEqual({
      balance: balanceOf(model, owner),
      next: nextOf(model, owner),
      isHalted: false,
    });
    balances += balance;
    // What this validator is bound to in the open slot, and in no other.
    const open = ledger.openSlot(accountOf(key));
    const name = slotName({ sender: owner, sequence: next });
    expect(open?.votes.map(({ value }) => value) ?? []).toEqual(hashesOf(model.votes.get(name)));
    expect(open?.lock ? [open.lock.certificate.value] : []).toEqual(hashesOf(model.commits.get(name)));
  }
  const { fees, withdrawn, deposited } = totalsOf(model);
  expect(balances + fees + withdrawn).toBe(deposited);
  const head = ledger.head();
  expect(head.nextDepositIndex).toBe(BigInt(model.deposits.length));
  expect(head.slotsResolved).toBe(BigInt(model.resolved.size));
  expect(head.votesSigned).toBe(BigInt(model.votes.size));
  expect(head.commitsSigned).toBe(BigInt(model.commits.size));
  expect(head.cursor).toBe(BigInt(model.deposits.length + model.resolved.size));
  expect(ledger.alarms(1)).toEqual([]);
}

function hashesOf(candidate: Candidate | undefined): readonly string[] {
  return candidate ? [paymentOf(candidate, candidate.variant).hash] : [];
}
