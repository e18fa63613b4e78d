import { toAddress } from '@fastpay/protocol';
import { checkPhrase, deriveKey } from '@fastpay/vault';
import { describe, expect, it } from 'vitest';
import { testNetwork } from '../state/wallet.fixtures.ts';
import { createAccountChoice } from './choice.ts';
import { readMarker, saveMarker } from './marker.ts';
import { createNetworkPin } from './network.ts';
import { createSmallStore } from './small.ts';
import { createVaultPort } from './vault.ts';
import { type VaultStore, vaultKind } from './vaultStore.ts';

/** A Storage that can run full, as browsers' do. */
function storageOf(entries: Record<string, string> = {}, full = false): Storage {
  const map = new Map(Object.entries(entries));
  return {
    get length() {
      return map.size;
    },
    clear: () => map.clear(),
    key: (index) => [...map.keys()][index] ?? null,
    getItem: (key) => map.get(key) ?? null,
    removeItem: (key) => {
      map.delete(key);
    },
    setItem: (key, value) => {
      if (full) throw new DOMException('full', 'QuotaExceededError');
      map.set(key, value);
    },
  };
}

const blocked = () => {
  throw new DOMException('blocked', 'SecurityError');
};

describe('small values', () => {
  it('are kept under a prefix of their own', () => {
    const storage = storageOf({ other: 'x' });
    const small = createSmallStore(() => storage);
    small.set('a', '1');
    expect(storage.getItem('fastpay.a')).toBe('1');
    expect(small.get('other')).toBeUndefined();
  });

  it('last as long as the page where storage is blocked or full', () => {
    for (const small of [createSmallStore(blocked), createSmallStore(() => storageOf({}, true))]) {
      small.set('a', '1');
      expect(small.get('a')).toBe('1');
      small.remove('a');
      expect(small.get('a')).toBeUndefined();
    }
  });
});

describe('the pinned network', () => {
  it('survives a reload with the address of the devnet', () => {
    const storage = storageOf();
    createNetworkPin(createSmallStore(() => storage)).save({ network: testNetwork, devnetUrl: 'http://127.0.0.1:1' });
    expect(createNetworkPin(createSmallStore(() => storage)).load()).toEqual({
      network: testNetwork,
      devnetUrl: 'http://127.0.0.1:1',
    });
  });

  it('is pinned anew when what is stored cannot be read', () => {
    for (const text of ['nonsense', '{}', '{"network":{"name":"x"}}', 'null']) {
      expect(createNetworkPin(createSmallStore(() => storageOf({ 'fastpay.network': text }))).load()).toBeUndefined();
    }
  });
});

describe('the account of a window', () => {
  it('is its own, and the last one of the device for a fresh window', () => {
    const device = createSmallStore(() => storageOf());
    const first = createAccountChoice(
      createSmallStore(() => storageOf()),
      device,
    );
    const second = createAccountChoice(
      createSmallStore(() => storageOf()),
      device,
    );
    first.save({ kind: 'demo', name: 'Alice' });
    expect(second.load()).toEqual({ kind: 'demo', name: 'Alice' });
    second.save({ kind: 'demo', name: 'Bob' });
    expect(first.load()).toEqual({ kind: 'demo', name: 'Alice' });
    first.save(undefined);
    expect(first.load()).toBeUndefined();
  });
});

describe('the vault', () => {
  const text = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';

  function openVault() {
    let record: unknown;
    const store: VaultStore = {
      load: () => Promise.resolve(record),
      save: (next) => {
        // What a database keeps is a copy.
        record = structuredClone(next);
        return Promise.resolve();
      },
      remove: () => {
        record = undefined;
        return Promise.resolve();
      },
    };
    const small = createSmallStore(() => storageOf());
    const refuse = () => Promise.reject(new Error('the passkey was not confirmed'));
    const passkeys = { create: refuse, find: refuse, ask: refuse };
    return { vault: createVaultPort({ store, small, deriveKey, passkeys, subtle: crypto.subtle }), store, small };
  }

  it('keeps a key that nobody can read out, and opens it without a password', async () => {
    const { vault, store, small } = openVault();
    const created = await vault.createKey('device');
    expect(await vaultKind(store)).toBe('device');
    expect(readMarker(small)).toMatchObject({ address: created.address, kind: 'device' });
    expect((await vault.openKey()).address).toBe(created.address);
  });

  it('leaves nothing behind when the passkey was not confirmed', async () => {
    const { vault, store, small } = openVault();
    await expect(vault.createKey('newPasskey')).rejects.toThrow('not confirmed');
    expect(await vaultKind(store)).toBeUndefined();
    expect(readMarker(small)).toBeUndefined();
  });

  it('gives the key back for the right password only', async () => {
    const { vault, store, small } = openVault();
    expect(await vaultKind(store)).toBeUndefined();
    const created = await vault.create(await checkPhrase(text), 'correct horse');
    expect(created.address).toBe(toAddress('0x9858effd232b4033e47d90003d41ec34ecaeda94'));
    expect(readMarker(small)?.address).toBe(created.address);
    expect((await vault.unlock('correct horse')).address).toBe(created.address);
    expect(await vault.reveal('correct horse')).toBe(text);
    await expect(vault.unlock('wrong')).rejects.toMatchObject({ code: 'WRONG_PASSWORD' });
    await vault.remove();
    expect(await vaultKind(store)).toBeUndefined();
    expect(readMarker(small)).toBeUndefined();
  });

  it('leaves a marker that damage does not turn into a wallet', () => {
    const small = createSmallStore(() => storageOf());
    const marker = { address: toAddress(`0x${'12'.repeat(20)}`), createdAtMs: 7, kind: 'passkey' } as const;
    saveMarker(small, marker);
    expect(readMarker(small)).toEqual(marker);
    for (const damaged of ['{', '{}', '{"address":"0x12","createdAtMs":1}']) {
      small.set('wallet', damaged);
      expect(readMarker(small)).toBeUndefined();
    }
  });
});
