import './support/patience.ts';
import { PATH_USD } from '@fastpay/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { statementOf, waitForBalance } from './support/balance.ts';
import { certificateOf, commitOf, pay, voteOf } from './support/certify.ts';
import { createGrpcClient, type GrpcClient } from './support/grpc.ts';
import { createPayer, type Payer } from './support/payer.ts';
import { type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

const names = ['Dave', 'Edgar', 'Frank', 'Grace'];
let net: TestNetwork;
let sidecars: SidecarProcess[] = [];
let clients: GrpcClient[] = [];

beforeAll(async () => {
  net = await createTestNetwork({ names });
  sidecars = await Promise.all(names.map((name) => startSidecarProcess(net.configFile(name))));
  clients = await Promise.all(sidecars.map(({ url }) => createGrpcClient(url)));
});
afterAll(async () => {
  for (const client of clients) client.close();
  await Promise.all(sidecars.map((sidecar) => sidecar.stop()));
  await net?.stop();
});

async function funded(recipient: `0x${string}`): Promise<Payer> {
  const payer = createPayer(net.network.domain, PATH_USD, recipient);
  await net.deposit(payer.address.toLowerCase() as Parameters<TestNetwork['deposit']>[0], 100_000_000n);
  await Promise.all(clients.map((client) => waitForBalance(client, payer.address, PATH_USD, 100_000_000n)));
  return payer;
}

function three(): readonly GrpcClient[] {
  return clients.slice(0, 3);
}

function fourth(): GrpcClient {
  const [, , , client] = clients;
  if (!client) throw new Error('four clients expected');
  return client;
}

it('pays with three of four, and the one that was left out takes part again once it has the certificate', async () => {
  const payer = await funded(`0x${'b0'.repeat(20)}`);
  const certificate = await pay(three(), await payer.submission({ sequence: 0n, amount: 1n }));
  const next = await payer.submission({ sequence: 1n, amount: 1n });

  const error = await voteOf(fourth(), next).catch((reason: unknown) => reason);
  expect(fourth().rejectOf(error)).toMatchObject({ code: 'MISSING_PREDECESSOR', expected_sequence: '0' });
  await voteOf(fourth(), { ...next, attachments: [certificate] });

  expect(await pay(clients, next)).toMatchObject({ type: 'CERTIFICATE_TYPE_COMMIT' });
  const statements = await Promise.all(clients.map((client) => statementOf(client, payer.address, PATH_USD)));
  expect(new Set(statements.map(({ balance, next: slot }) => `${balance} ${slot}`)).size).toBe(1);
});

it('spends money that was received a moment ago, at a validator that has not heard of it', async () => {
  const bob = createPayer(net.network.domain, PATH_USD, `0x${'c0'.repeat(20)}`);
  const alice = await funded(bob.address);
  const received = await pay(three(), await alice.submission({ amount: 10_000_000n }));

  const spending = await bob.submission({ amount: 9_000_000n });
  const error = await voteOf(fourth(), spending).catch((reason: unknown) => reason);
  expect(fourth().rejectOf(error)).toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
  const votes = await Promise.all(clients.map((client) => voteOf(client, { ...spending, attachments: [received] })));
  expect(votes.map(({ signature }) => signature.signer)).toEqual([0, 1, 2, 3]);
});

it('refuses a certificate with too few signatures, one twice, or an altered amount, and changes nothing', async () => {
  const payer = await funded(`0x${'b0'.repeat(20)}`);
  const submission = await payer.submission({ amount: 1n });
  const votes = await Promise.all(three().map((client) => voteOf(client, submission)));
  const [first, second] = votes;
  if (!first || !second) throw new Error('three votes expected');
  const altered = await payer.submission({ amount: 2n });
  const forged = [
    certificateOf('CERTIFICATE_TYPE_QUORUM', submission, [first, second]),
    certificateOf('CERTIFICATE_TYPE_QUORUM', submission, [first, first, second]),
    certificateOf('CERTIFICATE_TYPE_QUORUM', altered, votes),
  ];
  for (const certificate of forged) {
    const error = await commitOf(fourth(), certificate).catch((reason: unknown) => reason);
    expect(['INVALID_CERTIFICATE', 'INVALID_FORMAT']).toContain(fourth().rejectOf(error).code);
  }
  const commits = await Promise.all(
    three().map((client) => commitOf(client, certificateOf('CERTIFICATE_TYPE_QUORUM', submission, votes))),
  );
  const tooFew = certificateOf('CERTIFICATE_TYPE_COMMIT', submission, commits.slice(0, 2));
  const error = await fourth()
    .call('SubmitCommitCertificate', { commit_certificate: tooFew })
    .catch((reason: unknown) => reason);
  expect(fourth().rejectOf(error).code).toBe('INVALID_CERTIFICATE');
  expect(await statementOf(fourth(), payer.address, PATH_USD)).toMatchObject({ balance: '100000000', next: '0' });
});

it('finishes a payment after validators were killed and came back', async () => {
  const payer = await funded(`0x${'b0'.repeat(20)}`);
  const submission = await payer.submission({ amount: 1n });
  const votes = await Promise.all(three().map((client) => voteOf(client, submission)));
  for (const sidecar of sidecars.slice(0, 2)) sidecar.signal('SIGKILL');
  await Promise.all(sidecars.slice(0, 2).map(({ exited }) => exited));
  for (const client of clients.slice(0, 2)) client.close();
  const back = await Promise.all(names.slice(0, 2).map((name) => startSidecarProcess(net.configFile(name))));
  sidecars = [...back, ...sidecars.slice(2)];
  clients = [...(await Promise.all(back.map(({ url }) => createGrpcClient(url)))), ...clients.slice(2)];

  const again = await Promise.all(three().map((client) => voteOf(client, submission)));
  expect(again).toEqual(votes);
  expect(await pay(three(), submission)).toMatchObject({ type: 'CERTIFICATE_TYPE_COMMIT' });
});
