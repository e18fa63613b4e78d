import { type Hash, limits, PATH_USD, toSequence } from '@fastpay/protocol';
import { beforeEach, expect, test } from 'vitest';
import { summarize } from '../account/summary.ts';
import type { ClientCore } from '../core.ts';
import type { ClientStore } from '../store/client-store.ts';
import { createMemoryStore } from '../store/open-client-store.ts';
import { createEvidence } from '../testing/evidence.fixtures.ts';
import { createTestNetwork } from '../testing/network.fixtures.ts';
import { alice, bob, sampleCertificate, sampleHash, sampleOrder } from '../testing/samples.fixtures.ts';
import { attachmentsFor } from './attachments.ts';

const testNetwork = createTestNetwork();
const { context } = createEvidence(testNetwork);

let store: ClientStore;
let core: ClientCore;
beforeEach(() => {
  store = createMemoryStore();
  core = { store, context } as ClientCore;
});

async function keep(owner: typeof alice, name: string, sequence: bigint, sender = bob): Promise<Hash> {
  const recipient = sender === bob ? alice : bob;
  const signedOrder = sampleOrder({ sender, recipient, sequence: toSequence(sequence) });
  const certificate = sampleCertificate(signedOrder, sampleHash(name));
  await store.recordCertificate({ owner, certificate, createdAtMs: 1 });
  return certificate.value;
}

const order = (sequence: bigint, parents: readonly Hash[] = []) =>
  sampleOrder({ sender: alice, recipient: bob, sequence: toSequence(sequence), parents }).order;

/** What these validators say of Alice's next slot. */
const heard = (...nexts: bigint[]) => {
  const statements = nexts.map((next, signer) => ({
    signer,
    stake: 1n,
    next,
    balance: 5n,
    finalizedHeight: 1n,
    unixMillis: 1n,
  }));
  const summary = summarize(context.committee, statements, nexts[0] ?? 0n, () => 0n);
  if (!summary) throw new Error('expected a summary');
  return summary;
};

const attached = async (...parameters: Parameters<typeof order>) =>
  (await attachmentsFor(core, order(...parameters), heard(9n, 9n, 9n, 9n))).map(({ value }) => value);

test('nothing, when all validators are where the order is', async () => {
  await keep(alice, 'received', 0n);
  await keep(alice, 'own', 8n, alice);
  expect(await attached(9n)).toEqual([]);
});

test('the parents, however long ago they came', async () => {
  const parents = [await keep(alice, 'first', 0n)];
  for (let sequence = 1n; sequence < 40n; sequence++) await keep(alice, `later ${sequence}`, sequence);
  parents.push(await keep(alice, 'second', 40n));
  expect(await attached(9n, parents)).toEqual(parents);
});

test('the payer’s slots that the furthest behind lacks, newest first, and not too many', async () => {
  for (let sequence = 0n; sequence < 20n; sequence++) await keep(alice, `own ${sequence}`, sequence, alice);
  const values = async (...nexts: bigint[]) =>
    (await attachmentsFor(core, order(20n), heard(...nexts))).map(({ value }) => value);
  expect(await values(20n, 20n, 20n, 18n)).toEqual([sampleHash('own 19'), sampleHash('own 18')]);
  expect(await values(20n, 20n, 20n, 3n)).toEqual(
    Array.from({ length: 8 }, (_, index) => sampleHash(`own ${19 - index}`)),
  );
});

test('what was received last, when somebody did not answer', async () => {
  const values: Hash[] = [];
  for (let sequence = 0n; sequence < 30n; sequence++) values.push(await keep(alice, `received ${sequence}`, sequence));
  const certificates = await attachmentsFor(core, order(9n, [values[0] ?? sampleHash('')]), heard(9n, 9n, 9n));
  expect(certificates).toHaveLength(limits.attachments);
  expect(certificates[0]?.value).toBe(values[0]);
  expect(certificates[1]?.value).toBe(values.at(-1));
});

test('the slot before, when nobody could be asked', async () => {
  await keep(alice, 'own', 8n, alice);
  expect((await attachmentsFor(core, order(9n), undefined)).map(({ value }) => value)).toEqual([sampleHash('own')]);
  expect(await attachmentsFor(core, order(0n), undefined)).toEqual([]);
  expect(order(0n).asset).toBe(PATH_USD);
});
