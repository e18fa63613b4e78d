import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Puts `content` under the name `file`, readable by nobody else; durable when it resolves. A start or a power cut in
 * between leaves what was there before, never a part of the new.
 */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.new`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  // The name itself is on disk only once its directory is.
  const directory = await open(dirname(file), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
