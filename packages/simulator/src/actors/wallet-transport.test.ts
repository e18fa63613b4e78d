import { PATH_USD } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { randomOf } from '../random/random.ts';
import { createSmallWorld } from '../testing/small-world.fixtures.ts';
import { createWalletTransport } from './wallet-transport.ts';

/** What becomes of a question and of a payment of alice's device, which may die right after it asked. */
async function whatComes({ dies, isCutOff }: { readonly dies: boolean; readonly isCutOff: boolean }) {
  const { world, pass, order, slotOf } = await createSmallWorld();
  const { wire, relays } = world;
  let isAlive = true;
  const device = { name: 'alice', relays, isAlive: () => isAlive };
  const transport = createWalletTransport(device, { wire, random: randomOf(1, 'alice') });
  if (isCutOff) wire.cut(new Set(['alice']), new Set(['relay']));
  const heard: string[] = [];
  const hear = (what: string) => void heard.push(what);

  const asking = transport.accountStatements({ ...slotOf('alice'), asset: PATH_USD }, new Uint8Array(16));
  asking.then(
    (statements) => hear(`${statements.length} statements`),
    (error: unknown) => hear(String(error)),
  );
  const request = { signedOrder: await order('alice'), attachments: [] };
  const paying = transport.submitPayment(request, new AbortController().signal)[Symbol.asyncIterator]();
  paying.next().then(
    () => hear('an event'),
    (error: unknown) => hear(String(error)),
  );
  isAlive = !dies;
  await pass(60_000);
  return heard;
}

test('a device hears what it asked for, or that nothing came', async () => {
  expect((await whatComes({ dies: false, isCutOff: false })).toSorted()).toEqual(['4 statements', 'an event']);
  const cutOff = await whatComes({ dies: false, isCutOff: true });
  expect(cutOff).toHaveLength(2);
  for (const heard of cutOff) expect(heard).toMatch(/no answer in time|connection to the relay broke/);
});

test('a device that died hears nothing, not even that nothing came', async () => {
  expect(await whatComes({ dies: true, isCutOff: false })).toEqual([]);
  expect(await whatComes({ dies: true, isCutOff: true })).toEqual([]);
});
