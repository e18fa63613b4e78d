import { type AllowedReadMethod, type JsonRpc, TempoError } from '@fastpay/tempo';
import { z } from 'zod';
import { relayLimits } from '../limits.ts';
import { createGate } from '../upstream/gate.ts';

const data = z.string().regex(/^0x(?:[0-9a-fA-F]{2})*$/, 'must be 0x and hexadecimal digits');
const quantity = z.string().regex(/^0x(?:0|[1-9a-fA-F][0-9a-fA-F]{0,63})$/, 'must be a 0x quantity');
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address');
const hash = z.string().regex(/^0x[0-9a-fA-F]{64}$/, 'must be a hash');
const block = z.union([z.enum(['latest', 'finalized', 'safe', 'pending', 'earliest']), quantity]);
const call = z.strictObject({
  to: address,
  from: address.optional(),
  data: data.optional(),
  input: data.optional(),
  value: quantity.optional(),
  gas: quantity
    // Asked of malformed texts too.
    .refine(
      (text) => !/^0x[0-9a-fA-F]+$/.test(text) || BigInt(text) <= relayLimits.tempoCallGas,
      `must be at most ${relayLimits.tempoCallGas}`,
    )
    .default(`0x${relayLimits.tempoCallGas.toString(16)}`),
});

/**
 * What passes, and with which parameters: the reads that wallets make, narrowed so that none of them is dear (no full
 * blocks, no state overrides, no log ranges, no more gas than a view takes), and signed transactions.
 */
const parametersByMethod = {
  eth_chainId: z.tuple([]),
  eth_getBlockByNumber: z.tuple([block, z.literal(false)]),
  eth_call: z.tuple([call, block]),
  eth_getTransactionCount: z.tuple([address, block]),
  eth_getTransactionReceipt: z.tuple([hash]),
  eth_sendRawTransaction: z.tuple([data]),
} satisfies Record<AllowedReadMethod | 'eth_sendRawTransaction', z.ZodType>;

export const gatewayMethods = Object.keys(parametersByMethod);

export interface JsonRpcRequest {
  readonly id: string | number | null;
  readonly method: string;
  readonly params: readonly unknown[];
}

export type JsonRpcResponse = { readonly jsonrpc: '2.0'; readonly id: string | number | null } & (
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } }
);

/** JSON-RPC 2.0 error codes. */
const METHOD_NOT_FOUND = -32_601;
const INVALID_PARAMS = -32_602;
const INTERNAL_ERROR = -32_603;

/** Lets one allowed request through to the node; what is not allowed is answered with an error. */
export type JsonRpcGateway = (request: JsonRpcRequest) => Promise<JsonRpcResponse>;

export function createJsonRpcGateway({ node }: { readonly node: JsonRpc }): JsonRpcGateway {
  const gate = createGate({ running: relayLimits.tempoInFlight, waiting: relayLimits.tempoInFlight });
  return async ({ id, method, params }) => {
    if (!isGatewayMethod(method)) return failure(id, METHOD_NOT_FOUND, 'this relay does not pass that method on');
    const checked = parametersByMethod[method].safeParse(params);
    if (!checked.success) return failure(id, INVALID_PARAMS, z.prettifyError(checked.error));
    try {
      return { jsonrpc: '2.0', id, result: await gate.run(() => node.request(method, checked.data)) };
    } catch (error) {
      if (!(error instanceof TempoError)) throw error;
      if (error.code === 'REFUSED') return failure(id, error.facts.rpcCode ?? INTERNAL_ERROR, error.message);
      return failure(id, INTERNAL_ERROR, error.message);
    }
  };
}

function isGatewayMethod(method: string): method is keyof typeof parametersByMethod {
  return Object.hasOwn(parametersByMethod, method);
}

function failure(id: string | number | null, code: number, message: string): JsonRpcResponse {
  return { jsonrpc: '2.0', id, error: { code, message } };
}
