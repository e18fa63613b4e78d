import { entropyToMnemonic, mnemonicToEntropy, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';

/** BIP-39 with its English words, loaded when a phrase is first touched. */

const known = new Set(wordlist);

export const englishWords: readonly string[] = wordlist;

export function isWord(word: string): boolean {
  return known.has(word);
}

export function hasValidChecksum(phrase: string): boolean {
  return validateMnemonic(phrase, wordlist);
}

export function entropyOf(phrase: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(mnemonicToEntropy(phrase, wordlist));
}

export function phraseOf(entropy: Uint8Array): string {
  return entropyToMnemonic(entropy, wordlist);
}
