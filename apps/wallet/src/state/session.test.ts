import type { Client, Transport } from '@fastpay/client';
import { RejectError } from '@fastpay/protocol';
import { describe, expect, it } from 'vitest';
import type { AccountChoice, Platform, ServedNetwork, WalletMarker } from '../platform/ports.ts';
import { createSession } from './session.ts';
import { addressOf, hashOf, testNetwork } from './wallet.fixtures.ts';

interface World {
  pinned?: ServedNetwork | undefined;
  served?: ServedNetwork | undefined;
  choice?: AccountChoice | undefined;
  vault?: boolean;
  key?: 'passkey' | 'device';
  marker?: WalletMarker | undefined;
  readonly erased: string[];
}

const served: ServedNetwork = { network: testNetwork, devnetUrl: 'http://127.0.0.1:1' };
const alice = { name: 'Alice', address: addressOf(1) };
const own = addressOf(9);
const marker: WalletMarker = { address: own, createdAtMs: 5, kind: 'phrase' };
const restarted: ServedNetwork = {
  network: { ...testNetwork, domain: { ...testNetwork.domain, salt: hashOf(0xab) } },
};

/** Just enough of a device to open accounts on; the client is not called by the session itself. */
function platformOf(world: World): Platform {
  const signerOf = (address: typeof own) => ({ address, sign: () => new Uint8Array(65) });
  const unused = () => Promise.reject(new Error('not part of this test'));
  return {
    buildId: 'test',
    fetchNetwork: () =>
      world.served
        ? Promise.resolve(world.served)
        : Promise.reject(new RejectError('TEMPORARILY_UNAVAILABLE', 'the relay does not answer')),
    pin: {
      load: () => world.pinned,
      save: (network) => {
        world.pinned = network;
      },
      clear: () => {
        world.pinned = undefined;
      },
    },
    choice: {
      load: () => world.choice,
      save: (choice) => {
        world.choice = choice;
      },
    },
    demoAccounts: () => Promise.resolve([alice]),
    demoSigner: () => Promise.resolve(signerOf(alice.address)),
    vault: {
      kind: () => Promise.resolve(world.vault ? 'phrase' : world.key),
      createKey: (source) => {
        world.key = source === 'device' ? 'device' : 'passkey';
        return Promise.resolve(signerOf(own));
      },
      openKey: () => Promise.resolve(signerOf(own)),
      marker: () => world.marker,
      forgetMarker: () => {
        world.marker = undefined;
      },
      newPhrase: unused,
      quiz: unused,
      checkPhrase: unused,
      suggest: unused,
      reveal: unused,
      create: unused,
      unlock: () => Promise.resolve(signerOf(own)),
      remove: () => {
        world.vault = false;
        world.marker = undefined;
        return Promise.resolve();
      },
    },
    openClient: (owner) => Promise.resolve({ client: { owner } as Client, transport: {} as Transport }),
    eraseHistory: (owner) => {
      world.erased.push(owner);
      return Promise.resolve();
    },
    tempo: unused,
    devnet: () => {
      throw new Error('not part of this test');
    },
    small: { get: () => undefined, set: () => undefined, remove: () => undefined },
    windows: { announce: () => undefined, listen: () => () => undefined },
    storageHealth: unused,
    persistStorage: () => Promise.resolve(true),
  };
}

function begin(world: Omit<World, 'erased'>) {
  const full: World = { ...world, erased: [] };
  const session = createSession(platformOf(full));
  return { world: full, session, phase: () => session.getState().phase };
}

describe('a session', () => {
  it('creates nothing on a first start, and pins the network it finds', async () => {
    const { session, phase, world } = begin({ served });
    await session.getState().start();
    expect(phase().name).toBe('welcome');
    expect(world.pinned).toEqual(served);
  });

  it('waits when there is neither a relay nor a pinned network', async () => {
    const { session, phase } = begin({});
    await session.getState().start();
    expect(phase()).toMatchObject({ name: 'unreachable', problem: { code: 'TEMPORARILY_UNAVAILABLE' } });
  });

  it('opens the demo account of this window again, also offline', async () => {
    const { session, phase } = begin({ pinned: served, choice: { kind: 'demo', name: 'Alice' } });
    await session.getState().start();
    expect(phase()).toMatchObject({ name: 'open', session: { address: alice.address, detached: false } });
  });

  it('offers no demo accounts outside a devnet', async () => {
    const network = { ...testNetwork, kind: 'testnet' as const };
    const { session, phase } = begin({ served: { network }, choice: { kind: 'demo', name: 'Alice' } });
    await session.getState().start();
    expect(phase().name).toBe('welcome');
    expect(session.getState().demoAccounts).toEqual([]);
  });

  it('asks for the password where a vault is, and locks again', async () => {
    const { session, phase } = begin({ served, vault: true, marker });
    await session.getState().start();
    expect(phase().name).toBe('locked');
    await session.getState().unlock('right');
    expect(phase()).toMatchObject({ name: 'open', session: { address: own } });
    session.getState().lock();
    expect(phase().name).toBe('locked');
  });

  it('opens a wallet whose key asks for itself without a password, and does not lock it', async () => {
    for (const [source, kind] of [
      ['newPasskey', 'passkey'],
      ['knownPasskey', 'passkey'],
      ['device', 'device'],
    ] as const) {
      const { session, phase } = begin({ served });
      await session.getState().start();
      await session.getState().createKeyWallet(source);
      expect(phase()).toMatchObject({ name: 'open', session: { address: own, keyKind: kind } });
      session.getState().lock();
      expect(phase().name).toBe('open');
      await session.getState().start();
      expect(phase()).toMatchObject({ name: 'open', session: { address: own, keyKind: kind } });
    }
  });

  it('says that a wallet is missing instead of offering a new one in its place', async () => {
    const { session, phase } = begin({ served, marker });
    await session.getState().start();
    expect(phase()).toEqual({ name: 'missing', marker });
    session.getState().forgetMissing();
    expect(phase().name).toBe('welcome');
  });

  it('stops before anything is signed when another network is served, and forgets only demo history', async () => {
    const { session, phase, world } = begin({
      pinned: served,
      served: restarted,
      choice: { kind: 'demo', name: 'Alice' },
    });
    await session.getState().start();
    expect(phase().name).toBe('network-changed');
    await session.getState().adoptNetwork();
    expect(world.erased).toEqual([alice.address]);
    expect(world.pinned).toEqual(restarted);
    expect(phase()).toMatchObject({ name: 'open', session: { network: restarted.network, detached: false } });
  });

  it('shows the old network without its controls when that is what was asked for', async () => {
    const { session, phase, world } = begin({
      pinned: served,
      served: restarted,
      choice: { kind: 'demo', name: 'Alice' },
    });
    await session.getState().start();
    await session.getState().keepNetwork();
    expect(phase()).toMatchObject({ name: 'open', session: { network: served.network, detached: true } });
    expect(phase()).not.toHaveProperty('session.devnetUrl');
    expect(world.pinned).toEqual(served);
  });

  it('follows a devnet whose control has moved', async () => {
    const moved = { ...served, devnetUrl: 'http://127.0.0.1:2' };
    const { session, phase } = begin({ pinned: served, served: moved, choice: { kind: 'demo', name: 'Alice' } });
    await session.getState().start();
    expect(phase()).toMatchObject({ name: 'open', session: { devnetUrl: moved.devnetUrl } });
  });

  it('removes a wallet with its marker', async () => {
    const { session, phase, world } = begin({ served, vault: true, marker });
    await session.getState().start();
    await session.getState().removeWallet();
    expect(phase().name).toBe('welcome');
    expect(world.marker).toBeUndefined();
  });
});
