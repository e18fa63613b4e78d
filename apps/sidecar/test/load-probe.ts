import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { createNodeSecp256k1Signer } from '@fastpay/crypto/node';
import {
  type Certificate,
  PATH_USD,
  type PaymentOrder,
  toAddress,
  toAmount,
  toSequence,
  transactionHashIn,
  ZERO_HASH,
} from '@fastpay/protocol';
import {
  certificateToProto,
  commitFromProto,
  submitOrderRequestToProto,
  ValidatorService,
  voteFromProto,
} from '@fastpay/rpc';
import { depositFor } from '@fastpay/tempo';
import { devAccount } from '@fastpay/tempo/node';
import { startSidecarProcess } from './support/sidecar-process.ts';
import { createTestNetwork } from './support/test-network.ts';

const names = ['Dave', 'Edgar', 'Frank', 'Grace'];
const net = await createTestNetwork({ names, blockTimeSeconds: 0.5 });
const nodeFlags = process.env.NODE_FLAGS ?? '';
const environment: NodeJS.ProcessEnv = {
  NODE_OPTIONS: nodeFlags,
  ...(process.env.CC ? { NODE_COMPILE_CACHE: process.env.CC } : {}),
};
const sidecars = await Promise.all(names.map((n) => startSidecarProcess(net.configFile(n), { environment })));
const rss = (what: string) => {
  const line = sidecars.map(({ pid }) => {
    const s = readFileSync(`/proc/${pid}/status`, 'utf8');
    const pss = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return `${Math.round(Number(/VmRSS:\s+(\d+)/.exec(s)?.[1]) / 1024)}/${Math.round(Number(pss) / 1024)}`;
  });
  console.log(what, 'RSS/PSS MB', line.join(' '));
};
const cpu = () => sidecars.map(({ pid }) => { const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' '); return (Number(f[13]) + Number(f[14])) * 10; });
const mem = async () => { const t = await (await fetch(sidecars[0]!.url + '/metrics')).text(); console.log((t.match(/^(nodejs_heap_size_total_bytes|nodejs_heap_size_used_bytes|nodejs_external_memory_bytes|nodejs_heap_space_size_total_bytes.*|fastpay_store_write_seconds_(sum|count)|fastpay_request_seconds_(sum|count).*) .*$/gm) ?? []).map((l) => l.replace(/(\d{6,})$/, (n) => (Number(n) / 1e6).toFixed(1) + 'M')).join('\n')); };
const ACCOUNTS = Number(process.env.ACCOUNTS ?? 64),
  PER = Number(process.env.PER ?? 30);
const payers = Array.from({ length: ACCOUNTS }, () => createNodeSecp256k1Signer(randomBytes(32)));
for (let i = 0; i < payers.length; i += 8)
  await depositFor({
    rpcUrl: net.node.rpcUrl,
    signer: devAccount(0),
    asset: PATH_USD,
    reserve: net.network.domain.reserve,
    fundings: payers.slice(i, i + 8).map(({ address }) => ({ account: address, amount: 1_000_000_000n })),
  });
const clients = sidecars.map(({ url }) =>
  createClient(ValidatorService, createGrpcTransport({ baseUrl: url, sessionManager: new Http2SessionManager(url) })),
);
for (const c of clients)
  for (const p of payers)
    for (;;) {
      const a = await c.getAccount({
        owner: Buffer.from(p.address.slice(2), 'hex'),
        asset: Buffer.from(PATH_USD.slice(2), 'hex'),
        clientNonce: randomBytes(16),
      });
      if (BigInt(a.account?.statement?.balance ?? '0') > 0n) break;
      await new Promise((r) => setTimeout(r, 100));
    }
await new Promise((r) => setTimeout(r, 3000));
rss('idle');
const times: number[] = [];
async function payAll(p: (typeof payers)[number], index: number) {
  const recipient = payers[(index + 1) % payers.length]!.address;
  for (let sequence = 0; sequence < PER; sequence++) {
    const t = performance.now();
    const order: PaymentOrder = {
      kind: 0,
      sender: p.address,
      recipient: toAddress(recipient),
      asset: PATH_USD,
      amount: toAmount(1000n),
      fee: toAmount(8000n),
      sequence: toSequence(BigInt(sequence)),
      validUntil: BigInt(Math.floor(Date.now() / 1000) + 600),
      memo: ZERO_HASH,
      parents: [],
    };
    const hash = transactionHashIn(order, net.network.domain);
    const signedOrder = { order, payerSignature: await p.sign(hash) };
    const req = submitOrderRequestToProto({ signedOrder, attachments: [] });
    const votes = (await Promise.all(clients.map((c) => c.submitOrder(req)))).map((a) => {
      if (a.answer.case !== 'vote') throw new Error('no vote');
      return voteFromProto(a.answer.value);
    });
    const base = { epoch: 0n, slot: votes[0]!.slot, round: 0, value: hash, signedOrder };
    const qc: Certificate = { type: 'quorum', ...base, signatures: votes.slice(0, 3).map((v) => v.signature) };
    const q = certificateToProto(qc);
    const commits = (await Promise.all(clients.map((c) => c.submitQuorumCertificate({ quorumCertificate: q })))).map(
      (a) => {
        if (a.answer.case !== 'commit') throw new Error('no commit');
        return commitFromProto(a.answer.value);
      },
    );
    times.push(performance.now() - t);
    const cc = certificateToProto({ type: 'commit', ...base, signatures: commits.slice(0, 3).map((v) => v.signature) });
    await Promise.all(clients.map((c) => c.submitCommitCertificate({ commitCertificate: cc })));
  }
}
// one alone
await payAll(payers[0]!, 0);
times.sort((a, b) => a - b);
console.log(
  'alone: p50',
  times[times.length >> 1]!.toFixed(1),
  'p95',
  times[Math.floor(times.length * 0.95)]!.toFixed(1),
  'ms to CC',
);
times.length = 0;
const c0 = cpu();
const t0 = performance.now();
await Promise.all(payers.slice(1).map((p, i) => payAll(p, i + 1)));
const took = (performance.now() - t0) / 1000;
times.sort((a, b) => a - b);
console.log(
  `load: ${times.length} payments in ${took.toFixed(1)} s = ${(times.length / took).toFixed(0)}/s, p50 ${times[times.length >> 1]!.toFixed(0)} p95 ${times[Math.floor(times.length * 0.95)]!.toFixed(0)} ms`,
);
console.log('cpu ms per payment', cpu().map((c, i) => ((c - c0[i]!) / times.length).toFixed(1)).join(' '));
if (process.env.MEM) await mem();

rss('after load');
await new Promise((r) => setTimeout(r, 20000));
rss('20 s later');
process.exitCode = 0;
for (const s of sidecars) await s.stop();
await net.stop();
process.exit(0);
