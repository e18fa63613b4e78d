import { concatBytes, utf8 } from '@fastpay/protocol';
import { browserClientData } from './payers.fixtures.ts';

/** One assertion that somebody may send: what its authenticator says, and client data for a challenge. */
export interface WebAuthnVariant {
  readonly name: string;
  /** What is tampered with. */
  readonly kind: string;
  readonly authenticatorData: Uint8Array;
  readonly clientData: (challenge: string) => Uint8Array;
}

const authenticator = (flags = 0x05, extra: Uint8Array = new Uint8Array(0), signCount = 0) =>
  concatBytes(
    new Uint8Array(32).fill(0xa5),
    Uint8Array.of(flags, signCount >>> 24, (signCount >>> 16) & 255, (signCount >>> 8) & 255, signCount & 255),
    extra,
  );

type Written = readonly (readonly [name: string, text: (challenge: string) => string])[];

/** Everything that was thought of; signatures over it are right, so that only its form can be refused. */
export function webAuthnMatrix(): readonly WebAuthnVariant[] {
  const written = (kind: string, variants: Written): readonly WebAuthnVariant[] =>
    variants.map(([name, text]) => ({
      name: `${kind}: ${name}`,
      kind,
      authenticatorData: authenticator(),
      clientData: (challenge) => utf8(text(challenge)),
    }));
  return [
    ...written('challenge', challenges),
    ...written('type', types),
    ...written('keys', keys),
    ...written('values', values),
    ...written('structure', structures),
    ...characters(),
    ...authenticators(),
  ];
}

/** Whether §3 takes it, by way of JSON.parse: another reading than the one under test. */
export function isStrictAssertion({ authenticatorData, clientData }: WebAuthnVariant, challenge: string): boolean {
  const bytes = clientData(challenge);
  const flags = authenticatorData[32] ?? 0;
  if (authenticatorData.length !== 37 || (flags & 0xc1) !== 0x01) return false;
  if (bytes.length < 32 || bytes.some((byte) => byte < 0x20 || byte > 0x7e || byte === 0x5c)) return false;
  const text = String.fromCharCode(...bytes);
  const fields = parsedObject(text);
  // Written back alike: no space, no name twice, nothing that JSON could spell another way.
  if (!fields || JSON.stringify(fields) !== text) return false;
  const isFlat = Object.entries(fields).every(
    ([name, value]) => name !== '' && ['string', 'boolean'].includes(value === null ? 'boolean' : typeof value),
  );
  return isFlat && fields.type === 'webauthn.get' && fields.challenge === challenge;
}

function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // JSON.parse says by throwing that the text is none.
    return undefined;
  }
}

const withChallenge = (change: (challenge: string) => string) => (challenge: string) =>
  browserClientData(change(challenge));
const standard = (text: string) => text.replaceAll('-', '+').replaceAll('_', '/');
const unicodeEscape = (text: string) => `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}`;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const challenges: Written = [
  ['as it is', withChallenge((text) => text)],
  ['padded', withChallenge((text) => `${text}=`)],
  ['padded twice', withChallenge((text) => `${text}==`)],
  ['standard alphabet', withChallenge(standard)],
  ['standard alphabet, padded', withChallenge((text) => `${standard(text)}=`)],
  ['other bits behind the last byte', withChallenge((text) => text.slice(0, -1) + beside(text.slice(-1)))],
  ['without its last letter', withChallenge((text) => text.slice(0, -1))],
  ['one letter more', withChallenge((text) => `${text}A`)],
  ['in capitals', withChallenge((text) => text.toUpperCase())],
  ['first letter escaped', withChallenge((text) => unicodeEscape(text) + text.slice(1))],
  ['last letter escaped', withChallenge((text) => text.slice(0, -1) + unicodeEscape(text.slice(-1)))],
  ['a space before', withChallenge((text) => ` ${text}`)],
  ['a space after', withChallenge((text) => `${text} `)],
  ['a line break inside', withChallenge((text) => `${text.slice(0, 20)}\n${text.slice(20)}`)],
  ['empty', withChallenge(() => '')],
  ['percent-encoded', withChallenge((text) => text.replace('-', '%2D').replace('_', '%5F'))],
  ['another one', withChallenge(() => 'A'.repeat(43))],
  ['hexadecimal', withChallenge(() => 'ab'.repeat(32))],
  ['missing', () => '{"type":"webauthn.get","origin":"https://wallet.example","crossOrigin":false}'],
  ['null', () => '{"type":"webauthn.get","challenge":null,"origin":"https://wallet.example"}'],
  ['in the origin', (text) => `{"type":"webauthn.get","origin":"\\"challenge\\":\\"${text}\\"","challenge":"A"}`],
  ['in the origin, unescaped', (text) => `{"type":"webauthn.get","origin":"challenge:${text}","challenge":"A"}`],
  ['without quotes', (text) => `{"type":"webauthn.get","challenge":${text},"origin":"https://wallet.example"}`],
  ['in single quotes', (text) => `{"type":"webauthn.get","challenge":'${text}',"origin":"https://wallet.example"}`],
  ['in a list', (text) => `{"type":"webauthn.get","challenge":["${text}"],"origin":"https://wallet.example"}`],
];

/** The neighbour of a letter in the alphabet: it differs in the lowest bit only, which lies beyond 32 bytes. */
function beside(letter: string): string {
  return ALPHABET.charAt(ALPHABET.indexOf(letter) ^ 1);
}

const withType = (type: string) => (challenge: string) => browserClientData(challenge).replace('"webauthn.get"', type);

const types: Written = [
  ['registration', withType('"webauthn.create"')],
  ['payment', withType('"payment.get"')],
  ['in capitals', withType('"WEBAUTHN.GET"')],
  ['with a space', withType('"webauthn.get "')],
  ['escaped', withType('"webauthn\\u002eget"')],
  ['null', withType('null')],
  ['true', withType('true')],
  ['empty', withType('""')],
  ['missing', (challenge) => `{"challenge":"${challenge}","origin":"https://wallet.example","crossOrigin":false}`],
  ['last', (challenge) => `{"challenge":"${challenge}","origin":"https://wallet.example","type":"webauthn.get"}`],
];

const added = (member: string) => (challenge: string) => browserClientData(challenge).replace(/}$/, `,${member}}`);
const before = (member: string) => (challenge: string) => browserClientData(challenge).replace('{', `{${member},`);

const keys: Written = [
  ['a second challenge after, another', added('"challenge":"AAAA"')],
  ['a second challenge before, another', before('"challenge":"AAAA"')],
  ['the same challenge twice', (challenge) => added(`"challenge":"${challenge}"`)(challenge)],
  ['a challenge with an escaped name after', added('"ch\\u0061llenge":"AAAA"')],
  ['a second type after, the same', added('"type":"webauthn.get"')],
  ['a second type after, another', added('"type":"webauthn.create"')],
  ['a second type before, another', before('"type":"webauthn.create"')],
  ['a second origin', added('"origin":"https://b.example"')],
  ['an unknown name twice', (challenge) => added('"a":"1","a":"2"')(challenge)],
  ['a name in capitals', added('"Challenge":"AAAA"')],
  ['an escaped name', (challenge) => browserClientData(challenge).replace('"type"', '"\\u0074ype"')],
  ['an empty name', added('"":"x"')],
  ['a name without quotes', added('a:"x"')],
  ['a name in single quotes', added(`'a':"x"`)],
  ['__proto__', added('"__proto__":"x"')],
  ['constructor', added('"constructor":"x"')],
  ['an unknown name', added('"other_keys_can_be_added_here":"do not compare clientDataJSON against a template"')],
  ['a name with a quote in it', added('"a\\"b":"x"')],
];

const withValue = (value: string) => added(`"extra":${value}`);

const values: Written = [
  '"text"',
  '""',
  'true',
  'false',
  'null',
  '0',
  '-0',
  '1.5',
  '1e999',
  '01',
  '+1',
  '.5',
  'NaN',
  'Infinity',
  'True',
  'undefined',
  '{}',
  '[]',
  '{"challenge":"AAAA"}',
  '[1,2]',
  '"\\n"',
  '"\\/"',
  '"\\u0041"',
  '"\\ud800"',
  '"\\x41"',
  '"\\"',
  '"unterminated',
  "'x'",
  '"a""b"',
  '',
].map((value) => [`extra is ${value === '' ? 'nothing' : value}`, withValue(value)] as const);

const changed = (change: (text: string) => string) => (challenge: string) => change(browserClientData(challenge));

const structures: Written = [
  ['spaces around colons', changed((text) => text.replaceAll(':"', ' : "'))],
  ['spaces after commas', changed((text) => text.replaceAll(',', ', '))],
  ['indented', changed((text) => JSON.stringify(JSON.parse(text), null, 2))],
  ['tabs', changed((text) => text.replaceAll(',', ',\t'))],
  ['carriage returns', changed((text) => text.replaceAll(',', ',\r\n'))],
  ['a space before', changed((text) => ` ${text}`)],
  ['a space after', changed((text) => `${text} `)],
  ['a line break after', changed((text) => `${text}\n`)],
  ['a zero byte after', changed((text) => `${text}\0`)],
  ['a byte order mark', changed((text) => `\ufeff${text}`)],
  ['a comma before the end', changed((text) => text.replace(/}$/, ',}'))],
  ['a comma at the beginning', changed((text) => text.replace('{', '{,'))],
  ['two commas', changed((text) => text.replace(',', ',,'))],
  ['no comma', changed((text) => text.replace(',', ''))],
  ['no end', changed((text) => text.slice(0, -1))],
  ['two ends', changed((text) => `${text}}`)],
  ['no beginning', changed((text) => text.slice(1))],
  ['two objects', changed((text) => text + text)],
  ['an object within', changed((text) => `{"type":"webauthn.get","inner":${text}}`)],
  ['in a list', changed((text) => `[${text}]`)],
  ['as a string', changed((text) => JSON.stringify(text))],
  ['a comment', changed((text) => text.replace(',', '/* */,'))],
  ['text after', changed((text) => `${text}x`)],
  ['a colon doubled', changed((text) => text.replace(':', '::'))],
  ['equals signs for colons', changed((text) => text.replaceAll('":', '"='))],
  ['empty object', () => '{}'],
  ['empty object in 32 bytes', () => `{${' '.repeat(30)}}`],
  ['nothing', () => ''],
  ['only the challenge', (challenge) => `{"challenge":"${challenge}"}`],
  ['only type and challenge', (challenge) => `{"type":"webauthn.get","challenge":"${challenge}"}`],
];

/** Bytes that a reader may stumble over, at places of different meaning. */
function characters(): readonly WebAuthnVariant[] {
  const bytes: readonly (readonly [string, readonly number[]])[] = [
    ['a zero byte', [0]],
    ['a tab', [9]],
    ['a line feed', [10]],
    ['a unit separator', [0x1f]],
    ['a backslash', [0x5c]],
    ['a quote', [0x22]],
    ['delete', [0x7f]],
    ['a lone continuation byte', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a letter of two bytes', [0xc3, 0xa4]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
    ['a letter of four bytes', [0xf0, 0x9f, 0x92, 0xb8]],
    ['a byte that is never UTF-8', [0xff]],
    ['a tilde', [0x7e]],
  ];
  const places: readonly (readonly [string, string])[] = [
    ['the origin', 'wallet'],
    ['the challenge', '"challenge":"'],
    ['the type', '"webauthn'],
    ['a name', '"cross'],
    ['between members', '",'],
  ];
  return bytes.flatMap(([what, inserted]) =>
    places.map(([where, mark]) => ({
      name: `characters: ${what} in ${where}`,
      kind: 'characters',
      authenticatorData: authenticator(),
      clientData: (challenge: string) => {
        const text = browserClientData(challenge);
        const at = text.indexOf(mark) + mark.length;
        return concatBytes(utf8(text.slice(0, at)), Uint8Array.from(inserted), utf8(text.slice(at)));
      },
    })),
  );
}

function authenticators(): readonly WebAuthnVariant[] {
  const made = (kind: string, name: string, authenticatorData: Uint8Array): WebAuthnVariant => ({
    name: `${kind}: ${name}`,
    kind,
    authenticatorData,
    clientData: (challenge) => utf8(browserClientData(challenge)),
  });
  const flags = Array.from({ length: 256 }, (_, value) => made('flags', String(value), authenticator(value)));
  const counts = [1, 2 ** 31, 2 ** 32 - 1].map((count) =>
    made('sign count', String(count), authenticator(0x05, new Uint8Array(0), count)),
  );
  // A map without entries in CBOR, and bytes that are none, with and without the flag that announces them.
  const extensions = [Uint8Array.of(0xa0), Uint8Array.of(0xff), new Uint8Array(16), utf8('{')].flatMap((extra) =>
    [0x05, 0x85, 0x45, 0xc5].map((flag) =>
      made('lengths', `${extra.length} bytes more with flags ${flag}`, authenticator(flag, extra)),
    ),
  );
  const short = [0, 1, 32, 33, 36].map((length) =>
    made('lengths', `${length} bytes`, authenticator().subarray(0, length)),
  );
  return [...flags, ...counts, ...extensions, ...short];
}
