import { RejectError, toAddress } from '@fastpay/protocol';
import type { SmallStore, VaultKind, WalletMarker } from './ports.ts';

const KEY = 'wallet';

export function saveMarker(small: SmallStore, marker: WalletMarker): void {
  small.set(KEY, JSON.stringify(marker));
}

export function removeMarker(small: SmallStore): void {
  small.remove(KEY);
}

export function readMarker(small: SmallStore): WalletMarker | undefined {
  const text = small.get(KEY);
  if (text === undefined) return undefined;
  try {
    const { address, createdAtMs, kind } = JSON.parse(text) as Record<string, unknown>;
    if (typeof createdAtMs !== 'number' || !isVaultKind(kind)) return undefined;
    return { address: toAddress(String(address)), createdAtMs, kind };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RejectError) return undefined;
    throw error;
  }
}

function isVaultKind(value: unknown): value is VaultKind {
  return value === 'phrase' || value === 'passkey' || value === 'device';
}
