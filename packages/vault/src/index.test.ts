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
      "createDeviceKey",
      "createPhrase",
      "createQuiz",
      "defaultKdfParameters",
      "demoAccounts",
      "demoSigner",
      "deriveAccount",
      "deriveKey",
      "deviceSigner",
      "isQuizPassed",
      "maximumKdfParameters",
      "minimumKdfParameters",
      "passkeySigner",
      "phraseEntropy",
      "phraseFromEntropy",
      "publicKeyFromSpki",
      "recoverPasskey",
      "seal",
      "suggestWords",
      "unseal",
      "wordsOf",
    ]
  `);
});
