import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { createNodeSecp256k1Signer, createNodeVotingSigner } from '@fastpay/crypto/node';
import { toHex } from '@fastpay/protocol';
import { ConfigError } from '../config/error.ts';
import { whyUnreadable } from '../config/read-json.ts';

/** A committee member as the network manifest lists it. */
export interface PublicHalf {
  readonly name: string;
  readonly votingKey: string;
  readonly settlementAddress: string;
  readonly stake: string;
}

/**
 * Makes new keys, writes them to `file` (mode 0600, never over an existing file) and returns the public half.
 * @throws ConfigError when the file exists or cannot be made.
 */
export function generateKeys(
  file: string,
  { name, stake }: { readonly name: string; readonly stake: string },
): PublicHalf {
  const votingSeed = randomBytes(32);
  const settlementKey = randomSettlementKey();
  const votingKey = createNodeVotingSigner(votingSeed).publicKey;
  const settlementAddress = createNodeSecp256k1Signer(settlementKey).address;
  const content = { votingSeed: toHex(votingSeed), settlementKey: toHex(settlementKey) };
  const descriptor = create(file);
  try {
    writeSync(descriptor, `${JSON.stringify(content, undefined, 2)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return { name, votingKey, settlementAddress, stake };
}

function create(file: string): number {
  let problem: string;
  try {
    return openSync(file, 'wx', 0o600);
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    problem = exists ? 'exists already and is not overwritten' : whyUnreadable(error);
  }
  throw new ConfigError([{ field: `--out ${file}`, problem, fix: 'name a new file in a directory that exists' }]);
}

/** The order of secp256k1 is a little below 2^256: a number at or above it, or zero, is drawn again. */
function randomSettlementKey(): Uint8Array {
  const order = 0xffffffff_ffffffff_ffffffff_fffffffe_baaedce6_af48a03b_bfd25e8c_d0364141n;
  for (;;) {
    const bytes = randomBytes(32);
    const value = BigInt(toHex(bytes));
    if (value > 0n && value < order) return bytes;
  }
}
