import type { ChainHead, SponsorOffer } from '@fastpay/client';
import { RejectError } from '@fastpay/protocol';
import { expect, it, onTestFinished } from 'vitest';
import type { DepositForSponsor, Platform, SignedTransfer, TempoAction, TempoPort } from '../platform/ports.ts';
import { createTempo } from './tempo.ts';
import { addressOf, hashOf, testNetwork } from './wallet.fixtures.ts';

const offer: SponsorOffer = {
  name: 'Example Pay',
  feePayer: addressOf(0x77),
  feeToken: addressOf(0x20),
  gas: 1_500_000n,
  maxFeePerGas: 1n,
  lifeSeconds: 120n,
  minimumAmount: 1_000_000n,
};
const place = { nonce: 4n, validBefore: 1_000n };
const half: DepositForSponsor = { rawTransaction: '0x76aa', ...place };
const sponsored: SignedTransfer = { transactionHash: hashOf(1), rawTransaction: '0x76bb', validBefore: 1_000n };
const own: SignedTransfer = { transactionHash: hashOf(2), rawTransaction: '0x76cc' };

/** A wallet whose chain includes at once what it is sent, and writes down what it is asked. */
function walletWith(changes: Partial<TempoPort> = {}) {
  const asked: unknown[] = [];
  const stored = new Map<string, string>();
  const port: TempoPort = {
    tokenBalance: () => Promise.resolve(5_000_000n),
    account: () => Promise.reject(new Error('not part of this test')),
    fee: () => Promise.resolve(30_000n),
    sponsor: () => Promise.resolve(offer),
    signForSponsor(_signer, { amount, inPlaceOf }) {
      asked.push({ signForSponsor: amount, inPlaceOf });
      return Promise.resolve(half);
    },
    askSponsor() {
      asked.push('askSponsor');
      return Promise.resolve(sponsored);
    },
    sign(_signer, action: TempoAction) {
      asked.push({ sign: action });
      return Promise.resolve(own);
    },
    send({ transactionHash }) {
      // Stored first, whatever is sent.
      expect([...stored.values()].join()).toContain(transactionHash);
      asked.push({ send: transactionHash });
      return Promise.resolve();
    },
    outcome: () => Promise.resolve({ success: true, height: 7n }),
    ...changes,
  };
  const block = { height: 9n, hash: hashOf(9), timestamp: 900n };
  const head: ChainHead = { latest: block, finalized: block };
  const platform: Pick<Platform, 'tempo' | 'small' | 'devnet'> = {
    tempo: () => Promise.resolve(port),
    small: {
      get: (key) => stored.get(key),
      set: (key, value) => void stored.set(key, value),
      remove: (key) => void stored.delete(key),
    },
    devnet: () => {
      throw new Error('not part of this test');
    },
  };
  const tempo = createTempo(platform, { freshView: () => Promise.resolve(undefined), onEnd: () => undefined });
  const transport = { chainHead: () => Promise.resolve(head) };
  const address = addressOf(1);
  const signer = { address, sign: () => new Uint8Array(65) };
  const reload = () => tempo.getState().attach({ network: testNetwork, address, signer, transport });
  reload();
  onTestFinished(() => tempo.getState().detach());
  return { tempo, asked, reload };
}

it('a sponsored deposit is signed, handed to the sponsor, stored with who pays, and only then sent', async () => {
  const { tempo, asked } = walletWith();
  await tempo.getState().depositSponsored(2_000_000n, offer);
  expect(asked).toEqual([
    { signForSponsor: 2_000_000n, inPlaceOf: undefined },
    'askSponsor',
    { send: sponsored.transactionHash },
  ]);
  const { records, refusal, problem } = tempo.getState();
  expect(records[0]).toMatchObject({
    type: 'deposit',
    transactionHash: sponsored.transactionHash,
    validBefore: 1_000n,
    amount: 2_000_000n,
    sponsor: 'Example Pay',
  });
  expect([refusal, problem]).toEqual([undefined, undefined]);
});

it('what the sponsor refuses is told, stores and sends nothing, and leaves its place to the next deposit', async () => {
  const { tempo, asked } = walletWith({
    askSponsor: () => Promise.reject(new RejectError('NOT_SPONSORED', 'the sponsor has spent enough')),
  });
  await tempo.getState().depositSponsored(2_000_000n, offer);
  expect(tempo.getState().refusal).toMatchObject({ amount: 2_000_000n, problem: { code: 'NOT_SPONSORED' } });
  expect(tempo.getState().records).toEqual([]);

  await tempo.getState().act({ type: 'deposit', amount: 2_000_000n });
  expect(asked.slice(1)).toEqual([
    { sign: { type: 'deposit', amount: 2_000_000n, inPlaceOf: place } },
    { send: own.transactionHash },
  ]);
  expect(tempo.getState().refusal).toBeUndefined();
  // That one is in a block: nothing is in anything's place any more.
  await tempo.getState().act({ type: 'deposit', amount: 1n });
  expect(asked).toContainEqual({ sign: { type: 'deposit', amount: 1n } });
});

it('the next deposit takes the place of a refused one also after a reload', async () => {
  const { tempo, asked, reload } = walletWith({
    askSponsor: () => Promise.reject(new RejectError('NOT_SPONSORED', 'the sponsor has spent enough')),
  });
  await tempo.getState().depositSponsored(2_000_000n, offer);
  reload();
  await tempo.getState().act({ type: 'deposit', amount: 1n });
  expect(asked).toContainEqual({ sign: { type: 'deposit', amount: 1n, inPlaceOf: place } });
  reload();
  await tempo.getState().act({ type: 'deposit', amount: 2n });
  expect(asked).toContainEqual({ sign: { type: 'deposit', amount: 2n } });
});

it('a sponsored deposit after a refusal takes the place of the refused one too', async () => {
  let refuses = true;
  const { tempo, asked } = walletWith({
    askSponsor() {
      if (refuses) return Promise.reject(new RejectError('TEMPORARILY_UNAVAILABLE', 'no answer in time'));
      return Promise.resolve(sponsored);
    },
  });
  await tempo.getState().depositSponsored(2_000_000n, offer);
  refuses = false;
  await tempo.getState().depositSponsored(3_000_000n, offer);
  expect(asked[1]).toEqual({ signForSponsor: 3_000_000n, inPlaceOf: place });
  expect(tempo.getState().refusal).toBeUndefined();
});

it('a node that does not take the sponsored deposit leaves it stored, and its place to the next one', async () => {
  let takes = false;
  const { tempo, asked } = walletWith({
    outcome: () => Promise.resolve(undefined),
    send({ transactionHash }) {
      asked.push({ send: transactionHash });
      return takes ? Promise.resolve() : Promise.reject(new Error('insufficient fee token balance'));
    },
  });
  await tempo.getState().depositSponsored(2_000_000n, offer);
  expect(tempo.getState().refusal).toMatchObject({ amount: 2_000_000n });
  expect(tempo.getState().records).toMatchObject([{ transactionHash: sponsored.transactionHash, stage: 'sent' }]);
  takes = true;
  void tempo.getState().act({ type: 'deposit', amount: 2_000_000n });
  await expect.poll(() => asked.at(-1)).toEqual({ send: own.transactionHash });
  expect(asked).toContainEqual({ sign: { type: 'deposit', amount: 2_000_000n, inPlaceOf: place } });
});

it('what goes wrong before the sponsor is asked is a problem like any other', async () => {
  const { tempo } = walletWith({ signForSponsor: () => Promise.reject(new Error('the passkey was not used')) });
  await tempo.getState().depositSponsored(2_000_000n, offer);
  expect(tempo.getState().refusal).toBeUndefined();
  expect(tempo.getState().problem).toMatchObject({ message: 'The passkey was not used.' });
});

it('who pays is looked up for deposits', async () => {
  const { tempo } = walletWith();
  await tempo.getState().look('transfer');
  expect(tempo.getState().sponsor).toBeUndefined();
  await tempo.getState().look('deposit');
  expect(tempo.getState().sponsor).toEqual(offer);
});
