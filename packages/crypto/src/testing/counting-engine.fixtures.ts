import type { CryptoEngine } from '../engine.ts';
import { createNodeEngine } from '../node/engine.ts';

/** The Node engine, counting its calls: for tests of what is checked before and what never again. */
export interface CountingEngine extends CryptoEngine {
  count(): number;
  reset(): void;
}

export function createCountingEngine(): CountingEngine {
  const engine = createNodeEngine();
  let calls = 0;
  const counted =
    <Arguments extends readonly unknown[], Result>(check: (...values: Arguments) => Result) =>
    (...values: Arguments): Result => {
      calls += 1;
      return check(...values);
    };
  return {
    ed25519Verify: counted(engine.ed25519Verify),
    secp256k1Recover: counted(engine.secp256k1Recover),
    p256Verify: counted(engine.p256Verify),
    count: () => calls,
    reset: () => {
      calls = 0;
    },
  };
}
