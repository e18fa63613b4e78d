import './support/patience.ts';
import { type CommitCertificate, PATH_USD, toAddress } from '@fastpay/protocol';
import { type ChainHead, createJsonRpc, fundAccounts } from '@fastpay/tempo';
import { devAccount } from '@fastpay/tempo/node';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { payerAddress, payments } from './support/certificates.ts';
import { type ChainTime, takeChainTime } from './support/chain-time.ts';
import { type HeadProxy, startHeadProxy } from './support/head-proxy.ts';
import { expectLedgerOnChain } from './support/ledger-on-chain.ts';
import { countOutcomes, gasPerEntry, settlementsOnChain } from './support/settlements-on-chain.ts';
import { createSettlingCommittee, type SettlingCommittee } from './support/settling-committee.ts';
import { createTestNetwork, type TestNetwork } from './support/test-network.ts';

/** Four settling validators on one real node, whose blocks come when the test says so: whose turn it is, and who takes over. */

const names = ['Dave', 'Edgar', 'Frank', 'Grace'];
const [DAVE, EDGAR, FRANK, GRACE] = [0, 1, 2, 3] as const;
const everybody = [DAVE, EDGAR, FRANK, GRACE];
const recipient = toAddress(`0x${'b0'.repeat(20)}`);
const GAS_MONEY = 50_000_000n;
let net: TestNetwork;
let committee: SettlingCommittee;
let time: ChainTime;
let proxies: readonly HeadProxy[] = [];

beforeEach(async () => {
  net = await createTestNetwork({ names });
  committee = await createSettlingCommittee(net);
});
afterEach(async () => {
  await committee.stop();
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  proxies = [];
  await net.stop();
});

/** As many payments of a payer who has the money for them, certified but handed to nobody. */
async function certify(payerSeed: number, count: number): Promise<readonly CommitCertificate[]> {
  const certificates: CommitCertificate[] = [];
  for await (const { commitCertificate } of payments(net, { payerSeed, recipient, count })) {
    certificates.push(commitCertificate);
  }
  return certificates;
}

async function deposit(...seeds: readonly number[]): Promise<void> {
  for (const seed of seeds) await net.deposit(payerAddress(seed), 1_000_000n);
}
const startAll = () => Promise.all(everybody.map((signer) => committee.start(signer)));
const BATCHES = 'fastpay_settler_batches_total';
const hasSent = (signer: number) =>
  expect.poll(() => committee.metric(signer, BATCHES), { timeout: 30_000, interval: 20 }).toBeGreaterThan(0);

/** Resolves when everybody knows whose turn it is. */
async function beginTurn(signer: number): Promise<void> {
  await committee.sees((await time.beginTurn(signer)).latest.height);
}

/** A block that holds what was sent, and as many above it as make it final. */
async function mineUntilFinal(): Promise<void> {
  for (let block = 0; block < 4; block++) await time.mine();
}

it('turns pass over the committee, and whoever has the turn settles alone', async () => {
  await net.fundSettlers(GAS_MONEY);
  await deposit(51);
  await startAll();
  const certificates = await certify(51, 4);
  time = await takeChainTime(net);
  for (const signer of everybody) {
    await beginTurn(signer);
    const own = certificates.slice(signer, signer + 1);
    await committee.submit(own);
    await hasSent(signer);
    await mineUntilFinal();
    await committee.finalized(own);
  }
  const settlements = await settlementsOnChain(net);
  expect(settlements.map(({ signer }) => signer)).toEqual(everybody);
  expect(countOutcomes(settlements)).toEqual({ settled: 4, passedOver: 0 });
  await expectLedgerOnChain(net, committee, [payerAddress(51), recipient]);
});

it.each([
  { what: 'comes all the same', isLost: false },
  { what: 'is lost', isLost: true },
])('the next takes over from one that is killed at work, whose transaction $what', async ({ isLost }) => {
  await net.fundSettlers(GAS_MONEY);
  await deposit(52, 53);
  await startAll();
  const [begun, other] = [await certify(52, 12), await certify(53, 4)];
  time = await takeChainTime(net);
  await beginTurn(DAVE);
  await committee.submit(begun.slice(0, 6));
  // Slots behind what is on its way wait for it.
  await hasSent(DAVE);
  await committee.kill(DAVE);
  await committee.submit([...begun.slice(6), ...other]);
  if (isLost) await createJsonRpc({ url: net.node.rpcUrl }).request('anvil_dropAllTransactions', []);

  await beginTurn(EDGAR);
  await hasSent(EDGAR);
  await mineUntilFinal();
  await committee.finalized([...begun, ...other]);
  await committee.start(DAVE);
  await committee.finalized([...begun, ...other]);

  const settlements = await settlementsOnChain(net);
  expect(new Set(settlements.map(({ signer }) => signer))).toEqual(new Set(isLost ? [EDGAR] : [DAVE, EDGAR]));
  expect(countOutcomes(settlements)).toEqual({ settled: 16, passedOver: 0 });
  await expectLedgerOnChain(net, committee, [payerAddress(52), payerAddress(53), recipient]);
});

it('two that both take it for their turn settle once, and the batch too many costs little', async () => {
  await net.fundSettlers(GAS_MONEY);
  await deposit(54, 55);
  const confused = [DAVE, EDGAR];
  proxies = await Promise.all(confused.map(() => startHeadProxy(net.node.rpcUrl)));
  await Promise.all([
    ...confused.map((signer) => committee.start(signer, '--chain.rpcUrl', proxies[signer]?.rpcUrl ?? '')),
    ...[FRANK, GRACE].map((signer) => committee.start(signer)),
  ]);
  const [first, second] = [await certify(54, 30), await certify(55, 30)];
  time = await takeChainTime(net);
  const quiet = await time.beginQuiet();
  await committee.sees(quiet.latest.height);
  await committee.submit([...first, ...second]);
  proxies.forEach(pinTo(quiet));
  const turns: ChainHead[] = [];
  for (const signer of confused) turns.push(await time.beginTurn(signer));
  for (const [index, proxy] of proxies.entries()) pinTo(turns[index])(proxy);
  for (const signer of confused) await hasSent(signer);
  for (const proxy of proxies) proxy.pin(undefined);
  await mineUntilFinal();
  await committee.finalized([...first, ...second]);

  const settlements = await settlementsOnChain(net);
  expect(settlements.map(({ signer }) => signer).toSorted()).toEqual(confused);
  expect(settlements.every(({ succeeded }) => succeeded)).toBe(true);
  expect(countOutcomes(settlements)).toEqual({ settled: 60, passedOver: 60 });
  // Mostly calldata: about a quarter of what settling them costs.
  expect(gasPerEntry(settlements[1])).toBeLessThan(6_000n);
  await expectLedgerOnChain(net, committee, [payerAddress(54), payerAddress(55), recipient]);
});

it('the others settle while one has nothing to pay gas with, which shows before anything waits', async () => {
  const fundings = [EDGAR, FRANK, GRACE].map((signer) => ({ account: addressOf(signer), amount: GAS_MONEY }));
  const { rpcUrl } = net.node;
  await fundAccounts({ rpcUrl, signer: devAccount(0), asset: PATH_USD, fundings });
  await deposit(56);
  await startAll();
  const money = (signer: number) => committee.metric(signer, 'fastpay_settler_balance_units');
  for (const signer of [EDGAR, FRANK, GRACE]) {
    await expect.poll(() => money(signer), { timeout: 30_000, interval: 20 }).toBe(Number(GAS_MONEY));
  }
  expect(await money(DAVE)).toBe(0);

  const certificates = await certify(56, 5);
  time = await takeChainTime(net);
  await beginTurn(DAVE);
  await committee.submit(certificates);
  await committee.record(DAVE, ({ msg }) => msg === 'settling failed');
  expect(await committee.total(BATCHES)).toBe(0);
  await beginTurn(EDGAR);
  await hasSent(EDGAR);
  await mineUntilFinal();
  await committee.finalized(certificates);
  const settlements = await settlementsOnChain(net);
  expect(new Set(settlements.map(({ signer }) => signer))).toEqual(new Set([EDGAR]));
  expect(countOutcomes(settlements)).toEqual({ settled: 5, passedOver: 0 });
  await expectLedgerOnChain(net, committee, [payerAddress(56), recipient]);
});

/** Lets a node show no more than that head. */
function pinTo(head: ChainHead | undefined) {
  if (!head) throw new Error('a head to show expected');
  const { latest, finalized } = head;
  return (proxy: HeadProxy) => proxy.pin({ latest: latest.height, finalized: finalized.height });
}

function addressOf(signer: number) {
  const member = net.network.committee.members[signer];
  if (!member) throw new Error(`the committee has no member ${signer}`);
  return member.settlementAddress;
}
