/** What a Node stream fails with when the other side leaves in the middle of it, in HTTP/1.1 and HTTP/2. */
const CODES: readonly unknown[] = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET'];

/**
 * For servers: whether a request could not be read because its caller went away. Nobody hears the answer, and strangers
 * can do it as often as they like, so it is nothing to log as a failure.
 */
export function isCallerGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CODES.includes(error.code);
}
