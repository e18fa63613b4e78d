import { setTimeout as delay } from 'node:timers/promises';
import { createNodeEngine, createNodeSecp256k1Signer } from '@fastpay/crypto/node';
import type { Address } from '@fastpay/protocol';
import { depositFor, fundAccount } from '@fastpay/tempo';
import { devAccount } from '@fastpay/tempo/node';
import { DevnetError } from '../../error.ts';
import type { ChaosNetwork } from '../network/network.ts';
import type { Random } from '../random.ts';
import type { Book } from './book.ts';
import { createWallet, type Wallet } from './wallet.ts';

/** Who pays whom. */
export interface People {
  /** Every device of everybody. */
  readonly wallets: readonly Wallet[];
  /** One device of each. */
  readonly owners: readonly Wallet[];
  /** Of these, who has deposits; the others own only what they are paid. */
  readonly rich: readonly Wallet[];
  /** Of these, who leaves through the contract in the middle of it all. */
  readonly leaver: Wallet;
}

/** With deposits. */
const RICH = 9;
/** Whatever they spend rests on payments that they received. */
const POOR = 4;
const WITH_TWO_DEVICES = 3;
const FUNDS = 200_000_000n;
const LEAVER_GAS = 20_000_000n;
const BENEFACTOR_INDEX = 8;
const CREDIT_TIMEOUT_MS = 60_000;
const POLL_MS = 200;

export const benefactor = () => devAccount(BENEFACTOR_INDEX);

/** Makes the wallets and gives them money, before anything is broken. @throws DevnetError when it does not arrive. */
export async function createPeople(
  { network, relayUrl, nodeUrl: rpcUrl }: ChaosNetwork,
  asset: Address,
  dependencies: {
    readonly random: Random;
    readonly book: Book;
    readonly onFailure: (device: string, error: unknown) => void;
  },
): Promise<People> {
  const { random, book, onFailure } = dependencies;
  const engine = createNodeEngine();
  const shared = { network, asset, relayUrl, engine, book, onFailure };
  const signers = Array.from({ length: RICH + POOR }, () => createNodeSecp256k1Signer(random.bytes(32)));
  const owners = signers.map((signer, index) => createWallet({ device: `owner ${index}`, signer }, shared));
  const seconds = owners
    .slice(0, WITH_TWO_DEVICES)
    .map(({ device, signer }) => createWallet({ device: `${device}, second device`, signer }, shared));
  const leaver = owners[RICH - 1];
  if (!leaver) throw new DevnetError('There is nobody to leave.');

  const signer = benefactor();
  const rich = owners.slice(0, RICH);
  const fundings = rich.map((wallet) => ({ account: wallet.signer.address, amount: FUNDS }));
  // Before the deposits: once those are credited, this is final as well, and survives a node that is killed.
  await fundAccount({ rpcUrl, signer, asset, account: leaver.signer.address, amount: LEAVER_GAS });
  await depositFor({ rpcUrl, signer, asset, reserve: network.domain.reserve, fundings });
  const deadline = performance.now() + CREDIT_TIMEOUT_MS;
  for (const { client } of rich) {
    while ((await client.account(asset)).balance < FUNDS) {
      if (performance.now() > deadline) throw new DevnetError('The deposits were not credited in time.');
      await delay(POLL_MS);
    }
  }
  return { wallets: [...owners, ...seconds], owners, rich, leaver };
}
