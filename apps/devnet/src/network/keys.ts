import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createNodeSecp256k1Signer, createNodeVotingSigner } from '@fastpay/crypto/node';
import { type CommitteeMember, toHex } from '@fastpay/protocol';

/** Makes a validator's keys, writes them where its sidecar reads them, and gives back their public half. */
export function createValidatorKeys(options: { readonly name: string; readonly keyFile: string }): CommitteeMember {
  const votingSeed = new Uint8Array(randomBytes(32));
  const settlementKey = new Uint8Array(randomBytes(32));
  mkdirSync(dirname(options.keyFile), { recursive: true, mode: 0o700 });
  const content = { votingSeed: toHex(votingSeed), settlementKey: toHex(settlementKey) };
  writeFileSync(options.keyFile, `${JSON.stringify(content)}\n`, { mode: 0o600, flag: 'wx' });
  return {
    name: options.name,
    votingKey: createNodeVotingSigner(votingSeed).publicKey,
    settlementAddress: createNodeSecp256k1Signer(settlementKey).address,
    stake: 1n,
  };
}
