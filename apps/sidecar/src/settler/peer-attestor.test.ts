import { type CommitCertificate, RejectError } from '@fastpay/protocol';
import { batchEntries } from '@fastpay/tempo';
import { expect, it } from 'vitest';
import { createPeerAttestor } from './peer-attestor.ts';
import { outboxItem } from './testing.fixtures.ts';

const certificates = [0, 1, 2].map((sequence) => outboxItem(1, { from: 'alice', to: 'bob', sequence }).certificate);

function peerThatKnows(known: Set<CommitCertificate>, refusal?: RejectError) {
  const asked: number[] = [];
  return {
    asked,
    signer: 2,
    async attest({ entries }: { entries: readonly unknown[] }) {
      asked.push(entries.length);
      if (refusal) throw refusal;
      if (known.size < certificates.length) throw new RejectError('MISSING_PREDECESSOR', 'a slot is not resolved here');
      return { signer: 2, signature: new Uint8Array(65) };
    },
    async resolve(certificate: CommitCertificate) {
      known.add(certificate);
    },
  };
}

const ask = (peer: ReturnType<typeof peerThatKnows>, stopped = new AbortController().signal) =>
  createPeerAttestor(peer, { epoch: 0n, stopped }).attest(certificates, batchEntries(certificates));

it('hands over what is missing, then asks again', async () => {
  const known = new Set(certificates.slice(0, 1));
  const peer = peerThatKnows(known);
  expect(await ask(peer)).toMatchObject({ signer: 2 });
  expect(known).toEqual(new Set(certificates));
  expect(peer.asked).toEqual([3, 3]);
});

it('hands over nothing to a validator that will not sign for another reason', async () => {
  const known = new Set<CommitCertificate>();
  const peer = peerThatKnows(known, new RejectError('TEMPORARILY_UNAVAILABLE', 'this validator only observes'));
  await expect(ask(peer)).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
  expect(known.size).toBe(0);
  expect(peer.asked).toEqual([3]);
});
