import type { Address, Hex } from '@fastpay/protocol';
import { dataIn } from './answers.ts';
import { TempoError } from './errors.ts';
import type { JsonRpc } from './json-rpc.ts';

export interface ViewCall {
  readonly to: Address;
  readonly data: Hex;
  readonly from?: Address;
  /** Hexadecimal. */
  readonly gas?: Hex;
}

const ATTEMPTS = 5;

/**
 * What a view answers in the latest block; `0x` when there is no contract.
 * @throws TempoError as `JsonRpc.request`.
 */
export async function ethCall(rpc: JsonRpc, call: ViewCall, name: string): Promise<Hex> {
  for (let attempt = 1; ; attempt++) {
    try {
      return dataIn(await rpc.request('eth_call', [call, 'latest']), name);
    } catch (error) {
      // A new block came between finding the latest one and reading it.
      const mayRepeat = error instanceof TempoError && error.code === 'REORGANIZED' && attempt < ATTEMPTS;
      if (!mayRepeat) throw error;
    }
  }
}
