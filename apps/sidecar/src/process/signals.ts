import type { Log } from '../observe/log.ts';
import { exitCodes } from './exit-codes.ts';

/** The first SIGTERM or SIGINT stops cleanly; a second one does not wait. */
export function stopOnSignals(subject: { stop(): Promise<void> }, log: Log): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) {
      log.warn({ signal }, 'stopped by force');
      process.exit(exitCodes.forced);
    }
    stopping = true;
    log.info({ signal }, 'stopping');
    void subject.stop().then(() => {
      log.info('stopped');
      process.exit(exitCodes.stopped);
    });
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
