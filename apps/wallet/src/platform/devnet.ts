import { RejectError, toHash } from '@fastpay/protocol';
import type { DevnetPort, DevnetValidator } from './ports.ts';

const TIMEOUT_MS = 20_000;

/** The remote control of a development network: a faucet, and a switch for each validator. */
export function createDevnetPort(url: string): DevnetPort {
  async function call(path: string, body?: unknown): Promise<unknown> {
    let response: Response;
    try {
      response = await fetch(`${url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        credentials: 'omit',
      });
    } catch {
      throw new RejectError('TEMPORARILY_UNAVAILABLE', 'the control of the devnet cannot be reached');
    }
    if (!response.ok) {
      throw new RejectError('TEMPORARILY_UNAVAILABLE', `the control of the devnet answered ${response.status}`);
    }
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  }

  return {
    async faucet(address) {
      const { transactionHash } = fields(await call('/faucet', { address }));
      return { transactionHash: toHash(String(transactionHash)) };
    },
    async validators() {
      const list = await call('/validators');
      if (!Array.isArray(list)) throw new RejectError('INVALID_FORMAT', 'the devnet does not list its validators');
      return list.map(readValidator);
    },
    async stop(name) {
      await call(`/validators/${encodeURIComponent(name)}/stop`, {});
    },
    async start(name) {
      await call(`/validators/${encodeURIComponent(name)}/start`, {});
    },
  };
}

function readValidator(entry: unknown): DevnetValidator {
  const { name, signer, running } = fields(entry);
  if (typeof name !== 'string' || typeof signer !== 'number' || typeof running !== 'boolean') {
    throw new RejectError('INVALID_FORMAT', 'the devnet describes a validator in a way unknown here');
  }
  return { name, signer, running };
}

function fields(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) {
    throw new RejectError('INVALID_FORMAT', 'the devnet answered something else than an object');
  }
  return value as Record<string, unknown>;
}
