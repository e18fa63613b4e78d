import { type DeriveKeyRequest, deriveKey } from '@fastpay/vault/kdf';

/** One derivation, then the worker is ended: its memory held the password. */
addEventListener('message', ({ data }: MessageEvent<DeriveKeyRequest>) => {
  deriveKey(data).then(
    (key) => postMessage({ key }, { transfer: [key.buffer] }),
    (error: unknown) => postMessage({ failure: error instanceof Error ? error.message : 'unknown' }),
  );
});
