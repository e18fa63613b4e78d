import { type AssetInfo, encodeNetwork, type Network, PATH_USD } from '@fastpay/protocol';
import { deployReserve, depositFor, fundAccounts } from '@fastpay/tempo';
import { devAccount } from '@fastpay/tempo/node';
import { demoAccounts } from '@fastpay/vault';
import type { ChainNode } from '../chain/node.ts';
import { VALIDATOR_NAMES } from '../ports.ts';
import type { Progress } from '../screen/progress.ts';
import { writeJsonFile } from '../state/json-file.ts';
import type { StateLayout } from '../state/layout.ts';
import { recordContract } from './contract.ts';
import { FOUNDER_INDEX } from './dev-accounts.ts';
import { createSponsorKey, createValidatorKeys } from './keys.ts';
import { seeds, settlerSeed, sponsorSeed } from './seed.ts';

const ASSET: AssetInfo = { address: PATH_USD, symbol: 'USD', name: 'pathUSD' };
/** Base units: what settling costs, and what the first write of an account costs on top. */
const FEES = { minimum: 2_000n, newRecipientSurcharge: 6_000n };

/**
 * Makes a network from nothing: keys, reserve contract, seeded demo accounts. The manifest is written last, once all
 * of it is on disk, so that a start that breaks off leaves nothing that could be mistaken for a network.
 */
export async function createNetwork(
  {
    layout,
    node,
    exitDelaySeconds,
  }: { readonly layout: StateLayout; readonly node: ChainNode; readonly exitDelaySeconds: bigint },
  { progress, check }: { readonly progress: Progress; readonly check: () => void },
): Promise<Network> {
  const members = await progress.step('Keys of four validators', async () =>
    VALIDATOR_NAMES.map((name) => createValidatorKeys({ name, keyFile: layout.key(name) })),
  );
  check();
  const { rpcUrl } = node;
  const signer = devAccount(FOUNDER_INDEX);
  const committee = { epoch: 0n, members };
  const { domain } = await progress.step('Reserve contract is deployed', () =>
    deployReserve({ rpcUrl, signer, committee, exitDelaySeconds }),
  );
  check();
  const network: Network = {
    name: 'devnet',
    kind: 'devnet',
    domain,
    committee,
    assets: [ASSET],
    fees: FEES,
    exitDelaySeconds,
  };
  await progress.step('Alice, Bob and Carol have money, validators and relay have gas', async () => {
    const accounts = demoAccounts(network);
    const asset = ASSET.address;
    const deposits = accounts.map(({ name, address }) => ({ account: address, amount: seeds[name].deposited }));
    const gifts = accounts.map(({ name, address }) => ({ account: address, amount: seeds[name].onChain }));
    const gasMoney = members.map(({ settlementAddress }) => ({ account: settlementAddress, amount: settlerSeed }));
    const sponsor = { account: createSponsorKey(layout.sponsorKey), amount: sponsorSeed };
    await depositFor({ rpcUrl, signer, asset, reserve: domain.reserve, fundings: deposits });
    await fundAccounts({ rpcUrl, signer, asset, fundings: [...gifts, ...gasMoney, sponsor] });
    await node.save();
  });
  check();
  recordContract(layout);
  writeJsonFile(layout.network, encodeNetwork(network));
  return network;
}
