import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../random/random.ts';
import { corrupted } from './corrupt.ts';

const message = {
  slot: { owner: `0x${'a1'.repeat(20)}`, sequence: 7n },
  round: 3,
  signatures: [{ signer: 0, signature: new Uint8Array(64).fill(9) }],
  note: 'text stays',
  missing: undefined,
};

test('exactly one leaf changes, in kind and size as it was, and the message itself stays', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const before = structuredClone(message);
      const altered = corrupted(message, createRandom(seed));
      expect(message).toEqual(before);
      expect(altered).not.toEqual(message);
      expect(altered.signatures[0]?.signature.length).toBe(64);
      expect(altered.slot.owner).toMatch(/^0x[0-9a-f]{40}$/);
      expect(altered.note).toBe(message.note);
      const changes = [
        altered.slot.owner !== message.slot.owner,
        altered.slot.sequence !== message.slot.sequence,
        altered.round !== message.round,
        altered.signatures[0]?.signer !== 0,
        altered.signatures[0]?.signature.some((byte) => byte !== 9) ?? false,
      ];
      expect(changes.filter(Boolean).length).toBe(1);
    }),
  );
});

test('what has no leaf comes as it was', () => {
  expect(corrupted({ type: 'none' }, createRandom(1))).toEqual({ type: 'none' });
});
