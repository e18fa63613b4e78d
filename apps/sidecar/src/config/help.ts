import { settings } from './settings.ts';

/** The text of `--help`: every setting with its default. */
export function helpText(): string {
  const flags = ['--config FILE', ...settings.map((setting) => setting.flag)];
  const width = Math.max(...flags.map((flag) => flag.length)) + 2;
  const lines = settings.map(({ flag, description, fallback }) => {
    const note = fallback === undefined ? 'required' : `default ${shown(fallback)}`;
    return `  ${flag.padEnd(width)}${description} (${note})`;
  });
  return [
    'A FastPay validator: keeps a ledger, votes for payments and commits to them.',
    '',
    'Usage:',
    '  node apps/sidecar/src/main.ts --config FILE [flags]     serve until SIGTERM',
    '  node apps/sidecar/src/main.ts keygen --out FILE         make the keys of a new validator',
    '      [--name NAME] [--stake N]                           and print its public half',
    '  node apps/sidecar/src/main.ts export-state --config FILE --to DIRECTORY',
    '                                                          move a stopped validator out; it never signs here again',
    '  node apps/sidecar/src/main.ts import-state --config FILE --from DIRECTORY',
    '                                                          move it in on another machine',
    '  node apps/sidecar/src/main.ts deploy --committee FILE   check a committee, deploy a reserve for it,',
    '      --key FILE --rpc URL --out FILE [--name NAME]       and write the manifest of the new network',
    '      [--exit-delay S] [--fee N] [--surcharge N] [--mainnet yes]',
    '',
    'Flags come before environment variables (FASTPAY_LISTEN_PORT for --listen.port), and these before the file.',
    'Paths in the file are relative to it; lists are separated by commas.',
    '',
    'Settings:',
    `  ${'--config FILE'.padEnd(width)}configuration file (JSON), also FASTPAY_CONFIG`,
    ...lines,
    '',
    'Exit codes: 0 stopped as asked, 64 bad configuration or keys, 69 the store or the port is not available,',
    '70 a broken invariant (the store failed), 130 stopped by force.',
    '',
  ].join('\n');
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(',');
  return value === '' ? 'empty' : String(value);
}
