import { concatBytes, utf8 } from '@fastpay/protocol';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { browserClientData } from './testing/payers.fixtures.ts';
import { base64Url, parseClientData, webAuthnMessage } from './webauthn.ts';

const digest = new Uint8Array(32).fill(0xfb);
const challenge = base64Url(digest);
const authenticatorData = (flags: number) => concatBytes(new Uint8Array(32), Uint8Array.of(flags), new Uint8Array(4));
const good = browserClientData(challenge);

describe('client data', () => {
  it('is read with its values as written', () => {
    expect([...(parseClientData(utf8(good)) ?? [])]).toEqual([
      ['type', '"webauthn.get"'],
      ['challenge', `"${challenge}"`],
      ['origin', '"https://wallet.example"'],
      ['crossOrigin', 'false'],
    ]);
  });

  it('agrees with JSON.parse on what it reads', () => {
    const plain = fc.stringMatching(/^[ !#-[\]-~]{0,12}$/);
    const value = fc.oneof(plain, fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(
        fc.dictionary(
          plain.filter((text) => text.length > 0 && text !== '__proto__'),
          value,
          { minKeys: 1 },
        ),
        (object) => {
          const text = JSON.stringify(object);
          const read = parseClientData(utf8(text));
          expect(read && Object.fromEntries([...read].map(([name, raw]) => [name, JSON.parse(raw)]))).toEqual({
            ...object,
          });
        },
      ),
    );
  });

  it('never reads what JSON.parse refuses', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('{', '}', '"', ':', ',', 'true', 'null', ' ', 'type', '"a"', '\\', '1', '[', ']'), {
          maxLength: 14,
        }),
        (pieces) => {
          const text = pieces.join('');
          if (parseClientData(utf8(text)) !== undefined) expect(() => JSON.parse(text)).not.toThrow();
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['nothing', ''],
    ['an empty object', '{}'],
    ['an array', '["webauthn.get"]'],
    ['a trailing comma', '{"a":true,}'],
    ['a missing comma', '{"a":true"b":true}'],
    ['a key twice', '{"a":true,"a":true}'],
    ['an escape', '{"a":"\\u0062"}'],
    ['a space before a value', '{"a": true}'],
    ['a space before the object', ' {"a":true}'],
    ['a newline', '{"a":true\n}'],
    ['text after the object', '{"a":true} '],
    ['two objects', '{"a":true}{"b":true}'],
    ['a nested object', '{"a":{"b":true}}'],
    ['a number', '{"a":1}'],
    ['letters beyond ASCII', '{"a":"é"}'],
    ['an unclosed string', '{"a":"b}'],
    ['a byte order mark', '\ufeff{"a":true}'],
    ['a zero byte', '{"a":"\0"}'],
  ])('is refused with %s', (_, text) => {
    expect(parseClientData(utf8(text))).toBeUndefined();
  });
});

describe('an assertion', () => {
  it('signs authenticator data and the hash of the client data', () => {
    const message = webAuthnMessage(authenticatorData(0x05), utf8(good), digest);
    expect(message).toEqual(concatBytes(authenticatorData(0x05), sha256(utf8(good))));
  });

  it.each([
    [0x01, true],
    [0x05, true],
    [0x1d, true],
    [0x00, false],
    [0x04, false],
    [0x41, false],
    [0x81, false],
    [0xc5, false],
  ])('with flags %i is taken: %s', (flags, taken) => {
    expect(webAuthnMessage(authenticatorData(flags), utf8(good), digest) !== undefined).toBe(taken);
  });

  it.each([36, 38])('with %i bytes of authenticator data is refused', (length) => {
    const bytes = new Uint8Array(length).fill(1);
    expect(webAuthnMessage(bytes, utf8(good), digest)).toBeUndefined();
  });

  it.each([
    ['another challenge', browserClientData(base64Url(new Uint8Array(32)))],
    ['a padded challenge', browserClientData(`${challenge}=`)],
    ['a challenge in standard base64', browserClientData(challenge.replaceAll('-', '+').replaceAll('_', '/'))],
    ['no challenge', '{"type":"webauthn.get","origin":"https://wallet.example"}'],
    ['no type', `{"challenge":"${challenge}","origin":"https://wallet.example"}`],
    ['a registration', good.replace('webauthn.get', 'webauthn.create')],
    ['a type that is no string', good.replace('"webauthn.get"', 'true')],
    ['two challenges', good.replace('"origin"', '"challenge"')],
  ])('with %s is refused', (_, clientData) => {
    expect(webAuthnMessage(authenticatorData(0x05), utf8(clientData), digest)).toBeUndefined();
  });
});

describe('base64url', () => {
  it('agrees with the runtime', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(base64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      }),
    );
  });
});
