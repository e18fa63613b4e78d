import { createBrowserEngine } from '@fastpay/crypto/browser';
import { answerVectors, type VectorAnswer } from '@fastpay/crypto/testing';

/** What runs inside the page: this browser's engines answer the vector files. */

export interface FileResult {
  readonly engine: string;
  readonly file: string;
  readonly cases: number;
  readonly wrong: readonly VectorAnswer[];
}

export interface PageResult {
  readonly files: readonly FileResult[];
  /** Calls of `subtle.verify` by algorithm. */
  readonly webCryptoCalls: Readonly<Record<string, number>>;
}

export async function answerAll(contents: Readonly<Record<string, unknown>>): Promise<PageResult> {
  const webCryptoCalls: Record<string, number> = {};
  const engines = {
    'with WebCrypto': await createBrowserEngine(countingSubtle(webCryptoCalls)),
    'without WebCrypto': await createBrowserEngine(null),
  };
  const files: FileResult[] = [];
  for (const [engine, checks] of Object.entries(engines)) {
    for (const [file, content] of Object.entries(contents)) {
      const answers = await answerVectors(checks, file, content);
      const wrong = answers.filter(({ answer, expected }) => answer !== expected);
      files.push({ engine, file, cases: answers.length, wrong });
    }
  }
  return { files, webCryptoCalls };
}

/** The browser's own WebCrypto, whose verifications are counted. */
function countingSubtle(calls: Record<string, number>): SubtleCrypto {
  const { subtle } = crypto;
  return new Proxy(subtle, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]) => {
        if (name === 'verify') {
          const { name: algorithm } = args[0] as { readonly name: string };
          calls[algorithm] = (calls[algorithm] ?? 0) + 1;
        }
        return Reflect.apply(value, target, args);
      };
    },
  });
}

interface BareCase {
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
  readonly valid: boolean;
}

/** How many invalid Ed25519 signatures of a vector file bare WebCrypto takes, without the checks of the engine. */
export async function takenByBareWebCrypto(content: unknown): Promise<number> {
  let taken = 0;
  for (const { publicKey, message, signature, valid } of (content as { readonly cases: readonly BareCase[] }).cases) {
    if (!valid && (await bareVerify(bytes(publicKey), bytes(message), bytes(signature)))) taken += 1;
  }
  return taken;
}

async function bareVerify(
  publicKey: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature, message);
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}

function bytes(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.slice(2).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
