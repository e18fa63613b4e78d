import {
  type AccountId,
  type Address,
  type CommitCertificate,
  encodeCertificate,
  type Hash,
  type RoundProposal,
  type SignedNewRound,
  type Slot,
  slotOf,
} from '@fastpay/protocol';
import type { ObservedStanding, StageTimes, StoredClosure } from '../client.ts';
import { ConflictingCertificatesError } from '../errors.ts';
import { clientLimits } from '../limits.ts';
import type {
  ActivityRecord,
  ClientStore,
  JournalAnswer,
  JournalEntry,
  JournaledRound,
  LogPosition,
  NetworkPin,
  NewCertificate,
  NewJournalEntry,
  ProposedRound,
  RoundAnswer,
} from './client-store.ts';
import { after, keys, withPrefix } from './keys.ts';
import {
  type ActivityRow,
  type CertificateRow,
  type ClosureRow,
  fromCertificateRow,
  fromJournalRow,
  type JournalRow,
  toCertificateRow,
  toJournalRow,
} from './records.ts';
import type { RowDatabase, RowTransaction } from './rows.ts';

/** The client store over rows: every rule of the port in one place, whatever database lies below. */
export function createClientStore(database: RowDatabase): ClientStore {
  const read = <Result>(action: (rows: RowTransaction) => Promise<Result>) => database.transaction('read', action);
  const write = <Result>(action: (rows: RowTransaction) => Promise<Result>) => database.transaction('write', action);

  return {
    pinNetwork: (pin) => write((rows) => pinOnce(rows, pin)),
    journal: (entry) => write((rows) => journal(rows, entry)),
    journalNewRound: (newRound) => write((rows) => journalNewRound(rows, newRound)),
    journalProposal: (proposal) => write((rows) => journalProposal(rows, proposal)),
    wishToCancel: (slot) => write((rows) => wishToCancel(rows, slot)),
    isCancelWished: (slot) => read(async (rows) => (await rows.get(keys.cancelWish(slot))) !== undefined),
    round: (slot, which) => read((rows) => roundOf(rows, slot, which)),
    recordTimes: (transactionHash, times) => write((rows) => addTimes(rows, transactionHash, times)),
    recordCertificate: (record) => write((rows) => recordCertificate(rows, record)),
    recordClosure: (transactionHash, closure) => write((rows) => recordClosure(rows, transactionHash, closure)),
    closure: (transactionHash) => read((rows) => closureOf(rows, transactionHash)),
    hasCertificate: (owner, slot, value) => read((rows) => hasCertificate(rows, owner, slot, value)),
    observe: (owner, transactionHash, observed) => write((rows) => observe(rows, owner, transactionHash, observed)),
    entry: (transactionHash) => read((rows) => journalEntry(rows, transactionHash)),
    openEntries: (account) => read((rows) => openEntries(rows, keys.openOfAccount(account))),
    certificateOfSlot: (slot) => read((rows) => certificateAt(rows, keys.certificate(slot))),
    certificateOfPayment: (transactionHash) => read((rows) => certificateOfPayment(rows, transactionHash)),
    received: (account, limit) => read((rows) => received(rows, account, limit)),
    activity: (owner, page) => read((rows) => activity(rows, owner, page)),
    logPosition: (owner, signer) => read((rows) => logPosition(rows, owner, signer)),
    saveLogPosition: (owner, signer, position) =>
      write((rows) => rows.put(keys.logPosition(owner, signer), { ...position })),
    close: () => database.close(),
  };
}

async function pinOnce(rows: RowTransaction, pin: NetworkPin): Promise<NetworkPin> {
  const pinned = (await rows.get(keys.network)) as NetworkPin | undefined;
  if (pinned) return pinned;
  await rows.put(keys.network, pin);
  return pin;
}

async function journal(rows: RowTransaction, entry: NewJournalEntry): Promise<JournalAnswer> {
  const { transactionHash, origin } = entry;
  const slot = slotOf(entry.signedOrder.order);
  if (await rows.get(keys.journal(transactionHash))) return { type: 'known' };
  const certificate = await certificateAt(rows, keys.certificate(slot));
  if (certificate) return { type: 'resolved', certificate };
  const claim = (await rows.get(keys.claim(slot))) as Hash | undefined;
  if (claim && origin === 'signed') return { type: 'taken', by: existing(await journalEntry(rows, claim)) };
  await rows.put(keys.journal(transactionHash), toJournalRow(entry));
  await rows.put(keys.open(slot, origin, transactionHash), transactionHash);
  if (!claim) await rows.put(keys.claim(slot), transactionHash);
  await listActivity(rows, slot.owner, {
    transactionHash,
    direction: 'sent',
    createdAtMs: entry.createdAtMs,
    certificateKey: keys.certificate(slot),
  });
  return { type: 'journaled' };
}

async function journalNewRound(rows: RowTransaction, newRound: SignedNewRound): Promise<RoundAnswer<JournaledRound>> {
  const { slot, epoch, round } = newRound;
  const certificate = await certificateAt(rows, keys.certificate(slot));
  if (certificate) return { type: 'resolved', certificate };
  const key = keys.round(slot, epoch, round);
  const journaled = (await rows.get(key)) as JournaledRound | undefined;
  if (journaled) return { type: 'journaled', round: journaled };
  await rows.put(key, { newRound } satisfies JournaledRound);
  const last = (await rows.get(keys.lastRound(slot))) as string | undefined;
  if (last === undefined || key > last) await rows.put(keys.lastRound(slot), key);
  return { type: 'journaled', round: { newRound } };
}

async function journalProposal(rows: RowTransaction, proposal: RoundProposal): Promise<RoundAnswer<ProposedRound>> {
  const { slot, epoch, round } = proposal.proposal;
  const certificate = await certificateAt(rows, keys.certificate(slot));
  if (certificate) return { type: 'resolved', certificate };
  const key = keys.round(slot, epoch, round);
  const journaled = existing((await rows.get(key)) as JournaledRound | undefined);
  if (journaled.proposal) return { type: 'journaled', round: { ...journaled, proposal: journaled.proposal } };
  const complete = { ...journaled, proposal };
  await rows.put(key, complete satisfies JournaledRound);
  return { type: 'journaled', round: complete };
}

async function wishToCancel(rows: RowTransaction, slot: Slot): Promise<void> {
  if (await rows.get(keys.certificate(slot))) return;
  await rows.put(keys.cancelWish(slot), true);
}

async function roundOf(
  rows: RowTransaction,
  slot: Slot,
  which?: { readonly epoch: bigint; readonly round: number },
): Promise<JournaledRound | undefined> {
  const key = which ? keys.round(slot, which.epoch, which.round) : await rows.get(keys.lastRound(slot));
  return typeof key === 'string' ? ((await rows.get(key)) as JournaledRound | undefined) : undefined;
}

/** What was signed and wished to end the slot, now that it has ended. */
async function dropRounds(rows: RowTransaction, slot: Slot): Promise<void> {
  const range = { ...withPrefix(keys.roundsOfSlot(slot)), limit: clientLimits.page };
  for (const { newRound } of (await rows.range(range)) as JournaledRound[]) {
    await rows.delete(keys.round(slot, newRound.epoch, newRound.round));
  }
  await rows.delete(keys.lastRound(slot));
  await rows.delete(keys.cancelWish(slot));
}

async function addTimes(rows: RowTransaction, transactionHash: Hash, times: StageTimes): Promise<void> {
  const row = (await rows.get(keys.journal(transactionHash))) as JournalRow | undefined;
  if (row) await rows.put(keys.journal(transactionHash), { ...row, times: { ...times, ...row.times } });
}

async function recordCertificate(rows: RowTransaction, record: NewCertificate): Promise<boolean> {
  const { owner, certificate, times = {} } = record;
  const { slot, value, signedOrder } = certificate;
  const certificateKey = keys.certificate(slot);
  const isNew = await keepCertificate(rows, certificate);
  await closeEntries(rows, slot, value, times);
  await dropRounds(rows, slot);
  // Another stream brought the same certificate first, without having timed the payment.
  if (!isNew && record.times) await addTimes(rows, value, record.times);
  // SKIP moves no money: it is no line of anybody's activity.
  if (!signedOrder) return isNew;
  const { sender, recipient, asset } = signedOrder.order;
  const cursor = await listActivity(rows, owner, {
    transactionHash: value,
    direction: sender === owner ? 'sent' : 'received',
    createdAtMs: record.createdAtMs,
    certificateKey,
  });
  if (cursor !== undefined && isCredit(record)) {
    await rows.put(keys.received({ owner: recipient, asset }, cursor), certificateKey);
  }
  return isNew || cursor !== undefined;
}

/** Whether it is new. */
async function keepCertificate(rows: RowTransaction, certificate: CommitCertificate): Promise<boolean> {
  const { slot, value, signedOrder } = certificate;
  const key = keys.certificate(slot);
  const stored = (await rows.get(key)) as CertificateRow | undefined;
  if (stored && stored.value !== value) {
    throw new ConflictingCertificatesError([stored.certificate, encodeCertificate(certificate)]);
  }
  if (stored) return false;
  await rows.put(key, toCertificateRow(certificate));
  if (signedOrder) await rows.put(keys.slotOfPayment(value), key);
  return true;
}

async function recordClosure(rows: RowTransaction, transactionHash: Hash, closure: StoredClosure): Promise<void> {
  for (const certificate of closure.certificates) await keepCertificate(rows, certificate);
  const certificateKeys = closure.certificates.map(({ slot }) => keys.certificate(slot));
  await rows.put(keys.closure(transactionHash), { certificateKeys, complete: closure.complete } satisfies ClosureRow);
}

async function closureOf(rows: RowTransaction, transactionHash: Hash): Promise<StoredClosure | undefined> {
  const row = (await rows.get(keys.closure(transactionHash))) as ClosureRow | undefined;
  if (!row) return undefined;
  const certificates = await Promise.all(row.certificateKeys.map((key) => certificateAt(rows, key)));
  return { certificates: certificates.map(existing), complete: row.complete };
}

function isCredit({ owner, certificate: { signedOrder } }: NewCertificate): boolean {
  return signedOrder?.order.kind === 0 && signedOrder.order.recipient === owner;
}

async function closeEntries(rows: RowTransaction, slot: Slot, value: Hash, times: StageTimes): Promise<void> {
  const prefix = keys.openOfSlot(slot);
  for (const entry of await openEntries(rows, prefix)) {
    const key = keys.journal(entry.transactionHash);
    const row = existing((await rows.get(key)) as JournalRow | undefined);
    const isPaid = entry.transactionHash === value;
    await rows.put(key, {
      ...row,
      state: isPaid ? 'paid' : 'skipped',
      times: isPaid ? { ...times, ...row.times } : row.times,
    } satisfies JournalRow);
    await rows.delete(keys.open(slot, entry.origin, entry.transactionHash));
  }
}

/** The new line's cursor, or `undefined` when the payment is on the list already. */
async function listActivity(
  rows: RowTransaction,
  owner: Address,
  row: Omit<ActivityRow, 'cursor'>,
): Promise<number | undefined> {
  const pointer = keys.activityOfPayment(owner, row.transactionHash);
  if (await rows.get(pointer)) return undefined;
  const cursor = (((await rows.get(keys.lastCursor)) as number | undefined) ?? 0) + 1;
  const key = keys.activity(owner, cursor);
  await rows.put(keys.lastCursor, cursor);
  await rows.put(pointer, key);
  await rows.put(key, { ...row, cursor } satisfies ActivityRow);
  return cursor;
}

async function hasCertificate(rows: RowTransaction, owner: Address, slot: Slot, value: Hash): Promise<boolean> {
  const stored = (await rows.get(keys.certificate(slot))) as CertificateRow | undefined;
  if (stored?.value !== value) return false;
  const isPayment = (await rows.get(keys.slotOfPayment(value))) !== undefined;
  return !isPayment || (await rows.get(keys.activityOfPayment(owner, value))) !== undefined;
}

async function observe(
  rows: RowTransaction,
  owner: Address,
  transactionHash: Hash,
  observed: ObservedStanding | undefined,
): Promise<boolean> {
  const key = (await rows.get(keys.activityOfPayment(owner, transactionHash))) as string | undefined;
  if (key === undefined) return false;
  const { observed: before, ...row } = existing((await rows.get(key)) as ActivityRow | undefined);
  // The end of the line, also when older news arrives late (§10).
  if (before?.stage === 'FINALIZED') return false;
  const isSameSettlement = before?.settlement?.transactionHash === observed?.settlement?.transactionHash;
  if (before?.stage === observed?.stage && isSameSettlement) return false;
  await rows.put(key, observed ? { ...row, observed: isSameSettlement ? joined(before, observed) : observed } : row);
  return true;
}

/** What is heard next of a settlement, and when the stages before were heard of. */
function joined(before: ObservedStanding | undefined, next: ObservedStanding): ObservedStanding {
  const heardAtMs = { ...before?.heardAtMs, ...next.heardAtMs };
  return Object.keys(heardAtMs).length === 0 ? next : { ...next, heardAtMs };
}

async function journalEntry(rows: RowTransaction, transactionHash: Hash): Promise<JournalEntry | undefined> {
  const row = (await rows.get(keys.journal(transactionHash))) as JournalRow | undefined;
  return row && fromJournalRow(row);
}

async function openEntries(rows: RowTransaction, prefix: string): Promise<readonly JournalEntry[]> {
  const hashes = (await rows.range({ ...withPrefix(prefix), limit: clientLimits.openOrders })) as Hash[];
  const entries = await Promise.all(hashes.map((hash) => journalEntry(rows, hash)));
  return entries.map(existing);
}

async function certificateAt(rows: RowTransaction, key: string) {
  const row = (await rows.get(key)) as CertificateRow | undefined;
  return row && fromCertificateRow(row);
}

async function certificateOfPayment(rows: RowTransaction, transactionHash: Hash) {
  const key = (await rows.get(keys.slotOfPayment(transactionHash))) as string | undefined;
  return key === undefined ? undefined : certificateAt(rows, key);
}

async function received(rows: RowTransaction, account: AccountId, limit: number) {
  const certificateKeys = (await rows.range({
    ...withPrefix(keys.receivedBy(account)),
    limit: pageOf(limit),
  })) as string[];
  return (await Promise.all(certificateKeys.map((key) => certificateAt(rows, key)))).map(existing);
}

async function activity(
  rows: RowTransaction,
  owner: Address,
  { limit, before }: { readonly limit: number; readonly before?: number },
): Promise<readonly ActivityRecord[]> {
  const prefix = keys.activityOf(owner);
  const range = before === undefined ? withPrefix(prefix) : after(keys.activity(owner, before), prefix);
  const lines = (await rows.range({ ...range, limit: pageOf(limit) })) as ActivityRow[];
  return Promise.all(
    lines.map(async ({ certificateKey, ...line }) => {
      const [entry, certificate] = await Promise.all([
        line.direction === 'sent' ? journalEntry(rows, line.transactionHash) : undefined,
        certificateAt(rows, certificateKey),
      ]);
      return { ...line, ...(entry ? { entry } : {}), ...(certificate ? { certificate } : {}) };
    }),
  );
}

async function logPosition(rows: RowTransaction, owner: Address, signer: number): Promise<LogPosition | undefined> {
  return (await rows.get(keys.logPosition(owner, signer))) as LogPosition | undefined;
}

function pageOf(limit: number): number {
  return Math.max(0, Math.min(limit, clientLimits.page));
}

/** A row that another row of the same transaction points to. */
function existing<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the store points to a row that does not exist');
  return value;
}
