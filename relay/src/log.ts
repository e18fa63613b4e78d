import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/** One JSON line a record on stdout. Records name hashes, codes and signers; never bodies, keys or node addresses. */
export function createLog(
  level: string,
  destination: DestinationStream = pino.destination({ fd: 1, sync: true }),
): Log {
  return pino({ level, base: { service: 'relay' }, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
