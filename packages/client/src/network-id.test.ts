import { expect, test } from 'vitest';
import { WrongNetworkError } from './errors.ts';
import { networkId, pinNetwork } from './network-id.ts';
import { createMemoryStore } from './store/open-client-store.ts';
import { createTestNetwork } from './testing/network.fixtures.ts';

const { network } = createTestNetwork({ seed: 'one' });

test('the first network is pinned and accepted ever after', async () => {
  const store = createMemoryStore();
  await pinNetwork(store, network);
  await pinNetwork(store, network);
});

test('another network is refused with both ids', async () => {
  const store = createMemoryStore();
  const other = createTestNetwork({ seed: 'two' }).network;
  await pinNetwork(store, network);
  const error = await pinNetwork(store, other).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(WrongNetworkError);
  expect(error).toMatchObject({
    code: 'WRONG_NETWORK',
    pinnedId: expect.stringContaining(networkId(network)),
    servedId: expect.stringContaining(networkId(other)),
  });
});

test('another committee of the same network is refused too, and reads differently', async () => {
  const store = createMemoryStore();
  await pinNetwork(store, network);
  const members = network.committee.members.toReversed();
  const error = await pinNetwork(store, { ...network, committee: { ...network.committee, members } }).catch(
    (caught: unknown) => caught as WrongNetworkError,
  );
  expect(error).toBeInstanceOf(WrongNetworkError);
  expect((error as WrongNetworkError).pinnedId).not.toBe((error as WrongNetworkError).servedId);
});
