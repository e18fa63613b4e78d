import type { PayerSigner } from '@fastpay/crypto';
import { type CommitCertificate, OrderKind, toSequence } from '@fastpay/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeCancelExit, encodeExit, encodeRequestExit } from './exit.ts';
import { encodeRelease } from './release.ts';
import { createOrder } from './testing/committee.fixtures.ts';
import { type Lab, startLab } from './testing/lab.fixtures.ts';
import { createPayer } from './testing/payers.fixtures.ts';
import { createReserveModel, type ModelEntry, type ReserveModel } from './testing/reserve-model.fixtures.ts';
import { createToken, type TestToken } from './testing/token.fixtures.ts';

/** Random histories of deposits, settlements, exits and refusing tokens against an independent model of the reserve. */

const ACCOUNTS = 4;

let lab: Lab;
let token: TestToken;
/** One for the token's whole life: what the reserve holds is of all histories together. */
let model: ReserveModel;
beforeAll(async () => {
  // Exits can be executed as soon as they were requested.
  lab = await startLab({ exitDelaySeconds: 0n });
  token = await createToken(lab, 'Model dollar');
  model = createReserveModel();
});
afterAll(() => lab.stop());

const who = fc.nat({ max: ACCOUNTS - 1 });
const entry = fc.record({
  type: fc.constantFrom(
    'transfer' as const,
    'transfer' as const,
    'transfer' as const,
    'withdraw' as const,
    'skip' as const,
  ),
  sender: who,
  recipient: who,
  amount: fc.oneof(
    { weight: 8, arbitrary: fc.bigInt({ min: 1n, max: 400_000n }) },
    { weight: 1, arbitrary: fc.constant(0n) },
  ),
  fee: fc.constantFrom(0n, 2_000n, 8_000n),
  /** Relative to the sender's first unused slot when the batch begins. */
  distance: fc.oneof(
    { weight: 6, arbitrary: fc.bigInt({ min: 0n, max: 3n }) },
    { weight: 1, arbitrary: fc.bigInt({ min: -2n, max: 66n }) },
  ),
  isCommitted: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
});
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('deposit' as const),
      owner: who,
      amount: fc.bigInt({ min: 1n, max: 900_000n }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constantFrom('settle' as const, 'settleAttested' as const),
      entries: fc.array(entry, { minLength: 1, maxLength: 12 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('requestExit' as const, 'requestExit' as const, 'cancelExit' as const, 'exit' as const),
      account: who,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom('block' as const, 'unblock' as const, 'release' as const),
      account: who,
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type Entry = typeof entry extends fc.Arbitrary<infer Value> ? Value : never;

let histories = 0;

it('does what the model does, and holds exactly what it owes after every step', { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      histories += 1;
      const accounts = Array.from({ length: ACCOUNTS }, (_, index) =>
        createPayer('secp256k1', 10_000 + histories * ACCOUNTS + index),
      );
      for (const next of steps) {
        await run(next, accounts);
        expect(await lab.tokens(lab.reserve, token.address)).toBe(model.total());
      }
      for (const { address } of accounts) await expectSameAccount(address);
    }),
    { numRuns: 25 },
  );
});

async function run(next: Step, accounts: readonly PayerSigner[]): Promise<void> {
  const at = (index: number) => accounts[index] as PayerSigner;
  switch (next.type) {
    case 'deposit':
      await lab.deposit([{ account: at(next.owner).address, amount: next.amount }], token.address);
      return model.deposit(at(next.owner).address, next.amount);
    case 'settle':
    case 'settleAttested':
      return settleBoth(next, accounts);
    case 'requestExit':
    case 'cancelExit':
    case 'exit':
      return exitBoth(next.type, at(next.account));
    case 'block':
      await token.block(at(next.account).address);
      return model.block(at(next.account).address);
    case 'unblock':
      await token.unblock(at(next.account).address);
      return model.unblock(at(next.account).address);
    case 'release': {
      const { address } = at(next.account);
      const sent = lab.send(lab.treasury, [{ to: lab.reserve, data: encodeRelease(token.address, address) }]);
      if (model.release(address)) await sent;
      else await expect(sent).rejects.toMatchObject({ code: 'REVERTED' });
    }
  }
}

const encodeStep = { requestExit: encodeRequestExit, cancelExit: encodeCancelExit, exit: encodeExit };

async function exitBoth(type: keyof typeof encodeStep, owner: PayerSigner): Promise<void> {
  await lab.fund([{ account: owner.address, amount: 5_000_000n }]);
  const sent = lab.send(owner, [{ to: lab.reserve, data: encodeStep[type](token.address) }], 2_000_000n);
  if (model[type](owner.address)) await sent;
  else await expect(sent).rejects.toMatchObject({ code: 'REVERTED' });
}

interface SettleStep {
  readonly type: 'settle' | 'settleAttested';
  readonly entries: readonly Entry[];
}

async function settleBoth({ type, entries }: SettleStep, accounts: readonly PayerSigner[]): Promise<void> {
  const modelEntries = entries.map((each): ModelEntry => {
    const sender = (accounts[each.sender] as PayerSigner).address;
    const sequence = model.firstUnused(sender) + each.distance;
    return {
      ...each,
      sender,
      recipient: (accounts[each.recipient] as PayerSigner).address,
      sequence: sequence < 0n ? 0n : sequence,
    };
  });
  const certificates = await Promise.all(
    modelEntries.map((each, index) => certificateOf(each, accounts[entries[index]?.sender ?? 0] as PayerSigner)),
  );
  const { outcomes } = await lab[type](certificates);
  expect(outcomes).toEqual(model.settle(modelEntries, lab.settler.address, type === 'settleAttested'));
  const account = { owner: lab.settler.address, asset: token.address };
  expect((await lab.chain.accountOnChain(account)).owed).toBe(model.owed(lab.settler.address));
}

function certificateOf(each: ModelEntry, payer: PayerSigner): Promise<CommitCertificate> {
  const { type, sender, recipient, amount, fee, sequence } = each;
  const options = { signers: each.isCommitted ? [0, 1, 3] : [0, 1] };
  const asset = token.address;
  if (type === 'skip') return lab.certifySkip({ owner: sender, asset, sequence: toSequence(sequence) }, options);
  const kind = type === 'withdraw' ? OrderKind.withdraw : OrderKind.transfer;
  return lab.certify(createOrder({ kind, asset, sender, recipient, amount, fee, sequence }), payer, options);
}

async function expectSameAccount(owner: PayerSigner['address']): Promise<void> {
  const { balance, owed, nextSequence } = await lab.chain.accountOnChain({ owner, asset: token.address });
  expect({ balance, owed, nextSequence }).toEqual({
    balance: model.balance(owner),
    owed: model.owed(owner),
    nextSequence: model.firstUnused(owner),
  });
  expect(await lab.tokens(owner, token.address)).toBe(model.received(owner));
}
