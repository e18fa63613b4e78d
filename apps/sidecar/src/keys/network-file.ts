import { decodeNetwork, type Network, RejectError } from '@fastpay/protocol';
import { ConfigError } from '../config/error.ts';
import { readJsonFile } from '../config/read-json.ts';

/** @throws ConfigError when the manifest is missing or malformed. */
export function readNetworkFile(file: string): Network {
  const read = readJsonFile(file);
  if ('problem' in read) throw new ConfigError([{ field: `networkFile ${file}`, problem: read.problem }]);
  try {
    return decodeNetwork(read.json);
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
    throw new ConfigError([{ field: `networkFile ${file}`, problem: error.message }], { cause: error });
  }
}
