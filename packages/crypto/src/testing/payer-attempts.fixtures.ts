import {
  type Address,
  bytesOf,
  concatBytes,
  type Hash,
  hashFromBytes,
  keccak256,
  unsignedBytes,
  utf8,
} from '@fastpay/protocol';
import { createRandom, hostileBytes, type Random } from '@fastpay/protocol/testing';
import { addressOfPublicKey } from '../address.ts';
import type { PayerSigner } from '../engine.ts';
import { createSecp256k1Signer } from '../secp256k1-signer.ts';
import { base64Url } from '../webauthn.ts';
import { p256Matrix, recoverMatrix } from './ecdsa-matrix.fixtures.ts';
import { browserClientData, createP256Payer, createPasskeyPayer, signAssertion } from './payers.fixtures.ts';
import { webAuthnMatrix } from './webauthn-matrix.fixtures.ts';

/** Something that somebody may send as the signature of `account` over `digest`. */
export interface PayerAttempt {
  /** What is hostile about it; attempts are counted by this. */
  readonly kind: string;
  readonly name: string;
  readonly digest: Hash;
  readonly signature: Uint8Array;
  readonly account: Address;
}

const KEY = unsignedBytes(0xa11ce, 32);
const DIGEST = hashFromBytes(keccak256(utf8('what a payer signs')));
const payers = {
  secp256k1: createSecp256k1Signer(KEY),
  'P-256': createP256Payer(KEY),
  WebAuthn: createPasskeyPayer(KEY),
} satisfies Record<string, PayerSigner>;
const p256Account = payers['P-256'].address;

/** Thousands of attempts, always the same for a seed; `tampered` of each kind that is tampered with at random. */
export async function payerAttempts(seed: number, tampered: number): Promise<readonly PayerAttempt[]> {
  return [
    ...recoverAttempts(),
    ...p256Attempts(),
    ...assertionAttempts(),
    ...clientDataAttempts(createRandom(seed, 1), tampered),
    ...(await shapeAttempts()),
    ...(await tamperedAttempts(createRandom(seed, 2), tampered)),
  ];
}

function recoverAttempts(): readonly PayerAttempt[] {
  return recoverMatrix().map(({ name, digest, signature, address }) => ({
    kind: 'secp256k1, edges of r, s and v',
    name,
    digest: hashFromBytes(digest),
    signature,
    account: address ?? payers.secp256k1.address,
  }));
}

function p256Attempts(): readonly PayerAttempt[] {
  return p256Matrix(bytesOf(DIGEST)).flatMap(({ name, signature, publicKey }) =>
    [0, 1, 2, 255].map((flag) => ({
      kind: `P-256, edges of r and s, prehash flag ${flag}`,
      name,
      digest: DIGEST,
      signature: concatBytes(Uint8Array.of(1), signature, publicKey, Uint8Array.of(flag)),
      account: addressOfPublicKey(publicKey),
    })),
  );
}

function assertionAttempts(): readonly PayerAttempt[] {
  const challenge = base64Url(bytesOf(DIGEST));
  return webAuthnMatrix().map(({ name, kind, authenticatorData, clientData }) => ({
    kind: `WebAuthn, ${kind}`,
    name,
    digest: DIGEST,
    signature: signAssertion(KEY, authenticatorData, clientData(challenge)),
    account: p256Account,
  }));
}

/** Client data tampered with before it was signed: only its reading is in question. */
function clientDataAttempts(random: Random, count: number): readonly PayerAttempt[] {
  const sample = utf8(browserClientData(base64Url(bytesOf(DIGEST))));
  const authenticatorData = concatBytes(new Uint8Array(32), Uint8Array.of(5), new Uint8Array(4));
  return Array.from({ length: count }, (_, index) => ({
    kind: 'WebAuthn, client data tampered with and signed',
    name: String(index),
    digest: DIGEST,
    signature: signAssertion(KEY, authenticatorData, hostileBytes([sample], 1_900, random)),
    account: p256Account,
  }));
}

/** Signatures in other wrappings: every first byte, keychains, two in one, zeros, each scheme under another's name. */
async function shapeAttempts(): Promise<readonly PayerAttempt[]> {
  const made = await Promise.all(
    Object.entries(payers).map(async ([scheme, payer]) => ({
      scheme,
      account: payer.address,
      signature: await payer.sign(DIGEST),
    })),
  );
  return made.flatMap(({ scheme, account, signature }) => {
    const shapes: (readonly [string, Uint8Array])[] = [
      ['as it is', signature],
      ['twice', concatBytes(signature, signature)],
      ['zeros', new Uint8Array(signature.length)],
      ['backwards', signature.toReversed()],
      ...[3, 4].flatMap((type): (readonly [string, Uint8Array])[] => [
        [`keychain ${type}`, concatBytes(Uint8Array.of(type), bytesOf(account), signature)],
        [`keychain ${type} without an account`, concatBytes(Uint8Array.of(type), signature)],
      ]),
      ...Array.from({ length: 256 }, (_, byte): readonly [string, Uint8Array] => [
        `first byte ${byte}`,
        concatBytes(Uint8Array.of(byte), signature.subarray(1)),
      ]),
      ...Array.from({ length: 6 }, (_, byte): readonly [string, Uint8Array] => [
        `byte ${byte} before`,
        concatBytes(Uint8Array.of(byte), signature),
      ]),
      ...Array.from({ length: 256 }, (_, byte): readonly [string, Uint8Array] => [
        `last byte ${byte}`,
        concatBytes(signature.subarray(0, -1), Uint8Array.of(byte)),
      ]),
      ...Array.from({ length: signature.length }, (_, length): readonly [string, Uint8Array] => [
        `cut to ${length}`,
        signature.subarray(0, length),
      ]),
    ];
    return shapes.map(([name, bytes]) => ({
      kind: `${scheme}, other shapes`,
      name,
      digest: DIGEST,
      signature: bytes,
      account,
    }));
  });
}

async function tamperedAttempts(random: Random, count: number): Promise<readonly PayerAttempt[]> {
  const schemes = await Promise.all(
    Object.entries(payers).map(async ([scheme, { address, sign }]) => ({
      scheme,
      account: address,
      sample: await sign(DIGEST),
    })),
  );
  return schemes.flatMap(({ scheme, account, sample }) =>
    Array.from({ length: count }, (_, index) => ({
      kind: `${scheme}, tampered with after signing`,
      name: String(index),
      digest: DIGEST,
      signature: hostileBytes([sample], 2_200, random),
      account,
    })),
  );
}
