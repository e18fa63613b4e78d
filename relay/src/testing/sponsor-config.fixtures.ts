import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeSecp256k1Signer } from '@fastpay/crypto/node';
import { type Address, toHex, unsignedBytes } from '@fastpay/protocol';
import type { SponsorConfig } from '../config/schema.ts';

/** Writes a key that is this number, and a configuration that pays with it. */
export function writeSponsorConfig(
  directory: string,
  key: number,
  changes: Partial<SponsorConfig> = {},
): { readonly config: SponsorConfig; readonly feePayer: Address } {
  const secret = unsignedBytes(key, 32);
  const keyFile = join(directory, `${key}.key.json`);
  writeFileSync(keyFile, JSON.stringify({ feePayerKey: toHex(secret) }), { mode: 0o600 });
  const config: SponsorConfig = {
    name: 'Example Pay',
    keyFile,
    budgetFile: join(directory, `${key}.budget.json`),
    unitsPerHour: 2_000_000,
    unitsPerDay: 10_000_000,
    depositsPerAccount: 3,
    depositsPerClient: 1_000,
    minimumAmount: 1_000,
    lifeSeconds: 120,
    ...changes,
  };
  return { config, feePayer: createNodeSecp256k1Signer(secret).address };
}
