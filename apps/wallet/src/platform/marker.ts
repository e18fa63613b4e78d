import { RejectError, toAddress } from '@fastpay/protocol';
import type { SmallStore, WalletMarker } from './ports.ts';

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
    const { address, createdAtMs } = JSON.parse(text) as Record<string, unknown>;
    return typeof createdAtMs === 'number' ? { address: toAddress(String(address)), createdAtMs } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RejectError) return undefined;
    throw error;
  }
}
