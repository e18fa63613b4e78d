import { createHash } from 'node:crypto';
import { reserveBytecode } from '@fastpay/tempo';
import { DevnetError } from '../error.ts';
import { readJsonFile, writeJsonFile } from '../state/json-file.ts';
import type { StateLayout } from '../state/layout.ts';

/** SHA-256 of the code that is deployed. */
const codeHash = createHash('sha256').update(reserveBytecode).digest('hex');

/** Remembers which reserve contract the network was made with. */
export function recordContract(layout: StateLayout): void {
  writeJsonFile(layout.contract, { codeHash });
}

/**
 * A contract stays as it was deployed, and reads only the batches of its own time: under another one's state payments
 * would be certified and never settle.
 * @throws DevnetError when the network was made with another contract than this version's.
 */
export function assertSameContract(layout: StateLayout): void {
  const recorded = readJsonFile(layout.contract);
  const isSame = typeof recorded === 'object' && recorded !== null && 'codeHash' in recorded;
  if (isSame && recorded.codeHash === codeHash) return;
  throw new DevnetError(
    `The devnet in ${layout.directory} was made with another version of the reserve contract, on which this one could not settle.\n` +
      'Start anew: npm start -- --fresh, or keep it and start another one: npm start -- --state-dir .devnet/second',
  );
}
