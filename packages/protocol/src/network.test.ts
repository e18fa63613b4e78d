import { describe, expect, it } from 'vitest';
import { toAddress, toHash } from './brand.ts';
import { assertValidCommittee } from './committee.ts';
import { type Network, requiredFee } from './network.ts';
import { decodeNetwork, encodeNetwork } from './network-file.ts';
import { PATH_USD } from './slot.ts';

const network: Network = {
  name: 'devnet',
  kind: 'devnet',
  domain: {
    chainId: 31_337n,
    reserve: toAddress(`0x${'e5'.repeat(20)}`),
    salt: toHash(`0x${'5a'.repeat(32)}`),
  },
  committee: {
    epoch: 0n,
    members: ['Dave', 'Edgar'].map((name, index) => ({
      name,
      votingKey: toHash(`0x${String(index + 1).repeat(64)}`),
      settlementAddress: toAddress(`0x${String(index + 1).repeat(40)}`),
      stake: BigInt(index + 1),
    })),
  },
  assets: [{ address: PATH_USD, symbol: 'USD', name: 'pathUSD' }],
  fees: { minimum: 2_000n, newRecipientSurcharge: 6_000n },
  exitDelaySeconds: 604_800n,
};

type Json = Record<string, unknown>;
const written = (): Json => JSON.parse(JSON.stringify(encodeNetwork(network))) as Json;

/** The manifest with the value at `path` replaced, or removed when it is undefined. */
function changed(path: string, value: unknown): Json {
  const root = written();
  const keys = path.split('.');
  const last = keys.pop() as string;
  const parent = keys.reduce<Json>((object, key) => object[key] as Json, root);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return root;
}

describe('the network manifest', () => {
  it('goes through JSON and back', () => {
    expect(decodeNetwork(written())).toEqual(network);
    expect(() => assertValidCommittee(decodeNetwork(written()).committee)).not.toThrow();
  });

  it('looks like this', () => {
    expect(written()).toMatchInlineSnapshot(`
      {
        "assets": [
          {
            "address": "0x20c0000000000000000000000000000000000000",
            "name": "pathUSD",
            "symbol": "USD",
          },
        ],
        "committee": {
          "epoch": "0",
          "members": [
            {
              "name": "Dave",
              "settlementAddress": "0x1111111111111111111111111111111111111111",
              "stake": "1",
              "votingKey": "0x1111111111111111111111111111111111111111111111111111111111111111",
            },
            {
              "name": "Edgar",
              "settlementAddress": "0x2222222222222222222222222222222222222222",
              "stake": "2",
              "votingKey": "0x2222222222222222222222222222222222222222222222222222222222222222",
            },
          ],
        },
        "domain": {
          "chainId": "31337",
          "reserve": "0xe5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5",
          "salt": "0x5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
        },
        "exitDelaySeconds": "604800",
        "fees": {
          "minimum": "2000",
          "newRecipientSurcharge": "6000",
        },
        "kind": "devnet",
        "name": "devnet",
      }
    `);
  });

  it.each<[string, unknown, string]>([
    ['name', undefined, 'the field "name" is missing'],
    ['name', '', 'name: expected a text'],
    ['name', 7, 'name: expected a text'],
    ['name', 'a\u0000b', 'name: expected a text'],
    ['name', 'x'.repeat(65), 'name: expected a text'],
    ['kind', 'prod', 'kind: expected one of devnet, testnet, mainnet'],
    ['extra', 1, 'there is no field "extra"'],
    ['domain', null, 'domain: expected an object'],
    ['domain', [], 'domain: expected an object'],
    ['domain.chainId', 31_337, 'domain.chainId: expected a whole number'],
    ['domain.chainId', '0x7a69', 'domain.chainId: expected a whole number'],
    ['domain.chainId', '007', 'domain.chainId: expected a whole number'],
    ['domain.chainId', '-1', 'domain.chainId: expected a whole number'],
    ['domain.chainId', '18446744073709551616', 'domain.chainId: expected a whole number'],
    ['domain.chainId', '9'.repeat(10_000), 'domain.chainId: expected a whole number'],
    ['domain.reserve', '0x', 'domain.reserve: expected 0x and 40 hexadecimal digits'],
    ['domain.reserve', `0x${'00'.repeat(20)}`, 'domain.reserve: the zero address is no reserve'],
    ['domain.salt', '0x5a', 'domain.salt: expected 0x and 64 hexadecimal digits'],
    ['committee.epoch', undefined, 'committee: the field "epoch" is missing'],
    ['committee.members', [], 'committee.members: expected a list of 1 to 128'],
    ['committee.members', {}, 'committee.members: expected a list of 1 to 128'],
    ['committee.members.1', 'Edgar', 'committee.members[1]: expected an object'],
    ['committee.members.1.name', 'Dave', 'committee: two committee members share a name'],
    ['committee.members.1.stake', '1.5', 'committee.members[1].stake: expected a whole number'],
    ['committee.members.1.stake', '0', 'committee: the stake of Edgar must be above zero'],
    ['committee.members.1.votingKey', `0x${'11'.repeat(32)}`, 'committee: two committee members share a voting key'],
    ['committee.members.0.settlementAddress', 5, 'committee.members[0].settlementAddress: expected 0x and 40'],
    ['committee.members.0.port', 5, 'committee.members[0]: there is no field "port"'],
    ['assets', [], 'assets: expected a list of 1 to 64'],
    ['assets.0.address', `0x${'11'.repeat(20)}`, 'assets[0].address: not a TIP-20 token address'],
    ['assets.1', { address: PATH_USD, symbol: 'USD', name: 'again' }, 'assets: two assets share an address'],
    ['assets.0.symbol', undefined, 'assets[0]: the field "symbol" is missing'],
    ['fees.minimum', 2_000, 'fees.minimum: expected a whole number'],
    ['exitDelaySeconds', '', 'exitDelaySeconds: expected a whole number'],
  ])('is refused by field: %s = %j', (path, value, message) => {
    const refusal = expect.objectContaining({ code: 'INVALID_FORMAT', message: expect.stringContaining(message) });
    expect(() => decodeNetwork(changed(path, value))).toThrowError(refusal);
  });

  it.each([undefined, null, 'devnet', 7, [], {}])('is refused when it is %j', (json) => {
    expect(() => decodeNetwork(json)).toThrowError(expect.objectContaining({ code: 'INVALID_FORMAT' }));
  });

  it('does not take fields from a prototype', () => {
    const inherited = Object.create(written()) as Json;
    expect(() => decodeNetwork(inherited)).toThrowError(/missing/);
  });
});

describe('the required fee', () => {
  it('has a surcharge while the recipient is new', () => {
    expect(requiredFee(network.fees, { isNew: false })).toBe(2_000n);
    expect(requiredFee(network.fees, { isNew: true })).toBe(8_000n);
  });
});
