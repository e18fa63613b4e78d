import { type RandomBytes, systemRandom } from '../random.ts';
import { PhraseError } from './error.ts';

declare const checked: unique symbol;
/**
 * Twelve English BIP-39 words, lowercase, one space between them, checksum right. A string cannot be wiped from
 * memory: hold it no longer than a screen needs it, and keep `phraseEntropy` bytes instead.
 */
export type Phrase = string & { readonly [checked]: 'Phrase' };

export const PHRASE_WORDS = 12;
/** 128 bits; twelve words of 11 bits carry them and 4 bits of checksum (BIP-39). */
export const ENTROPY_BYTES = 16;

// The word list is large and needed on three screens only.
const loadBip39 = () => import('./bip39.ts');

/** A new phrase from 16 random bytes. */
export async function createPhrase(random: RandomBytes = systemRandom): Promise<Phrase> {
  const entropy = random(ENTROPY_BYTES);
  const phrase = await phraseFromEntropy(entropy);
  entropy.fill(0);
  return phrase;
}

/** Splits what a person typed or pasted: any white space, any case, Unicode compatibility forms. */
export function wordsOf(text: string): string[] {
  return text.normalize('NFKD').toLowerCase().split(/\s+/).filter(Boolean);
}

/** @throws PhraseError WORD_COUNT, UNKNOWN_WORD (with its position) or CHECKSUM. */
export async function checkPhrase(text: string): Promise<Phrase> {
  const words = wordsOf(text);
  const facts = { wordCount: words.length };
  if (words.length !== PHRASE_WORDS) throw new PhraseError('WORD_COUNT', facts);
  const { isWord, hasValidChecksum } = await loadBip39();
  const position = words.findIndex((word) => !isWord(word));
  if (position >= 0) throw new PhraseError('UNKNOWN_WORD', { ...facts, position });
  const phrase = words.join(' ');
  if (!hasValidChecksum(phrase)) throw new PhraseError('CHECKSUM', facts);
  return phrase as Phrase;
}

/** The 16 bytes that the phrase stands for: what is sealed at rest. The caller wipes them. */
export async function phraseEntropy(phrase: Phrase): Promise<Uint8Array<ArrayBuffer>> {
  const { entropyOf } = await loadBip39();
  return entropyOf(phrase);
}

export async function phraseFromEntropy(entropy: Uint8Array): Promise<Phrase> {
  if (entropy.length !== ENTROPY_BYTES) throw new TypeError(`the entropy of a phrase is ${ENTROPY_BYTES} bytes`);
  const { phraseOf } = await loadBip39();
  return phraseOf(entropy) as Phrase;
}
