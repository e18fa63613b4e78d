import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PayerSigner } from '@fastpay/crypto';
import { type Hex, PATH_USD } from '@fastpay/protocol';
import { DEPOSIT_GAS, depositCalls, type JsonRpc, signTransaction } from '@fastpay/tempo';
import { createTestNetwork } from './network.fixtures.ts';
import { startTestRelay, type TestRelay } from './relay.fixtures.ts';
import { writeSponsorConfig } from './sponsor-config.fixtures.ts';

/** Unix seconds of its one block. */
const TIMESTAMP = 1_000n;
const word = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`;

const BALANCE_OF = '0x70a08231';

/** A node whose chain stands still: everybody is rich and has sent nothing, every transfer would succeed. */
const restingNode: JsonRpc = {
  request(method, [call]) {
    if (method === 'eth_getBlockByNumber') {
      return Promise.resolve({ baseFeePerGas: '0x1', timestamp: `0x${TIMESTAMP.toString(16)}` });
    }
    if (method === 'eth_getTransactionReceipt') return Promise.resolve(null);
    if (method !== 'eth_call') return Promise.resolve('0x0');
    const isBalance = JSON.stringify(call).includes(BALANCE_OF);
    return Promise.resolve(word(isBalance ? 1n << 60n : 1n));
  },
};

/** A relay that sponsors without a chain, and a deposit that it signs for. */
export async function startRelayWithSponsor(
  payer: PayerSigner,
): Promise<{ readonly relay: TestRelay; readonly half: Hex; stop(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'fastpay-sponsor-'));
  const { config } = writeSponsorConfig(directory, 7_001, { depositsPerAccount: 1_000_000 });
  const net = createTestNetwork();
  const { chainId, reserve } = net.network.domain;
  const { rawTransaction } = await signTransaction(
    {
      chainId,
      calls: depositCalls(reserve, PATH_USD, payer.address, 5_000n),
      gas: DEPOSIT_GAS,
      maxFeePerGas: 20_000_000_000n,
      nonceKey: 0n,
      nonce: 0n,
      feeToken: 'sponsor',
      validBefore: TIMESTAMP + 60n,
    },
    payer,
  );
  const relay = await startTestRelay({ net, node: restingNode, options: { sponsor: config } });
  return {
    relay,
    half: rawTransaction,
    async stop() {
      await relay.stop();
      rmSync(directory, { recursive: true });
    },
  };
}
