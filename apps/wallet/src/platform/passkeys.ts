import type { AskForPasskey, PasskeyAssertion, PasskeyRecord } from '@fastpay/vault';
import { publicKeyFromSpki, recoverPasskey } from '@fastpay/vault';

/** Passkeys of this origin (WebAuthn), each the P-256 key of one account. */
export interface Passkeys {
  /** Asks the person to make one. @throws PasskeyError. */
  create(): Promise<PasskeyRecord>;
  /** Asks the person for one that exists, twice: only signatures tell its account. @throws PasskeyError. */
  find(): Promise<PasskeyRecord>;
  /** Asks the person to sign a challenge with it. @throws PasskeyError. */
  readonly ask: AskForPasskey;
}

export const browserPasskeys: Passkeys = { create: createPasskey, find: findPasskey, ask: askForPasskey };

const ES256 = -7;
const TIMEOUT_MS = 120_000;
const NAME = 'FastPay';

async function createPasskey(): Promise<PasskeyRecord> {
  const created = await ceremony(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: NAME },
        // The handle only tells passkeys of one origin apart; the account is known by its key.
        user: { id: random(16), name: `FastPay ${new Date().toISOString().slice(0, 10)}`, displayName: NAME },
        challenge: random(32),
        pubKeyCredParams: [{ type: 'public-key', alg: ES256 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
        timeout: TIMEOUT_MS,
      },
    }),
  );
  const response = created.response as AuthenticatorAttestationResponse;
  const spki = response.getPublicKey();
  if (spki === null) throw new PasskeyError('this authenticator makes keys that Tempo does not know');
  return { credentialId: new Uint8Array(created.rawId), publicKey: publicKeyFromSpki(new Uint8Array(spki)) };
}

async function findPasskey(): Promise<PasskeyRecord> {
  const any = await assertion(random(32), []);
  const credentialId = new Uint8Array(any.rawId);
  const publicKey = recoverPasskey(answerOf(any), await askForPasskey(credentialId, random(32)));
  if (!publicKey) throw new PasskeyError('the two answers were not of one passkey');
  return { credentialId, publicKey };
}

async function askForPasskey(credentialId: Uint8Array, challenge: Uint8Array): Promise<PasskeyAssertion> {
  return answerOf(await assertion(challenge, [credentialId]));
}

/** Without credentials the browser offers those that it knows of. */
function assertion(challenge: Uint8Array, credentialIds: readonly Uint8Array[]): Promise<PublicKeyCredential> {
  return ceremony(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: Uint8Array.from(challenge),
        allowCredentials: credentialIds.map((id) => ({ type: 'public-key', id: Uint8Array.from(id) })),
        userVerification: 'required',
        timeout: TIMEOUT_MS,
      },
    }),
  );
}

function answerOf(asserted: PublicKeyCredential): PasskeyAssertion {
  const response = asserted.response as AuthenticatorAssertionResponse;
  return {
    authenticatorData: new Uint8Array(response.authenticatorData),
    clientData: new Uint8Array(response.clientDataJSON),
    signature: new Uint8Array(response.signature),
  };
}

/** The browser's question was not answered with a passkey. Nothing was signed. */
export class PasskeyError extends Error {
  override readonly name = 'PasskeyError';
  readonly action = 'Try again, and confirm with the passkey that this wallet was made with.';
}

async function ceremony(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let credential: Credential | null;
  try {
    credential = await ask();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    const message =
      error.name === 'NotAllowedError'
        ? 'the passkey was not confirmed'
        : `the browser could not use a passkey (${error.name})`;
    throw new PasskeyError(message, { cause: error });
  }
  if (credential instanceof PublicKeyCredential) return credential;
  throw new PasskeyError('the browser gave no passkey');
}

function random(bytes: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(bytes));
}
