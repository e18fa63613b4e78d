import './support/patience.ts';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATH_USD } from '@fastpay/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { waitForBalance } from './support/balance.ts';
import { pay, voteOf } from './support/certify.ts';
import { createGrpcClient, type GrpcClient } from './support/grpc.ts';
import { createPayer, type Payer } from './support/payer.ts';
import { runToEnd, type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

const recipient = `0x${'b0'.repeat(20)}` as const;

let net: TestNetwork;
let payer: Payer;
let sequence = 0n;
const started: { readonly sidecar: SidecarProcess; readonly client: GrpcClient }[] = [];

async function start(configFile: string, flags: readonly string[] = []) {
  const sidecar = await startSidecarProcess(configFile, { flags });
  const running = { sidecar, client: await createGrpcClient(sidecar.url) };
  started.push(running);
  return running;
}

async function kill({ sidecar, client }: (typeof started)[number]): Promise<void> {
  client.close();
  sidecar.signal('SIGKILL');
  await sidecar.exited;
}

async function payWith(clients: readonly GrpcClient[], times = 1): Promise<void> {
  for (let time = 0; time < times; time++)
    await pay(clients, await payer.submission({ sequence: sequence++, amount: 1n }));
}

/** Both of the committee, with the payer's deposit taken in. */
async function startBoth() {
  const dave = await start(net.configFile('Dave'));
  const edgar = await start(net.configFile('Edgar'), ['--peers', `Dave=${dave.sidecar.url}`]);
  for (const { client } of [dave, edgar]) await waitForBalance(client, payer.address, PATH_USD, 1n);
  return { dave, edgar };
}

beforeAll(async () => {
  net = await createTestNetwork({ names: ['Dave', 'Edgar'] });
  payer = createPayer(net.network.domain, PATH_USD, recipient);
  await net.deposit(payer.address.toLowerCase() as Parameters<TestNetwork['deposit']>[0], 100_000_000n);
});
afterEach(async () => {
  await Promise.all(started.splice(0).map(kill));
});
afterAll(() => net?.stop());

/** Starts Edgar, whose store is not the newest, beside Dave; twice, since a restart must not heal it. */
async function expectObserving(reason: string): Promise<void> {
  const dave = await start(net.configFile('Dave'));
  for (let life = 0; life < 2; life++) {
    const edgar = await start(net.configFile('Edgar'), ['--peers', `Dave=${dave.sidecar.url}`]);
    const { sidecar, client } = edgar;
    await sidecar.record((record) => record.level === 50 && String(record.msg).startsWith('OBSERVING ONLY'));
    expect(sidecar.records.find(({ level }) => level === 50)).toMatchObject({
      reason: life === 0 ? reason : 'retired',
    });
    expect(await client.call('GetValidatorInfo', {})).toMatchObject({ observing: true });
    const ready = await fetch(`${sidecar.url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { mode: 'observing', reasons: {} }]);
    expect(await (await fetch(`${sidecar.url}/metrics`)).text()).toContain('fastpay_observing 1');

    const fresh = await payer.submission({ sequence, amount: 1n });
    const error = await voteOf(client, fresh).catch((thrown: unknown) => thrown);
    expect(client.rejectOf(error)).toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });

    // It still learns what the others know, and passes it on.
    await sidecar.record(({ msg }) => msg === 'caught up with the other validators');
    const page = (await client.call('ListCertificates', {})) as { certificates: unknown[] };
    expect(page.certificates).toHaveLength(Number(sequence));
    await kill(edgar);
    started.pop();
  }
}

describe('a store that is not the newest never signs again, and goes on syncing and serving', () => {
  const backup = () => join(net.directory, 'Edgar.backup');
  const store = () => join(net.directory, 'Edgar.store');
  const keysAndMarker = ['Edgar.keys.json', 'Edgar.keys.json.marker'];
  let whole: readonly Buffer[] = [];

  it('when an old copy of it was put back', async () => {
    const { dave, edgar } = await startBoth();
    await payWith([dave.client, edgar.client], 2);
    await kill(edgar);
    cpSync(store(), backup(), { recursive: true });
    const again = await start(net.configFile('Edgar'));
    await payWith([dave.client, again.client], 2);
    await Promise.all(started.splice(0).map(kill));
    cpSync(store(), join(net.directory, 'Edgar.newest'), { recursive: true });
    whole = keysAndMarker.map((name) => readFileSync(join(net.directory, name)));

    rmSync(store(), { recursive: true });
    cpSync(backup(), store(), { recursive: true });
    await expectObserving('storeRolledBack');
  });

  it('when it was deleted', async () => {
    for (const [index, name] of keysAndMarker.entries()) writeFileSync(join(net.directory, name), whole[index] ?? '');
    rmSync(store(), { recursive: true });
    await expectObserving('storeReplaced');
  });

  it('and the newest one, with its marker, signs on', async () => {
    for (const [index, name] of keysAndMarker.entries()) writeFileSync(join(net.directory, name), whole[index] ?? '');
    rmSync(store(), { recursive: true });
    cpSync(join(net.directory, 'Edgar.newest'), store(), { recursive: true });
    const { dave, edgar } = await startBoth();
    await payWith([dave.client, edgar.client]);
  });
});

describe('moving to another machine', () => {
  it('takes everything along; the old one never signs again, the new one gives the same answers and goes on', async () => {
    const { dave, edgar } = await startBoth();
    const open = await payer.submission({ sequence, amount: 1n });
    const before = await edgar.client.callRaw('SubmitOrder', { ...open });
    const bundle = join(net.directory, 'bundle');
    const config = net.configFile('Edgar');

    const tooEarly = await runToEnd(['export-state', '--config', config, '--to', bundle]);
    expect([tooEarly.code, tooEarly.stderr]).toEqual([69, expect.stringContaining('another process works on it')]);
    await kill(edgar);
    expect(await runToEnd(['export-state', '--config', config, '--to', bundle])).toMatchObject({ code: 0, stderr: '' });

    const left = await start(config);
    expect(await left.client.call('GetValidatorInfo', {})).toMatchObject({ observing: true });
    const error = await left.client.callRaw('SubmitOrder', { ...open }).catch((thrown: unknown) => thrown);
    expect(left.client.rejectOf(error)).toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    const again = await runToEnd(['export-state', '--config', config, '--to', join(net.directory, 'second')]);
    expect(again.code).toBe(69);
    await kill(left);
    const retired = await runToEnd(['export-state', '--config', config, '--to', join(net.directory, 'second')]);
    expect([retired.code, retired.stderr]).toEqual([64, expect.stringContaining('is retired')]);

    const machine = join(net.directory, 'machine');
    mkdirSync(machine);
    const moved = join(machine, 'Edgar.json');
    const content = JSON.parse(readFileSync(config, 'utf8'));
    writeFileSync(moved, JSON.stringify({ ...content, networkFile: '../network.json' }));
    expect(await runToEnd(['import-state', '--config', moved, '--from', bundle])).toMatchObject({
      code: 0,
      stderr: '',
    });
    const twice = await runToEnd(['import-state', '--config', moved, '--from', bundle]);
    expect([twice.code, twice.stderr]).toEqual([64, expect.stringContaining('was imported already')]);

    const { client } = await start(moved);
    expect(await client.call('GetValidatorInfo', {})).toMatchObject({ observing: false });
    expect(await client.callRaw('SubmitOrder', { ...open })).toEqual(before);
    await pay([dave.client, client], open);
    sequence++;
    await payWith([dave.client, client]);
  });
});
