/**
 * Every JSON-RPC method that a wallet of this package calls, besides `eth_sendRawTransaction`. A proxy in front of a
 * node lets these pass and nothing else. `eth_getRawTransactionByHash` must never be here: a development node
 * crashes on it when the transaction is of type 0x76.
 */
export const allowedReadMethods = [
  'eth_chainId',
  'eth_getBlockByNumber',
  'eth_call',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
] as const;

export type AllowedReadMethod = (typeof allowedReadMethods)[number];
