import type { DeriveKey } from '@fastpay/vault';

type Answer = { readonly key: Uint8Array<ArrayBuffer> } | { readonly failure: string };

/** Argon2id beside the screen's thread: it takes a third of a second and 64 MiB, which end with the worker. */
export const deriveKeyInWorker: DeriveKey = (request) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./kdf.worker.ts', import.meta.url), { type: 'module', name: 'fastpay-kdf' });
    const end = (settle: () => void) => {
      worker.terminate();
      settle();
    };
    worker.onmessage = ({ data }: MessageEvent<Answer>) =>
      end(() =>
        'key' in data ? resolve(data.key) : reject(new Error(`the key could not be derived: ${data.failure}`)),
      );
    worker.onerror = (event) => end(() => reject(new Error(`the key could not be derived: ${event.message}`)));
    worker.postMessage(request);
  });
