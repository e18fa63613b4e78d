import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/**
 * One JSON line a record on stdout. Records never hold request bodies, keys or the node's address: callers pass
 * identifiers (hashes, addresses, codes) only. Written synchronously, so that the last words before a crash arrive.
 */
export function createLog(
  { level, name }: { readonly level: string; readonly name: string },
  destination: DestinationStream = pino.destination({ fd: 1, sync: true }),
): Log {
  return pino({ level, base: { validator: name }, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
