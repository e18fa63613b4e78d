import { createNodeSecp256k1Signer } from '@fastpay/crypto/node';
import { type Committee, decodeCommitteeFile, encodeNetwork, type Network, RejectError } from '@fastpay/protocol';
import { chainIdOf, createJsonRpc, deployReserve, networkKindOf, TempoError, tempoNetworks } from '@fastpay/tempo';
import { ConfigError } from '../config/error.ts';
import { type Flags, parseFlags } from '../config/flags.ts';
import { readJsonFile } from '../config/read-json.ts';
import { readKeyFile } from '../keys/key-file.ts';
import { UnavailableError } from '../process/unavailable-error.ts';
import { createManifest } from './manifest-file.ts';
import { checkDeploy } from './plan.ts';
import { deployReport } from './report.ts';

const known = ['committee', 'key', 'rpc', 'out', 'name', 'exit-delay', 'fee', 'surcharge', 'mainnet'] as const;

/** Dollars with six decimals: what settling a payment costs, and what the first write of an account costs on top. */
const DEFAULT_FEE = 2_000n;
const DEFAULT_SURCHARGE = 6_000n;
const DEFAULT_EXIT_DELAY_SECONDS = 604_800n;

/**
 * `deploy`: checks a committee file, deploys a reserve for it, and writes the manifest that validators, relays and
 * wallets start from. Nothing is sent before everything has been checked.
 * @throws ConfigError, UnavailableError.
 */
export async function deploy(words: readonly string[], print: (text: string) => void): Promise<void> {
  const flags = parseFlags(words, known);
  const out = required(flags, 'out', 'the manifest to write, a new file');
  const committee = readCommittee(
    required(flags, 'committee', 'a file {"epoch", "members"}, as keygen prints members'),
  );
  const { settlementKey } = readKeyFile(
    required(flags, 'key', 'a key file of keygen; its settlement key pays the gas'),
  );
  const rpcUrl = required(flags, 'rpc', 'the JSON-RPC address of a Tempo node');
  const signer = createNodeSecp256k1Signer(settlementKey);
  const exitDelaySeconds = amount(flags, 'exit-delay', DEFAULT_EXIT_DELAY_SECONDS);
  const fees = {
    minimum: amount(flags, 'fee', DEFAULT_FEE),
    newRecipientSurcharge: amount(flags, 'surcharge', DEFAULT_SURCHARGE),
  };
  const kind = networkKindOf(await reach(() => chainIdOf(createJsonRpc({ url: rpcUrl }))));
  const request = { kind, committee, exitDelaySeconds, allowsMainnet: flags.get('mainnet') === 'yes' };
  for (const warning of checkDeploy(request)) print(`Warning: ${warning}.\n`);
  const manifest = createManifest(out);
  print(`Deploying on ${tempoNetworks[kind].name}, paid by ${signer.address} …\n`);
  const deployed = await reach(() => deployReserve({ rpcUrl, signer, committee, exitDelaySeconds })).catch((error) => {
    manifest.discard();
    throw error;
  });
  const { domain, transactionHash, blockHeight } = deployed;
  const network: Network = {
    name: flags.get('name') ?? kind,
    kind,
    domain,
    committee,
    assets: tempoNetworks[kind].tokens,
    fees,
    exitDelaySeconds,
  };
  manifest.write(encodeNetwork(network));
  print(deployReport(network, { transactionHash, blockHeight, file: out }));
}

function required(flags: Flags, name: (typeof known)[number], what: string): string {
  const value = flags.get(name);
  if (value !== undefined && value !== '') return value;
  throw new ConfigError([{ field: `--${name}`, problem: 'missing', fix: `name ${what}` }]);
}

function amount(flags: Flags, name: (typeof known)[number], fallback: bigint): bigint {
  const text = flags.get(name);
  if (text === undefined) return fallback;
  if (!/^\d{1,18}$/.test(text)) {
    throw new ConfigError([{ field: `--${name}`, problem: 'expected a whole number' }]);
  }
  return BigInt(text);
}

function readCommittee(file: string): Committee {
  const read = readJsonFile(file);
  if ('problem' in read) throw new ConfigError([{ field: `--committee ${file}`, problem: read.problem }]);
  try {
    return decodeCommitteeFile(read.json);
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
    throw new ConfigError([{ field: `--committee ${file}`, problem: error.message }], { cause: error });
  }
}

/** What the node says becomes a sentence without its address, which may hold a key. */
async function reach<Value>(ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof TempoError)) throw error;
    throw new UnavailableError(`the Tempo node: ${error.message}`, { cause: error });
  }
}
