import { concatBytes } from '../bytes.ts';
import type { Random } from './random.fixtures.ts';

/** Hostile bytes: garbage of every length, one pattern over and over, and valid messages that were tampered with. */
export function hostileBytes(samples: readonly Uint8Array[], longest: number, random: Random): Uint8Array {
  const bytes = anyHostileBytes(samples, longest, random);
  return bytes.length > longest ? bytes.slice(0, longest) : bytes;
}

function anyHostileBytes(samples: readonly Uint8Array[], longest: number, random: Random): Uint8Array {
  const kind = random.below(16);
  if (kind === 0) return random.bytes(anyLength(longest, random));
  if (kind === 1) return pattern(random.bytes(1 + random.below(4)), anyLength(longest, random));
  const sample = random.pick(samples);
  if (kind === 2) return sample.slice(0, random.below(sample.length + 1));
  if (kind === 3) return concatBytes(sample, random.bytes(1 + anyLength(longest, random)));
  let bytes: Uint8Array = sample.slice();
  for (let edits = 1 + random.below(random.chance(8) ? 32 : 4); edits > 0; edits--) {
    bytes = edited(bytes, samples, random);
  }
  return bytes;
}

/** Short more often than long, up to `longest`. */
function anyLength(longest: number, random: Random): number {
  return random.below(random.pick([8, 64, 64, 300, 300, 4_096, random.chance(8) ? longest : 300]) + 1);
}

const EDGE_BYTES = [0, 1, 0x7f, 0x80, 0xfe, 0xff];
/** What a length or a counter may be at worst: big-endian, little-endian and as a varint. */
const EDGE_NUMBERS = [
  [0xff, 0xff],
  [0x80, 0x00],
  [0x00, 0x00, 0x00, 0x00],
  [0x7f, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0x07],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
].map((bytes) => Uint8Array.from(bytes));

function edited(bytes: Uint8Array, samples: readonly Uint8Array[], random: Random): Uint8Array {
  const at = random.below(bytes.length);
  const end = at + random.below(Math.min(bytes.length - at, 80) + 1);
  switch (random.below(9)) {
    case 0:
      return replaced(bytes, at, at + 1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << random.below(8))));
    case 1:
      return replaced(bytes, at, at + 1, Uint8Array.of(random.pick(EDGE_BYTES)));
    case 2:
      return replaced(bytes, at, end, new Uint8Array(0));
    case 3:
      return replaced(bytes, at, at, bytes.subarray(at, end));
    case 4:
      return replaced(bytes, at, at, random.bytes(1 + random.below(16)));
    case 5: {
      const number = random.pick(EDGE_NUMBERS);
      return replaced(bytes, at, random.chance(2) ? at : at + number.length, number);
    }
    case 6: {
      const other = random.pick(samples);
      const from = random.below(other.length);
      return replaced(bytes, at, end, other.subarray(from, from + random.below(200)));
    }
    case 7:
      return replaced(bytes, at, end, new Uint8Array(end - at).fill(random.pick(EDGE_BYTES)));
    default:
      return replaced(bytes, at, at + 1, random.bytes(1));
  }
}

function replaced(bytes: Uint8Array, start: number, end: number, by: Uint8Array): Uint8Array {
  return concatBytes(bytes.subarray(0, start), by, bytes.subarray(end));
}

function pattern(unit: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => unit[index % unit.length] ?? 0);
}
