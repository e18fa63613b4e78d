/** The few calls that the launcher makes to the node it started. */
export type JsonRpc = (method: string, ...params: readonly unknown[]) => Promise<unknown>;

export function createJsonRpc(url: string, timeoutMs = 30_000): JsonRpc {
  return async (method, ...params) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = (await response.json()) as { result?: unknown; error?: { message?: string } };
    if (answer.error) throw new Error(`${method}: ${answer.error.message ?? 'failed'}`);
    return answer.result;
  };
}
