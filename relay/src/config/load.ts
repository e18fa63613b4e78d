import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { ConfigError } from './error.ts';
import { configSchema, pathFields, type RelayConfig, settings } from './schema.ts';

interface Sources {
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

/**
 * Reads `--config FILE` (or FASTPAY_CONFIG); the environment overrides the file, flags override both.
 * @throws ConfigError.
 */
export function loadConfig(sources: Sources): RelayConfig {
  const flags = parseFlags(sources.arguments);
  const file = flags.get('config') ?? sources.environment.FASTPAY_CONFIG;
  flags.delete('config');
  const origins = new Map<string, string>();
  const values = file === undefined ? {} : readFile(resolve(sources.workingDirectory, file));
  for (const { field, parse } of settings) {
    const variable = environmentName(field);
    const fromEnvironment = sources.environment[variable];
    if (fromEnvironment !== undefined) {
      setField(values, field, absolute(field, parse(fromEnvironment), sources.workingDirectory));
      origins.set(field, variable);
    }
    const fromFlag = flags.get(field);
    if (fromFlag !== undefined) {
      setField(values, field, absolute(field, parse(fromFlag), sources.workingDirectory));
      origins.set(field, `--${field}`);
    }
    flags.delete(field);
  }
  const [unknown] = flags.keys();
  if (unknown !== undefined) throw new ConfigError(`--${unknown}: there is no such flag; --help lists them`);
  const result = configSchema.safeParse(values);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const field = issue.path.join('.');
    const origin = origins.get(field) ?? (file === undefined ? undefined : `in ${file}`);
    return `${field || 'configuration'}${origin ? ` (${origin})` : ''}: ${issue.message}`;
  });
  throw new ConfigError(lines.join('\n'));
}

export function helpText(): string {
  const flags = settings.map(({ field }) => `  --${field}  (${environmentName(field)})`);
  return ['usage: node relay/src/main.ts --config FILE [flags]', '', 'Each field of the file is also:', ...flags].join(
    '\n',
  );
}

/** `listen.port` is FASTPAY_LISTEN_PORT, `chain.rpcUrl` FASTPAY_CHAIN_RPC_URL. */
function environmentName(field: string): string {
  const words = field.replaceAll('.', '_').replaceAll(/([a-z])([A-Z])/g, '$1_$2');
  return `FASTPAY_${words.toUpperCase()}`;
}

function parseFlags(words: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (!word.startsWith('--')) throw new ConfigError(`${word}: expected a flag that begins with --`);
    const equals = word.indexOf('=');
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const value = equals < 0 ? words[++index] : word.slice(equals + 1);
    if (value === undefined) throw new ConfigError(`--${name}: needs a value`);
    if (flags.has(name)) throw new ConfigError(`--${name}: is given twice`);
    flags.set(name, value);
  }
  return flags;
}

function readFile(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new ConfigError(`${path}: cannot be read (${reason})`, { cause: error });
  }
  const json = parseJson(text);
  if (!isObject(json)) throw new ConfigError(`${path}: must hold a valid JSON object`);
  for (const field of pathFields) {
    const value = fieldOf(json, field);
    if (value !== undefined) setField(json, field, absolute(field, value, dirname(path)));
  }
  return json;
}

/** Without the parser's own message: it repeats the text around the fault, which may be a key in a node's address. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function absolute(field: string, value: unknown, base: string): unknown {
  if (!pathFields.includes(field) || typeof value !== 'string' || value === '' || isAbsolute(value)) return value;
  return resolve(base, value);
}

function fieldOf(source: Record<string, unknown>, field: string): unknown {
  let value: unknown = source;
  for (const name of field.split('.')) value = isObject(value) ? value[name] : undefined;
  return value;
}

function setField(target: Record<string, unknown>, field: string, value: unknown): void {
  const [head = '', ...rest] = field.split('.');
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const inner = target[head];
  const group = isObject(inner) ? inner : {};
  target[head] = group;
  setField(group, rest.join('.'), value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
