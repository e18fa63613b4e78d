import { fund } from '../fixtures/funds.ts';
import { createGenericWallet, readGenericNetwork, validOrder } from '../fixtures/generic-wallet.ts';
import { connectPlainGrpc, type Outcome, toMessage } from '../fixtures/plain-grpc.ts';
import { expect, programTest as test } from '../fixtures/test.ts';

const ROUNDS = 4;
const PAYERS_A_ROUND = 8;

const isVote = (outcome: Outcome) => 'answer' in outcome && 'vote' in outcome.answer;

test('a validator killed between vote and answer signs nothing else afterwards', async ({ devnet }) => {
  const network = readGenericNetwork(devnet.runtime.networkFile);
  const [validator] = devnet.runtime.validators;
  if (!validator) throw new Error('no validators');
  const { name, url } = validator;
  const recipient = createGenericWallet().address;
  let answeredBeforeKill = 0;
  let lostAnswers = 0;

  for (let round = 0; round < ROUNDS; round++) {
    const payers = Array.from({ length: PAYERS_A_ROUND }, () => createGenericWallet());
    await fund(
      devnet,
      payers.map(({ address }) => address),
      5_000_000n,
    );
    const orders = await Promise.all(
      payers.map(async (payer) => {
        const order = validOrder(network, { sender: payer.address, recipient });
        const [first, second] = await Promise.all([
          payer.sign(order, network.domain),
          payer.sign({ ...order, amount: 2_000_000n }, network.domain),
        ]);
        return { first: toMessage(first), second: toMessage(second) };
      }),
    );

    const before = connectPlainGrpc(url);
    const asked = orders.map(({ first }) => before.call('SubmitOrder', { signedOrder: first }));
    // The first answer is the sign that the others are being worked on; each round kills a little later.
    await Promise.race(asked);
    await Promise.allSettled(asked.slice(0, round));
    await devnet.killValidator(name);
    const outcomes = await Promise.all(asked);
    before.close();
    await devnet.startValidator(name);

    const after = connectPlainGrpc(url);
    for (const [index, { first, second }] of orders.entries()) {
      const outcome = outcomes[index];
      if (!outcome) throw new Error('an outcome is missing');
      const conflicting = await after.call('SubmitOrder', { signedOrder: second });
      const repeated = await after.call('SubmitOrder', { signedOrder: first });
      if (isVote(outcome)) {
        answeredBeforeKill++;
        expect(repeated).toEqual(outcome);
        expect(conflicting).toMatchObject({ code: 'EQUIVOCATION' });
      } else {
        lostAnswers++;
        // Recorded or not before the kill: it holds one of the two, and never both.
        expect([isVote(conflicting), isVote(repeated)].filter(Boolean)).toHaveLength(1);
      }
    }
    after.close();
  }
  expect(answeredBeforeKill).toBeGreaterThan(0);
  expect(answeredBeforeKill + lostAnswers).toBe(ROUNDS * PAYERS_A_ROUND);
});
