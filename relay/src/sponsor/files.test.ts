import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeSecp256k1Signer } from '@fastpay/crypto/node';
import { fromHex } from '@fastpay/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../config/error.ts';
import { createBudgetFile, readBudgetFile } from './budget-file.ts';
import { readSponsorKey } from './key-file.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-sponsor-'));
  path = join(directory, 'file.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

const secret = `0x${'07'.repeat(32)}`;
function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('expected a ConfigError');
}

describe('the key that pays', () => {
  const write = (content: unknown, mode = 0o600) => {
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode });
    chmodSync(path, mode);
  };

  it.each([0o600, 0o400])('is read from a file of mode %o', (mode) => {
    write({ feePayerKey: secret }, mode);
    expect(readSponsorKey(path).address).toBe(createNodeSecp256k1Signer(fromHex(secret)).address);
  });

  it.each([0o644, 0o640, 0o660, 0o700, 0o4600])('is not read from a file of mode %o', (mode) => {
    write({ feePayerKey: secret }, mode);
    expect(problemOf(() => readSponsorKey(path))).toContain('chmod 600');
  });

  it.each<[string, unknown, string]>([
    ['another key beside it', { feePayerKey: secret, other: 1 }, 'expected'],
    ['a short key', { feePayerKey: '0x07' }, 'expected'],
    ['no JSON', `{"feePayerKey":"${secret}"`, 'expected'],
    ['no curve’s key', { feePayerKey: `0x${'00'.repeat(32)}` }, 'no secp256k1 key'],
    ['a page of text', ' '.repeat(2_000), 'too large'],
  ])('is refused with %s, and never repeated', (_, content, problem) => {
    write(content);
    const message = problemOf(() => readSponsorKey(path));
    expect(message).toContain(problem);
    expect(message).toContain('sponsor.keyFile');
    expect(message).not.toContain('0707');
  });

  it('is refused where there is no file, or none to read', () => {
    expect(problemOf(() => readSponsorKey(join(directory, 'nowhere')))).toContain('ENOENT');
    expect(problemOf(() => readSponsorKey(directory))).toMatch(/regular file|EISDIR/);
  });
});

describe('what was spent', () => {
  it('is nothing before the first time, and survives', async () => {
    expect(readBudgetFile(path)).toEqual(new Map());
    const spent = new Map([
      [480_000, 5n],
      [480_001, 1n << 70n],
    ]);
    await createBudgetFile(path).write(spent);
    expect(readBudgetFile(path)).toEqual(spent);
  });

  it('is what was written last, however many write at once', async () => {
    const file = createBudgetFile(path);
    await Promise.all(Array.from({ length: 20 }, (_, index) => file.write(new Map([[7, BigInt(index)]]))));
    expect(readBudgetFile(path)).toEqual(new Map([[7, 19n]]));
  });

  it('tells whoever waits when it cannot be written, and goes on afterwards', async () => {
    const missing = join(directory, 'missing');
    const file = createBudgetFile(join(missing, 'file.json'));
    await expect(file.write(new Map())).rejects.toMatchObject({ code: 'ENOENT' });
    writeFileSync(missing, '');
    await expect(file.write(new Map())).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it.each(['{', '[]', '{"version":2,"unitsByHour":{}}', '{"version":1,"unitsByHour":{"7":"-1"}}', ''])(
    'is not guessed from a damaged file: %s',
    (text) => {
      writeFileSync(path, text);
      expect(problemOf(() => readBudgetFile(path))).toContain('sponsor.budgetFile');
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );
});
