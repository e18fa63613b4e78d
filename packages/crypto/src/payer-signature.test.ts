import {
  type Address,
  bytesOf,
  concatBytes,
  type Hash,
  keccak256,
  toHash,
  toHex,
  unsignedBytes,
  utf8,
} from '@fastpay/protocol';
import { p256 } from '@noble/curves/nist.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PayerSigner } from './engine.ts';
import { verifyPayerSignature } from './payer-signature.ts';
import { createSecp256k1Signer } from './secp256k1-signer.ts';
import { p256Cases, recoverCases, wrappedCommitment } from './testing/ecdsa-cases.fixtures.ts';
import { allEngines } from './testing/engines.fixtures.ts';
import { browserClientData, createP256Payer, createPasskeyPayer } from './testing/payers.fixtures.ts';
import { type RecoverPrecompile, startRecoverPrecompile } from './testing/recover-precompile.fixtures.ts';

const engines = await allEngines();
const digestOf = (text: string): Hash => toHash(toHex(keccak256(utf8(text))));
const keyOf = (number: number) => unsignedBytes(number, 32);
const payersOf = (number: number): readonly PayerSigner[] => [
  createSecp256k1Signer(keyOf(number)),
  createP256Payer(keyOf(number)),
  createPasskeyPayer(keyOf(number)),
];

/** Something that somebody may send as the signature of `account` over `digest`. */
interface Attempt {
  readonly name: string;
  readonly digest: Hash;
  readonly signature: Uint8Array;
  readonly account: Address;
}

let precompile: RecoverPrecompile;
beforeAll(async () => {
  precompile = await startRecoverPrecompile();
}, 60_000);
afterAll(() => precompile.stop());

/** Our answers, which must agree over all engines. */
async function ours(attempts: readonly Attempt[]): Promise<readonly boolean[]> {
  const answers: boolean[] = [];
  for (const { name, digest, signature, account } of attempts) {
    const each = await Promise.all(
      engines.map(([, engine]) => verifyPayerSignature(engine, digest, signature, account)),
    );
    expect(new Set(each).size, `${name}: the engines disagree`).toBe(1);
    answers.push(each[0] as boolean);
  }
  return answers;
}

/** The precompile's answers to the same question. */
async function theirs(attempts: readonly Attempt[]): Promise<readonly boolean[]> {
  const recovered = await precompile.recover(attempts);
  return attempts.map(({ account }, index) => recovered[index] === account);
}

/** What must hold for any attempt: accepted here implies accepted there. */
async function expectNeverMoreLenient(attempts: readonly Attempt[]): Promise<number> {
  const [here, there] = [await ours(attempts), await theirs(attempts)];
  attempts.forEach(({ name, signature }, index) => {
    if (here[index]) expect(there[index], `${name}: ${toHex(signature)}`).toBe(true);
  });
  return here.filter(Boolean).length;
}

describe('payer signatures', () => {
  it('are taken here and by the precompile when they are honest', async () => {
    const attempts = [1, 2, 3, 77, 123_456_789].flatMap((number) =>
      payersOf(number).map((payer, scheme) => ({ payer, name: `payer ${number}, scheme ${scheme}` })),
    );
    const made = await Promise.all(
      attempts.map(async ({ payer, name }) => {
        const digest = digestOf(name);
        return { name, digest, account: payer.address, signature: await payer.sign(digest) };
      }),
    );
    expect(await ours(made)).toEqual(made.map(() => true));
    expect(await theirs(made)).toEqual(made.map(() => true));
  });

  it('are refused for another account or another digest', async () => {
    const digest = digestOf('pay');
    const attempts: Attempt[] = [];
    for (const payer of payersOf(5)) {
      const signature = await payer.sign(digest);
      for (const other of payersOf(6))
        attempts.push({ name: 'another account', digest, signature, account: other.address });
      attempts.push({ name: 'another digest', digest: digestOf('pay more'), signature, account: payer.address });
    }
    expect(await ours(attempts)).toEqual(attempts.map(() => false));
  });

  it('are never taken where the precompile refuses: hostile secp256k1 signatures', async () => {
    const attempts = recoverCases()
      .filter(({ digest }) => digest.length === 32)
      .map(({ name, digest, signature, address }) => ({
        name,
        digest: toHash(toHex(digest)),
        signature,
        account: address ?? createSecp256k1Signer(new Uint8Array(32).fill(0x42)).address,
      }));
    expect(await expectNeverMoreLenient(attempts)).toBeGreaterThan(5);
  });

  it('are never taken where the precompile refuses: hostile P-256 signatures', async () => {
    // The raw digest is what P-256 payers sign, so only cases that stay wrong under it are of use here.
    const digest = digestOf('p256');
    const attempts: Attempt[] = p256Cases()
      .filter(({ signature, publicKey }) => signature.length === 64 && publicKey.length === 64)
      .map(({ name, publicKey, signature }) => ({
        name,
        digest,
        signature: p256Signature(signature, publicKey),
        account: accountOf(publicKey),
      }));
    expect(await expectNeverMoreLenient(attempts)).toBe(0);
    const { publicKey, signature } = wrappedCommitment(bytesOf(digest));
    const wrapped = {
      name: 'R above the order',
      digest,
      account: accountOf(publicKey),
      signature: p256Signature(signature, publicKey),
    };
    expect(await ours([wrapped])).toEqual([true]);
    expect(await theirs([wrapped])).toEqual([true]);
  });

  it('have one encoding here where the precompile takes several', async () => {
    const digest = digestOf('one encoding');
    const [secp, raw] = payersOf(9);
    if (!secp || !raw) throw new Error('payers are missing');
    const zeroBased = Uint8Array.from(await secp.sign(digest));
    zeroBased[64] = (zeroBased[64] as number) - 27;
    const flagged = Uint8Array.from(await raw.sign(digest));
    flagged[129] = 2;
    const attempts = [
      { name: 'v 0 or 1', digest, signature: zeroBased, account: secp.address },
      { name: 'a prehash flag of 2', digest, signature: flagged, account: raw.address },
      { name: 'no prehash', digest, signature: signedWithoutPrehash(digest), account: raw.address },
    ];
    expect(await ours(attempts)).toEqual([false, false, false]);
    expect(await theirs(attempts)).toEqual([true, true, true]);
  });
});

describe('WebAuthn payer signatures', () => {
  const digest = digestOf('passkey');
  const from = async (name: string, clientData: (challenge: string) => string, flags?: number): Promise<Attempt> => {
    const payer = createPasskeyPayer(keyOf(21), { clientData, ...(flags === undefined ? {} : { flags }) });
    return { name, digest, signature: await payer.sign(digest), account: payer.address };
  };

  it('are taken in the shapes that browsers write', async () => {
    const attempts = await Promise.all([
      from('Chromium', browserClientData),
      from('user present only', browserClientData, 0x01),
      from('a synced passkey', browserClientData, 0x1d),
      from(
        'another order',
        (challenge) => `{"challenge":"${challenge}","origin":"https://wallet.example","type":"webauthn.get"}`,
      ),
      from(
        'a cross-origin frame',
        (challenge) =>
          `{"type":"webauthn.get","challenge":"${challenge}","origin":"https://a.example","crossOrigin":true,"topOrigin":"https://b.example"}`,
      ),
      from('the reminder that Chromium adds', (challenge) =>
        browserClientData(challenge).replace(
          '}',
          ',"other_keys_can_be_added_here":"do not compare clientDataJSON against a template. See https://goo.gl/yabPex"}',
        ),
      ),
    ]);
    expect(await ours(attempts)).toEqual(attempts.map(() => true));
    expect(await theirs(attempts)).toEqual(attempts.map(() => true));
  });

  it('are never taken where the precompile refuses: hostile client data and flags', async () => {
    const hostile: [string, (challenge: string) => string][] = [
      ['a padded challenge', (challenge) => browserClientData(`${challenge}=`)],
      ['standard base64', (challenge) => browserClientData(challenge.replaceAll('-', '+').replaceAll('_', '/'))],
      [
        'an escaped challenge',
        (challenge) => browserClientData(`\\u00${challenge.charCodeAt(0).toString(16)}${challenge.slice(1)}`),
      ],
      ['an escaped key', (challenge) => browserClientData(challenge).replace('"type"', '"\\u0074ype"')],
      [
        'an escaped slash in the origin',
        (challenge) => browserClientData(challenge).replace('https://', 'https:\\/\\/'),
      ],
      ['a second challenge after', (challenge) => browserClientData(challenge).replace('}', ',"challenge":"AAAA"}')],
      ['a second challenge before', (challenge) => browserClientData(challenge).replace('{', '{"challenge":"AAAA",')],
      ['a second type', (challenge) => browserClientData(challenge).replace('}', ',"type":"webauthn.get"}')],
      [
        'an unknown key twice',
        (challenge) => browserClientData(challenge).replace('}', ',"origin":"https://b.example"}'),
      ],
      ['a nested challenge', (challenge) => `{"type":"webauthn.get","x":{"challenge":"${challenge}"}}`],
      ['an array', (challenge) => `["webauthn.get","${challenge}"]`],
      ['registration', (challenge) => browserClientData(challenge).replace('.get', '.create')],
      ['spaces', (challenge) => browserClientData(challenge).replaceAll(':', ' : ')],
      ['a newline', (challenge) => browserClientData(challenge).replace(',', ',\n')],
      ['trailing space', (challenge) => `${browserClientData(challenge)} `],
      ['a trailing comma', (challenge) => browserClientData(challenge).replace('}', ',}')],
      ['a number', (challenge) => browserClientData(challenge).replace('false', '1e999')],
      ['letters beyond ASCII', (challenge) => browserClientData(challenge).replace('wallet', 'wället')],
      ['text after the object', (challenge) => `${browserClientData(challenge)}x`],
      ['nothing', () => ''],
      ['an empty object', () => '{}'],
      ['an empty object in 32 bytes', () => `{${' '.repeat(30)}}`],
    ];
    const attempts = await Promise.all([
      ...hostile.map(([name, clientData]) => from(name, clientData)),
      ...Array.from({ length: 256 }, (_, flags) => from(`flags ${flags}`, browserClientData, flags)),
    ]);
    const accepted = await expectNeverMoreLenient(attempts);
    // Only flags can be right here: user present, no attested credential, no extensions.
    expect(accepted).toBe(32);
  });

  it('are never taken where the precompile refuses: lengths at the limits', async () => {
    const padded = (length: number) => (challenge: string) => {
      const rest = length - browserClientData(challenge).length;
      return browserClientData(challenge).replace('wallet', `wallet${'x'.repeat(rest)}`);
    };
    const longest = 2_049 - 1 - 37 - 128;
    const attempts = await Promise.all([from('longest', padded(longest)), from('too long', padded(longest + 1))]);
    expect(await ours(attempts)).toEqual([true, false]);
    expect(await theirs(attempts)).toEqual([true, false]);
  });
});

describe('mutated payer signatures', () => {
  it('are never taken where the precompile refuses', async () => {
    const mutation = fc.record({
      payer: fc.integer({ min: 1, max: 1_000 }),
      scheme: fc.nat(2),
      text: fc.string({ maxLength: 8 }),
      edits: fc.array(
        fc.record({ kind: fc.constantFrom('set', 'insert', 'remove', 'flip'), at: fc.nat(1_000), byte: fc.nat(255) }),
        { maxLength: 2 },
      ),
    });
    const attempts = await Promise.all(
      fc.sample(mutation, { numRuns: 600, seed: 20_260_801 }).map(async ({ payer, scheme, text, edits }) => {
        const signer = payersOf(payer)[scheme] as PayerSigner;
        const digest = digestOf(text);
        let signature = Array.from(await signer.sign(digest));
        for (const { kind, at, byte } of edits) {
          const index = at % signature.length;
          if (kind === 'set') signature[index] = byte;
          else if (kind === 'flip') signature[index] = (signature[index] as number) ^ (1 << (byte & 7));
          else if (kind === 'insert') signature.splice(index, 0, byte);
          else signature = signature.filter((_, position) => position !== index);
        }
        return {
          name: `payer ${payer}, scheme ${scheme}, ${JSON.stringify(edits)}`,
          digest,
          signature: Uint8Array.from(signature),
          account: signer.address,
        };
      }),
    );
    const accepted = await expectNeverMoreLenient(attempts);
    expect(accepted).toBeGreaterThan(100);
    expect(accepted).toBeLessThan(attempts.length);
  }, 30_000);
});

function accountOf(publicKey: Uint8Array): Address {
  return toHex(keccak256(publicKey).subarray(12)) as Address;
}

function p256Signature(signature: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(1), signature, publicKey, Uint8Array.of(1));
}

/** A P-256 signature over the digest itself, flag 0: the precompile takes it, WebCrypto cannot check it. */
function signedWithoutPrehash(digest: Hash): Uint8Array {
  const publicKey = p256.getPublicKey(keyOf(9), false).subarray(1);
  const signature = p256.sign(bytesOf(digest), keyOf(9), { prehash: false, lowS: true, format: 'compact' });
  return concatBytes(Uint8Array.of(1), signature, publicKey, Uint8Array.of(0));
}
