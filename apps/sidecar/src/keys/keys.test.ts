import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeNetwork, type Network, toAddress, toHash } from '@fastpay/protocol';
import { tempoNetworks } from '@fastpay/tempo';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../config/error.ts';
import { loadIdentity } from './identity.ts';
import { readKeyFile } from './key-file.ts';
import { generateKeys } from './keygen.ts';
import { readNetworkFile } from './network-file.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fastpay-keys-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function problemOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('expected a ConfigError');
}

function makeNetwork(names: readonly string[]): Network {
  const members = names.map((name) => {
    const made = generateKeys(join(directory, `${name}.json`), { name, stake: '1' });
    return {
      name,
      votingKey: toHash(made.votingKey),
      settlementAddress: toAddress(made.settlementAddress),
      stake: BigInt(made.stake),
    };
  });
  return {
    name: 'test',
    kind: 'devnet',
    domain: { chainId: 1n, reserve: toAddress(`0x${'11'.repeat(20)}`), salt: toHash(`0x${'22'.repeat(32)}`) },
    committee: { epoch: 0n, members },
    assets: [{ address: toAddress('0x20c0000000000000000000000000000000000000'), symbol: 'USD', name: 'pathUSD' }],
    fees: { minimum: 1n, newRecipientSurcharge: 0n },
    exitDelaySeconds: 100n,
  };
}

describe('keygen', () => {
  it('writes a private file that only its owner can read, and gives out nothing secret', () => {
    const file = join(directory, 'keys.json');
    const made = generateKeys(file, { name: 'Dave', stake: '1' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const content = JSON.parse(readFileSync(file, 'utf8'));
    expect(JSON.stringify(made)).not.toContain(content.votingSeed.slice(2));
    expect(JSON.stringify(made)).not.toContain(content.settlementKey.slice(2));
    expect(readKeyFile(file).votingSeed).toHaveLength(32);
  });

  it('never overwrites a file', () => {
    const file = join(directory, 'keys.json');
    generateKeys(file, { name: 'Dave', stake: '1' });
    const before = readFileSync(file, 'utf8');
    expect(problemOf(() => generateKeys(file, { name: 'Dave', stake: '1' }))).toContain('is not overwritten');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('says so when the directory is missing', () => {
    expect(problemOf(() => generateKeys(join(directory, 'no', 'keys.json'), { name: 'Dave', stake: '1' }))).toContain(
      'name a new file in a directory that exists',
    );
  });
});

describe('key file', () => {
  it.each([0o644, 0o640, 0o606, 0o700, 0o4600])('is refused with mode %o', (mode) => {
    const file = join(directory, 'keys.json');
    generateKeys(file, { name: 'Dave', stake: '1' });
    chmodSync(file, mode);
    const message = problemOf(() => readKeyFile(file));
    expect(message).toContain(`has mode ${mode.toString(8).padStart(4, '0')}`);
    expect(message).toContain(`chmod 600 ${file}`);
  });

  it('may be read-only', () => {
    const file = join(directory, 'keys.json');
    generateKeys(file, { name: 'Dave', stake: '1' });
    chmodSync(file, 0o400);
    expect(readKeyFile(file).settlementKey).toHaveLength(32);
  });

  it.each([
    ['not json at all 0xdeadbeef', 'not valid JSON'],
    ['{"votingSeed": "0xdeadbeef", "settlementKey": "0xdeadbeef"}', 'expected {"votingSeed", "settlementKey"}'],
    [' '.repeat(5_000), 'too large'],
  ])('is refused, without a word of its content, when it holds %j', (content, problem) => {
    const file = join(directory, 'keys.json');
    writeFileSync(file, content, { mode: 0o600 });
    const message = problemOf(() => readKeyFile(file));
    expect(message).toContain(problem);
    expect(message).not.toContain('deadbeef');
  });

  it('is refused when it is missing or a directory', () => {
    expect(problemOf(() => readKeyFile(join(directory, 'none')))).toContain('there is no such file');
    mkdirSync(join(directory, 'sub'));
    expect(problemOf(() => readKeyFile(join(directory, 'sub')))).toContain('is no regular file');
  });
});

describe('identity', () => {
  it('finds the member and its index', () => {
    const network = makeNetwork(['Dave', 'Edgar']);
    const identity = loadIdentity(network, { name: 'Edgar', keyFile: join(directory, 'Edgar.json') });
    expect(identity.signer).toBe(1);
    expect(identity.votingSigner.publicKey).toBe(network.committee.members[1]?.votingKey);
  });

  it('refuses a name that is not in the committee', () => {
    const network = makeNetwork(['Dave', 'Edgar']);
    expect(problemOf(() => loadIdentity(network, { name: 'Eve', keyFile: join(directory, 'Dave.json') }))).toContain(
      'no member of the committee (Dave, Edgar)',
    );
  });

  it("refuses another member's keys, naming which differ", () => {
    const network = makeNetwork(['Dave', 'Edgar']);
    const load = () => loadIdentity(network, { name: 'Dave', keyFile: join(directory, 'Edgar.json') });
    expect(problemOf(load)).toContain("votingSeed and settlementKey of the file are not Dave's");
  });

  it('refuses a settlement key outside the curve', () => {
    const network = makeNetwork(['Dave']);
    const file = join(directory, 'zero.json');
    const content = { votingSeed: `0x${'01'.repeat(32)}`, settlementKey: `0x${'00'.repeat(32)}` };
    writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
    expect(problemOf(() => loadIdentity(network, { name: 'Dave', keyFile: file }))).toContain('no secp256k1 key');
  });

  it('refuses a committee with a voting key of small order', () => {
    const network = makeNetwork(['Dave', 'Edgar']);
    const [dave, edgar] = network.committee.members;
    if (!dave || !edgar) throw new Error('two members expected');
    const identityPoint = toHash(`0x01${'00'.repeat(31)}`);
    const committee = { epoch: 0n, members: [dave, { ...edgar, votingKey: identityPoint }] };
    const load = () => loadIdentity({ ...network, committee }, { name: 'Dave', keyFile: join(directory, 'Dave.json') });
    expect(problemOf(load)).toContain('the voting key of Edgar');
  });
});

describe('network manifest', () => {
  it('is read back as it was written', () => {
    const network = makeNetwork(['Dave']);
    const file = join(directory, 'network.json');
    writeFileSync(file, JSON.stringify(encodeNetwork(network)));
    expect(readNetworkFile(file, { mainnet: false })).toEqual(network);
  });

  it('is refused with the name of the file and of the field', () => {
    const file = join(directory, 'network.json');
    const json = { ...(encodeNetwork(makeNetwork(['Dave'])) as object), exitDelaySeconds: -1 };
    writeFileSync(file, JSON.stringify(json));
    expect(problemOf(() => readNetworkFile(file, { mainnet: false }))).toContain(
      `networkFile ${file}: exitDelaySeconds`,
    );
  });

  it('of mainnet is taken only when somebody says that real money is meant', () => {
    const file = join(directory, 'network.json');
    const plain = makeNetwork(['Dave']);
    const { chainId } = tempoNetworks.mainnet;
    const real = { ...plain, kind: 'mainnet' as const, domain: { ...plain.domain, chainId } };
    writeFileSync(file, JSON.stringify(encodeNetwork(real)));
    expect(problemOf(() => readNetworkFile(file, { mainnet: false }))).toContain('--mainnet yes');
    expect(readNetworkFile(file, { mainnet: true })).toEqual(real);
  });

  it('that calls its chain something else is refused', () => {
    const file = join(directory, 'network.json');
    const { chainId } = tempoNetworks.mainnet;
    const plain = makeNetwork(['Dave']);
    const disguised = { ...plain, domain: { ...plain.domain, chainId } };
    writeFileSync(file, JSON.stringify(encodeNetwork(disguised)));
    expect(problemOf(() => readNetworkFile(file, { mainnet: true }))).toContain('chain 4217 is a mainnet');
  });
});
