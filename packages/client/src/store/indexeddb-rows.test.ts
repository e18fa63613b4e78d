import 'fake-indexeddb/auto';
import { forceCloseDatabase } from 'fake-indexeddb';
import { deleteDB, openDB, unwrap } from 'idb';
import { afterEach, expect, test, vi } from 'vitest';
import { clientStoreContract } from '../testing/client-store.contract.fixtures.ts';
import { roundJournalContract } from '../testing/round-journal.contract.fixtures.ts';
import { createClientStore } from './create-client-store.ts';
import { createIndexedDbRows } from './indexeddb-rows.ts';
import { deleteClientStore, openClientStore } from './open-client-store.ts';

const openStore = (name: string) => createClientStore(createIndexedDbRows({ name }));
clientStoreContract('IndexedDB', openStore);
roundJournalContract('IndexedDB', openStore);

afterEach(() => vi.restoreAllMocks());

let count = 0;
const freshName = () => `database-${count++}`;
const put = (rows: ReturnType<typeof createIndexedDbRows>, key: string, value: unknown) =>
  rows.transaction('write', (transaction) => transaction.put(key, value));
const get = (rows: ReturnType<typeof createIndexedDbRows>, key: string) =>
  rows.transaction('read', (transaction) => transaction.get(key));

/** Every connection that is opened from now on. */
function watchConnections(): IDBDatabase[] {
  const connections: IDBDatabase[] = [];
  const open = IDBFactory.prototype.open;
  vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(function (this: IDBFactory, ...args) {
    const request = open.apply(this, args);
    request.addEventListener('success', () => connections.push(request.result));
    return request;
  });
  return connections;
}

test('asks for strict durability', async () => {
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
  await put(createIndexedDbRows({ name: freshName() }), 'a', 1);
  expect(transaction).toHaveBeenCalledWith('rows', 'readwrite', { durability: 'strict' });
});

test('a transaction that throws leaves nothing behind', async () => {
  const rows = createIndexedDbRows({ name: freshName() });
  const failing = rows.transaction('write', async (transaction) => {
    await transaction.put('a', 1);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await get(rows, 'a')).toBeUndefined();
});

test('opens the database again after the browser dropped the connection', async () => {
  const connections = watchConnections();
  const rows = createIndexedDbRows({ name: freshName() });
  await put(rows, 'a', 1);
  forceCloseDatabase(connections[0] as unknown as Parameters<typeof forceCloseDatabase>[0]);
  expect(await get(rows, 'a')).toBe(1);
  expect(connections).toHaveLength(2);
});

test('opens the database again when the connection turns out to be closed, and writes what it was asked to', async () => {
  const connections = watchConnections();
  const rows = createIndexedDbRows({ name: freshName() });
  await put(rows, 'a', 1);
  // Without telling: the next transaction fails with InvalidStateError.
  connections[0]?.close();
  await put(rows, 'b', 2);
  expect(await get(rows, 'b')).toBe(2);
});

test('gives up after one new connection', async () => {
  const connections = watchConnections();
  const rows = createIndexedDbRows({ name: freshName() });
  await put(rows, 'a', 1);
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
    throw new DOMException('Connection to Indexed Database server lost', 'UnknownError');
  });
  await expect(put(rows, 'a', 1)).rejects.toMatchObject({ code: 'STORE_FAILED', retryable: true });
  expect(connections).toHaveLength(2);
});

test('says so when there is no room left, and keeps nothing of it', async () => {
  const rows = createIndexedDbRows({ name: freshName() });
  await put(rows, 'a', 1);
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  await expect(put(rows, 'a', 2)).rejects.toMatchObject({ code: 'STORE_FULL' });
  expect(await get(rows, 'a')).toBe(1);
});

test('a database of a newer version asks for a reload', async () => {
  const name = freshName();
  (await openDB(name, 2)).close();
  await expect(get(createIndexedDbRows({ name }), 'a')).rejects.toMatchObject({ code: 'STORE_OUTDATED' });
});

test('makes way for a tab that upgrades the database', async () => {
  const name = freshName();
  const rows = createIndexedDbRows({ name });
  await put(rows, 'a', 1);
  const upgraded = await openDB(name, 2);
  await expect(get(rows, 'a')).rejects.toMatchObject({ code: 'STORE_OUTDATED' });
  upgraded.close();
});

test('tells when it has to wait for another tab', async () => {
  const name = freshName();
  const old = await openDB(name, 1);
  let blocked = false;
  const deletion = deleteClientStore({
    name,
    onBlocked: () => {
      blocked = true;
      unwrap(old).close();
    },
  });
  await deletion;
  expect(blocked).toBe(true);
});

test('deletes a store that is open in another tab, which then finds it empty', async () => {
  const name = freshName();
  const store = openClientStore({ name });
  const pin = { domainSeparator: `0x${'11'.repeat(32)}`, committeeHash: `0x${'22'.repeat(32)}` } as never;
  await store.pinNetwork(pin);
  await deleteClientStore({ name });
  const other = { domainSeparator: `0x${'33'.repeat(32)}`, committeeHash: `0x${'22'.repeat(32)}` } as never;
  expect(await store.pinNetwork(other)).toEqual(other);
  await store.close();
  await deleteDB(name);
});
