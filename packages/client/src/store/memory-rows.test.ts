import { expect, test } from 'vitest';
import { clientStoreContract } from '../testing/client-store.contract.fixtures.ts';
import { roundJournalContract } from '../testing/round-journal.contract.fixtures.ts';
import { createClientStore } from './create-client-store.ts';
import { createMemoryRows, type MemoryRows } from './memory-rows.ts';

const databases = new Map<string, MemoryRows>();

const openStore = (name: string) => {
  const rows = databases.get(name) ?? createMemoryRows();
  databases.set(name, rows);
  return createClientStore(rows.connect());
};
clientStoreContract('memory', openStore);
roundJournalContract('memory', openStore);

test('a transaction that throws leaves nothing behind', async () => {
  const rows = createMemoryRows().connect();
  const failing = rows.transaction('write', async (transaction) => {
    await transaction.put('a', 1);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await rows.transaction('read', (transaction) => transaction.get('a'))).toBeUndefined();
});
