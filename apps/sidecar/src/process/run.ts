import { resolve } from 'node:path';
import type { Network } from '@fastpay/protocol';
import packageFile from '../../package.json' with { type: 'json' };
import { ConfigError } from '../config/error.ts';
import { type Flags, parseFlags } from '../config/flags.ts';
import { helpText } from '../config/help.ts';
import { loadConfig } from '../config/load.ts';
import type { SidecarConfig } from '../config/schema.ts';
import { settings } from '../config/settings.ts';
import { loadIdentity } from '../keys/identity.ts';
import { generateKeys } from '../keys/keygen.ts';
import { readNetworkFile } from '../keys/network-file.ts';
import { createLog } from '../observe/log.ts';
import type { SidecarDependencies } from '../sidecar.ts';
import { exitCodes } from './exit-codes.ts';
import { createFatal, dieOfUncaughtErrors } from './fatal.ts';
import { stopOnSignals } from './signals.ts';
import { UnavailableError } from './unavailable-error.ts';

const { version } = packageFile;

/** The command line: serves, makes keys, or explains itself. Ends the process with one of the exit codes on failure. */
export async function runSidecar(
  words: readonly string[],
  dependencies: Pick<SidecarDependencies, 'openKv'>,
): Promise<void> {
  try {
    if (words.includes('--help') || words.includes('-h')) process.stdout.write(helpText());
    else if (words.includes('--version')) process.stdout.write(`${version}\n`);
    else if (words[0] === 'export-state') await moveOut(words.slice(1), dependencies);
    else if (words[0] === 'import-state') await moveIn(words.slice(1));
    else if (words[0] === 'keygen') keygen(parseFlags(words.slice(1), ['out', 'name', 'stake']));
    else if (words[0] === 'deploy') await runDeploy(words.slice(1));
    else await serve(words[0] === 'serve' ? words.slice(1) : words, dependencies);
  } catch (error) {
    if (error instanceof ConfigError) fail(error.message, exitCodes.configuration);
    if (error instanceof UnavailableError) fail(error.message, exitCodes.unavailable);
    throw error;
  }
}

/** Loaded only here: serving needs nothing of the contract's bytecode. */
async function runDeploy(words: readonly string[]): Promise<void> {
  const { deploy } = await import('../deploy/command.ts');
  await deploy(words, (text) => process.stdout.write(text));
}

function fail(message: string, code: number): never {
  process.stderr.write(`The sidecar cannot start.\n${message}\n`);
  process.exit(code);
}

function wrongReserve(problem: string): never {
  const fix = "use the manifest of the node's network, or the node of the manifest's network";
  return fail(
    new ConfigError([{ field: 'networkFile and chain.rpcUrl', problem, fix }]).message,
    exitCodes.configuration,
  );
}

function keygen(flags: Flags): void {
  const out = flags.get('out');
  if (out === undefined) {
    throw new ConfigError([
      { field: '--out', problem: 'missing', fix: 'name the key file to make: keygen --out FILE' },
    ]);
  }
  const stake = flags.get('stake') ?? '1';
  if (!/^[1-9]\d{0,18}$/.test(stake)) {
    throw new ConfigError([{ field: '--stake', problem: 'expected a whole number above zero' }]);
  }
  const member = generateKeys(out, { name: flags.get('name') ?? '', stake });
  process.stdout.write(`${JSON.stringify(member, undefined, 2)}\n`);
}

const SETTING_FLAGS = ['config', ...settings.map((setting) => setting.path)];

async function moveOut(words: readonly string[], { openKv }: Pick<SidecarDependencies, 'openKv'>): Promise<void> {
  const flags = parseFlags(words, ['to', ...SETTING_FLAGS]);
  const to = directoryOf(flags, 'to');
  const { config } = loadConfig(withoutFlag(flags, 'to'), process.env);
  const identity = loadIdentity(networkOf(config), config);
  const { exportState } = await import('../move/export-state.ts');
  await exportState({ config, to }, { identity, openKv });
  process.stdout.write(
    `${config.name} is in ${to} now. What stays here never signs again: remove it once the copy runs.\n`,
  );
}

async function moveIn(words: readonly string[]): Promise<void> {
  const flags = parseFlags(words, ['from', ...SETTING_FLAGS]);
  const from = directoryOf(flags, 'from');
  const { config } = loadConfig(withoutFlag(flags, 'from'), process.env);
  const { importState } = await import('../move/import-state.ts');
  await importState({ config, from }, { network: networkOf(config) });
  process.stdout.write(`${config.name} can be started here. Remove ${from}: it holds its keys.\n`);
}

function networkOf({ networkFile, mainnet }: SidecarConfig): Network {
  return readNetworkFile(networkFile, { mainnet: mainnet === 'yes' });
}

function directoryOf(flags: Flags, name: string): string {
  const directory = flags.get(name);
  if (directory !== undefined) return resolve(directory);
  throw new ConfigError([{ field: `--${name}`, problem: 'missing', fix: `name a directory: --${name} DIRECTORY` }]);
}

function withoutFlag(flags: Flags, name: string): Flags {
  return new Map([...flags].filter(([each]) => each !== name));
}

async function serve(words: readonly string[], { openKv }: Pick<SidecarDependencies, 'openKv'>): Promise<void> {
  const flags = parseFlags(words, SETTING_FLAGS);
  const { config, unknownVariables } = loadConfig(flags, process.env);
  const network = networkOf(config);
  const identity = loadIdentity(network, config);
  const log = createLog({ level: config.logLevel, name: config.name });
  const fatal = createFatal(log);
  dieOfUncaughtErrors(fatal);
  if (unknownVariables.length > 0)
    log.warn({ variables: unknownVariables }, 'environment variables that are no setting');
  // Loaded now: making keys or explaining the flags needs nothing of it.
  const { startSidecar } = await import('../sidecar.ts');
  const sidecar = await startSidecar(config, {
    network,
    identity,
    openKv,
    log,
    fatal,
    version,
    onWrongReserve: wrongReserve,
  });
  stopOnSignals(sidecar, log);
  log.info({ url: sidecar.url, network: network.name, signer: identity.signer, version }, 'ready');
}
