import type { DemoName } from '@fastpay/vault';

const USD = 1_000_000n;

/** What the demo accounts start with, in base units. */
export const seeds: Readonly<Record<DemoName, { readonly deposited: bigint; readonly onChain: bigint }>> = {
  Alice: { deposited: 1_000n * USD, onChain: 500n * USD },
  Bob: { deposited: 250n * USD, onChain: 500n * USD },
  Carol: { deposited: 50n * USD, onChain: 500n * USD },
};

/** What each validator's settlement key starts with for gas, in base units. */
export const settlerSeed = 100n * USD;

/** What the relay's sponsor starts with: enough for tens of thousands of deposits. */
export const sponsorSeed = 100n * USD;
