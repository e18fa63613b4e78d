type Stop = () => Promise<void> | void;

/** What has been started and must be stopped, last first. */
export interface Cleanup {
  /** Registers how to stop what was just started; runs it at once when stopping has begun already. */
  add(stop: Stop): Promise<void>;
  /** @throws Interrupted when stopping has begun, so that a start in progress goes no further. */
  check(): void;
  readonly begun: boolean;
  /** Stops everything; a second call waits for the first. */
  run(): Promise<void>;
}

/** The devnet was told to stop while it was starting. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export function createCleanup(onFailure: (error: unknown) => void): Cleanup {
  const stops: Stop[] = [];
  let running: Promise<void> | undefined;

  async function stopOne(stop: Stop): Promise<void> {
    try {
      await stop();
    } catch (error) {
      // The others still have to be stopped.
      onFailure(error);
    }
  }

  async function stopAll(): Promise<void> {
    for (let stop = stops.pop(); stop; stop = stops.pop()) await stopOne(stop);
  }

  return {
    async add(stop) {
      if (running !== undefined) await stopOne(stop);
      else stops.push(stop);
    },
    check() {
      if (running !== undefined) throw new Interrupted('stopped while starting');
    },
    get begun() {
      return running !== undefined;
    },
    run() {
      running ??= stopAll();
      return running;
    },
  };
}
