import { fromHex, toHex } from '@fastpay/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SealError } from './error.ts';
import { type DeriveKey, deriveKey, minimumKdfParameters } from './kdf.ts';
import type { SealedRecord } from './record.ts';
import { seal, unseal } from './seal.ts';

const secret = fromHex('0x9e885d952ad362caeb4efe34a8e91bd2');
const parameters = minimumKdfParameters;
const options = { password: 'correct horse', label: 'phrase', parameters };

/** Stands in for Argon2id where a test is about the record and opens it hundreds of times. */
const quickDeriveKey: DeriveKey = async ({ password, salt, parameters: { memoryKiB, iterations, parallelism } }) => {
  const text = `${password}/${toHex(salt)}/${memoryKiB}/${iterations}/${parallelism}`;
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
};
const quick = { deriveKey: quickDeriveKey };

const codeOf = async (action: Promise<unknown>) => {
  const error = await action.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(SealError);
  return (error as SealError).code;
};

test('a sealed secret opens with its password, after a trip through JSON', async () => {
  const record = await seal(secret, options);
  expect(await unseal(JSON.parse(JSON.stringify(record)), 'correct horse')).toEqual(secret);
});

test('another password is told from damage', async () => {
  const record = await seal(secret, options);
  expect(await codeOf(unseal(record, 'correct horse '))).toBe('WRONG_PASSWORD');
  expect(await codeOf(unseal(record, ''))).toBe('WRONG_PASSWORD');
});

test('composed and decomposed letters are the same password', async () => {
  const record = await seal(secret, { ...options, password: 'caf\u00e9' });
  expect(await unseal(record, 'cafe\u0301')).toEqual(secret);
});

test('two seals of one secret share no salt, nonce or ciphertext', async () => {
  const first = await seal(secret, options, quick);
  const second = await seal(secret, options, quick);
  expect(first.kdf.salt).not.toBe(second.kdf.salt);
  expect(first.cipher.nonce).not.toBe(second.cipher.nonce);
  expect(first.ciphertext).not.toBe(second.ciphertext);
});

test('the record and the errors show neither secret nor password', async () => {
  const record = await seal(secret, options, quick);
  const error = await unseal(record, 'other password', quick).catch((caught: unknown) => caught);
  const shown = `${JSON.stringify(record)} ${error} ${JSON.stringify(error)}`;
  expect(shown).not.toContain('correct horse');
  expect(shown).not.toContain('other password');
  expect(shown).not.toContain(toHex(secret).slice(2));
});

test('one changed character anywhere in the stored bytes is damage, never a wrong secret', async () => {
  const record = await seal(secret, options, quick);
  const fields: ((damaged: string) => unknown)[] = [
    (salt) => ({ ...record, kdf: { ...record.kdf, salt } }),
    (nonce) => ({ ...record, cipher: { ...record.cipher, nonce } }),
    (ciphertext) => ({ ...record, ciphertext }),
    (check) => ({ ...record, check }),
  ];
  const values = [record.kdf.salt, record.cipher.nonce, record.ciphertext, record.check];
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 3 }), fc.nat(), fc.constantFrom(...'0123456789abcdefx'), async (which, at, put) => {
      const value = values[which] ?? '0x';
      const index = at % value.length;
      const damaged = `${value.slice(0, index)}${put}${value.slice(index + 1)}`;
      fc.pre(damaged !== value);
      expect(await codeOf(unseal(fields[which]?.(damaged), 'correct horse', quick))).toBe('DAMAGED');
    }),
    { numRuns: 200 },
  );
});

test('a changed header with a repaired checksum still does not open', async () => {
  const record = await seal(secret, options, quick);
  const relabelled = { ...record, label: 'backup' };
  const { check } = await seal(secret, { ...options, label: 'backup' }, quick);
  expect(await codeOf(unseal({ ...relabelled, check }, 'correct horse', quick))).toBe('DAMAGED');
  const repaired = await withRightCheck(relabelled);
  expect(await codeOf(unseal(repaired, 'correct horse', quick))).toBe('WRONG_PASSWORD');
});

async function withRightCheck(record: SealedRecord): Promise<SealedRecord> {
  const { checkBytes, headerBytes } = await import('./record.ts');
  const { memoryKiB, iterations, parallelism } = record.kdf;
  const header = headerBytes({
    label: record.label,
    parameters: { memoryKiB, iterations, parallelism },
    salt: new Uint8Array(fromHex(record.kdf.salt)),
    nonce: new Uint8Array(fromHex(record.cipher.nonce)),
  });
  return { ...record, check: toHex(await checkBytes(header, fromHex(record.ciphertext))) };
}

test('anything that is no record is damage', async () => {
  const record = await seal(secret, options, quick);
  const strange: unknown[] = [
    undefined,
    null,
    7,
    'text',
    {},
    [],
    { ...record, format: 'other' },
    { ...record, version: '1' },
    { ...record, kdf: undefined },
    { ...record, kdf: { ...record.kdf, name: 'scrypt' } },
    { ...record, cipher: { ...record.cipher, name: 'AES-128-GCM' } },
    { ...record, label: 'x'.repeat(65) },
    { ...record, ciphertext: `0x${'00'.repeat(70_000)}` },
  ];
  for (const stored of strange) expect(await codeOf(unseal(stored, 'correct horse', quick))).toBe('DAMAGED');
});

test('a record of a later version asks for an update', async () => {
  const record = await seal(secret, options, quick);
  expect(await codeOf(unseal({ ...record, version: 2 }, 'correct horse', quick))).toBe('UNKNOWN_VERSION');
});

test.each([
  { ...minimumKdfParameters, memoryKiB: minimumKdfParameters.memoryKiB - 1 },
  { ...minimumKdfParameters, iterations: 1 },
  { ...minimumKdfParameters, parallelism: 0 },
  { ...minimumKdfParameters, memoryKiB: 2 ** 31 },
  { ...minimumKdfParameters, iterations: 2.5 },
])('derivation with %o is neither used nor opened', async (bad) => {
  await expect(seal(secret, { ...options, parameters: bad }, quick)).rejects.toThrow(RangeError);
  const record = await seal(secret, options, quick);
  const weakened = { ...record, kdf: { ...record.kdf, ...bad } };
  expect(await codeOf(unseal(weakened, 'correct horse', quick))).toBe('DAMAGED');
});

test('an empty password, an empty secret and a huge secret are refused', async () => {
  await expect(seal(secret, { ...options, password: '' }, quick)).rejects.toThrow(RangeError);
  await expect(seal(new Uint8Array(0), options, quick)).rejects.toThrow(RangeError);
  await expect(seal(new Uint8Array(70_000), options, quick)).rejects.toThrow(RangeError);
});

test('a record that would not open again is not handed out', async () => {
  let calls = 0;
  const unreliable: DeriveKey = (request) => quickDeriveKey({ ...request, password: `${request.password}${calls++}` });
  expect(await codeOf(seal(secret, options, { deriveKey: unreliable }))).toBe('SEAL_FAILED');
});

test('derived keys are wiped after use and the secret is left to its owner', async () => {
  const handed: Uint8Array[] = [];
  const watched: DeriveKey = async (request) => {
    const key = await quickDeriveKey(request);
    handed.push(key);
    return key;
  };
  const own = secret.slice();
  await unseal(await seal(own, options, { deriveKey: watched }), options.password, { deriveKey: watched });
  expect(handed).toHaveLength(3);
  for (const key of handed) expect(key).toEqual(new Uint8Array(32));
  expect(own).toEqual(secret);
});

test('a record of version 1 opens for ever', async () => {
  const stored = {
    format: 'fastpay.sealed',
    version: 1,
    label: 'phrase',
    kdf: {
      name: 'argon2id',
      memoryKiB: 19456,
      iterations: 2,
      parallelism: 1,
      salt: '0x000102030405060708090a0b0c0d0e0f',
    },
    cipher: { name: 'AES-256-GCM', nonce: '0x101112131415161718191a1b' },
    ciphertext: '0x104e04bf2eb8ddceda3a42aa26976947bfbf64dc730a8bff1fae07e4bdccb094',
    check: '0x15f249499afef476',
  };
  expect(await unseal(stored, 'correct horse')).toEqual(secret);
});

test('key derivation is Argon2id as its reference implementation tests it', async () => {
  const salt = new TextEncoder().encode('somesalt');
  const key = await deriveKey({
    password: 'password',
    salt,
    parameters: { memoryKiB: 65_536, iterations: 2, parallelism: 1 },
  });
  expect(toHex(key)).toBe('0x09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7');
});

test('the default is the measured cost', async () => {
  const record = await seal(secret, { password: 'correct horse', label: 'phrase' }, quick);
  expect(record.kdf).toMatchObject({ memoryKiB: 65_536, iterations: 3, parallelism: 1 });
});
