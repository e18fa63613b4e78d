import { type Address, RejectError } from '@fastpay/protocol';
import type { Core } from '../core.ts';

/** @throws RejectError NOT_PAYMENT unless the network takes the asset. */
export function assertListed({ assets }: Core, asset: Address): void {
  if (!assets.has(asset)) throw new RejectError('NOT_PAYMENT', 'the asset is not on this network’s list');
}
