/** Something that the sidecar needs is taken or unreachable now: starting again later can help. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}
