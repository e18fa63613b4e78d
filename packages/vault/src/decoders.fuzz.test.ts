import { fromHex } from '@fastpay/protocol';
import { fuzz, fuzzLine, jsonTarget, textTarget } from '@fastpay/protocol/testing';
import { expect, test } from 'vitest';
import { PhraseError } from './phrase/error.ts';
import { checkPhrase } from './phrase/phrase.ts';
import { suggestWords } from './phrase/suggest.ts';
import { SealError } from './seal/error.ts';
import { type DeriveKey, minimumKdfParameters } from './seal/kdf.ts';
import { parseRecord } from './seal/record.ts';
import { seal, unseal } from './seal/seal.ts';

const password = 'correct horse';
const parameters = minimumKdfParameters;
/** Stands in for Argon2id, whose cost is bounded by `maximumKdfParameters` and tested there. */
const deriveKey: DeriveKey = async ({ salt }) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(salt)));
const isTyped = (error: unknown) => error instanceof SealError;

test('sealed records and typed phrases are refused with typed errors, in bounded time and memory', async ({
  annotate,
}) => {
  const secret = fromHex('0x9e885d952ad362caeb4efe34a8e91bd2');
  const short = await seal(secret, { password, label: 'phrase', parameters }, { deriveKey });
  const long = await seal(new Uint8Array(2_000).fill(7), { password, label: 'keys', parameters }, { deriveKey });
  const open = async (stored: unknown) => {
    const opened = await unseal(stored, password, { deriveKey });
    // The tag covers every field, so nothing that was tampered with opens to something else.
    if (opened.length === secret.length) expect(opened).toEqual(secret);
    else expect(opened).toEqual(new Uint8Array(2_000).fill(7));
  };
  const report = await fuzz(
    [
      jsonTarget({ name: 'sealed record', samples: [short, long], decode: open, isTyped }),
      jsonTarget({
        name: 'record without a key',
        samples: [short, long],
        decode: parseRecord,
        isTyped,
        longest: 300_000,
      }),
      textTarget({
        name: 'phrase',
        samples: ['legal winner thank year wave sausage worth useful legal winner thank yellow'],
        decode: checkPhrase,
        isTyped: (error) => error instanceof PhraseError,
      }),
      textTarget({ name: 'mistyped word', samples: ['sausage'], decode: (text) => suggestWords(text), isTyped }),
    ],
    300,
  );
  await annotate(fuzzLine('vault decoders', report));
  expect(report.taken).toBeGreaterThan(20);
});
