import type { Address } from '@fastpay/protocol';
import { controlLimits } from './limits.ts';

export type GiftDecision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: string; readonly retryAfterSeconds?: number };

/** Bounds the faucet: by address for good, and in all by time. `nowMs` is any monotonic clock. */
export function createGiftLimit(): (address: Address, nowMs: number) => GiftDecision {
  const gifts = new Map<Address, number>();
  let tokens: number = controlLimits.giftBurst;
  let refilledAtMs: number | undefined;

  return (address, nowMs) => {
    const elapsedSeconds = refilledAtMs === undefined ? 0 : (nowMs - refilledAtMs) / 1_000;
    tokens = Math.min(controlLimits.giftBurst, tokens + elapsedSeconds * controlLimits.giftsPerSecond);
    refilledAtMs = nowMs;

    const given = gifts.get(address) ?? 0;
    if (given >= controlLimits.giftsPerAddress) {
      return { allowed: false, reason: `This address has had all of its ${controlLimits.giftsPerAddress} gifts.` };
    }
    if (tokens < 1) {
      const retryAfterSeconds = Math.ceil((1 - tokens) / controlLimits.giftsPerSecond);
      return { allowed: false, reason: 'Too many gifts at once.', retryAfterSeconds };
    }
    tokens -= 1;
    // Set anew, so that the map stays in order of last use.
    gifts.delete(address);
    gifts.set(address, given + 1);
    const oldest = gifts.keys().next().value;
    if (gifts.size > controlLimits.rememberedAddresses && oldest !== undefined) gifts.delete(oldest);
    return { allowed: true };
  };
}
