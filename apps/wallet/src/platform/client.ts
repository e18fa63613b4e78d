import {
  createClient,
  createRelayTransport,
  createWakeUps,
  createWebLocks,
  deleteClientStore,
  networkId,
  openClientStore,
  pinNetwork,
} from '@fastpay/client';
import { assertValidVotingKey } from '@fastpay/crypto';
import { createBrowserEngine } from '@fastpay/crypto/browser';
import type { Address, Network } from '@fastpay/protocol';
import type { OpenClient } from './ports.ts';
import { warmUpSignatures } from './warmUp.ts';

export { createRelaySponsor } from '@fastpay/client';

/** A database for each account on each network: nothing of one can be taken for another's. */
function databaseName(owner: Address, network: Network): string {
  return `fastpay-${networkId(network)}-${owner}`;
}

/** The client of one account: journal and certificates in IndexedDB, signatures checked by this browser. */
export async function openClient(owner: Address, network: Network, baseUrl: string): Promise<OpenClient> {
  for (const member of network.committee.members) assertValidVotingKey(member.votingKey);
  const store = openClientStore({ name: databaseName(owner, network) });
  await pinNetwork(store, network);
  const transport = createRelayTransport({ baseUrl });
  const engine = await createBrowserEngine();
  const client = createClient(
    { network, owner },
    {
      store,
      transport,
      engine,
      locks: createWebLocks(navigator.locks),
      wakeUps: createWakeUps([
        { target: window, event: 'online' },
        { target: document, event: 'visibilitychange' },
      ]),
    },
  );
  void warmUpSignatures(engine);
  return { client, transport };
}

export async function eraseHistory(owner: Address, network: Network): Promise<void> {
  await deleteClientStore({ name: databaseName(owner, network) });
}
