import type { Secp256k1Signer } from '@fastpay/crypto';
import { SKIP } from '@fastpay/protocol';
import { beforeEach, expect, test } from 'vitest';
import { validatorLimits } from '../limits.ts';
import {
  certify,
  createWorld,
  openValidator,
  orderOf,
  paid,
  payer,
  skipOf,
  slotAt,
} from '../testing/world.fixtures.ts';

const world = createWorld();
const [alice, bob, carol] = [payer(0), payer(1), payer(2)];
let validator: ReturnType<typeof openValidator>;
beforeEach(() => {
  validator = openValidator(world);
});

async function lock(owner: Secp256k1Signer, nowMs: number) {
  const { qc, cc } = await paid(world, owner, orderOf(owner, payer(9)));
  await validator.commit({ certificate: qc, attachments: [] }, { nowMs });
  return { qc, cc };
}

test('locks older than a time come the oldest first, in pages, and stay until their slot is resolved', async () => {
  const [second, first, third] = [await lock(alice, 2_000), await lock(bob, 1_000), await lock(carol, 3_000)];
  const all = [first, second, third].map(({ qc }, index) => ({ lockedAtMs: (index + 1) * 1_000, certificate: qc }));
  expect(validator.staleLocks({ lockedBeforeMs: 3_001, limit: 10 })).toEqual(all);
  expect(validator.staleLocks({ lockedBeforeMs: 3_000, limit: 10 })).toEqual(all.slice(0, 2));
  expect(validator.staleLocks({ lockedBeforeMs: 1_000, limit: 10 })).toEqual([]);
  expect(validator.staleLocks({ lockedBeforeMs: -5, limit: 10 })).toEqual([]);
  const page = validator.staleLocks({ lockedBeforeMs: 9_000, limit: 2 });
  expect(page).toEqual(all.slice(0, 2));
  const after = page.at(-1);
  if (!after) throw new Error('no page');
  expect(validator.staleLocks({ lockedBeforeMs: 9_000, limit: 2, after })).toEqual(all.slice(2));
  expect(validator.staleLocks({ lockedBeforeMs: 500, limit: 2, after })).toEqual([]);
  await validator.resolve(first.cc, { nowMs: 4_000 });
  validator = openValidator(world, 0, validator.kv);
  expect(validator.staleLocks({ lockedBeforeMs: 9_000, limit: 10 })).toEqual(all.slice(1));
});

test('locks of one moment are all found', async () => {
  const locked = [await lock(alice, 7), await lock(bob, 7), await lock(carol, 7)].map(({ qc }) => qc.value).sort();
  const found: string[] = [];
  let after: ReturnType<typeof validator.staleLocks>[number] | undefined;
  for (;;) {
    const [next] = validator.staleLocks({ lockedBeforeMs: 8, limit: 1, ...(after && { after }) });
    if (!next) break;
    found.push(next.certificate.value);
    after = next;
  }
  expect(found.sort()).toEqual(locked);
});

test('a higher lock takes the place of the one before, and counts from its own time', async () => {
  await lock(alice, 1_000);
  const { qc } = await skipOf(world, slotAt(alice, 0n), 3);
  await validator.commit({ certificate: qc, attachments: [] }, { nowMs: 5_000 });
  expect(validator.staleLocks({ lockedBeforeMs: 4_000, limit: 10 })).toEqual([]);
  const found = validator.staleLocks({ lockedBeforeMs: 9_000, limit: 10 });
  expect(found).toEqual([{ lockedAtMs: 5_000, certificate: qc }]);
  // What is voted or promised afterwards does not make it younger.
  await validator.commit({ certificate: qc, attachments: [] }, { nowMs: 8_000 });
  expect(validator.staleLocks({ lockedBeforeMs: 9_000, limit: 10 })).toEqual(found);
});

test('a slot resolved by another value leaves the list too', async () => {
  await lock(alice, 1_000);
  const { cc } = await certify(world, { slot: slotAt(alice, 0n), round: 4, value: SKIP });
  await validator.resolve(cc, { nowMs: 2_000 });
  expect(validator.staleLocks({ lockedBeforeMs: 9_000, limit: 10 })).toEqual([]);
});

test('a look is bounded', () => {
  for (const limit of [0, -1, 1.5, validatorLimits.staleLocks + 1]) {
    expect(() => validator.staleLocks({ lockedBeforeMs: 1, limit })).toThrow(/1 to/);
  }
});
