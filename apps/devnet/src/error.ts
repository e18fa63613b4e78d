/** Something outside this program keeps the devnet from running. The message names the cause and the way out. */
export class DevnetError extends Error {
  override readonly name = 'DevnetError';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
