import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { dataIn, quantityIn } from '../answers.ts';
import { TempoError } from '../errors.ts';
import type { JsonRpc } from '../json-rpc.ts';

const unzip = promisify(gunzip);

/**
 * Copies the node's whole state, packed by gzip to a tenth, to `path`: all of the new copy or all of the old, whatever dies meanwhile. The node's
 * own `--dump-state` and `--state-interval` write into the file in place, and a kill in the middle loses everything.
 * @returns The height up to which the copy holds the chain.
 */
export async function saveState(rpc: JsonRpc, path: string): Promise<bigint> {
  // Asked before the copy is made, so that the copy holds at least this block.
  const height = await blockHeight(rpc);
  const dump = dataIn(await rpc.request('anvil_dumpState', []), 'state');
  await replaceFile(path, Buffer.from(dump.slice(2), 'hex'));
  return height;
}

export async function blockHeight(rpc: JsonRpc): Promise<bigint> {
  return quantityIn(await rpc.request('eth_blockNumber', []), 'block number');
}

/**
 * Unpacks a copy into a file beside it, which is what the node reads; to be removed once it has.
 * @throws TempoError NODE_FAILED when it is not such a copy.
 */
export async function unpackState(path: string): Promise<string> {
  const plain = `${path}.plain`;
  try {
    await writeFile(plain, await unzip(await readFile(path)), { mode: 0o600 });
  } catch (error) {
    throw new TempoError(
      'NODE_FAILED',
      `the Tempo node did not start: ${path} is no copy of a chain`,
      {},
      { cause: error },
    );
  }
  return plain;
}

async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
