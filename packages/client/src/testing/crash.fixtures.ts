import type { ClientStore } from '../store/client-store.ts';

/** The process died: nothing after this is run. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

const WRITES = [
  'pinNetwork',
  'journal',
  'journalNewRound',
  'journalProposal',
  'wishToCancel',
  'recordTimes',
  'recordCertificate',
  'recordClosure',
  'observe',
  'saveLogPosition',
] as const;

/**
 * Dies at the write number `at` (counted from 1): before it reaches the disk, or after, with nobody told. Everything
 * later fails as well.
 */
export function crashingAt(at: number, when: 'before' | 'after') {
  let writes = 0;
  let isDead = false;
  const guard =
    <Arguments extends readonly unknown[], Result>(write: (...parameters: Arguments) => Promise<Result>) =>
    async (...parameters: Arguments): Promise<Result> => {
      if (isDead) throw new Crash('dead already');
      writes++;
      if (writes === at && when === 'before') {
        isDead = true;
        throw new Crash(`before write ${at}`);
      }
      const result = await write(...parameters);
      if (writes === at) {
        isDead = true;
        throw new Crash(`after write ${at}`);
      }
      return result;
    };
  return {
    get hasCrashed() {
      return isDead;
    },
    wrap(store: ClientStore): ClientStore {
      const wrapped = { ...store };
      for (const name of WRITES) Object.assign(wrapped, { [name]: guard(store[name] as never) });
      return wrapped;
    },
  };
}
