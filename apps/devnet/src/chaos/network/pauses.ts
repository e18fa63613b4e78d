import { guardProcess } from '../../process/guard.ts';

/** Processes that stand still. A guard ends them if we end first: a stopped process cannot notice that by itself. */
export interface Pauses {
  pause(pid: number): void;
  /** Lets all of them go on. */
  resume(): Promise<void>;
}

export function createPauses(): Pauses {
  const paused = new Map<number, () => Promise<void>>();
  return {
    pause(pid) {
      paused.set(pid, guardProcess(pid));
      process.kill(pid, 'SIGSTOP');
    },
    async resume() {
      for (const [pid, callOffGuard] of paused) {
        await callOffGuard();
        process.kill(pid, 'SIGCONT');
        paused.delete(pid);
      }
    },
  };
}
