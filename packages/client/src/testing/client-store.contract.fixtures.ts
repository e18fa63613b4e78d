import { type Address, PATH_USD, SKIP, slotOf, toAmount, toSequence } from '@fastpay/protocol';
import { describe, expect, test } from 'vitest';
import type { ObservedStanding } from '../client.ts';
import { ConflictingCertificatesError } from '../errors.ts';
import type { ClientStore, NewJournalEntry } from '../store/client-store.ts';
import { alice, bob, sampleCertificate, sampleHash, sampleOrder } from './samples.fixtures.ts';

/**
 * What every adapter of the client store has to do.
 * @param open connects to the store called `name`: the same name means the same rows.
 */
export function clientStoreContract(adapter: string, open: (name: string) => ClientStore): void {
  let count = 0;
  /** A name that no test used before. */
  const freshName = () => `${adapter}-${count++}`;
  const fresh = () => open(freshName());
  const account = { owner: alice, asset: PATH_USD };

  const entryOf = (name: string, sequence = 0n, fields: Partial<NewJournalEntry> = {}): NewJournalEntry => ({
    transactionHash: sampleHash(name),
    signedOrder: sampleOrder({ sequence: toSequence(sequence), memo: sampleHash(name) }),
    origin: 'signed',
    createdAtMs: 1_000,
    ...fields,
  });
  const certificateOf = ({ signedOrder, transactionHash }: NewJournalEntry) =>
    sampleCertificate(signedOrder, transactionHash);
  const record = (owner: Address, entry: NewJournalEntry, createdAtMs = 2_000) => ({
    owner,
    certificate: certificateOf(entry),
    createdAtMs,
  });

  describe(`${adapter} as a client store`, () => {
    test('pins the first network and answers with it ever after', async () => {
      const store = fresh();
      const first = { domainSeparator: sampleHash('one'), committeeHash: sampleHash('committee') };
      expect(await store.pinNetwork(first)).toEqual(first);
      expect(await store.pinNetwork({ ...first, domainSeparator: sampleHash('two') })).toEqual(first);
    });

    test('journals an order as it was signed, open, with no times', async () => {
      const store = fresh();
      const entry = entryOf('a');
      expect(await store.journal(entry)).toEqual({ type: 'journaled' });
      expect(await store.entry(entry.transactionHash)).toEqual({ ...entry, state: 'open', times: {} });
      expect(await store.openEntries(account)).toEqual([{ ...entry, state: 'open', times: {} }]);
      expect(await store.journal({ ...entry, createdAtMs: 5 })).toEqual({ type: 'known' });
      expect(await store.entry(entry.transactionHash)).toMatchObject({ createdAtMs: 1_000 });
    });

    test('refuses a second order for a slot, whoever asks, and keeps the first', async () => {
      const name = freshName();
      const [one, two] = [open(name), open(name)];
      await one.journal(entryOf('a'));
      expect(await two.journal(entryOf('b'))).toMatchObject({ type: 'taken', by: entryOf('a') });
      expect(await two.entry(sampleHash('b'))).toBeUndefined();
      expect(await two.journal(entryOf('b', 1n))).toEqual({ type: 'journaled' });
    });

    test('lets exactly one of many racing orders have a slot', async () => {
      const name = freshName();
      const stores = [open(name), open(name), open(name)];
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, index) => stores[index % 3]?.journal(entryOf(`race ${index}`))),
      );
      expect(answers.filter((answer) => answer?.type === 'journaled')).toHaveLength(1);
      expect(answers.filter((answer) => answer?.type === 'taken')).toHaveLength(11);
      expect(await stores[0]?.openEntries(account)).toHaveLength(1);
    });

    test('keeps accounts apart: another asset has slots of its own', async () => {
      const store = fresh();
      const asset = PATH_USD.replace(/0$/, '1') as typeof PATH_USD;
      const other = entryOf('b', 0n, { signedOrder: sampleOrder({ asset }) });
      await store.journal(entryOf('a'));
      expect(await store.journal(other)).toEqual({ type: 'journaled' });
      expect((await store.openEntries(account)).map((entry) => entry.transactionHash)).toEqual([sampleHash('a')]);
      expect((await store.openEntries({ owner: alice, asset })).map((entry) => entry.transactionHash)).toEqual([
        sampleHash('b'),
      ]);
    });

    test('keeps an adopted order beside the own one, after it', async () => {
      const store = fresh();
      await store.journal(entryOf('own'));
      for (const name of ['adopted 1', 'adopted 2']) {
        expect(await store.journal(entryOf(name, 0n, { origin: 'adopted' }))).toEqual({ type: 'journaled' });
      }
      const open = await store.openEntries(account);
      expect(open).toHaveLength(3);
      expect(open[0]?.transactionHash).toBe(sampleHash('own'));
    });

    test('an adopted order holds the slot against a new one', async () => {
      const store = fresh();
      await store.journal(entryOf('adopted', 0n, { origin: 'adopted' }));
      expect(await store.journal(entryOf('own'))).toMatchObject({ type: 'taken', by: { origin: 'adopted' } });
    });

    test('refuses any order for a slot that a certificate has closed', async () => {
      const store = fresh();
      await store.recordCertificate(record(alice, entryOf('paid elsewhere')));
      for (const origin of ['signed', 'adopted'] as const) {
        const answer = await store.journal(entryOf('late', 0n, { origin }));
        expect(answer).toMatchObject({ type: 'resolved', certificate: { value: sampleHash('paid elsewhere') } });
      }
      expect(await store.openEntries(account)).toEqual([]);
    });

    test('lists open orders by slot number, not by text', async () => {
      const store = fresh();
      const sequences = [300n, 2n, 17n, 255n, 2n ** 63n, 16n];
      for (const sequence of sequences) await store.journal(entryOf(`slot ${sequence}`, sequence));
      const open = await store.openEntries(account);
      expect(open.map((entry) => entry.signedOrder.order.sequence)).toEqual([2n, 16n, 17n, 255n, 300n, 2n ** 63n]);
    });

    test('keeps the times of a payment whose certificate another stream brought first', async () => {
      const store = fresh();
      const entry = entryOf('a');
      await store.journal(entry);
      await store.recordCertificate(record(alice, entry));
      expect(await store.recordCertificate({ ...record(alice, entry), times: { accepted: 3, paid: 8 } })).toBe(false);
      expect(await store.entry(entry.transactionHash)).toMatchObject({
        state: 'paid',
        times: { accepted: 3, paid: 8 },
      });
    });

    test('adds stage times and never changes one', async () => {
      const store = fresh();
      const entry = entryOf('a');
      await store.journal(entry);
      await store.recordTimes(entry.transactionHash, { accepted: 5 });
      await store.recordTimes(entry.transactionHash, { accepted: 9, certified: 12 });
      expect((await store.entry(entry.transactionHash))?.times).toEqual({ accepted: 5, certified: 12 });
      await store.recordTimes(sampleHash('unknown'), { accepted: 1 });
      expect(await store.entry(sampleHash('unknown'))).toBeUndefined();
    });

    test('a certificate closes its slot: its own order is paid, every other one skipped', async () => {
      const store = fresh();
      const [own, adopted] = [entryOf('own'), entryOf('adopted', 0n, { origin: 'adopted' })];
      await store.journal(own);
      await store.journal(adopted);
      await store.recordTimes(adopted.transactionHash, { accepted: 3 });
      expect(await store.recordCertificate({ ...record(alice, adopted), times: { accepted: 4, paid: 8 } })).toBe(true);
      expect(await store.entry(own.transactionHash)).toMatchObject({ state: 'skipped', times: {} });
      expect(await store.entry(adopted.transactionHash)).toMatchObject({
        state: 'paid',
        times: { accepted: 3, paid: 8 },
      });
      expect(await store.openEntries(account)).toEqual([]);
    });

    test('a certificate over SKIP closes the slot and is nobody’s activity', async () => {
      const store = fresh();
      const entry = entryOf('a');
      await store.journal(entry);
      const certificate = sampleCertificate(entry.signedOrder, SKIP);
      expect(await store.recordCertificate({ owner: alice, certificate, createdAtMs: 1 })).toBe(true);
      expect(await store.recordCertificate({ owner: alice, certificate, createdAtMs: 1 })).toBe(false);
      expect(await store.hasCertificate(alice, certificate.slot, SKIP)).toBe(true);
      expect(await store.entry(entry.transactionHash)).toMatchObject({ state: 'skipped' });
      expect(await store.certificateOfSlot(certificate.slot)).toEqual(certificate);
      const [line] = await store.activity(alice, { limit: 10 });
      expect(line).toMatchObject({ transactionHash: entry.transactionHash, certificate: { value: SKIP } });
      expect(await store.activity(alice, { limit: 10 })).toHaveLength(1);
    });

    test('keeps a certificate byte for byte and finds it by slot and by payment', async () => {
      const store = fresh();
      const entry = entryOf('a', 7n);
      const certificate = certificateOf(entry);
      expect(await store.certificateOfPayment(entry.transactionHash)).toBeUndefined();
      await store.recordCertificate(record(bob, entry));
      expect(await store.certificateOfPayment(entry.transactionHash)).toEqual(certificate);
      expect(await store.certificateOfSlot(slotOf(entry.signedOrder.order))).toEqual(certificate);
    });

    test('knows a certificate for each owner by itself', async () => {
      const store = fresh();
      const entry = entryOf('a');
      const has = (owner: Address) =>
        store.hasCertificate(owner, slotOf(entry.signedOrder.order), entry.transactionHash);
      expect(await has(alice)).toBe(false);
      expect(await store.recordCertificate(record(alice, entry))).toBe(true);
      expect([await has(alice), await has(bob)]).toEqual([true, false]);
      expect(await store.recordCertificate(record(bob, entry))).toBe(true);
      expect(await store.recordCertificate(record(bob, entry))).toBe(false);
      expect([await has(alice), await has(bob)]).toEqual([true, true]);
    });

    test('refuses a second value for a slot and hands out both as evidence', async () => {
      const store = fresh();
      await store.recordCertificate(record(alice, entryOf('a')));
      const conflict = store.recordCertificate(record(alice, entryOf('b')));
      await expect(conflict).rejects.toBeInstanceOf(ConflictingCertificatesError);
      await expect(conflict).rejects.toMatchObject({ evidence: [expect.any(Uint8Array), expect.any(Uint8Array)] });
      expect(await store.certificateOfPayment(sampleHash('b'))).toBeUndefined();
      expect(await store.activity(alice, { limit: 10 })).toHaveLength(1);
    });

    test('lists what an account received, newest first, without what it sent or took out', async () => {
      const store = fresh();
      for (const [name, sequence] of [
        ['first', 0n],
        ['second', 1n],
        ['third', 2n],
      ] as const) {
        await store.recordCertificate(record(bob, entryOf(name, sequence)));
      }
      const withdrawal = entryOf('out', 3n, { signedOrder: sampleOrder({ kind: 1, sequence: toSequence(3n) }) });
      await store.recordCertificate(record(bob, withdrawal));
      await store.recordCertificate(record(alice, entryOf('first', 0n)));
      const names = async (limit: number) =>
        (await store.received({ owner: bob, asset: PATH_USD }, limit)).map((certificate) => certificate.value);
      expect(await names(10)).toEqual([sampleHash('third'), sampleHash('second'), sampleHash('first')]);
      expect(await names(2)).toEqual([sampleHash('third'), sampleHash('second')]);
      expect(await store.received(account, 10)).toEqual([]);
    });

    test('lists activity newest first, page by page, without a gap or a double', async () => {
      const store = fresh();
      for (let sequence = 0n; sequence < 25n; sequence++) {
        const entry = entryOf(`payment ${sequence}`, sequence);
        if (sequence % 2n === 0n) await store.journal(entry);
        else await store.recordCertificate(record(alice, entry));
      }
      await store.recordCertificate(record(bob, entryOf('payment 3', 3n)));
      const listed: string[] = [];
      let before: number | undefined;
      for (;;) {
        const page = await store.activity(alice, { limit: 10, ...(before === undefined ? {} : { before }) });
        listed.push(...page.map((line) => line.transactionHash));
        before = page.at(-1)?.cursor;
        if (page.length < 10) break;
      }
      expect(listed).toEqual(Array.from({ length: 25 }, (_, index) => sampleHash(`payment ${24 - index}`)));
      expect(await store.activity(alice, { limit: 0 })).toEqual([]);
      expect(await store.activity(bob, { limit: 10 })).toHaveLength(1);
    });

    test('joins a line of activity with what is stored about it', async () => {
      const store = fresh();
      const entry = entryOf('a');
      await store.journal(entry);
      expect(await store.activity(alice, { limit: 1 })).toEqual([
        {
          cursor: expect.any(Number),
          transactionHash: entry.transactionHash,
          direction: 'sent',
          createdAtMs: 1_000,
          entry: { ...entry, state: 'open', times: {} },
        },
      ]);
      await store.recordCertificate(record(alice, entry));
      await store.recordCertificate(record(bob, entry, 3_000));
      const [sent] = await store.activity(alice, { limit: 1 });
      expect(sent).toMatchObject({ createdAtMs: 1_000, entry: { state: 'paid' }, certificate: certificateOf(entry) });
      const [received] = await store.activity(bob, { limit: 1 });
      expect(received).toMatchObject({ direction: 'received', createdAtMs: 3_000, certificate: certificateOf(entry) });
      expect(received).not.toHaveProperty('entry');
    });

    test('records and takes back hearsay, and says whether that changed anything', async () => {
      const store = fresh();
      const entry = entryOf('a');
      const included = {
        stage: 'INCLUDED',
        settlement: { blockHeight: 9n, transactionHash: sampleHash('s') },
      } as const;
      expect(await store.observe(alice, entry.transactionHash, included)).toBe(false);
      await store.recordCertificate(record(alice, entry));
      expect(await store.observe(alice, entry.transactionHash, included)).toBe(true);
      expect(await store.observe(alice, entry.transactionHash, included)).toBe(false);
      expect((await store.activity(alice, { limit: 1 }))[0]?.observed).toEqual(included);
      expect(await store.observe(alice, entry.transactionHash, undefined)).toBe(true);
      expect((await store.activity(alice, { limit: 1 }))[0]).not.toHaveProperty('observed');
      const finalized = { ...included, stage: 'FINALIZED' } as const;
      expect(await store.observe(alice, entry.transactionHash, finalized)).toBe(true);
      expect(await store.observe(alice, entry.transactionHash, included)).toBe(false);
      expect(await store.observe(alice, entry.transactionHash, undefined)).toBe(false);
      expect((await store.activity(alice, { limit: 1 }))[0]?.observed).toEqual(finalized);
    });

    test('remembers when each stage of a settlement was heard of, and forgets it with the settlement', async () => {
      const store = fresh();
      const entry = entryOf('a');
      await store.recordCertificate(record(alice, entry));
      const observed = async () => (await store.activity(alice, { limit: 1 }))[0]?.observed?.heardAtMs;
      const settlement = { blockHeight: 9n, transactionHash: sampleHash('s') };
      const another = { blockHeight: 10n, transactionHash: sampleHash('t') };
      const heard = (stage: 'INCLUDED' | 'FINALIZED', atMs?: number, by = settlement): ObservedStanding => ({
        stage,
        settlement: by,
        ...(atMs === undefined ? {} : { heardAtMs: stage === 'INCLUDED' ? { included: atMs } : { finalized: atMs } }),
      });
      await store.observe(alice, entry.transactionHash, heard('INCLUDED', 5));
      expect(await observed()).toEqual({ included: 5 });
      // Its block was abandoned, and it is in another one.
      await store.observe(alice, entry.transactionHash, heard('INCLUDED', 7, another));
      expect(await observed()).toEqual({ included: 7 });
      await store.observe(alice, entry.transactionHash, heard('FINALIZED', 8, another));
      expect(await observed()).toEqual({ included: 7, finalized: 8 });

      const later = entryOf('b', 1n);
      await store.recordCertificate(record(alice, later));
      await store.observe(alice, later.transactionHash, heard('INCLUDED', 5));
      await store.observe(alice, later.transactionHash, heard('FINALIZED'));
      expect(await observed()).toEqual({ included: 5 });
    });

    test('remembers how far each validator’s log was taken in', async () => {
      const store = fresh();
      expect(await store.logPosition(alice, 2)).toBeUndefined();
      const position = { cursor: 2n ** 60n, begunAtMs: 7 };
      await store.saveLogPosition(alice, 2, position);
      expect([
        await store.logPosition(alice, 2),
        await store.logPosition(alice, 1),
        await store.logPosition(bob, 2),
      ]).toEqual([position, undefined, undefined]);
    });

    test('what one connection wrote, the next one reads', async () => {
      const name = freshName();
      const before = open(name);
      const entry = entryOf('a', 0n, { signedOrder: sampleOrder({ amount: toAmount(2n ** 64n - 3_000n) }) });
      await before.journal(entry);
      await before.close();
      expect(await open(name).entry(entry.transactionHash)).toEqual({ ...entry, state: 'open', times: {} });
    });

    test('hands out copies: changing one changes nothing stored', async () => {
      const store = fresh();
      const entry = entryOf('a');
      await store.journal(entry);
      (await store.entry(entry.transactionHash))?.signedOrder.payerSignature.fill(0);
      entry.signedOrder.payerSignature.fill(1);
      expect((await store.entry(entry.transactionHash))?.signedOrder.payerSignature).toEqual(
        new Uint8Array(65).fill(7),
      );
    });
  });
}
