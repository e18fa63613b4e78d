import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, programTest as test } from '../fixtures/test.ts';

const example = fileURLToPath(new URL('../examples/pay-from-a-program.ts', import.meta.url));

test('the example of the README pays, with a vote from each validator', async ({ devnet }) => {
  const validators = devnet.runtime.validators.map(({ url }) => new URL(url).host);
  const { stdout } = await promisify(execFile)(process.execPath, [example, devnet.relayUrl, ...validators]);
  for (const name of ['Dave', 'Edgar', 'Frank', 'Grace'])
    expect(stdout).toMatch(new RegExp(`^${name} .* votes: 0x`, 'm'));
  expect(stdout).toMatch(/^QUEUED_ONCHAIN, certified by [34] validators$/m);
});
