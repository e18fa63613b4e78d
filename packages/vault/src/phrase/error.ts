export type PhraseErrorCode = 'WORD_COUNT' | 'UNKNOWN_WORD' | 'CHECKSUM';

const messages: Record<PhraseErrorCode, string> = {
  WORD_COUNT: 'A recovery phrase has 12 words.',
  UNKNOWN_WORD: 'One of the words is not in the list that recovery phrases are made of.',
  CHECKSUM: 'All words exist, but together they are no recovery phrase: one is wrong, or two are swapped.',
};

/** Why a text is no recovery phrase. It never carries a word of it: errors end up in logs. */
export class PhraseError extends Error {
  override readonly name = 'PhraseError';
  readonly code: PhraseErrorCode;
  /** Of the unknown word, counted from 0; `suggestWords` has proposals for it. */
  readonly position: number | undefined;
  /** How many words were given. */
  readonly wordCount: number;

  constructor(code: PhraseErrorCode, facts: { readonly wordCount: number; readonly position?: number }) {
    super(messages[code]);
    this.code = code;
    this.wordCount = facts.wordCount;
    this.position = facts.position;
  }
}
