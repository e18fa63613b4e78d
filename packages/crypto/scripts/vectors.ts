import { mkdir, writeFile } from 'node:fs/promises';
import { ballotVectors } from './vectors/ballots.ts';
import { certificateVectors } from './vectors/certificates.ts';
import { payerVectors, webAuthnVectors } from './vectors/payers.ts';
import { primitiveVectors } from './vectors/primitives.ts';

/** Writes the vectors that need keys, beside those of the protocol package. */

const directory = new URL('../../protocol/vectors/signed/', import.meta.url);
const files = {
  ...primitiveVectors(),
  'payer-signatures.json': await payerVectors(),
  'webauthn-matrix.json': webAuthnVectors(),
  'ballots.json': await ballotVectors(),
  'certificates.json': await certificateVectors(),
};

await mkdir(directory, { recursive: true });
for (const [name, content] of Object.entries(files)) {
  await writeFile(new URL(name, directory), `${JSON.stringify(content, null, 2)}\n`);
}
