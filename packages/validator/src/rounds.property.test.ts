import {
  type CommitCertificate,
  type QuorumCertificate,
  type SignedBallot,
  type SignedOrder,
  toAmount,
} from '@fastpay/protocol';
import { createMemoryMarker } from '@fastpay/storage';
import type { CrashableKv } from '@fastpay/storage/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ask, collectCommits, collectPromises, collectVotes, endSlot, isQuorum } from './testing/owner.fixtures.ts';
import {
  AT_NOW,
  createWorld,
  fund,
  openValidator,
  orderOf,
  payer,
  quorumOf,
  selfFlushing,
  sign,
} from './testing/world.fixtures.ts';

/**
 * One slot under an owner who signs two orders and opens rounds from two devices at once, with messages that reach
 * only some validators, and validators that crash and come back with what was durable: never two values, and one
 * undisturbed round ends it.
 */
const world = createWorld();
const [alice, bob, carol] = [payer(0), payer(1), payer(2)];

type Reach = readonly boolean[];
type Step =
  | { readonly type: 'vote'; readonly order: number; readonly reach: Reach }
  | { readonly type: 'promise'; readonly round: number; readonly reach: Reach }
  | { readonly type: 'propose'; readonly round: number; readonly wanted: number; readonly reach: Reach }
  | { readonly type: 'commit'; readonly which: number; readonly reach: Reach }
  | { readonly type: 'crash'; readonly reach: Reach };

/** Most messages arrive. */
const reach = fc.array(
  fc.integer({ min: 0, max: 3 }).map((chance) => chance > 0),
  { minLength: 4, maxLength: 4 },
);
const round = fc.integer({ min: 1, max: 3 });
const steps = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('vote' as const), order: fc.nat(1), reach }),
    fc.record({ type: fc.constant('promise' as const), round, reach }),
    fc.record({ type: fc.constant('propose' as const), round, wanted: fc.nat(2), reach }),
    fc.record({ type: fc.constant('commit' as const), which: fc.nat(), reach }),
    fc.record({ type: fc.constant('crash' as const), reach }),
  ),
  { minLength: 10, maxLength: 40 },
);

async function run(script: readonly Step[]) {
  const stores: CrashableKv[] = world.members.map(() => selfFlushing());
  const markers = stores.map(() => createMemoryMarker());
  let validators = stores.map((kv, signer) => openValidator(world, signer, kv, markers[signer]));
  for (const validator of validators) await fund(validator, alice, 10_000_000n);
  const orders: readonly SignedOrder[] = [
    await sign(world, alice, orderOf(alice, bob)),
    await sign(world, alice, orderOf(alice, carol, { amount: toAmount(5n) })),
  ];
  const votes: SignedBallot[] = [];
  const certificates: QuorumCertificate[] = [];
  const paid: CommitCertificate[] = [];
  const promises = new Map<number, Awaited<ReturnType<typeof collectPromises>>>();
  const reached = (flags: Reach) => validators.filter((_, signer) => flags[signer]);

  for (const step of script) {
    switch (step.type) {
      case 'vote': {
        const signedOrder = orders[step.order] as SignedOrder;
        const request = { signedOrder, attachments: [] };
        const answers = await ask(reached(step.reach), (validator) => validator.vote(request, AT_NOW));
        votes.push(...answers.flatMap((answer) => (answer.type === 'vote' ? [answer.vote] : [])));
        const value = answers.find((answer) => answer.type === 'vote')?.vote.value;
        const distinct = new Map(
          votes.filter((vote) => vote.value === value).map((vote) => [vote.signature.signer, vote]),
        );
        if (isQuorum(world, [...distinct.values()])) certificates.push(quorumOf([...distinct.values()], signedOrder));
        break;
      }
      case 'promise': {
        const proven = await collectPromises(world, alice, step.round, reached(step.reach));
        const known = promises.get(step.round) ?? [];
        const fresh = proven.filter(({ promise }) =>
          known.every((other) => other.promise.signature.signer !== promise.signature.signer),
        );
        promises.set(step.round, [...known, ...fresh]);
        break;
      }
      case 'propose': {
        const proven = promises.get(step.round) ?? [];
        if (proven.length < 3) break;
        const wanted = orders[step.wanted];
        const qc = await collectVotes(world, alice, step.round, reached(step.reach), proven, wanted);
        if (qc) certificates.push(qc);
        break;
      }
      case 'commit': {
        const certificate = certificates[step.which % Math.max(1, certificates.length)];
        const cc = certificate && (await collectCommits(world, certificate, reached(step.reach)));
        if (cc) paid.push(cc);
        break;
      }
      case 'crash':
        validators = validators.map((validator, signer) => {
          if (!step.reach[signer]) return validator;
          const kv = validator.kv.crash(0);
          kv.flushByItself();
          return openValidator(world, signer, kv, markers[signer]);
        });
        break;
    }
  }
  return { validators, certificates, paid, orders };
}

test('never two certificates of one round for two values, never two payments; one round in peace ends the slot', async () => {
  const seen = { split: 0, carried: 0, committed: 0, higher: 0 };
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const { validators, certificates, paid, orders } = await run(script);
      const byRound = new Map<number, Set<string>>();
      for (const { round: at, value } of certificates) byRound.set(at, (byRound.get(at) ?? new Set()).add(value));
      for (const values of byRound.values()) expect(values.size).toBe(1);
      expect(new Set(paid.map(({ value }) => value)).size).toBeLessThanOrEqual(1);

      const last = await endSlot(world, alice, 9, validators, orders[1]);
      if (!last) throw new Error('the slot did not end');
      for (const { value } of paid) expect(last.value).toBe(value);
      for (const validator of validators) expect(await validator.resolve(last, AT_NOW)).toBe(true);
      for (const validator of validators) {
        expect(validator.alarms()).toEqual([]);
        expect(validator.evidence(1)).toEqual([]);
        for (const cc of paid) expect(await validator.resolve(cc, AT_NOW)).toBe(false);
      }
      if (certificates.length === 0) seen.split++;
      if (certificates.some(({ round: at }) => at > 0)) seen.higher++;
      if (paid.length > 0) seen.committed++;
      if (paid.length === 0 && certificates.some(({ value }) => value === last.value)) seen.carried++;
    }),
    { numRuns: 150 },
  );
  // A run in which one of them never occurred has shown nothing about it.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
}, 60_000);
