import { createNodeEngine } from '@fastpay/crypto/node';
import {
  type BatchEntry,
  batchAttestationDigest,
  bytesOf,
  type CommitCertificate,
  domainSeparator,
  limits,
  SKIP,
  toSequence,
} from '@fastpay/protocol';
import { createCrashableKv } from '@fastpay/storage/testing';
import { expect, test } from 'vitest';
import { expectRefusal } from '../testing/expect-refusal.fixtures.ts';
import {
  AT_NOW,
  createWorld,
  openValidator,
  orderOf,
  paid,
  payer,
  settle,
  skipOf,
  slotAt,
} from '../testing/world.fixtures.ts';

const world = createWorld();
const [alice, bob] = [payer(0), payer(1)];
const entryOf = ({ slot, value }: CommitCertificate): BatchEntry => ({
  account: slot.owner,
  asset: slot.asset,
  sequence: slot.sequence,
  value,
});

async function resolvedBatch() {
  const validator = openValidator(world);
  const payment = await paid(world, alice, orderOf(alice, bob));
  const skip = await skipOf(world, slotAt(bob, 0n));
  const certificates = [payment.cc, skip.cc];
  for (const cc of certificates) await validator.resolve(cc, AT_NOW);
  return { validator, payment, entries: certificates.map(entryOf) };
}

test('attests what is resolved here, payments and skipped slots, always with the same bytes of the settlement key', async () => {
  const { validator, entries } = await resolvedBatch();
  const { signer, signature } = await validator.attest(entries);
  expect(signer).toBe(0);
  const context = { separator: domainSeparator(world.network.domain), epoch: 0n };
  const digest = bytesOf(batchAttestationDigest(context, entries));
  const address = createNodeEngine().secp256k1Recover(digest, signature);
  expect(address).toBe(world.network.committee.members[0]?.settlementAddress);
  expect((await validator.attest(entries)).signature).toEqual(signature);
  // The order is part of what is signed.
  expect((await validator.attest(entries.toReversed())).signature).not.toEqual(signature);
});

test('refuses what is not resolved here, or holds something else, wherever it stands in the batch', async () => {
  const { validator, entries, payment } = await resolvedBatch();
  const [first] = entries as [BatchEntry];
  const open = { ...first, sequence: toSequence(1n), value: payment.hash };
  const refused = (batch: readonly BatchEntry[]) => () => validator.attest(batch);
  expect(await expectRefusal(validator, refused([...entries, open]), 'MISSING_PREDECESSOR')).toEqual({
    expectedSequence: 1n,
  });
  await expectRefusal(validator, refused([{ ...first, value: SKIP }, ...entries]), 'SEQUENCE_TOO_LOW');
  await expectRefusal(validator, refused([{ ...first, account: payer(7).address }]), 'MISSING_PREDECESSOR');
});

test('a batch has at least one entry and at most as many as the reserve takes', async () => {
  const { validator, entries } = await resolvedBatch();
  const [entry] = entries as [BatchEntry];
  const batchOf = (length: number) => Array.from({ length }, () => entry);
  await expectRefusal(validator, () => validator.attest([]), 'INVALID_FORMAT');
  await expectRefusal(validator, () => validator.attest(batchOf(limits.batchEntries + 1)), 'INVALID_FORMAT');
  expect((await validator.attest(batchOf(limits.batchEntries))).signer).toBe(0);
});

test('waits until the resolution behind it is durable', async () => {
  const kv = createCrashableKv();
  const validator = openValidator(world, 0, kv);
  kv.flush();
  const { cc } = await paid(world, alice, orderOf(alice, bob));
  void validator.resolve(cc, AT_NOW);
  await settle();
  let isSigned = false;
  const attested = validator.attest([entryOf(cc)]).then(() => {
    isSigned = true;
  });
  await settle();
  expect(isSigned).toBe(false);
  kv.flush();
  await attested;
});
