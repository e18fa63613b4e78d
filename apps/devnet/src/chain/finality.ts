/** What a JSON-RPC request asks of "finalized", answered with what is on disk. */

interface RpcRequest {
  readonly method: string;
  readonly params?: unknown;
}

function isTag(value: unknown): boolean {
  return value === 'finalized' || value === 'safe';
}

/** Puts the number of the last durable block where a request says `finalized` or `safe`. */
export function withFinalizedHeight(request: unknown, height: bigint): unknown {
  if (Array.isArray(request)) return request.map((each) => withFinalizedHeight(each, height));
  if (typeof request !== 'object' || request === null || !('params' in request)) return request;
  const { params } = request as RpcRequest;
  if (!Array.isArray(params)) return request;
  const number = `0x${height.toString(16)}`;
  return { ...request, params: params.map((param) => replaceTags(param, number)) };
}

function replaceTags(param: unknown, number: string): unknown {
  if (isTag(param)) return number;
  if (typeof param !== 'object' || param === null || Array.isArray(param)) return param;
  const fields = Object.entries(param).map(([key, value]) => [key, isTag(value) ? number : value]);
  return Object.fromEntries(fields);
}
