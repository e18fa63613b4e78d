import { dirname, resolve } from 'node:path';
import { ConfigError, type ConfigProblem } from './error.ts';
import type { Flags } from './flags.ts';
import { readJsonFile } from './read-json.ts';
import { configSchema, type SidecarConfig } from './schema.ts';
import { ENVIRONMENT_PREFIX, type Setting, settings } from './settings.ts';

export interface LoadedConfig {
  readonly config: SidecarConfig;
  /** Names of `FASTPAY_…` variables that are no setting; worth a warning, since a typing error looks like this. */
  readonly unknownVariables: readonly string[];
}

/** A value with the place it came from, for error messages. */
interface Sourced {
  readonly value: unknown;
  readonly source: string;
}

/**
 * Puts the configuration together: flags before environment before file.
 * @throws ConfigError that names each unusable field, where it came from and what to do; never a value.
 */
export function loadConfig(flags: Flags, environment: NodeJS.ProcessEnv): LoadedConfig {
  const values = new Map<string, Sourced>();
  const configFile = flags.get('config') ?? environment.FASTPAY_CONFIG;
  if (configFile !== undefined) readConfigFile(configFile, values);
  for (const setting of settings) {
    const fromEnvironment = environment[setting.variable];
    if (fromEnvironment !== undefined) {
      values.set(setting.path, fromText(setting, fromEnvironment, `environment ${setting.variable}`));
    }
    const fromFlag = flags.get(setting.path);
    if (fromFlag !== undefined) values.set(setting.path, fromText(setting, fromFlag, `flag ${setting.flag}`));
  }
  return { config: check(values), unknownVariables: unknownVariables(environment) };
}

function fromText(setting: Setting, text: string, source: string): Sourced {
  if (setting.kind === 'number') return { value: /^-?\d+$/.test(text) ? Number(text) : text, source };
  if (setting.kind === 'boolean') return { value: text === 'true' || (text === 'false' ? false : text), source };
  if (setting.kind === 'list') {
    const items = text.split(',').map((item) => item.trim());
    return { value: items.filter((item) => item !== ''), source };
  }
  return { value: setting.isPath && text !== '' ? resolve(text) : text, source };
}

function readConfigFile(file: string, values: Map<string, Sourced>): void {
  const read = readJsonFile(file);
  if ('problem' in read) {
    throw new ConfigError([{ field: file, source: 'the configuration file', problem: read.problem }]);
  }
  const unknown: string[] = [];
  collect(read.json, '', { file, values, unknown });
  if (unknown.length > 0) {
    throw new ConfigError(
      unknown.map((field) => ({ field, source: `file ${file}`, problem: 'no such setting', fix: nearest(field) })),
    );
  }
}

interface Collector {
  readonly file: string;
  readonly values: Map<string, Sourced>;
  readonly unknown: string[];
}

function collect(json: unknown, path: string, into: Collector): void {
  const setting = settings.find((candidate) => candidate.path === path);
  if (setting) {
    const isRelative = setting.isPath && typeof json === 'string' && json !== '';
    const value = isRelative ? resolve(dirname(into.file), json) : json;
    into.values.set(path, { value, source: `file ${into.file}` });
    return;
  }
  const isGroup = path === '' || settings.some((candidate) => candidate.path.startsWith(`${path}.`));
  if (!isGroup) {
    into.unknown.push(path);
    return;
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    const field = path === '' ? into.file : path;
    throw new ConfigError([{ field, source: `file ${into.file}`, problem: 'expected an object in braces' }]);
  }
  for (const [key, value] of Object.entries(json)) collect(value, path === '' ? key : `${path}.${key}`, into);
}

function nearest(field: string): string {
  const last = field.split('.').at(-1)?.toLowerCase();
  const match = settings.find((setting) => setting.path.split('.').at(-1)?.toLowerCase() === last);
  return match ? `did you mean ${match.path}?` : 'see --help for every setting';
}

function check(values: ReadonlyMap<string, Sourced>): SidecarConfig {
  const result = configSchema.safeParse(nested(values));
  if (result.success) return result.data;
  const seen = new Set<string>();
  const problems: ConfigProblem[] = [];
  for (const issue of result.error.issues) {
    for (const field of fieldsOf(issue.path)) {
      if (seen.has(field)) continue;
      seen.add(field);
      const setting = settings.find((candidate) => candidate.path === field);
      const given = values.get(field);
      const ways = setting ? `"${field}" in the file, ${setting.variable} or ${setting.flag}` : `"${field}"`;
      problems.push(
        given
          ? { field, source: given.source, problem: issue.message, fix: setting?.description ?? '' }
          : { field, problem: 'missing', fix: `${setting?.description ?? ''}; set ${ways}` },
      );
    }
  }
  throw new ConfigError(problems);
}

/** The settings that an issue is about: one, or the required ones of a group that was left out whole. */
function fieldsOf(path: readonly PropertyKey[]): string[] {
  const dotted = path.filter((part) => typeof part === 'string').join('.');
  if (settings.some((setting) => setting.path === dotted)) return [dotted];
  const required = settings.filter((setting) => setting.path.startsWith(`${dotted}.`) && !('fallback' in setting));
  return required.length > 0 ? required.map((setting) => setting.path) : [dotted];
}

function nested(values: ReadonlyMap<string, Sourced>): unknown {
  const root: Record<string, unknown> = {};
  for (const [path, { value }] of values) {
    const keys = path.split('.');
    const last = keys.pop() ?? path;
    let at = root;
    for (const key of keys) {
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return root;
}

function unknownVariables(environment: NodeJS.ProcessEnv): string[] {
  const known = new Set([`${ENVIRONMENT_PREFIX}CONFIG`, ...settings.map((setting) => setting.variable)]);
  return Object.keys(environment).filter((name) => name.startsWith(ENVIRONMENT_PREFIX) && !known.has(name));
}
