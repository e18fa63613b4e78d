import type { BulletinEntry as WireEntry } from '@fastpay/rpc';
import type { BulletinEntry } from '@fastpay/validator';

/** The validator tells of a settlement with its certificate; on the wire its slot is enough. */
export function toWireEntry({ cursor, event }: BulletinEntry): WireEntry {
  if (event.type !== 'settlement') return { cursor, event };
  const { transactionHash, stage, certificate, settlement } = event;
  return {
    cursor,
    event: {
      type: 'settlement',
      transactionHash,
      stage,
      slot: certificate.slot,
      ...(settlement ? { settlement } : {}),
    },
  };
}
