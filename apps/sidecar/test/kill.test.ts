import './support/patience.ts';
import { fileURLToPath } from 'node:url';
import { PATH_USD } from '@fastpay/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitForBalance } from './support/balance.ts';
import { certificateOf, commitOf, pay, voteOf } from './support/certify.ts';
import { createGrpcClient, type GrpcClient } from './support/grpc.ts';
import { createPayer, type Payer } from './support/payer.ts';
import { type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

const entry = fileURLToPath(new URL('./failing-store-entry.ts', import.meta.url));
const recipient = `0x${'b0'.repeat(20)}` as const;

let net: TestNetwork;
let payer: Payer;
const started: SidecarProcess[] = [];

async function start(environment?: NodeJS.ProcessEnv): Promise<{ sidecar: SidecarProcess; client: GrpcClient }> {
  const options = environment ? { entry, environment } : {};
  const sidecar = await startSidecarProcess(net.configFile('Dave'), options);
  started.push(sidecar);
  return { sidecar, client: await createGrpcClient(sidecar.url) };
}

beforeAll(async () => {
  net = await createTestNetwork({ names: ['Dave'] });
  payer = createPayer(net.network.domain, PATH_USD, recipient);
  await net.deposit(payer.address.toLowerCase() as Parameters<TestNetwork['deposit']>[0], 100_000_000n);
  const { sidecar, client } = await start();
  await waitForBalance(client, payer.address, PATH_USD, 100_000_000n);
  client.close();
  await sidecar.stop();
});
afterAll(async () => {
  for (const sidecar of started) sidecar.signal('SIGKILL');
  await net?.stop();
});

it('killed between the record of a vote and its answer, it votes for nothing else and gives that vote out later', async () => {
  const first = await payer.submission({ sequence: 0n, amount: 1n });
  const conflicting = await payer.submission({ sequence: 0n, amount: 2n });

  const killing = await start({ HOW: 'kill', FAIL_ON: first.signed_order.payer_signature.toString('hex') });
  await expect(killing.client.call('SubmitOrder', { ...first })).rejects.toMatchObject({ code: 14 });
  expect((await killing.sidecar.exited).signal).toBe('SIGKILL');
  killing.client.close();

  const { sidecar, client } = await start();
  const error = await client.call('SubmitOrder', { ...conflicting }).catch((reason: unknown) => reason);
  const reject = client.rejectOf(error);
  expect(reject.code).toBe('EQUIVOCATION');
  expect(reject.stored_order).toMatchObject({ payer_signature: first.signed_order.payer_signature });
  await pay([client], first);
  client.close();
  await sidecar.stop();
});

it('killed between the record of a commit and its answer, it gives out the same commit later', async () => {
  const submission = await payer.submission({ sequence: 1n, amount: 1n });
  const before = await start();
  const vote = await voteOf(before.client, submission);
  const quorum = certificateOf('CERTIFICATE_TYPE_QUORUM', submission, [vote]);
  before.client.close();
  await before.sidecar.stop();

  const killing = await start({ HOW: 'kill', FAIL_ON: submission.signed_order.payer_signature.toString('hex') });
  await expect(commitOf(killing.client, quorum)).rejects.toMatchObject({ code: 14 });
  expect((await killing.sidecar.exited).signal).toBe('SIGKILL');
  killing.client.close();

  const { sidecar, client } = await start();
  const raw = await client.callRaw('SubmitQuorumCertificate', { quorum_certificate: quorum });
  expect(await client.callRaw('SubmitQuorumCertificate', { quorum_certificate: quorum })).toEqual(raw);
  const commit = await commitOf(client, quorum);
  const certificate = certificateOf('CERTIFICATE_TYPE_COMMIT', submission, [commit]);
  const resolved = await client.call('SubmitCommitCertificate', { commit_certificate: certificate });
  expect(resolved).toEqual({ stage: 'STAGE_QUEUED_ONCHAIN' });
  client.close();
  await sidecar.stop();
});

it('ends with code 70 when a record cannot be written, without an answer, and has signed nothing', async () => {
  const submission = await payer.submission({ sequence: 2n, amount: 1n });
  const signature = submission.signed_order.payer_signature.toString('hex');
  const failing = await start({ HOW: 'refuse', FAIL_ON: signature });
  await expect(failing.client.call('SubmitOrder', { ...submission })).rejects.toMatchObject({ code: 14 });
  expect((await failing.sidecar.exited).code).toBe(70);
  expect(failing.sidecar.records.at(-1)).toMatchObject({ level: 60, msg: 'the store failed' });
  failing.client.close();

  const { sidecar, client } = await start();
  await pay([client], await payer.submission({ sequence: 2n, amount: 2n }));
  client.close();
  await sidecar.stop();
});
