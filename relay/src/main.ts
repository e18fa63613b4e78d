import { readFileSync } from 'node:fs';
import { assertValidVotingKeys, createVerificationContext } from '@fastpay/crypto';
import { createNodeEngine } from '@fastpay/crypto/node';
import { decodeNetwork, type Network } from '@fastpay/protocol';
import { createJsonRpc, createTempoChain } from '@fastpay/tempo';
import packageFile from '../package.json' with { type: 'json' };
import { ConfigError } from './config/error.ts';
import { helpText, loadConfig } from './config/load.ts';
import type { RelayConfig } from './config/schema.ts';
import { relayLimits } from './limits.ts';
import { createLog } from './log.ts';
import { startRelay } from './start-relay.ts';
import { createValidatorClient } from './upstream/validator-client.ts';

const EXIT_CONFIG = 64;
const EXIT_UNAVAILABLE = 69;
const EXIT_BROKEN = 70;

function fail(message: string, code: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

function readConfig(): RelayConfig {
  try {
    return loadConfig({
      arguments: process.argv.slice(2),
      environment: process.env,
      workingDirectory: process.cwd(),
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return fail(error.message, EXIT_CONFIG);
  }
}

function readNetwork({ networkFile, validators }: RelayConfig): Network {
  try {
    const network = decodeNetwork(JSON.parse(readFileSync(networkFile, 'utf8')));
    assertValidVotingKeys(network.committee);
    const stranger = validators.find(({ signer }) => !network.committee.members[signer]);
    if (stranger) return fail(`validators: the committee has no signer ${stranger.signer}`, EXIT_CONFIG);
    return network;
  } catch (error) {
    return fail(`networkFile ${networkFile}: ${error instanceof Error ? error.message : String(error)}`, EXIT_CONFIG);
  }
}

if (process.argv.includes('--help')) {
  process.stdout.write(`${helpText()}\n`);
  process.exit(0);
}
const config = readConfig();
const network = readNetwork(config);
const log = createLog(config.logLevel);
const { rpcUrl } = config.chain;

function onBroken(error: unknown): never {
  log.fatal({ err: error }, 'a broken invariant');
  process.exit(EXIT_BROKEN);
}
process.on('uncaughtException', onBroken);
process.on('unhandledRejection', onBroken);

try {
  const relay = await startRelay(
    { ...config, version: packageFile.version },
    {
      network,
      context: createVerificationContext(network, createNodeEngine()),
      validators: config.validators.map(createValidatorClient),
      node: createJsonRpc({ url: rpcUrl, timeoutMs: relayLimits.tempoTimeoutMs }),
      chain: createTempoChain({ rpcUrl, reserve: network.domain.reserve }),
      log,
      onBroken,
    },
  );
  const stop = (signal: NodeJS.Signals) => {
    log.info({ signal }, 'stopping');
    relay.stop().then(() => process.exit(0), onBroken);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  log.info({ url: relay.url, network: network.name }, 'ready');
} catch (error) {
  if (error instanceof ConfigError) fail(error.message, EXIT_CONFIG);
  const reason = error instanceof Error ? error.message : String(error);
  fail(`cannot listen on ${config.listen.host}:${config.listen.port}: ${reason}`, EXIT_UNAVAILABLE);
}
