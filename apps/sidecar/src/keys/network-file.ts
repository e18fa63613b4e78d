import { decodeNetwork, type Network, RejectError } from '@fastpay/protocol';
import { networkKindOf } from '@fastpay/tempo';
import { ConfigError } from '../config/error.ts';
import { readJsonFile } from '../config/read-json.ts';

/**
 * @param mainnet Whether somebody said that real money is meant.
 * @throws ConfigError when the manifest is missing or malformed, says another kind of network than its chain is, or is
 * of mainnet and nobody said so.
 */
export function readNetworkFile(file: string, { mainnet }: { readonly mainnet: boolean }): Network {
  const network = read(file);
  const actual = networkKindOf(network.domain.chainId);
  if (network.kind !== actual) {
    const problem = `kind: it says ${network.kind}, but chain ${network.domain.chainId} is a ${actual}`;
    throw new ConfigError([{ field: `networkFile ${file}`, problem }]);
  }
  if (network.kind === 'mainnet' && !mainnet) {
    throw new ConfigError([
      {
        field: 'mainnet',
        problem: 'the manifest is of mainnet: this is real money',
        fix: 'say --mainnet yes when you mean it',
      },
    ]);
  }
  return network;
}

function read(file: string): Network {
  const content = readJsonFile(file);
  if ('problem' in content) throw new ConfigError([{ field: `networkFile ${file}`, problem: content.problem }]);
  try {
    return decodeNetwork(content.json);
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
    throw new ConfigError([{ field: `networkFile ${file}`, problem: error.message }], { cause: error });
  }
}
