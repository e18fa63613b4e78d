import { fromHex, toHex } from '@fastpay/protocol';
import { expect, test } from 'vitest';
import { PhraseError } from './error.ts';
import { checkPhrase, createPhrase, phraseEntropy, phraseFromEntropy } from './phrase.ts';

/** Published BIP-39 vectors for 128 bits. */
const vectors = [
  ['0x00000000000000000000000000000000', `${'abandon '.repeat(11)}about`],
  ['0x7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f', 'legal winner thank year wave sausage worth useful legal winner thank yellow'],
  ['0xffffffffffffffffffffffffffffffff', `${'zoo '.repeat(11)}wrong`],
  [
    '0x9e885d952ad362caeb4efe34a8e91bd2',
    'ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic',
  ],
] as const;

test.each(vectors)('entropy %s and its phrase stand for each other', async (entropy, phrase) => {
  expect(await phraseFromEntropy(fromHex(entropy))).toBe(phrase);
  expect(toHex(await phraseEntropy(await checkPhrase(phrase)))).toBe(entropy);
});

test('a new phrase passes its own check and is another one each time', async () => {
  const phrase = await createPhrase();
  expect(await checkPhrase(phrase)).toBe(phrase);
  expect(await createPhrase()).not.toBe(phrase);
});

test('a new phrase holds exactly the random bytes, which are wiped', async () => {
  const given = fromHex('0x9e885d952ad362caeb4efe34a8e91bd2').slice();
  expect(await createPhrase(() => given)).toBe(vectors[3][1]);
  expect(given).toEqual(new Uint8Array(16));
});

test('white space and case of what was pasted do not matter', async () => {
  expect(await checkPhrase(`  LEGAL\twinner\nthank year ${vectors[1][1].split(' ').slice(4).join('  ')}\n`)).toBe(
    vectors[1][1],
  );
});

test('another number of words is refused with the count', async () => {
  await expect(checkPhrase('legal winner thank')).rejects.toMatchObject({ code: 'WORD_COUNT', wordCount: 3 });
  await expect(checkPhrase('')).rejects.toMatchObject({ code: 'WORD_COUNT', wordCount: 0 });
});

test('an unknown word is named by its place and never repeated in the error', async () => {
  const error = await checkPhrase(vectors[1][1].replace('sausage', 'sossage')).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(PhraseError);
  expect(error).toMatchObject({ code: 'UNKNOWN_WORD', position: 5 });
  expect(`${error} ${JSON.stringify(error)} ${(error as Error).stack}`).not.toMatch(/sossage|legal|winner/);
});

test('two swapped words fail the checksum, without any word in the error', async () => {
  const error = await checkPhrase(vectors[1][1].replace('legal winner', 'winner legal')).catch(
    (caught: unknown) => caught,
  );
  expect(error).toMatchObject({ code: 'CHECKSUM' });
  expect(`${error} ${JSON.stringify(error)} ${(error as Error).stack}`).not.toMatch(/legal|winner/);
});

test('entropy of another length is refused', async () => {
  await expect(phraseFromEntropy(new Uint8Array(32))).rejects.toThrow(TypeError);
});
