import { type Address, toAddress, toHex } from '@fastpay/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyPayerSignature } from './payer-signature.ts';
import { allEngines } from './testing/engines.fixtures.ts';
import { type PayerAttempt, payerAttempts } from './testing/payer-attempts.fixtures.ts';
import { type RecoverPrecompile, startRecoverPrecompile } from './testing/recover-precompile.fixtures.ts';

/** Thousands of hostile signatures, to our engines and to the chain's own precompile. */

const SEED = Number(process.env.FUZZ_SEED ?? 20_260_801);
const [reference, ...others] = await allEngines();

let precompile: RecoverPrecompile;
beforeAll(async () => {
  precompile = await startRecoverPrecompile();
}, 60_000);
afterAll(() => precompile.stop());

/** One engine's answer, checked against another engine each time in turn. */
async function accepts({ digest, signature, kind, name }: PayerAttempt, account: Address, turn: number) {
  const second = others[turn % others.length];
  if (!reference || !second) throw new Error('there are no engines');
  const answers = [reference, second].map(([, engine]) => verifyPayerSignature(engine, digest, signature, account));
  const [first, again] = await Promise.all(answers);
  expect(first, `${reference[0]} and ${second[0]} on ${kind}: ${name}`).toBe(again);
  return first === true;
}

it('never takes what the precompile refuses, nor for another account', async ({ annotate }) => {
  const attempts = await payerAttempts(SEED, 1_000);
  const recovered = await precompile.recover(attempts);
  const counts = new Map<string, { both: number; neither: number; stricter: number }>();
  for (const [index, attempt] of attempts.entries()) {
    const { kind, name, signature, account } = attempt;
    const there = recovered[index] === undefined ? undefined : toAddress(recovered[index]);
    const here = await accepts(attempt, account, index);
    if (here) expect(there, `${kind}: ${name} (seed ${SEED}): ${toHex(signature)}`).toBe(account);
    // Whomever the precompile names: do we say so too?
    const agreed = there === undefined || there === account ? here : await accepts(attempt, there, index);
    const count = counts.get(kind) ?? { both: 0, neither: 0, stricter: 0 };
    count[agreed ? 'both' : there === undefined ? 'neither' : 'stricter'] += 1;
    counts.set(kind, count);
  }
  for (const [kind, { both, neither, stricter }] of counts) {
    await annotate(`${kind}: ${both} taken by both, ${neither} by neither, ${stricter} only by the precompile`);
  }
  await annotate(`${attempts.length} attempts, 0 taken here and refused there, seed ${SEED}`);
  // The comparison is worth nothing unless every scheme has its share of all three.
  for (const scheme of ['secp256k1', 'P-256', 'WebAuthn']) {
    const own = [...counts].filter(([kind]) => kind.startsWith(scheme)).map(([, count]) => count);
    for (const answer of ['both', 'neither', 'stricter'] as const) {
      expect(
        own.reduce((sum, count) => sum + count[answer], 0),
        `${scheme}: ${answer}`,
      ).toBeGreaterThan(5);
    }
  }
}, 120_000);
