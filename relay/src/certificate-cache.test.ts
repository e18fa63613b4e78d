import { encodeCertificate, SKIP, slotOf, toSequence } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { createCertificateCache } from './certificate-cache.ts';
import { alice, bob, createTestNetwork } from './testing/network.fixtures.ts';

const net = createTestNetwork();
const MEGABYTE = 1_000_000;

test('certificates are found by payment and by slot', async () => {
  const cache = createCertificateCache({ entries: 10, bytes: MEGABYTE });
  const order = await net.sign(alice);
  const quorum = await net.quorumCertificate(order, [0, 1, 2]);
  const commit = await net.commitCertificate(order, [0, 1, 2]);
  cache.add(quorum);
  expect(cache.payment(quorum.value)).toMatchObject({ quorum });
  expect(cache.resolution(quorum.slot)).toBeUndefined();
  cache.add(commit);
  expect(cache.payment(quorum.value)).toMatchObject({ quorum, commit });
  expect(cache.resolution(slotOf(order.order))).toBe(commit);
});

test('the first certificate of an identity is kept: another subset of signers is the same one', async () => {
  const cache = createCertificateCache({ entries: 10, bytes: MEGABYTE });
  const order = await net.sign(alice);
  const first = await net.commitCertificate(order, [0, 1, 2]);
  cache.add(first);
  cache.add(await net.commitCertificate(order, [1, 2, 3]));
  expect(cache.payment(first.value)?.commit).toBe(first);
});

test('a skipped slot is found by slot only', async () => {
  const cache = createCertificateCache({ entries: 10, bytes: MEGABYTE });
  const skip = await net.skipCertificate(await net.sign(alice), [0, 1, 2]);
  cache.add(skip);
  expect(cache.resolution(skip.slot)).toBe(skip);
  expect(cache.payment(SKIP)).toBeUndefined();
});

test('it is bounded by number and by bytes, and forgets a payment under both keys', async () => {
  const certificates = await Promise.all(
    [0n, 1n, 2n].map(async (sequence) =>
      net.commitCertificate(await net.sign(bob, { sequence: toSequence(sequence) }), [0, 1, 2]),
    ),
  );
  const size = Math.max(...certificates.map((certificate) => encodeCertificate(certificate).length));
  for (const options of [
    { entries: 2, bytes: MEGABYTE },
    { entries: 10, bytes: 2 * size },
  ]) {
    const cache = createCertificateCache(options);
    for (const certificate of certificates) cache.add(certificate);
    expect(cache.size).toBe(2);
    const found = certificates.map(({ value, slot }) => [!!cache.payment(value), !!cache.resolution(slot)]);
    expect(found).toEqual([
      [false, false],
      [true, true],
      [true, true],
    ]);
  }
});
