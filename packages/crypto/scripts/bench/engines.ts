import { createBrowserEngine } from '../../src/browser.ts';
import { type CryptoEngine, createPortableEngine } from '../../src/index.ts';
import { createNodeEngine } from '../../src/node.ts';
import type { Subject } from './measure.ts';

export const engines: readonly (readonly [string, CryptoEngine])[] = [
  ['node', createNodeEngine()],
  ['browser engine on Node’s WebCrypto', await createBrowserEngine()],
  ['portable', createPortableEngine()],
];

/** The same operation in several engines, and the bare native calls that it cannot beat. */
export interface Bench {
  readonly title: string;
  readonly ceiling: Subject;
  readonly subjects: readonly Subject[];
}
