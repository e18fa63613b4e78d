import { decodeNetwork, encodeNetwork, RejectError } from '@fastpay/protocol';
import type { NetworkPin, ServedNetwork, SmallStore } from './ports.ts';

const TIMEOUT_MS = 8_000;

/**
 * Reads `{ network, devnetUrl? }` strictly. Voting keys are checked where the client is opened, for that takes curve
 * arithmetic, which the first paint does not need.
 * @throws RejectError INVALID_FORMAT.
 */
export function readServedNetwork(json: unknown): ServedNetwork {
  if (typeof json !== 'object' || json === null)
    throw new RejectError('INVALID_FORMAT', 'the network is not an object');
  const { network: described, devnetUrl } = json as Record<string, unknown>;
  const network = decodeNetwork(described);
  if (network.kind !== 'devnet' || devnetUrl === undefined) return { network };
  if (typeof devnetUrl !== 'string' || !/^https?:\/\//.test(devnetUrl)) {
    throw new RejectError('INVALID_FORMAT', 'devnetUrl is not a web address');
  }
  return { network, devnetUrl: devnetUrl.replace(/\/+$/, '') };
}

/** @throws RejectError TEMPORARILY_UNAVAILABLE while the relay does not answer, INVALID_FORMAT when it talks nonsense. */
export async function fetchNetwork(baseUrl: string, signal?: AbortSignal): Promise<ServedNetwork> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let json: unknown;
  try {
    const response = await fetch(`${baseUrl}/v1/network`, {
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      credentials: 'omit',
      cache: 'no-store',
    });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    json = await response.json();
  } catch (error) {
    throw new RejectError(
      'TEMPORARILY_UNAVAILABLE',
      `the relay does not answer (${error instanceof Error ? error.message : 'unknown reason'})`,
    );
  }
  return readServedNetwork(json);
}

const KEY = 'network';

export function createNetworkPin(small: SmallStore): NetworkPin {
  return {
    load() {
      const text = small.get(KEY);
      if (text === undefined) return undefined;
      try {
        return readServedNetwork(JSON.parse(text));
      } catch (error) {
        // Damaged, or of a format before this one: pin anew, as on a first start. Money is bound to keys, not to this.
        if (error instanceof RejectError || error instanceof SyntaxError) return undefined;
        throw error;
      }
    },
    save({ network, devnetUrl }) {
      small.set(KEY, JSON.stringify({ network: encodeNetwork(network), devnetUrl }));
    },
    clear() {
      small.remove(KEY);
    },
  };
}
