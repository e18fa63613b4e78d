import { ConfigError } from './error.ts';

/** Flags by name without dashes: `listen.port` → `7101`. */
export type Flags = ReadonlyMap<string, string>;

/**
 * Reads `--name value` and `--name=value`.
 * @throws ConfigError for a flag that is not in `known`, given twice, or without a value, and for loose words.
 */
export function parseFlags(words: readonly string[], known: readonly string[]): Flags {
  const flags = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(word);
    if (!match) throw problem('command line', 'only flags such as --listen.port 4701 are understood after the command');
    const [, name = '', inline] = match;
    if (!known.includes(name)) throw problem(`--${name}`, 'no such flag');
    if (flags.has(name)) throw problem(`--${name}`, 'given twice');
    const value = inline ?? words[++index];
    if (value === undefined) throw problem(`--${name}`, 'needs a value');
    flags.set(name, value);
  }
  return flags;
}

function problem(field: string, what: string): ConfigError {
  return new ConfigError([{ field, source: 'command line', problem: what, fix: 'see --help' }]);
}
