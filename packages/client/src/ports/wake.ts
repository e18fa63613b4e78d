/** Tells when waiting has become pointless: the network is back, or a person looks at the wallet again. */
export interface WakeUps {
  /** Calls `listener` at each wake-up; returns the function that ends it. */
  subscribe(listener: () => void): () => void;
}

/**
 * From events such as `online` of the window and `visibilitychange` of the document, which live on different objects.
 */
export function createWakeUps(sources: readonly { readonly target: EventTarget; readonly event: string }[]): WakeUps {
  return {
    subscribe(listener) {
      for (const { target, event } of sources) target.addEventListener(event, listener);
      return () => {
        for (const { target, event } of sources) target.removeEventListener(event, listener);
      };
    },
  };
}

export const noWakeUps: WakeUps = { subscribe: () => () => undefined };
