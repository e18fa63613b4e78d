/** A bounded queue between something that happens and one stream that tells of it. */
export interface Mailbox<Item> {
  /** False when the mailbox is full; the item is then lost and the reader has to be told otherwise. */
  put(item: Item): boolean;
  /** Items put so far, at once. */
  take(): readonly Item[];
  clear(): void;
  /** Resolves when there is an item, on `wake`, when `signal` is aborted, or with `timeout` after `timeoutMs`. */
  wait(options: { readonly signal: AbortSignal; readonly timeoutMs?: number }): Promise<'woken' | 'timeout'>;
  /** Ends a wait although there is no item. */
  wake(): void;
}

export function createMailbox<Item>(capacity: number): Mailbox<Item> {
  let items: Item[] = [];
  let pending: (() => void) | undefined;
  const wake = () => pending?.();
  return {
    put(item) {
      if (items.length >= capacity) return false;
      items.push(item);
      wake();
      return true;
    },
    take() {
      const taken = items;
      items = [];
      return taken;
    },
    clear() {
      items = [];
    },
    wait: ({ signal, timeoutMs }) =>
      new Promise((resolve) => {
        if (items.length > 0 || signal.aborted) {
          resolve('woken');
          return;
        }
        const finish = (why: 'woken' | 'timeout') => {
          clearTimeout(timer);
          signal.removeEventListener('abort', woken);
          pending = undefined;
          resolve(why);
        };
        const woken = () => finish('woken');
        const timer = timeoutMs === undefined ? undefined : setTimeout(() => finish('timeout'), timeoutMs);
        pending = woken;
        signal.addEventListener('abort', woken);
      }),
    wake,
  };
}
