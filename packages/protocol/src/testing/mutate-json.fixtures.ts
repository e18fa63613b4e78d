import type { Random } from './random.fixtures.ts';

/** Hostile JSON values: valid documents with a few places replaced, removed, repeated or added. */
export function hostileJson(samples: readonly unknown[], longest: number, random: Random): unknown {
  if (random.chance(16)) return edge(longest, random);
  let value: unknown = JSON.parse(JSON.stringify(random.pick(samples)));
  for (let edits = 1 + random.below(3); edits > 0; edits--) value = changed(value, longest, random);
  return value;
}

function changed(value: unknown, longest: number, random: Random): unknown {
  if (typeof value === 'string' && !random.chance(3)) return changedText(value, random);
  if (Array.isArray(value) && value.length > 0 && !random.chance(4)) return changedList(value, longest, random);
  if (isRecord(value) && !random.chance(6)) return changedRecord(value, longest, random);
  return edge(longest, random);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Characters of a list that got one of its items over and over. */
const LONGEST_LIST = 300_000;

function changedList(list: readonly unknown[], longest: number, random: Random): unknown[] {
  const at = random.below(list.length);
  switch (random.below(6)) {
    case 0:
      return list.toSpliced(at, 1);
    case 1:
      return list.toSpliced(at, 0, list[at]);
    case 2: {
      const most = Math.ceil(LONGEST_LIST / JSON.stringify(list[at]).length);
      return Array.from({ length: Math.min(most, random.pick([9, 17, 129, 1_001, 10_000])) }, () => list[at]);
    }
    default:
      return list.with(at, changed(list[at], longest, random));
  }
}

/** Names that a careless reader finds on every object. */
const TREACHEROUS = ['__proto__', 'constructor', 'toString', 'length', 'then', ''];

function changedRecord(record: Record<string, unknown>, longest: number, random: Random): unknown {
  const entries = Object.entries(record);
  const name = random.pick([...Object.keys(record), ...TREACHEROUS]);
  const without = entries.filter(([other]) => other !== name);
  switch (random.below(8)) {
    case 0:
      return fromEntries(without);
    case 1:
      return fromEntries([...entries, [random.pick(TREACHEROUS), edge(longest, random)]]);
    default:
      return fromEntries([...without, [name, changed(record[name], longest, random)]]);
  }
}

/** As JSON.parse makes it: every name an own property, `__proto__` too. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): unknown {
  const members = entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value ?? null)}`);
  return JSON.parse(`{${members.join(',')}}`);
}

const DIGITS = '0123456789abcdefABCDEFx-+._ =/\\"\u0000é\ud800𝟙';

function changedText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const digit = DIGITS.charAt(random.below(DIGITS.length));
  switch (random.below(5)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + digit + text.slice(at);
    case 2:
      return text.slice(0, at) + text;
    case 3:
      return text.slice(0, at) + digit.repeat(random.pick([2, 64, 2_000])) + text.slice(at);
    default:
      return text.slice(0, at) + digit + text.slice(at + 1);
  }
}

function edge(longest: number, random: Random): unknown {
  switch (random.below(14)) {
    case 0:
      return null;
    case 1:
      return random.chance(2);
    case 2:
      return random.pick([0, -0, -1, 1, 1.5, 255, 256, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e308]);
    case 3:
      return random.pick(['0', '-0', '01', '1e3', '18446744073709551615', '18446744073709551616', '0x', '0x0', 'NaN']);
    case 4:
      return '9'.repeat(random.below(longest));
    case 5:
      return `0x${'0'.repeat(random.below(longest))}`;
    case 6:
      return [];
    case 7:
      return {};
    case 8:
      return Array.from({ length: random.below(2_000) }, () => 0);
    case 9:
      return deep(random.below(1_000));
    case 10:
      return JSON.parse('{"__proto__":{"length":1},"constructor":{"name":"x"}}');
    case 11:
      return `0x${'ab'.repeat(random.pick([0, 1, 19, 20, 21, 31, 32, 33, 64, 65]))}`;
    case 12:
      return random.next();
    default:
      return String.fromCodePoint(...Array.from({ length: random.below(40) }, () => random.below(0x11_0000)));
  }
}

function deep(levels: number): unknown {
  return JSON.parse('['.repeat(levels) + ']'.repeat(levels) || 'null');
}
