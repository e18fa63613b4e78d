import { mkdir, writeFile } from 'node:fs/promises';
import { codecVectors } from './vectors/codec.ts';
import { committeeVectors } from './vectors/committee.ts';
import { domainVectors } from './vectors/domain.ts';
import { messageVectors } from './vectors/messages.ts';
import { orderVectors } from './vectors/orders.ts';

/** Writes the vectors that need no key. Those with signatures come from the crypto package. */

const directory = new URL('../vectors/', import.meta.url);
const files = {
  'domain.json': domainVectors(),
  'orders.json': orderVectors(),
  'messages.json': messageVectors(),
  'committee.json': committeeVectors(),
  'codec.json': codecVectors(),
};

await mkdir(directory, { recursive: true });
for (const [name, content] of Object.entries(files)) {
  await writeFile(new URL(name, directory), `${JSON.stringify(content, null, 2)}\n`);
}
