/** Longest text of a node's error that is logged. */
const MAX_CHARACTERS = 200;

/**
 * One line about why the chain could not be looked at, fit for logs: without addresses, which may hold an access key,
 * and without the rest of what the node said.
 */
export function describeTrouble(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [firstLine = ''] = text.split('\n', 1);
  const short = firstLine.replaceAll(/\bhttps?:\/\/\S+/gi, '<address>').slice(0, MAX_CHARACTERS);
  const code = codeOf(error);
  return code === undefined || short.includes(code) ? short : `${short} (${code})`;
}

/** The code of the innermost error, which is the system's (`ECONNREFUSED`) where there is one. */
function codeOf(error: unknown): string | undefined {
  let found: string | undefined;
  for (let at = error, depth = 0; at instanceof Error && depth < MAX_CAUSES; at = at.cause, depth++) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string') found = code;
  }
  return found;
}

const MAX_CAUSES = 8;
