import './support/patience.ts';
import { join } from 'node:path';
import { createVerificationContext, signVote } from '@fastpay/crypto';
import { createNodeEngine, createNodeVotingSigner } from '@fastpay/crypto/node';
import { PATH_USD, toAddress, toHash, toSequence } from '@fastpay/protocol';
import { evidenceToProto } from '@fastpay/rpc';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readKeyFile } from '../src/keys/key-file.ts';
import { waitForBalance } from './support/balance.ts';
import { certificateOf, commitOf, pay, voteOf } from './support/certify.ts';
import { createConnectClient, metricOf } from './support/connect.ts';
import { createGrpcClient, type GrpcClient, type Message } from './support/grpc.ts';
import { bytes, createPayer, type Payer } from './support/payer.ts';
import { type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

const recipient = `0x${'b0'.repeat(20)}` as const;
const ZERO = Buffer.alloc(32);

let net: TestNetwork;
let sidecar: SidecarProcess;
let client: GrpcClient;
let payer: Payer;

beforeAll(async () => {
  net = await createTestNetwork({ names: ['Dave'] });
  payer = createPayer(net.network.domain, PATH_USD, recipient);
  await net.deposit(payer.address.toLowerCase() as Parameters<TestNetwork['deposit']>[0], 100_000_000n);
  sidecar = await startSidecarProcess(net.configFile('Dave'));
  client = await createGrpcClient(sidecar.url);
  await waitForBalance(client, payer.address, PATH_USD, 100_000_000n);
});
afterAll(async () => {
  client?.close();
  await sidecar?.stop();
  await net?.stop();
});

const slotOf = (sequence: number) => ({
  owner: bytes(payer.address),
  asset: bytes(PATH_USD),
  sequence: String(sequence),
});

async function refusalOf(method: string, request: Message): Promise<Message> {
  return client.rejectOf(await client.call(method, request).catch((thrown: unknown) => thrown));
}

describe('higher rounds over plain gRPC', () => {
  it('end a slot whose owner signed two orders, without paying either', async () => {
    await voteOf(client, await payer.submission({ sequence: 0n, amount: 1n }));
    const other = await payer.submission({ sequence: 0n, amount: 2n });
    expect(await refusalOf('SubmitOrder', { ...other })).toMatchObject({ code: 'EQUIVOCATION' });

    const round = 1;
    const newRound = {
      epoch: '0',
      slot: slotOf(0),
      round: String(round),
      authority: { owner: await payer.newRound(0n, BigInt(round)) },
    };
    const { promise } = (await client.call('OpenRound', { new_round: newRound })) as { promise: { promise: Message } };
    expect(promise).toMatchObject({ promise: { round: '1', lock: null }, lock_certificate: null });

    const ballot = { slot: slotOf(0), round: String(round), value: ZERO };
    const proposal = {
      proposal: {
        epoch: '0',
        ballot,
        authority: { owner: await payer.propose(0n, BigInt(round), `0x${'00'.repeat(32)}`) },
      },
      promises: [promise.promise],
      lock_certificates: [],
    };
    const { vote } = (await client.call('SubmitProposal', { proposal })) as {
      vote: Parameters<typeof certificateOf>[2][0];
    };
    const { signed_order: _, ...skip } = certificateOf(
      'CERTIFICATE_TYPE_QUORUM',
      { signed_order: undefined, attachments: [] },
      [vote],
    );
    const commit = await commitOf(client, skip);
    const certificate = { ...skip, type: 'CERTIFICATE_TYPE_COMMIT', signatures: [commit.signature] };
    const answer = await client.call('SubmitCommitCertificate', { commit_certificate: certificate });
    expect(answer).toEqual({ stage: 'STAGE_SKIPPED' });
    expect(await client.call('GetResolution', { slot: slotOf(0) })).toMatchObject({
      commit_certificate: { ballot: { round: '1', value: ZERO } },
    });
    // Whoever comes later is told how it ended.
    expect(await client.call('OpenRound', { new_round: { ...newRound, round: '2' } })).toMatchObject({
      answer: 'commit_certificate',
    });
  });

  it('are not opened by anybody else, nor below the bottom', async () => {
    const stranger = privateKeyToAccount(generatePrivateKey());
    const owner = bytes(await stranger.signMessage({ message: 'let me' }));
    const newRound = { epoch: '0', slot: slotOf(1), round: '1', authority: { owner } };
    expect(await refusalOf('OpenRound', { new_round: newRound })).toMatchObject({ code: 'INVALID_SIGNATURE' });
    expect(await refusalOf('OpenRound', { new_round: { ...newRound, round: '0' } })).toMatchObject({
      code: 'INVALID_FORMAT',
      message: 'new_round.round: is at least 1',
    });
  });
});

describe('what others fetch', () => {
  it('is listed in the order of the store, page by page, and under its id only', async () => {
    const certificate = await pay([client], await payer.submission({ sequence: 1n, amount: 1n }));
    const first = (await client.call('ListCertificates', { limit: 1 })) as Record<string, unknown>;
    expect(first).toMatchObject({ certificates: [{ ballot: { value: ZERO } }], has_more: true });
    const { next_cursor: afterCursor, store_id: storeId } = first;
    const second = await client.call('ListCertificates', { after_cursor: afterCursor, store_id: storeId });
    expect(second).toMatchObject({ certificates: [certificate], has_more: false });
    const elsewhere = { after_cursor: afterCursor, store_id: Buffer.alloc(16, 1) };
    expect(await refusalOf('ListCertificates', elsewhere)).toMatchObject({ code: 'INVALID_FORMAT' });
    expect(await refusalOf('ListCertificates', { limit: 201 })).toMatchObject({ code: 'INVALID_FORMAT' });
  });

  it('is a payment with everything that it rests on, and an attestation of what is resolved', async () => {
    const certificate = await pay([client], await payer.submission({ sequence: 2n, amount: 1n }));
    const { value } = certificate.ballot as { value: Buffer };
    const closure = await client.call('GetFundingClosure', { transaction_hash: value });
    // The slots of its payer before it, the skipped one too.
    const { certificates } = (await client.call('ListCertificates', { limit: 3 })) as Record<string, unknown>;
    expect(closure).toMatchObject({ certificates, complete: true });
    expect(certificates).toMatchObject([{ ballot: { value: ZERO } }, {}, certificate]);
    expect(await client.call('GetFundingClosure', { transaction_hash: Buffer.alloc(32, 7) })).toEqual({
      certificates: [],
      complete: false,
    });
    const entries = [{ slot: slotOf(2), value }];
    const { signature } = (await client.call('AttestBatch', { epoch: '0', entries })) as { signature: Message };
    expect(signature).toMatchObject({ signer: 0 });
    const unresolved = { epoch: '0', entries: [{ slot: slotOf(9), value }] };
    expect(await refusalOf('AttestBatch', unresolved)).toMatchObject({ code: 'MISSING_PREDECESSOR' });
    expect(await refusalOf('AttestBatch', { epoch: '4', entries })).toMatchObject({ code: 'INVALID_FORMAT' });
  });
});

it('keeps and publishes proof of a double vote, once, and refuses what proves nothing', async () => {
  const { network, directory } = net;
  const context = createVerificationContext(network, createNodeEngine());
  const voting = createNodeVotingSigner(readKeyFile(join(directory, 'Dave.keys.json')).votingSeed);
  const slot = { owner: toAddress(recipient), asset: PATH_USD, sequence: toSequence(5n) };
  const vote = (fill: string) =>
    signVote(context, { slot, round: 0, value: toHash(`0x${fill.repeat(32)}`) }, 0, voting);
  const [first, second] = await Promise.all([vote('11'), vote('22')]);
  const connect = createConnectClient(sidecar.url);
  const report = (evidence: Parameters<typeof evidenceToProto>[0]) =>
    connect.reportEvidence({ evidence: evidenceToProto(evidence) });

  await expect(report({ type: 'votes', first, second: first })).rejects.toThrow();
  await expect(report({ type: 'votes', first, second: { ...second, signature: first.signature } })).rejects.toThrow();
  expect(await report({ type: 'votes', first, second })).toMatchObject({ kept: true });
  expect(await report({ type: 'votes', first: second, second: first })).toMatchObject({ kept: false });

  const { evidence } = (await client.call('ListEvidence', {})) as { evidence: Message[] };
  expect(evidence).toMatchObject([{ kind: 'votes' }]);
  const bulletin = (await client.call('ListBulletin', { limit: 1_000 })) as { entries: { event: string }[] };
  expect(bulletin.entries.map(({ event }) => event)).toContain('evidence');
  expect(await metricOf(sidecar.url, 'fastpay_evidence ')).toBe(1);
});
