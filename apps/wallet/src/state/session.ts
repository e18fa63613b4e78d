import type { Client, Transport } from '@fastpay/client';
import type { PayerSigner } from '@fastpay/crypto';
import { type Address, type AssetInfo, committeeHash, domainSeparator, type Network } from '@fastpay/protocol';
import type { Phrase } from '@fastpay/vault';
import { createStore } from 'zustand/vanilla';
import type {
  AccountChoice,
  DemoAccount,
  KeySource,
  Platform,
  ServedNetwork,
  VaultKind,
  WalletMarker,
} from '../platform/ports.ts';
import { type Problem, problemOf } from './problem.ts';

/** An account that is open in this window. */
export interface Session {
  readonly choice: AccountChoice;
  readonly address: Address;
  readonly network: Network;
  readonly asset: AssetInfo;
  readonly devnetUrl?: string;
  readonly client: Client;
  readonly transport: Transport;
  /** Opaque here: handed to the client, never looked into. */
  readonly signer: PayerSigner;
  /** Where the key is. */
  readonly keyKind: VaultKind | 'demo';
  /** The relay serves another network than the one this history belongs to. */
  readonly detached: boolean;
}

export type Phase =
  | { readonly name: 'starting' }
  | { readonly name: 'unreachable'; readonly problem: Problem }
  | { readonly name: 'welcome' }
  /** A wallet existed here, and its vault is gone. */
  | { readonly name: 'missing'; readonly marker: WalletMarker }
  | { readonly name: 'locked' }
  | { readonly name: 'network-changed'; readonly pinned: ServedNetwork; readonly served: ServedNetwork }
  | { readonly name: 'open'; readonly session: Session };

export interface SessionState {
  readonly phase: Phase;
  readonly network?: ServedNetwork;
  readonly demoAccounts: readonly DemoAccount[];
  start(): Promise<void>;
  openDemo(name: string): Promise<void>;
  createWallet(phrase: Phrase, password: string): Promise<void>;
  /** A wallet whose key this program never holds. */
  createKeyWallet(source: KeySource): Promise<void>;
  unlock(password: string): Promise<void>;
  lock(): void;
  /** To the choice of accounts; nothing is deleted. */
  leave(): Promise<void>;
  /** Deletes the history that this device keeps of the open account on this network. */
  eraseHistory(): Promise<void>;
  removeWallet(): Promise<void>;
  forgetMissing(): void;
  /** Trusts the served network from now on. */
  adoptNetwork(): Promise<void>;
  /** Keeps the pinned network, to look at what happened there. */
  keepNetwork(): Promise<void>;
}

/** Two descriptions of one network: same reserve, chain and salt, and the same committee. */
export function sameNetwork(left: Network, right: Network): boolean {
  return (
    domainSeparator(left.domain) === domainSeparator(right.domain) &&
    committeeHash(left.committee) === committeeHash(right.committee)
  );
}

export function createSession(platform: Platform) {
  let detached = false;

  return createStore<SessionState>()((set, get) => {
    const show = (phase: Phase) => set({ phase });

    async function loadDemoAccounts(served: ServedNetwork): Promise<readonly DemoAccount[]> {
      return served.network.kind === 'devnet' ? await platform.demoAccounts(served.network) : [];
    }

    async function adopt(served: ServedNetwork): Promise<void> {
      platform.pin.save(served);
      set({ network: served, demoAccounts: await loadDemoAccounts(served) });
    }

    function signerOf(name: string): Promise<PayerSigner> {
      const served = get().network;
      if (!served) throw new Error('a demo account cannot be opened before the network is known');
      return platform.demoSigner(served.network, name);
    }

    async function open(choice: AccountChoice, signer: PayerSigner, keyKind: Session['keyKind']): Promise<void> {
      const served = get().network;
      if (!served) throw new Error('an account cannot be opened before the network is known');
      const asset = served.network.assets[0];
      if (!asset) throw new Error('the network lists no asset');
      const opened = await platform.openClient(signer.address, served.network);
      platform.choice.save(choice);
      show({
        name: 'open',
        session: {
          choice,
          address: signer.address,
          network: served.network,
          asset,
          ...(served.devnetUrl !== undefined && !detached ? { devnetUrl: served.devnetUrl } : {}),
          client: opened.client,
          transport: opened.transport,
          signer,
          keyKind,
          detached,
        },
      });
    }

    /** Where a window begins once it knows its network. */
    async function enter(): Promise<void> {
      const choice = platform.choice.load();
      if (choice?.kind === 'demo' && get().demoAccounts.some((demo) => demo.name === choice.name)) {
        await open(choice, await signerOf(choice.name), 'demo');
        return;
      }
      await enterWallet();
    }

    /** A wallet with a password waits for it; the others ask for each signature, or for nothing. */
    async function enterWallet(): Promise<void> {
      const kind = await platform.vault.kind();
      if (kind === 'phrase') return show({ name: 'locked' });
      if (kind !== undefined) return open({ kind: 'wallet' }, await platform.vault.openKey(), kind);
      const marker = platform.vault.marker();
      show(marker ? { name: 'missing', marker } : { name: 'welcome' });
    }

    /** Compares the pinned network with the served one without holding anything up; offline it stays as it is. */
    async function compareWithServed(pinned: ServedNetwork): Promise<void> {
      let served: ServedNetwork;
      try {
        served = await platform.fetchNetwork();
      } catch {
        // Not reachable now: the network screen and the banner say so, and the pinned network stands.
        return;
      }
      if (!sameNetwork(pinned.network, served.network)) {
        return show({ name: 'network-changed', pinned, served });
      }
      if (pinned.devnetUrl === served.devnetUrl) return;
      await adopt(served);
      const { phase } = get();
      if (phase.name === 'open' && served.devnetUrl !== undefined) {
        show({ name: 'open', session: { ...phase.session, devnetUrl: served.devnetUrl } });
      }
    }

    return {
      phase: { name: 'starting' },
      demoAccounts: [],

      async start() {
        show({ name: 'starting' });
        const pinned = platform.pin.load();
        if (pinned) {
          set({ network: pinned, demoAccounts: await loadDemoAccounts(pinned) });
          await enter();
          await compareWithServed(pinned);
          return;
        }
        try {
          await adopt(await platform.fetchNetwork());
        } catch (error) {
          return show({ name: 'unreachable', problem: problemOf(error) });
        }
        await enter();
      },

      async openDemo(name) {
        await open({ kind: 'demo', name }, await signerOf(name), 'demo');
      },

      async createWallet(phrase, password) {
        const signer = await platform.vault.create(phrase, password);
        await platform.persistStorage();
        await open({ kind: 'wallet' }, signer, 'phrase');
      },

      async createKeyWallet(source) {
        const signer = await platform.vault.createKey(source);
        await platform.persistStorage();
        await open({ kind: 'wallet' }, signer, source === 'device' ? 'device' : 'passkey');
      },

      async unlock(password) {
        await open({ kind: 'wallet' }, await platform.vault.unlock(password), 'phrase');
      },

      lock() {
        const { phase } = get();
        if (phase.name !== 'open' || phase.session.keyKind !== 'phrase') return;
        show({ name: 'locked' });
      },

      async leave() {
        platform.choice.save(undefined);
        const kind = await platform.vault.kind();
        if (kind === 'phrase') return show({ name: 'locked' });
        if (kind !== undefined) return open({ kind: 'wallet' }, await platform.vault.openKey(), kind);
        show({ name: 'welcome' });
      },

      async eraseHistory() {
        const { phase } = get();
        if (phase.name !== 'open') return;
        const { address, network, choice, signer, keyKind } = phase.session;
        await platform.eraseHistory(address, network);
        await open(choice, signer, keyKind);
      },

      async removeWallet() {
        await platform.vault.remove();
        platform.choice.save(undefined);
        show({ name: 'welcome' });
      },

      forgetMissing() {
        platform.vault.forgetMarker();
        show({ name: 'welcome' });
      },

      async adoptNetwork() {
        const { phase } = get();
        if (phase.name !== 'network-changed') return;
        detached = false;
        for (const demo of get().demoAccounts) await platform.eraseHistory(demo.address, phase.pinned.network);
        await adopt(phase.served);
        await enter();
      },

      async keepNetwork() {
        const { phase } = get();
        if (phase.name !== 'network-changed') return;
        detached = true;
        await enter();
      },
    };
  });
}
