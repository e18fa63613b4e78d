/** The wallet's process is gone: nothing of it happens any more. */
export class Dead extends Error {
  override readonly name = 'Dead';
}

/** The end of one run of a wallet, as sudden as that of a process. */
export interface Life {
  readonly isOver: boolean;
  /** Aborted with the life. */
  readonly signal: AbortSignal;
  end(): void;
  /** The same object as long as the life lasts; afterwards every call fails, and what was under way answers nobody. */
  bind<Part extends object>(part: Part): Part;
}

type Method = (...parameters: readonly unknown[]) => unknown;

export function createLife(): Life {
  const controller = new AbortController();
  const check = () => {
    if (controller.signal.aborted) throw new Dead('the wallet was killed');
  };

  async function mortalResult(result: Promise<unknown>): Promise<unknown> {
    try {
      return await result;
    } finally {
      check();
    }
  }

  async function* mortalStream(stream: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    for await (const item of stream) {
      check();
      yield item;
    }
    check();
  }

  const mortalMethod =
    (method: Method): Method =>
    (...parameters) => {
      check();
      const result = method(...parameters);
      if (result instanceof Promise) return mortalResult(result);
      return isStream(result) ? mortalStream(result) : result;
    };

  return {
    signal: controller.signal,
    get isOver() {
      return controller.signal.aborted;
    },
    end: () => controller.abort(new Dead('the wallet was killed')),
    bind<Part extends object>(part: Part): Part {
      const entries = Object.entries(part).map(([name, value]) => [
        name,
        typeof value === 'function' ? mortalMethod(value.bind(part) as Method) : value,
      ]);
      return Object.fromEntries(entries) as Part;
    },
  };
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
