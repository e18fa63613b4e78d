import type { Secp256k1Signer } from '@fastpay/crypto';
import { type Address, type Network, RejectError, toAddress } from '@fastpay/protocol';
import { deriveAccount } from './account.ts';
import type { Phrase } from './phrase/phrase.ts';

/**
 * PUBLIC. Everyone who reads this file owns the accounts of this phrase. They exist so that a devnet can be tried
 * with one tap; money sent to them on any other network is gone. Its words are checked by a test and not in the wallet,
 * which opens a demo account without the list of words.
 */
export const PUBLIC_DEMO_PHRASE = 'stage actor play fiction only never real trust public advice cash zero' as Phrase;

export type DemoName = 'Alice' | 'Bob' | 'Carol';

export interface DemoAccount {
  readonly name: DemoName;
  readonly address: Address;
}

/** In order of derivation index; written out so that listing them needs no key. */
const accounts: readonly DemoAccount[] = [
  { name: 'Alice', address: toAddress('0xc0387aca6d2d8fb072e3d9b65762339d2be7a697') },
  { name: 'Bob', address: toAddress('0xaa01c2e6177652ea947b3153127737b6591ffc62') },
  { name: 'Carol', address: toAddress('0xaa3bdb209936ed896e29212f67b4eeee5f91a611') },
];

/** @throws RejectError WRONG_CHAIN unless the network is a devnet. */
export function demoAccounts(network: Pick<Network, 'kind'>): readonly DemoAccount[] {
  assertDevnet(network);
  return accounts;
}

/** @throws RejectError WRONG_CHAIN unless the network is a devnet. */
export async function demoSigner(network: Pick<Network, 'kind'>, name: DemoName): Promise<Secp256k1Signer> {
  assertDevnet(network);
  const index = accounts.findIndex((account) => account.name === name);
  if (index < 0) throw new RangeError('there is no demo account of this name');
  return await deriveAccount(PUBLIC_DEMO_PHRASE, index);
}

function assertDevnet(network: Pick<Network, 'kind'>): void {
  if (network.kind !== 'devnet') {
    throw new RejectError('WRONG_CHAIN', 'demo accounts are public and exist on devnets only');
  }
}
