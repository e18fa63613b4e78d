import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DevnetError, messageOf } from '../../error.ts';

const run = promisify(execFile);

/**
 * Sets how large a file the running process may make (RLIMIT_FSIZE): writes beyond fail with EFBIG, as those to a full
 * disk fail with ENOSPC. Works on one's own processes without privileges, since only the soft limit is touched.
 * @throws DevnetError when `prlimit` (util-linux) is missing.
 */
export async function limitFileBytes(pid: number, bytes: number | 'unlimited'): Promise<void> {
  try {
    await run('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
  } catch (error) {
    // The process has ended: it writes nothing any more, which is no news to a caller that limits it.
    if (messageOf(error).includes('No such process')) return;
    throw new DevnetError(`The files of process ${pid} cannot be limited: ${messageOf(error)}`, { cause: error });
  }
}
