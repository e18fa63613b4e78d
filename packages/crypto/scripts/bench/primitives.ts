import { bytesOf, type Hash, hashFromBytes } from '@fastpay/protocol';
import { createSecp256k1Signer, createVotingSigner, type Secp256k1Signer, type VotingSigner } from '../../src/index.ts';
import { createNodeSecp256k1Signer, createNodeVotingSigner } from '../../src/node.ts';
import { createP256Payer, signP256 } from '../../src/testing/payers.fixtures.ts';
import { bare, digests, inTurn, key, messages } from './bare.ts';
import { type Bench, engines } from './engines.ts';

/** Each primitive in each engine. */
export async function primitiveBenches(): Promise<readonly Bench[]> {
  return [await ed25519(), await recovery(), p256(), ed25519Signing(), secp256k1Signing()];
}

async function ed25519(): Promise<Bench> {
  const signer = createNodeVotingSigner(key);
  const publicKey = bytesOf(signer.publicKey);
  const signed = await Promise.all(
    messages.map(async (message) => ({ message, signature: await signer.sign(message) })),
  );
  return {
    title: 'Ed25519 verify, a vote',
    ceiling: { name: 'bare libsodium', run: bare.ed25519Verify },
    subjects: engines.map(([name, engine]) => {
      const next = inTurn(signed);
      return {
        name,
        run: () => {
          const { message, signature } = next();
          return engine.ed25519Verify(publicKey, message, signature);
        },
      };
    }),
  };
}

async function recovery(): Promise<Bench> {
  const signer = createNodeSecp256k1Signer(key);
  const signed = await Promise.all(
    digests.map(async (digest) => ({ digest, signature: await signer.sign(hashFromBytes(digest)) })),
  );
  return {
    title: 'secp256k1 recover to an address',
    ceiling: { name: 'bare libsecp256k1, to a public key', run: bare.secp256k1Recover },
    subjects: engines.map(([name, engine]) => {
      const next = inTurn(signed);
      return {
        name,
        run: () => {
          const { digest, signature } = next();
          return engine.secp256k1Recover(digest, signature);
        },
      };
    }),
  };
}

function p256(): Bench {
  const { publicKey } = createP256Payer(key);
  const signed = messages.map((message) => ({ message, signature: signP256(key, message) }));
  return {
    title: 'P-256 verify',
    ceiling: { name: 'bare OpenSSL, key imported once', run: bare.p256Verify },
    subjects: engines.map(([name, engine]) => {
      const next = inTurn(signed);
      return {
        name,
        run: () => {
          const { message, signature } = next();
          return engine.p256Verify(publicKey, message, signature);
        },
      };
    }),
  };
}

function ed25519Signing(): Bench {
  const signers: readonly (readonly [string, VotingSigner])[] = [
    ['node', createNodeVotingSigner(key)],
    ['portable', createVotingSigner(key)],
  ];
  return {
    title: 'Ed25519 sign, a vote',
    ceiling: { name: 'bare libsodium', run: bare.ed25519Sign },
    subjects: signers.map(([name, signer]) => {
      const next = inTurn(messages);
      return { name, run: () => signer.sign(next()) };
    }),
  };
}

function secp256k1Signing(): Bench {
  const signers: readonly (readonly [string, Secp256k1Signer])[] = [
    ['node', createNodeSecp256k1Signer(key)],
    ['portable', createSecp256k1Signer(key)],
  ];
  const hashes: readonly Hash[] = digests.map(hashFromBytes);
  return {
    title: 'secp256k1 sign',
    ceiling: { name: 'bare libsecp256k1', run: bare.secp256k1Sign },
    subjects: signers.map(([name, signer]) => {
      const next = inTurn(hashes);
      return { name, run: () => signer.sign(next()) };
    }),
  };
}
