import { concatBytes, fromHex, utf8 } from '@fastpay/protocol';
import { getPublicKey, Point, sign } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import '../ed25519.ts';
import { encodings } from './ed25519-matrix.fixtures.ts';
import { fromLittleEndian, littleEndian, modulo } from './numbers.fixtures.ts';

/** One question to `ed25519Verify` and the one right answer. */
export interface Ed25519Case {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly valid: boolean;
}

const { n: ORDER, p: FIELD } = Point.CURVE();

/** RFC 8032 §7.1: secret key, public key, message, signature. */
export const rfc8032Vectors = [
  {
    name: 'TEST 1',
    seed: '0x9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: '0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '0x',
    signature:
      '0xe5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    name: 'TEST 2',
    seed: '0x4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '0x3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '0x72',
    signature:
      '0x92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    name: 'TEST 3',
    seed: '0xc5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: '0xfc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: '0xaf82',
    signature:
      '0x6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
] as const;

/** A generator of the eight points whose order divides 8. */
const TORSION = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa');
const torsionPoints = Array.from({ length: 8 }, (_, index) =>
  index === 0 ? Point.ZERO : TORSION.multiply(BigInt(index), false),
);

const SEED = new Uint8Array(32).fill(0x42);
const MESSAGE = utf8('fastpay');
const SECRET = 0x1234_5678_9abc_def0n;
const NONCE = 0x0fed_cba9_8765_4321n;

export function ed25519Cases(): readonly Ed25519Case[] {
  return [...ordinaryCases(), ...malformedCases(), ...scalarCases(), ...keyCases(), ...commitmentCases()];
}

function ordinaryCases(): Ed25519Case[] {
  return [
    ...rfc8032Vectors.map(({ name, publicKey, message, signature }) => ({
      name: `RFC 8032 ${name}`,
      publicKey: fromHex(publicKey),
      message: fromHex(message),
      signature: fromHex(signature),
      valid: true,
    })),
    { name: 'an ordinary signature', ...honest(), valid: true },
    { name: 'a signature of another message', ...honest(), message: utf8('fastpaz'), valid: false },
    { name: 'a key that did not sign', ...honest(), publicKey: getPublicKey(new Uint8Array(32).fill(7)), valid: false },
    {
      name: 'a message of 100 kB',
      ...honest(new Uint8Array(100_000).fill(3)),
      valid: true,
    },
  ];
}

function malformedCases(): Ed25519Case[] {
  const { publicKey, message, signature } = honest();
  const withSignature = (name: string, bytes: Uint8Array) => ({
    name,
    publicKey,
    message,
    signature: bytes,
    valid: false,
  });
  const withKey = (name: string, bytes: Uint8Array) => ({ name, publicKey: bytes, message, signature, valid: false });
  return [
    withSignature('an empty signature', new Uint8Array(0)),
    withSignature('a signature without its last byte', signature.subarray(0, 63)),
    withSignature('a signature with a trailing byte', concatBytes(signature, Uint8Array.of(0))),
    withSignature('a signature of zeros', new Uint8Array(64)),
    withSignature('a signature of ones', new Uint8Array(64).fill(0xff)),
    withKey('an empty key', new Uint8Array(0)),
    withKey('a key without its last byte', publicKey.subarray(0, 31)),
    withKey('a key with a trailing byte', concatBytes(publicKey, Uint8Array.of(0))),
    withKey('a key of zeros', new Uint8Array(32)),
    withKey('a key of ones', new Uint8Array(32).fill(0xff)),
    withKey('a key that is no point', firstNonPoint()),
    {
      name: 'key and signature of zeros',
      publicKey: new Uint8Array(32),
      message,
      signature: new Uint8Array(64),
      valid: false,
    },
  ];
}

/** The same signature with s moved by multiples of the group order: equal modulo L, and not canonical. */
function scalarCases(): Ed25519Case[] {
  const { publicKey, message, signature } = honest();
  const s = fromLittleEndian(signature.subarray(32));
  const cases = [1n, 2n, 8n, 15n]
    .map((factor) => ({ factor, moved: s + factor * ORDER }))
    .filter(({ moved }) => moved < 1n << 256n)
    .map(({ factor, moved }) => ({
      name: `s + ${factor} L`,
      publicKey,
      message,
      signature: concatBytes(signature.subarray(0, 32), littleEndian(moved)),
      valid: false,
    }));
  return [
    ...cases,
    {
      name: 's equal to L',
      publicKey,
      message,
      signature: concatBytes(signature.subarray(0, 32), littleEndian(ORDER)),
      valid: false,
    },
  ];
}

/** Keys under which lenient verifiers accept signatures that their owner can deny, or that fit many messages. */
function keyCases(): Ed25519Case[] {
  const honestKey = Point.BASE.multiply(SECRET);
  const small = torsionPoints.flatMap((point, index) =>
    encodings(point).map(({ encoding, canonical }, form) => ({
      name: `small-order key ${index}, encoding ${form}${canonical ? '' : ' (not canonical)'}`,
      ...grind((message) => signed({ key: point, keyBytes: encoding, secret: 0n, message })),
      valid: false,
    })),
  );
  const mixed = torsionPoints.slice(1).map((point, index) => ({
    name: `mixed-order key ${index + 1}`,
    ...grind((message) => signed({ key: honestKey.add(point), secret: SECRET, message })),
    valid: false,
  }));
  const beyondField = Array.from({ length: 19 }, (_, y) => ({
    name: `key with y = p + ${y}`,
    ...honest(),
    publicKey: littleEndian(FIELD + BigInt(y)),
    valid: false,
  }));
  return [...small, ...mixed, ...beyondField];
}

/** Commitments R that only a lenient or cofactored verifier lets through. */
function commitmentCases(): Ed25519Case[] {
  const key = Point.BASE.multiply(SECRET);
  const mixed = torsionPoints.slice(1).map((point, index) => ({
    name: `mixed-order R ${index + 1} (passes the cofactored equation)`,
    ...signed({ key, secret: SECRET, commitment: Point.BASE.multiply(NONCE).add(point) }),
    valid: false,
  }));
  const small = torsionPoints.flatMap((point, index) =>
    encodings(point).map(({ encoding, canonical }, form) => ({
      name: `small-order R ${index}, encoding ${form}${canonical ? '' : ' (not canonical)'}`,
      ...signed({ key, secret: SECRET, commitment: point, commitmentBytes: encoding, nonce: 0n }),
      valid: false,
    })),
  );
  return [...mixed, ...small];
}

interface SigningOptions {
  readonly key: Point;
  readonly secret: bigint;
  readonly message?: Uint8Array;
  readonly keyBytes?: Uint8Array;
  readonly nonce?: bigint;
  readonly commitment?: Point;
  readonly commitmentBytes?: Uint8Array;
}

/** A signature by the textbook, with every part replaceable. */
function signed(options: SigningOptions): Pick<Ed25519Case, 'publicKey' | 'message' | 'signature'> {
  const { key, secret, message = MESSAGE, nonce = NONCE } = options;
  const publicKey = options.keyBytes ?? key.toBytes();
  const commitment = options.commitmentBytes ?? (options.commitment ?? Point.BASE.multiply(nonce)).toBytes();
  const challenge = challengeOf(commitment, publicKey, message);
  const s = modulo(nonce + challenge * secret, ORDER);
  return { publicKey, message, signature: concatBytes(commitment, littleEndian(s)) };
}

function challengeOf(commitment: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint {
  return modulo(fromLittleEndian64(sha512(concatBytes(commitment, publicKey, message))), ORDER);
}

function fromLittleEndian64(bytes: Uint8Array): bigint {
  return fromLittleEndian(bytes.subarray(0, 32)) + (fromLittleEndian(bytes.subarray(32)) << 256n);
}

/** Tries messages until the challenge is a multiple of 8, so that [k]A loses what A has of small order. */
function grind(
  make: (message: Uint8Array) => Pick<Ed25519Case, 'publicKey' | 'message' | 'signature'>,
): Pick<Ed25519Case, 'publicKey' | 'message' | 'signature'> {
  for (let attempt = 0; ; attempt++) {
    const made = make(utf8(`fastpay ${attempt}`));
    const challenge = challengeOf(made.signature.subarray(0, 32), made.publicKey, made.message);
    if (challenge % 8n === 0n) return made;
  }
}

function firstNonPoint(): Uint8Array {
  for (let y = 2n; ; y++) {
    const bytes = littleEndian(y);
    try {
      Point.fromBytes(bytes);
    } catch {
      return bytes;
    }
  }
}

function honest(message: Uint8Array = MESSAGE): Pick<Ed25519Case, 'publicKey' | 'message' | 'signature'> {
  return { publicKey: getPublicKey(SEED), message, signature: sign(message, SEED) };
}
