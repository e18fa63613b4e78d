export { deriveAccount } from './account.ts';
export { type DemoAccount, type DemoName, demoAccounts, demoSigner, PUBLIC_DEMO_PHRASE } from './demo.ts';
export { createDeviceKey, deviceSigner } from './p256/device-key.ts';
export { type AskForPasskey, type PasskeyAssertion, type PasskeyRecord, passkeySigner } from './p256/passkey.ts';
export { publicKeyFromSpki } from './p256/public-key.ts';
export { recoverPasskey } from './p256/recover.ts';
export { PhraseError, type PhraseErrorCode } from './phrase/error.ts';
export {
  checkPhrase,
  createPhrase,
  ENTROPY_BYTES,
  PHRASE_WORDS,
  type Phrase,
  phraseEntropy,
  phraseFromEntropy,
  wordsOf,
} from './phrase/phrase.ts';
export { createQuiz, isQuizPassed, type QuizAnswer, type QuizQuestion } from './phrase/quiz.ts';
export { suggestWords } from './phrase/suggest.ts';
export type { RandomBytes } from './random.ts';
export { SealError, type SealErrorCode } from './seal/error.ts';
export {
  type DeriveKey,
  type DeriveKeyRequest,
  defaultKdfParameters,
  deriveKey,
  type KdfParameters,
  maximumKdfParameters,
  minimumKdfParameters,
} from './seal/kdf.ts';
export type { SealedRecord } from './seal/record.ts';
export { type SealDependencies, type SealOptions, seal, unseal } from './seal/seal.ts';
