import {
  type Hash,
  PATH_USD,
  type QuorumCertificate,
  type RoundProposal,
  type SignedNewRound,
  SKIP,
  type Slot,
  slotOf,
  toSequence,
} from '@fastpay/protocol';
import { describe, expect, test } from 'vitest';
import { ConflictingCertificatesError } from '../errors.ts';
import type { ClientStore, JournaledRound } from '../store/client-store.ts';
import { alice, bob, sampleCertificate, sampleHash, sampleOrder } from './samples.fixtures.ts';

/**
 * What every adapter of the client store has to do with the journal of rounds and with funding closures.
 * @param open connects to the store called `name`: the same name means the same rows.
 */
export function roundJournalContract(adapter: string, open: (name: string) => ClientStore): void {
  let count = 0;
  const freshName = () => `${adapter}-rounds-${count++}`;
  const signedOrder = sampleOrder();
  const slot = slotOf(signedOrder.order);

  const newRoundOf = (round: number, mark = 1, at: Slot = slot, epoch = 0n): SignedNewRound => ({
    epoch,
    slot: at,
    round,
    authority: { type: 'owner', signature: new Uint8Array(65).fill(mark) },
  });
  const journaled = (round: JournaledRound) => ({ type: 'journaled', round });
  const lockCertificate: QuorumCertificate = {
    ...sampleCertificate(signedOrder, sampleHash('locked')),
    type: 'quorum',
  };
  const proposalOf = (round: number, value: Hash, mark = 1): RoundProposal => ({
    proposal: {
      epoch: 0n,
      slot,
      round,
      value,
      ...(value === SKIP ? {} : { signedOrder }),
      authority: { type: 'owner', signature: new Uint8Array(65).fill(mark) },
    },
    promises: [
      {
        epoch: 0n,
        slot,
        round,
        lock: { epoch: 0n, round: 0, value: sampleHash('locked') },
        signature: { signer: 2, signature: new Uint8Array(64).fill(mark) },
      },
    ],
    lockCertificates: [lockCertificate],
  });

  describe(`${adapter} as a journal of rounds`, () => {
    test('keeps what was signed, whole, for the next connection', async () => {
      const name = freshName();
      const before = open(name);
      expect(await before.journalNewRound(newRoundOf(3))).toEqual(journaled({ newRound: newRoundOf(3) }));
      const complete = { newRound: newRoundOf(3), proposal: proposalOf(3, sampleHash('a')) };
      expect(await before.journalProposal(proposalOf(3, sampleHash('a')))).toEqual(journaled(complete));
      await before.close();
      const after = open(name);
      expect(await after.round(slot)).toEqual(complete);
      expect(await after.round(slot, { epoch: 0n, round: 3 })).toEqual(complete);
      expect(await after.round(slot, { epoch: 0n, round: 2 })).toBeUndefined();
      expect(await after.round(slot, { epoch: 1n, round: 3 })).toBeUndefined();
    });

    test('takes the first call and the first value of a round, whoever comes second', async () => {
      const name = freshName();
      const [one, two] = [open(name), open(name)];
      await one.journalNewRound(newRoundOf(1));
      expect(await two.journalNewRound(newRoundOf(1, 9))).toEqual(journaled({ newRound: newRoundOf(1) }));
      await two.journalProposal(proposalOf(1, SKIP));
      const first = journaled({ newRound: newRoundOf(1), proposal: proposalOf(1, SKIP) });
      expect(await one.journalProposal(proposalOf(1, sampleHash('a'), 9))).toEqual(first);
      expect(await one.journalNewRound(newRoundOf(1, 5))).toEqual(first);
    });

    test('lets exactly one of many racing values have a round', async () => {
      const name = freshName();
      const stores = [open(name), open(name), open(name)];
      await stores[0]?.journalNewRound(newRoundOf(1));
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          stores[index % 3]?.journalProposal(proposalOf(1, sampleHash(`race ${index}`))),
        ),
      );
      const values = answers.map((answer) => answer?.type === 'journaled' && answer.round.proposal.proposal.value);
      expect(new Set(values).size).toBe(1);
      expect(values).not.toContain(false);
    });

    test('knows the last round by epoch and number, for each slot apart', async () => {
      const store = open(freshName());
      const other = { ...slot, sequence: toSequence(1n) };
      expect(await store.round(slot)).toBeUndefined();
      for (const round of [2, 300, 17]) await store.journalNewRound(newRoundOf(round));
      expect((await store.round(slot))?.newRound.round).toBe(300);
      await store.journalNewRound(newRoundOf(1, 1, slot, 1n));
      expect((await store.round(slot))?.newRound).toMatchObject({ epoch: 1n, round: 1 });
      expect(await store.round(other)).toBeUndefined();
    });

    test('remembers for the next connection that a slot is to be left empty, until it holds something', async () => {
      const name = freshName();
      const before = open(name);
      const other = { ...slot, sequence: toSequence(1n) };
      expect(await before.isCancelWished(slot)).toBe(false);
      await before.wishToCancel(slot);
      await before.close();
      const after = open(name);
      expect([await after.isCancelWished(slot), await after.isCancelWished(other)]).toEqual([true, false]);
      const certificate = sampleCertificate(signedOrder, sampleHash('a'));
      await after.recordCertificate({ owner: alice, certificate, createdAtMs: 1 });
      expect(await after.isCancelWished(slot)).toBe(false);
      await after.wishToCancel(slot);
      expect(await after.isCancelWished(slot)).toBe(false);
    });

    test('takes no proposal for a round that was not opened', async () => {
      await expect(open(freshName()).journalProposal(proposalOf(1, SKIP))).rejects.toThrow();
    });

    test('takes nothing more for a slot whose certificate came in between', async () => {
      const store = open(freshName());
      await store.journalNewRound(newRoundOf(1));
      const certificate = sampleCertificate(signedOrder, SKIP);
      await store.recordCertificate({ owner: alice, certificate, createdAtMs: 1 });
      const resolved = { type: 'resolved', certificate };
      expect(await store.journalProposal(proposalOf(1, sampleHash('a')))).toEqual(resolved);
      expect(await store.journalNewRound(newRoundOf(2))).toEqual(resolved);
      expect(await store.round(slot)).toBeUndefined();
    });

    test('is dropped with the certificate of its slot', async () => {
      const store = open(freshName());
      const other = { ...slot, sequence: toSequence(1n) };
      await store.journalNewRound(newRoundOf(1));
      await store.journalNewRound(newRoundOf(2));
      await store.journalNewRound(newRoundOf(1, 1, other));
      const certificate = sampleCertificate(signedOrder, SKIP);
      await store.recordCertificate({ owner: alice, certificate, createdAtMs: 1 });
      expect(await store.round(slot)).toBeUndefined();
      expect(await store.round(slot, { epoch: 0n, round: 1 })).toBeUndefined();
      expect((await store.round(other))?.newRound.round).toBe(1);
    });
  });

  describe(`${adapter} as a keeper of funding closures`, () => {
    const funding = sampleCertificate(sampleOrder({ sender: bob, recipient: alice }), sampleHash('funding'));
    const payment = sampleCertificate(signedOrder, sampleHash('payment'));

    test('gives one back in order, and the last one that was recorded', async () => {
      const store = open(freshName());
      expect(await store.closure(payment.value)).toBeUndefined();
      await store.recordClosure(payment.value, { certificates: [payment], complete: false });
      expect(await store.closure(payment.value)).toEqual({ certificates: [payment], complete: false });
      const whole = { certificates: [funding, payment], complete: true };
      await store.recordClosure(payment.value, whole);
      expect(await store.closure(payment.value)).toEqual(whole);
    });

    test('lists nothing as anybody’s activity, until it is recorded as such', async () => {
      const store = open(freshName());
      await store.recordClosure(payment.value, { certificates: [funding, payment], complete: true });
      expect(await store.activity(alice, { limit: 9 })).toEqual([]);
      expect(await store.received({ owner: alice, asset: PATH_USD }, 9)).toEqual([]);
      expect(await store.recordCertificate({ owner: alice, certificate: funding, createdAtMs: 1 })).toBe(true);
      expect(await store.received({ owner: alice, asset: PATH_USD }, 9)).toEqual([funding]);
    });

    test('closes an own order whose certificate came with a closure first', async () => {
      const store = open(freshName());
      const { value: transactionHash } = payment;
      await store.journal({ transactionHash, signedOrder, origin: 'signed', createdAtMs: 1 });
      await store.recordClosure(transactionHash, { certificates: [payment], complete: true });
      await store.recordCertificate({ owner: alice, certificate: payment, createdAtMs: 1 });
      expect(await store.entry(transactionHash)).toMatchObject({ state: 'paid' });
    });

    test('refuses a certificate that contradicts one it has, and changes nothing', async () => {
      const store = open(freshName());
      await store.recordCertificate({ owner: alice, certificate: payment, createdAtMs: 1 });
      const other = sampleCertificate(signedOrder, sampleHash('another'));
      const closure = { certificates: [funding, other], complete: true };
      await expect(store.recordClosure(other.value, closure)).rejects.toBeInstanceOf(ConflictingCertificatesError);
      expect(await store.certificateOfPayment(funding.value)).toBeUndefined();
      expect(await store.closure(other.value)).toBeUndefined();
    });
  });
}
