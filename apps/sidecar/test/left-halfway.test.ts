import './support/patience.ts';
import { type CommitCertificate, PATH_USD, toAddress } from '@fastpay/protocol';
import { certificateToProto, commitCertificateFromProto } from '@fastpay/rpc';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Payment, payments } from './support/certificates.ts';
import { createConnectClient, metricOf } from './support/connect.ts';
import { type SidecarProcess, startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

const names = ['Dave', 'Edgar', 'Frank', 'Grace'];
let net: TestNetwork;
let others: SidecarProcess[] = [];
let dave: SidecarProcess;
let payment: Payment;

beforeAll(async () => {
  net = await createTestNetwork({ names });
  others = await Promise.all(names.slice(1).map((name) => startSidecarProcess(net.configFile(name))));
  const peers = others.map(({ url }, index) => `${names[index + 1]}=${url}`).join(',');
  dave = await startSidecarProcess(net.configFile('Dave'), { flags: ['--peers', peers, '--staleLockMs', '1000'] });
  const recipient = toAddress(`0x${'b0'.repeat(20)}`);
  for await (const made of payments(net, { payerSeed: 41, recipient, count: 1 })) payment = made;
});
afterAll(async () => {
  await Promise.all([dave, ...others].map((sidecar) => sidecar?.stop()));
  await net?.stop();
});

it('a payment whose payer went away after one commit is finished by the validator that is locked on it', async () => {
  const quorumCertificate = certificateToProto(payment.quorumCertificate);
  await createConnectClient(dave.url).submitQuorumCertificate({ quorumCertificate });
  const record = await dave.record(({ msg }) => msg === 'ended a slot that its owner had left open');
  expect(record).toMatchObject({ duty: 'finish', value: payment.quorumCertificate.value });

  const { slot } = payment.quorumCertificate;
  const held: (CommitCertificate | undefined)[] = [];
  for (const { url } of [dave, ...others]) {
    const { commitCertificate } = await createConnectClient(url)
      .getPayment({
        transactionHash: Buffer.from(payment.quorumCertificate.value.slice(2), 'hex'),
      })
      .then(({ payment: view }) => view ?? { commitCertificate: undefined });
    held.push(commitCertificate && commitCertificateFromProto(commitCertificate));
  }
  expect(held.map((each) => each?.slot)).toEqual(Array(4).fill(slot));
  expect(held[0]?.slot.asset).toBe(PATH_USD);
  expect(await metricOf(dave.url, 'fastpay_duties_total{duty="finish",result="ended"')).toBe(1);
});
