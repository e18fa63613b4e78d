import { expect, test } from 'vitest';
import * as vault from './index.ts';

test('the package exports these names', () => {
  expect(Object.keys(vault).toSorted()).toMatchInlineSnapshot(`
    [
      "ENTROPY_BYTES",
      "PHRASE_WORDS",
      "PUBLIC_DEMO_PHRASE",
      "PhraseError",
      "SealError",
      "checkPhrase",
      "createPhrase",
      "createQuiz",
      "defaultKdfParameters",
      "demoAccounts",
      "demoSigner",
      "deriveAccount",
      "deriveKey",
      "isQuizPassed",
      "maximumKdfParameters",
      "minimumKdfParameters",
      "phraseEntropy",
      "phraseFromEntropy",
      "seal",
      "suggestWords",
      "unseal",
      "wordsOf",
    ]
  `);
});
