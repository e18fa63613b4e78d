import { closeSync, constants, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Marker, MarkerState } from '@fastpay/storage';

const RECORD_BYTES = 128;

export interface DiskMarker extends Marker {
  close(): Promise<void>;
}

/** The disk work of a marker and no more: one synchronous write of one record, as a sidecar's takes it. */
export async function openDiskMarker(file: string): Promise<DiskMarker> {
  closeSync(openSync(file, 'w', 0o600));
  const handle = await open(file, constants.O_RDWR | constants.O_DSYNC);
  const record = new Uint8Array(RECORD_BYTES);
  let state: MarkerState | undefined;
  return {
    read: () => state,
    async write(next) {
      new DataView(record.buffer).setBigUint64(0, next.count);
      await handle.write(record, 0, RECORD_BYTES, 0);
      state = next;
    },
    close: () => handle.close(),
  };
}
