import { createPortableEngine, type PayerSigner, verifyPayerSignature } from '@fastpay/crypto';
import { concatBytes, toHash, utf8 } from '@fastpay/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeviceKey, deviceSigner } from './device-key.ts';
import { type AskForPasskey, passkeySigner } from './passkey.ts';
import { publicKeyFromSpki } from './public-key.ts';
import { recoverPasskey } from './recover.ts';
import { signatureFromDer, withLowS } from './signature.ts';

const { subtle } = globalThis.crypto;
const digest = toHash(`0x${'5c'.repeat(32)}`);

async function expectAccepted(signer: PayerSigner): Promise<void> {
  // Half of all signatures come with high s.
  for (let count = 0; count < 16; count++) {
    const signature = await signer.sign(digest);
    expect(await verifyPayerSignature(createPortableEngine(), digest, signature, signer.address)).toBe(true);
  }
}

describe('a device key', () => {
  it('signs in the one form that validators take, and cannot be exported', async () => {
    const keys = await createDeviceKey(subtle);
    await expectAccepted(await deviceSigner(keys, subtle));
    await expect(subtle.exportKey('pkcs8', keys.privateKey)).rejects.toThrow();
  });
});

/** What a browser and an authenticator make of a challenge. */
async function createAuthenticator() {
  const keys = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const publicKey = publicKeyFromSpki(new Uint8Array(await subtle.exportKey('spki', keys.publicKey)));
  const authenticatorData = concatBytes(new Uint8Array(32).fill(0xa5), Uint8Array.of(0x05), new Uint8Array(4));
  const ask: AskForPasskey = async (_id, challenge) => {
    const base64 = Buffer.from(challenge).toString('base64url');
    const clientData = utf8(`{"type":"webauthn.get","challenge":"${base64}","origin":"https://wallet.example"}`);
    const hash = new Uint8Array(await subtle.digest('SHA-256', Uint8Array.from(clientData)));
    const message = Uint8Array.from(concatBytes(authenticatorData, hash));
    const raw = new Uint8Array(await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.privateKey, message));
    return { authenticatorData, clientData, signature: derOf(raw) };
  };
  return { publicKey, ask };
}

describe('a passkey', () => {
  it('signs in the one form that validators take', async () => {
    const { publicKey, ask } = await createAuthenticator();
    await expectAccepted(passkeySigner({ credentialId: Uint8Array.of(1), publicKey }, ask));
  });

  it('tells its public key in two assertions, and nothing in those of two passkeys', async () => {
    const [one, other] = [await createAuthenticator(), await createAuthenticator()];
    const challenges = [1, 2].map((byte) => new Uint8Array(32).fill(byte)) as [Uint8Array, Uint8Array];
    const id = Uint8Array.of(1);
    const first = await one.ask(id, challenges[0]);
    expect(recoverPasskey(first, await one.ask(id, challenges[1]))).toEqual(one.publicKey);
    expect(recoverPasskey(first, await other.ask(id, challenges[1]))).toBeUndefined();
  });
});

describe('signatures', () => {
  it('are read from DER whatever the length of their integers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (raw) => {
        expect(signatureFromDer(derOf(raw))).toEqual(raw);
      }),
    );
  });

  it('are refused when they are anything else', () => {
    const good = derOf(new Uint8Array(64).fill(0x7f));
    for (const bad of [
      good.slice(0, -1),
      concatBytes(good, Uint8Array.of(0)),
      Uint8Array.of(0x30, 0),
      new Uint8Array(),
    ])
      expect(() => signatureFromDer(bad)).toThrow(RangeError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), (garbage) => {
        try {
          expect(signatureFromDer(garbage)).toHaveLength(64);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  it('keep a low s and get one from a high s', () => {
    const low = concatBytes(new Uint8Array(32).fill(1), new Uint8Array(31), Uint8Array.of(1));
    expect(withLowS(low)).toEqual(low);
    const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
    order[31] = 0x50;
    expect(withLowS(concatBytes(new Uint8Array(32).fill(1), order))).toEqual(low);
  });
});

describe('public keys', () => {
  it('are taken from P-256 only', async () => {
    const other = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, ['sign', 'verify']);
    const spki = new Uint8Array(await subtle.exportKey('spki', other.publicKey));
    expect(() => publicKeyFromSpki(spki)).toThrow('not a P-256 public key');
  });
});

function derOf(raw: Uint8Array): Uint8Array {
  const integers = [raw.subarray(0, 32), raw.subarray(32)].map((scalar) => {
    let start = 0;
    while (start < 31 && scalar[start] === 0) start++;
    const digits = scalar.subarray(start);
    const body = (digits[0] ?? 0) > 0x7f ? concatBytes(Uint8Array.of(0), digits) : digits;
    return concatBytes(Uint8Array.of(2, body.length), body);
  });
  const body = concatBytes(...integers);
  return concatBytes(Uint8Array.of(0x30, body.length), body);
}
