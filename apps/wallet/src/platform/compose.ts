import type { Address, Network } from '@fastpay/protocol';
import { createAccountChoice } from './choice.ts';
import { createDevnetPort } from './devnet.ts';
import { createLazyVault } from './lazyVault.ts';
import { createNetworkPin, fetchNetwork } from './network.ts';
import type { Platform } from './ports.ts';
import { createSmallStore } from './small.ts';
import { persistStorage, storageHealth } from './storageHealth.ts';
import { createWindows } from './windows.ts';

/** The one place where the wallet meets the real world. */
export function createPlatform(): Platform {
  const device = createSmallStore(() => localStorage);
  const window = createSmallStore(() => sessionStorage);
  const baseUrl = location.origin;
  // Needed as soon as an account opens, and not before the first paint: fetched beside it.
  const loadClient = () => import('./client.ts');
  // A failure shows when the client is opened, where it can be told.
  loadClient().catch(() => undefined);

  return {
    buildId: __BUILD_ID__,
    fetchNetwork: (signal) => fetchNetwork(baseUrl, signal),
    pin: createNetworkPin(device),
    choice: createAccountChoice(window, device),
    async demoAccounts(network) {
      const { demoAccounts } = await import('./demo.ts');
      return demoAccounts(network);
    },
    async demoSigner(network, name) {
      const { demoAccounts, demoSigner } = await import('./demo.ts');
      const account = demoAccounts(network).find((demo) => demo.name === name);
      if (!account) throw new Error('there is no demo account of this name');
      return await demoSigner(network, account.name);
    },
    vault: createLazyVault(device),
    async openClient(owner: Address, network: Network) {
      const { openClient } = await loadClient();
      return await openClient(owner, network, baseUrl);
    },
    async eraseHistory(owner, network) {
      const { eraseHistory } = await loadClient();
      await eraseHistory(owner, network);
    },
    async tempo(network) {
      const [{ createTempoPort }, { createRelaySponsor }] = await Promise.all([import('./tempo.ts'), loadClient()]);
      const sponsor = createRelaySponsor({ baseUrl });
      return createTempoPort({ network, rpcUrl: `${baseUrl}/v1/tempo` }, { sponsor });
    },
    devnet: createDevnetPort,
    small: device,
    windows: createWindows(),
    storageHealth,
    persistStorage,
  };
}
