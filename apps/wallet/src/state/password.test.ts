import { describe, expect, it } from 'vitest';
import { passwordStrength } from './password.ts';

describe('password strength', () => {
  it('asks for length first', () => {
    expect(passwordStrength('aB3$x').level).toBe(0);
  });

  it('is not fooled by known words, repetitions and runs', () => {
    for (const text of ['password1', 'aaaaaaaaaaaa', '1234567890', 'abcdefghijkl', 'Fastpay2024']) {
      expect(passwordStrength(text).level).toBe(1);
    }
  });

  it('rewards length and variety', () => {
    expect(passwordStrength('horse-battery').level).toBe(2);
    expect(passwordStrength('correct horse battery staple').level).toBe(3);
  });
});
