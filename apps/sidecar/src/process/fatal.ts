import type { Log } from '../observe/log.ts';
import { exitCodes } from './exit-codes.ts';

/** Says why and ends the process in the same turn of the event loop: no further answer leaves it. */
export type Fatal = (reason: string, error: unknown) => never;

export function createFatal(log: Log, exit: (code: number) => never = process.exit): Fatal {
  return (reason, error) => {
    log.fatal({ err: error }, reason);
    return exit(exitCodes.brokenInvariant);
  };
}

/** An error that nothing caught means that some state may be half changed: better to start again from the store. */
export function dieOfUncaughtErrors(fatal: Fatal): void {
  process.on('uncaughtException', (error) => fatal('uncaught error', error));
  process.on('unhandledRejection', (error) => fatal('unhandled rejection', error));
}
