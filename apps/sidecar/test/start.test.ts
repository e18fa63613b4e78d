import './support/patience.ts';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createGrpcClient } from './support/grpc.ts';
import { runToEnd, type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

describe('the command line', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'fastpay-cli-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('explains itself', async () => {
    const { code, stdout } = await runToEnd(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--listen.port');
    expect((await runToEnd(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('makes keys once and prints their public half', async () => {
    const file = join(directory, 'keys.json');
    const made = await runToEnd(['keygen', '--out', file, '--name', 'Dave']);
    expect(made.code).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ name: 'Dave', stake: '1' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file, 'utf8');
    const again = await runToEnd(['keygen', '--out', file]);
    expect([again.code, again.stdout]).toEqual([64, '']);
    expect(again.stderr).toContain('not overwritten');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it.each([
    [[], 'networkFile: missing'],
    [['--config', '/none.json'], '/none.json (the configuration file): there is no such file'],
    [['--listen.prot', '1'], '--listen.prot (command line): no such flag'],
    [['keygen'], '--out: missing'],
  ])('refuses %j with exit code 64', async (words, message) => {
    const { code, stderr } = await runToEnd(words);
    expect(code).toBe(64);
    expect(stderr).toContain(message);
  });
});

describe('starting', () => {
  let net: TestNetwork;
  const running: SidecarProcess[] = [];

  beforeAll(async () => {
    net = await createTestNetwork({ names: ['Dave', 'Edgar'] });
  });
  afterEach(async () => {
    for (const sidecar of running.splice(0)) await sidecar.stop();
  });
  afterAll(() => net.stop());

  async function start(...options: Parameters<typeof startSidecarProcess>): Promise<SidecarProcess> {
    const sidecar = await startSidecarProcess(...options);
    running.push(sidecar);
    return sidecar;
  }

  it('serves, becomes ready with the chain, and stops cleanly on SIGTERM', async () => {
    const sidecar = await start(net.configFile('Dave'), { environment: { FASTPAY_LISTN_PORT: '1' } });
    expect((await fetch(`${sidecar.url}/healthz`)).status).toBe(200);
    await sidecar.record((record) => record.msg === 'able to vote');
    const ready = await fetch(`${sidecar.url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { ready: true, reasons: {} }]);
    const metrics = await (await fetch(`${sidecar.url}/metrics`)).text();
    expect(metrics).toMatch(/^fastpay_ready 1$/m);
    expect(metrics).toMatch(/^nodejs_eventloop_lag_seconds /m);
    expect(metrics).toMatch(/^fastpay_store_write_seconds_count [1-9]/m);
    expect(sidecar.records.find(({ variables }) => variables)?.variables).toEqual(['FASTPAY_LISTN_PORT']);
    const { code, stderr } = await sidecar.stop();
    expect([code, stderr]).toEqual([0, '']);
    await expect(fetch(sidecar.url)).rejects.toThrow();
  });

  it('keeps keys, the node and its address out of the log', async () => {
    const url = new URL(net.node.rpcUrl);
    url.pathname = '/secret-path';
    const flags = ['--chain.rpcUrl', url.href, '--logLevel', 'trace'];
    const sidecar = await start(net.configFile('Dave'), { flags });
    await sidecar.record((record) => record.msg === 'ready');
    await fetch(`${sidecar.url}/readyz`);
    const { stdout, stderr } = await sidecar.stop();
    const keys = JSON.parse(readFileSync(join(net.directory, 'Dave.keys.json'), 'utf8'));
    for (const secret of [keys.votingSeed.slice(2), keys.settlementKey.slice(2), 'secret-path']) {
      expect(stdout + stderr).not.toContain(secret);
    }
  });

  it('refuses a second process on the same data directory, and the first goes on', async () => {
    const sidecar = await start(net.configFile('Dave'));
    const second = await runToEnd(['--config', net.configFile('Dave')]);
    expect(second.code).toBe(69);
    expect(second.stderr).toContain('another process works on it');
    expect((await fetch(`${sidecar.url}/healthz`)).status).toBe(200);
  });

  it('can be started again after it was killed', async () => {
    const sidecar = await start(net.configFile('Dave'));
    sidecar.signal('SIGKILL');
    expect((await sidecar.exited).signal).toBe('SIGKILL');
    await start(net.configFile('Dave'));
  });

  it('tells open streams that it stops, and ends', async () => {
    const sidecar = await start(net.configFile('Dave'));
    const client = await createGrpcClient(sidecar.url);
    const stream = client.stream('WatchBulletin', {});
    const error = new Promise<unknown>((resolve) => stream.on('error', resolve));
    await expect.poll(async () => (await fetch(`${sidecar.url}/metrics`)).text()).toMatch(/^fastpay_streams 1$/m);
    expect((await sidecar.stop()).code).toBe(0);
    expect(await error).toMatchObject({ code: 14, details: 'the validator is stopping' });
    client.close();
  });

  it('waits for a request in flight, but not past a second signal', async () => {
    const sidecar = await start(net.configFile('Dave'));
    const { port } = new URL(sidecar.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      'POST /fastpay.v1.ValidatorService/GetChainHead HTTP/1.1\r\nHost: here\r\n' +
        'content-type: application/json\r\ncontent-length: 2\r\n\r\n{',
    );
    await expect.poll(async () => (await fetch(`${sidecar.url}/metrics`)).text()).toMatch(/requests_in_flight 1$/m);
    sidecar.signal('SIGTERM');
    await sidecar.record((record) => record.msg === 'stopping');
    sidecar.signal('SIGTERM');
    expect((await sidecar.exited).code).toBe(130);
    socket.destroy();
  });

  it('names the port that is taken', async () => {
    const sidecar = await start(net.configFile('Dave'));
    const { port } = new URL(sidecar.url);
    const second = await runToEnd(['--config', net.configFile('Edgar'), '--listen.port', port]);
    expect(second.code).toBe(69);
    expect(second.stderr).toContain(`listen 127.0.0.1:${port}: is taken by another process`);
  });

  it('refuses a key file that others could read', async () => {
    const file = join(net.directory, 'Edgar.keys.json');
    chmodSync(file, 0o640);
    const { code, stderr } = await runToEnd(['--config', net.configFile('Edgar')]);
    chmodSync(file, 0o600);
    expect(code).toBe(64);
    expect(stderr).toContain('has mode 0640');
    expect(stderr).toContain(`chmod 600 ${file}`);
  });

  it("refuses another validator's keys", async () => {
    const flags = ['--keyFile', join(net.directory, 'Edgar.keys.json')];
    const { code, stderr } = await runToEnd(['--config', net.configFile('Dave'), ...flags]);
    expect(code).toBe(64);
    expect(stderr).toContain("not Dave's in the network manifest");
  });

  it("refuses another validator's store", async () => {
    const dave = await start(net.configFile('Dave'));
    await dave.stop();
    const flags = ['--dataDirectory', join(net.directory, 'Dave.store')];
    const { code, stderr } = await runToEnd(['--config', net.configFile('Edgar'), ...flags]);
    expect(code).toBe(64);
    expect(stderr).toContain('the store was made for another validator (number 0, not 1)');
  });

  it("refuses a reserve that is not the manifest's", async () => {
    const manifest = JSON.parse(readFileSync(join(net.directory, 'network.json'), 'utf8'));
    const write = (name: string, domain: object) => {
      const file = join(net.directory, name);
      writeFileSync(file, JSON.stringify({ ...manifest, domain: { ...manifest.domain, ...domain } }));
      return file;
    };
    const salt = write('salt.json', { salt: `0x${'ab'.repeat(32)}` });
    const reserve = write('reserve.json', { reserve: `0x${'ab'.repeat(20)}` });
    for (const [file, problem] of [
      [salt, 'has another domain (chain id or salt) than the network manifest'],
      [reserve, `there is no reserve contract at 0x${'ab'.repeat(20)}`],
    ] as const) {
      const flags = ['--networkFile', file, '--dataDirectory', `${file}.store`];
      const { code, stderr } = await runToEnd(['--config', net.configFile('Dave'), ...flags]);
      expect(code).toBe(64);
      expect(stderr).toContain(problem);
    }
  });

  it('starts without its node and says so', async () => {
    const flags = ['--chain.rpcUrl', 'http://127.0.0.1:1', '--dataDirectory', join(net.directory, 'alone.store')];
    const sidecar = await start(net.configFile('Dave'), { flags });
    const trouble = await sidecar.record((record) => record.msg === 'looking at the chain failed');
    expect(String(trouble.trouble)).toContain('cannot be reached');
    const ready = await fetch(`${sidecar.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain('cannot be reached');
    expect((await fetch(`${sidecar.url}/healthz`)).status).toBe(200);
  });
});
