import { createBrowserEngine } from '../browser/engine.ts';
import type { CryptoEngine } from '../engine.ts';
import { createNodeEngine } from '../node/engine.ts';
import { createPortableEngine } from '../portable-engine.ts';

/** Every engine there is, each way it can run. */
export async function allEngines(): Promise<readonly (readonly [name: string, engine: CryptoEngine])[]> {
  return [
    ['portable', createPortableEngine()],
    ['node', createNodeEngine()],
    ['browser with WebCrypto', await createBrowserEngine()],
    ['browser without WebCrypto', await createBrowserEngine(null)],
  ];
}
