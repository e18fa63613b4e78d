import type { Random } from '../random/random.ts';

/**
 * A copy of a message with one leaf altered: a bit of some bytes, a digit of an address or hash, a bit of a number. The
 * shape stays, so that it gets past every decoder and only checks of meaning and signatures can find it.
 */
export function corrupted<Message>(message: Message, random: Random): Message {
  const leaves = countLeaves(message);
  if (leaves === 0) return message;
  return rebuild(message, { left: random.below(leaves) }, random) as Message;
}

const HEX = /^0x[0-9a-f]{40,}$/;

function isLeaf(value: unknown): boolean {
  if (typeof value === 'bigint') return value >= 0n;
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0;
  if (typeof value === 'string') return HEX.test(value);
  return value instanceof Uint8Array && value.length > 0;
}

function countLeaves(value: unknown): number {
  if (isLeaf(value)) return 1;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + countLeaves(part), 0);
}

function rebuild(value: unknown, target: { left: number }, random: Random): unknown {
  if (isLeaf(value)) return target.left-- === 0 ? altered(value, random) : value;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof Error)
    return value;
  if (Array.isArray(value)) return value.map((part) => rebuild(part, target, random));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rebuild(part, target, random)]));
}

function altered(value: unknown, random: Random): unknown {
  if (typeof value === 'bigint') return value ^ (1n << BigInt(random.below(8)));
  if (typeof value === 'number') return value ^ 1;
  if (typeof value === 'string') {
    const at = 2 + random.below(value.length - 2);
    const digit = ((Number.parseInt(value.charAt(at), 16) + 1 + random.below(15)) % 16).toString(16);
    return value.slice(0, at) + digit + value.slice(at + 1);
  }
  const bytes = Uint8Array.from(value as Uint8Array);
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
  return bytes;
}
