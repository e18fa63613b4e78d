import { setTimeout as delay } from 'node:timers/promises';
import type { Secp256k1Signer } from '@fastpay/crypto';
import type { Address, Network } from '@fastpay/protocol';
import {
  createJsonRpc,
  encodeExit,
  encodeRequestExit,
  type JsonRpc,
  type Receipt,
  reserveAccount,
  sendCalls,
  TempoError,
} from '@fastpay/tempo';
import { DevnetError } from '../../error.ts';

/** An owner who leaves FastPay through the contract, without asking anybody (§5 rule 6). */
export interface Leaver {
  /** Resolves once the request is in a block that the chain will keep. */
  request(signal: AbortSignal): Promise<void>;
  /** Waits for the delay, takes everything out, and waits until that is final. @throws DevnetError when aborted first. */
  leave(signal: AbortSignal): Promise<void>;
}

const GAS = 1_500_000n;
const RETRY_MS = 500;
const WAIT_MS = 8_000;

export function createLeaver(options: {
  readonly rpcUrl: string;
  readonly network: Network;
  readonly asset: Address;
  readonly signer: Secp256k1Signer;
}): Leaver {
  const { rpcUrl, network, asset, signer } = options;
  const { reserve } = network.domain;
  const rpc = createJsonRpc({ url: rpcUrl });
  const account = { owner: signer.address, asset };
  const readyAt = async () => (await reserveAccount(rpc, reserve, account)).exitReadyAt;

  const send = (data: Parameters<typeof sendCalls>[0][number]['data']) =>
    sendCalls([{ to: reserve, data }], { feeToken: asset, gas: GAS, wait: { timeoutMs: WAIT_MS } }, { rpc, signer });

  /** Again and again: a node that is killed forgets what was in no copied block, and one that is down answers nothing. */
  async function insist(isDone: () => Promise<boolean>, act: () => Promise<Receipt>, signal: AbortSignal) {
    while (!signal.aborted) {
      try {
        if (await isDone()) return true;
        const { blockHeight } = await act();
        await untilFinal(rpc, blockHeight, signal);
      } catch (error) {
        if (!(error instanceof TempoError)) throw error;
      }
      await delay(RETRY_MS);
    }
    return false;
  }

  const hasAsked = async () => (await readyAt()) !== undefined;

  return {
    async request(signal) {
      await insist(hasAsked, () => send(encodeRequestExit(asset)), signal);
    },
    async leave(signal) {
      const exit = async () => {
        const ready = (await readyAt()) ?? 0n;
        while ((await heightAndTime(rpc, 'latest')).timestamp < ready && !signal.aborted) await delay(RETRY_MS);
        return send(encodeExit(asset));
      };
      const hasLeft = await insist(async () => !(await hasAsked()), exit, signal);
      if (!hasLeft) throw new DevnetError('The leaver could not leave in time.');
    },
  };
}

async function untilFinal(rpc: JsonRpc, height: bigint, signal: AbortSignal): Promise<void> {
  while ((await heightAndTime(rpc, 'finalized')).height < height && !signal.aborted) await delay(RETRY_MS);
}

async function heightAndTime(rpc: JsonRpc, tag: 'latest' | 'finalized') {
  const block = (await rpc.request('eth_getBlockByNumber', [tag, false])) as {
    readonly number: string;
    readonly timestamp: string;
  };
  return { height: BigInt(block.number), timestamp: BigInt(block.timestamp) };
}
