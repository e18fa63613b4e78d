import { relative } from 'node:path';
import { styleText } from 'node:util';
import type { Runtime } from '../state/runtime.ts';

/** What is said once everything runs: where to go, and how to stop. */
export function summary(runtime: Runtime, options: { readonly keys: boolean }): string {
  const port = (url: string) => new URL(url).port;
  const validators = runtime.validators.map(({ name, url }) => `${name} ${port(url)}`).join(' · ');
  const path = relative(process.env.INIT_CWD ?? process.cwd(), runtime.stateDirectory) || '.';
  const state = path.startsWith('..') ? runtime.stateDirectory : path;
  const keys = options.keys
    ? '1–4 stop or start a validator · q quit'
    : 'Ctrl-C stops everything; the state stays for the next start';
  return [
    '',
    `FastPay is running. Open ${styleText(['bold', 'cyan'], runtime.walletUrl)}`,
    '',
    `  validators  ${validators} (any three certify)`,
    `  relay       ${runtime.relayUrl}   Tempo node ${runtime.nodeUrl}   control ${runtime.controlUrl}`,
    `  state       ${state} (logs inside)`,
    `  keys        ${keys}`,
    '',
  ].join('\n');
}

/** One line after a validator came or went. */
export function committeeLine(validators: readonly { readonly name: string; readonly running: boolean }[]): string {
  const quorum = 3;
  const running = validators.filter((validator) => validator.running).length;
  const lamps = validators.map(
    ({ name, running: on }) => `${on ? styleText('green', '●') : styleText('red', '○')} ${name}`,
  );
  const meaning = running >= quorum ? 'payments go on' : `payments wait until ${quorum} run`;
  return `  ${lamps.join('  ')}   ${running} of ${validators.length} running: ${meaning}`;
}
