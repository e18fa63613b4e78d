import { expect, test } from 'vitest';
import { type DemoName, demoAccounts, demoSigner, PUBLIC_DEMO_PHRASE } from './demo.ts';
import { checkPhrase } from './phrase/phrase.ts';

const devnet = { kind: 'devnet' } as const;

test('the addresses listed are those of the keys', async () => {
  const accounts = demoAccounts(devnet);
  expect(accounts.map(({ name }) => name)).toEqual(['Alice', 'Bob', 'Carol']);
  for (const { name, address } of accounts) expect((await demoSigner(devnet, name)).address).toBe(address);
});

test('the phrase is one', async () => {
  expect(await checkPhrase(PUBLIC_DEMO_PHRASE)).toBe(PUBLIC_DEMO_PHRASE);
});

test.each(['testnet', 'mainnet'] as const)('a %s gets neither addresses nor keys', async (kind) => {
  expect(() => demoAccounts({ kind })).toThrow(expect.objectContaining({ code: 'WRONG_CHAIN' }));
  await expect(demoSigner({ kind }, 'Alice')).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
});

test('nobody else has a demo key', async () => {
  await expect(demoSigner(devnet, 'Mallory' as DemoName)).rejects.toThrow(RangeError);
});
