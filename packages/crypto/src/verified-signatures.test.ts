import { describe, expect, it } from 'vitest';
import { createVerifiedSignatures } from './verified-signatures.ts';

const [message, signature] = [Uint8Array.of(1, 2, 3), Uint8Array.of(9, 9)];

describe('verified signatures', () => {
  it('answer for exactly what was added', () => {
    const verified = createVerifiedSignatures(4);
    verified.add('dave', message, signature);
    expect(verified.has('dave', Uint8Array.of(1, 2, 3), Uint8Array.of(9, 9))).toBe(true);
    expect(verified.has('edgar', message, signature)).toBe(false);
    expect(verified.has('dave', Uint8Array.of(1, 2, 4), signature)).toBe(false);
    expect(verified.has('dave', Uint8Array.of(1, 2), signature)).toBe(false);
    expect(verified.has('dave', message, Uint8Array.of(9, 8))).toBe(false);
    expect(verified.has('dave', message, Uint8Array.of(9, 9, 0))).toBe(false);
  });

  it('answer for the last use of a signature only', () => {
    const verified = createVerifiedSignatures(4);
    verified.add('dave', message, signature);
    verified.add('edgar', message, signature);
    expect(verified.has('edgar', message, signature)).toBe(true);
    expect(verified.has('dave', message, signature)).toBe(false);
  });

  it('forget the oldest beyond their limit', () => {
    const verified = createVerifiedSignatures(1);
    verified.add('dave', message, signature);
    verified.add('dave', message, Uint8Array.of(7));
    expect(verified.has('dave', message, signature)).toBe(false);
    expect(verified.has('dave', message, Uint8Array.of(7))).toBe(true);
  });
});
