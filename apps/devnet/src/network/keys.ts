import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createNodeSecp256k1Signer, createNodeVotingSigner } from '@fastpay/crypto/node';
import { type Address, type CommitteeMember, toHex } from '@fastpay/protocol';

/** Makes the key that pays for the gas of deposits, writes it where the relay reads it, and gives back its address. */
export function createSponsorKey(keyFile: string): Address {
  const key = new Uint8Array(randomBytes(32));
  writeKeyFile(keyFile, { feePayerKey: toHex(key) });
  return createNodeSecp256k1Signer(key).address;
}

function writeKeyFile(keyFile: string, content: Readonly<Record<string, string>>): void {
  mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
  writeFileSync(keyFile, `${JSON.stringify(content)}\n`, { mode: 0o600, flag: 'wx' });
}

/** Makes a validator's keys, writes them where its sidecar reads them, and gives back their public half. */
export function createValidatorKeys(options: { readonly name: string; readonly keyFile: string }): CommitteeMember {
  const votingSeed = new Uint8Array(randomBytes(32));
  const settlementKey = new Uint8Array(randomBytes(32));
  writeKeyFile(options.keyFile, { votingSeed: toHex(votingSeed), settlementKey: toHex(settlementKey) });
  return {
    name: options.name,
    votingKey: createNodeVotingSigner(votingSeed).publicKey,
    settlementAddress: createNodeSecp256k1Signer(settlementKey).address,
    stake: 1n,
  };
}
