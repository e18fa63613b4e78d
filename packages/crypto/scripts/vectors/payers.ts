import { type Address, concatBytes, fromHex, type Hash, hashFromBytes, keccak256, toHex, unsignedBytes, utf8 } from '@fastpay/protocol';
import type { PayerSigner } from '../../src/index.ts';
import { createSecp256k1Signer } from '../../src/index.ts';
import { browserClientData, createP256Payer, createPasskeyPayer, signAssertion } from '../../src/testing/payers.fixtures.ts';
import { isStrictAssertion, webAuthnMatrix } from '../../src/testing/webauthn-matrix.fixtures.ts';
import { base64Url } from '../../src/webauthn.ts';

interface Case {
  readonly name: string;
  readonly privateKey: string;
  readonly account: Address;
  readonly digest: Hash;
  readonly signature: string;
  readonly accepted: boolean;
}

const key = unsignedBytes(0xa11ce, 32);
const digest = hashFromBytes(keccak256(utf8('what a payer signs')));

export async function payerVectors() {
  return {
    description: 'Is this the one canonical Tempo signature of the account over the digest (§3)?',
    cases: [...(await accepted()), ...(await refusedEncodings()), ...(await refusedClientData())],
  };
}

/** The flags that stand for all: each alone, and what authenticators really say. */
const FLAGS = [0x00, 0x01, 0x02, 0x04, 0x05, 0x08, 0x10, 0x1d, 0x20, 0x40, 0x41, 0x45, 0x80, 0x81, 0x85, 0xff];

export function webAuthnVectors() {
  const challenge = base64Url(fromHex(digest));
  const { address } = createP256Payer(key);
  return {
    description:
      'Assertions that are signed rightly and say something else, or say it in another way: is this the one accepted form (§3)?',
    cases: webAuthnMatrix()
      .filter(({ kind, authenticatorData }) => kind !== 'flags' || FLAGS.includes(authenticatorData[32] ?? 0))
      .map((variant) => {
        const { name, authenticatorData, clientData } = variant;
        const signature = signAssertion(key, authenticatorData, clientData(challenge));
        return caseOf(name, address, signature, isStrictAssertion(variant, challenge));
      }),
  };
}

async function accepted(): Promise<Case[]> {
  return [
    await made('secp256k1', createSecp256k1Signer(key)),
    await made('P-256', createP256Payer(key)),
    await made('WebAuthn', createPasskeyPayer(key)),
    await made('WebAuthn, user present only', createPasskeyPayer(key, { flags: 0x01 })),
    await made('WebAuthn, the keys of the client data in another order', createPasskeyPayer(key, {
      clientData: (challenge) => `{"challenge":"${challenge}","origin":"https://wallet.example","type":"webauthn.get"}`,
    })),
  ];
}

/** Encodings that are refused although the precompile may take the first three. */
async function refusedEncodings(): Promise<Case[]> {
  const secp256k1 = createSecp256k1Signer(key);
  const p256 = createP256Payer(key);
  const base = await secp256k1.sign(digest);
  const p256Base = await p256.sign(digest);
  const last = (bytes: Uint8Array, value: number) => concatBytes(bytes.subarray(0, -1), Uint8Array.of(value));
  const secp = (name: string, signature: Uint8Array) => caseOf(name, secp256k1.address, signature, false);
  return [
    secp('secp256k1 with v 0 or 1', last(base, (base[64] as number) - 27)),
    secp('secp256k1 with v 37 or 38 (EIP-155)', last(base, (base[64] as number) + 10)),
    caseOf('P-256 with the flag 2', p256.address, last(p256Base, 2), false),
    caseOf('P-256 with the flag 0', p256.address, last(p256Base, 0), false),
    secp('secp256k1 of another account', await createSecp256k1Signer(unsignedBytes(0xb0b, 32)).sign(digest)),
    secp('secp256k1 with a trailing byte', concatBytes(base, Uint8Array.of(0))),
    secp('secp256k1 without v', base.subarray(0, 64)),
    secp('a keychain signature, version 1', concatBytes(Uint8Array.of(3), new Uint8Array(20), base)),
    secp('a keychain signature, version 2', concatBytes(Uint8Array.of(4), new Uint8Array(20), base)),
    secp('nothing', new Uint8Array(0)),
    caseOf('P-256 with another key, whose address is not the account’s', secp256k1.address, p256Base, false),
  ];
}

async function refusedClientData(): Promise<Case[]> {
  const variants: readonly (readonly [string, (challenge: string) => string])[] = [
    ['a padded challenge', (challenge) => browserClientData(`${challenge}=`)],
    ['another challenge', () => browserClientData('AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')],
    ['an escaped key', (challenge) => browserClientData(challenge).replace('"type"', '"\\u0074ype"')],
    ['an escaped slash', (challenge) => browserClientData(challenge).replace('//', '\\/\\/')],
    ['a second challenge', (challenge) => browserClientData(challenge).replace('}', ',"challenge":"AAAA"}')],
    ['a key twice', (challenge) => browserClientData(challenge).replace('}', ',"origin":"https://other.example"}')],
    ['spaces', (challenge) => browserClientData(challenge).replaceAll(',', ', ')],
    ['a nested object', (challenge) => browserClientData(challenge).replace('false', '{"a":true}')],
    ['letters beyond ASCII', (challenge) => browserClientData(challenge).replace('wallet', 'wället')],
    ['a registration', (challenge) => browserClientData(challenge).replace('.get', '.create')],
    ['text after the object', (challenge) => `${browserClientData(challenge)} `],
  ];
  const byClientData = variants.map(([name, clientData]) =>
    made(`WebAuthn with ${name}`, createPasskeyPayer(key, { clientData }), false),
  );
  const byFlags = [0x00, 0x04, 0x41, 0x81].map((flags) =>
    made(`WebAuthn with flags ${flags}`, createPasskeyPayer(key, { flags }), false),
  );
  return Promise.all([...byClientData, ...byFlags]);
}

async function made(name: string, payer: PayerSigner, valid = true): Promise<Case> {
  return caseOf(name, payer.address, await payer.sign(digest), valid);
}

function caseOf(name: string, account: Address, signature: Uint8Array, valid: boolean): Case {
  return { name, privateKey: toHex(key), account, digest, signature: toHex(signature), accepted: valid };
}
