import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeNetwork, domainSeparator, PATH_USD, toAddress } from '@fastpay/protocol';
import { createTempoChain, fundAccount } from '@fastpay/tempo';
import { devAccount, startTempoNode, type TempoNode } from '@fastpay/tempo/node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { generateKeys, type PublicHalf } from '../keys/keygen.ts';
import { deploy } from './command.ts';

let node: TempoNode;
let directory: string;
let files: { committee: string; key: string; out: string };
let members: readonly PublicHalf[];

beforeAll(async () => {
  node = await startTempoNode({ blockTimeSeconds: 0.05 });
});
afterAll(() => node.stop());

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'deploy-'));
  members = ['Dave', 'Edgar', 'Frank', 'Grace'].map((name) =>
    generateKeys(join(directory, `${name}.json`), { name, stake: '1' }),
  );
  files = {
    committee: join(directory, 'committee.json'),
    key: join(directory, 'Dave.json'),
    out: join(directory, 'network.json'),
  };
  writeFileSync(files.committee, JSON.stringify({ epoch: '0', members }));
  return () => rmSync(directory, { recursive: true });
});

function run(...more: string[]): Promise<string> {
  let printed = '';
  const words = ['--committee', files.committee, '--key', files.key, '--rpc', node.rpcUrl, '--out', files.out, ...more];
  return deploy(words, (text) => {
    printed += text;
  }).then(() => printed);
}

test('a reserve is deployed for the committee of a file, and its manifest written', async () => {
  const [deployer] = members;
  if (!deployer) throw new Error('no deployer');
  const payer = { rpcUrl: node.rpcUrl, signer: devAccount(0), asset: PATH_USD };
  await fundAccount({ ...payer, account: toAddress(deployer.settlementAddress), amount: 5_000_000n });
  const printed = await run('--name', 'trial', '--exit-delay', '60');
  const network = decodeNetwork(JSON.parse(readFileSync(files.out, 'utf8')));
  expect(network).toMatchObject({ name: 'trial', kind: 'devnet', exitDelaySeconds: 60n });
  for (const shown of [network.domain.reserve, network.domain.salt, domainSeparator(network.domain), '3 of 4 stake']) {
    expect(printed).toContain(shown);
  }
  const info = await createTempoChain({ rpcUrl: node.rpcUrl, reserve: network.domain.reserve }).reserveInfo();
  expect(info).toMatchObject({ exitDelaySeconds: 60n, domainSeparator: domainSeparator(network.domain) });

  await expect(run()).rejects.toThrow('is not overwritten');
});

test('a bad committee or a missing answer is named, and nothing is spent or left behind', async () => {
  const broken = members.map((member) => ({ ...member, name: 'Dave' }));
  writeFileSync(files.committee, JSON.stringify({ epoch: '0', members: broken }));
  await expect(run()).rejects.toThrow('two committee members share a name');
  writeFileSync(files.committee, JSON.stringify({ epoch: '0', members }));
  await expect(run('--exit-delay', '5')).rejects.toThrow('--exit-delay');
  await expect(run('--nonsense', 'x')).rejects.toThrow('no such flag');
  expect(existsSync(files.out)).toBe(false);
});

test('a deployer without money is told so, and no empty manifest stays', async () => {
  await expect(run()).rejects.toThrow('the Tempo node');
  expect(existsSync(files.out)).toBe(false);
});
