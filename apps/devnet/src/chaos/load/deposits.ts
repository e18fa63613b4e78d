import { setTimeout as delay } from 'node:timers/promises';
import type { Secp256k1Signer } from '@fastpay/crypto';
import type { Address, Network } from '@fastpay/protocol';
import { depositFor, TempoError } from '@fastpay/tempo';
import type { Random } from '../random.ts';
import type { Book } from './book.ts';

const PAUSE_MS = { least: 1_000, most: 4_000 };
const AMOUNT = { least: 1_000, most: 900_000 };
const WAIT_MS = 10_000;

/**
 * Deposits for one owner after the other until told to stop. What fails or is lost with the node is lost: the
 * contract's own events say what was deposited.
 */
export async function keepDepositing(
  options: {
    readonly rpcUrl: string;
    readonly network: Network;
    readonly asset: Address;
    readonly signer: Secp256k1Signer;
    readonly owners: readonly Address[];
    readonly random: Random;
  },
  book: Book,
  signal: AbortSignal,
): Promise<void> {
  const { rpcUrl, network, asset, signer, owners, random } = options;
  while (!signal.aborted) {
    const fundings = [{ account: random.pick(owners), amount: BigInt(random.between(AMOUNT.least, AMOUNT.most)) }];
    try {
      const wait = { timeoutMs: WAIT_MS, signal };
      await depositFor({ rpcUrl, signer, asset, reserve: network.domain.reserve, fundings, wait });
      book.count('deposits');
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof TempoError)) throw error;
    }
    await delay(random.between(PAUSE_MS.least, PAUSE_MS.most));
  }
}
