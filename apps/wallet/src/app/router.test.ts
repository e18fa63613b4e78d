import { describe, expect, it } from 'vitest';
import { formatHash, parseHash, screens } from './router.ts';

describe('routes', () => {
  it('round-trip for every screen', () => {
    for (const screen of screens) {
      const id = screen === 'transaction' ? `0x${'ab'.repeat(32)}` : '';
      const route = parseHash(formatHash(screen, id));
      expect(route.screen).toBe(screen);
      expect(route.id ?? '').toBe(id);
    }
  });

  it('carry a query', () => {
    const route = parseHash(formatHash('pay', '', { to: '0x12', amount: '1.5 & more' }));
    expect(route.query.get('to')).toBe('0x12');
    expect(route.query.get('amount')).toBe('1.5 & more');
  });

  it('fall back to home', () => {
    for (const hash of ['', '#', '#/', '#/nowhere', '#/activity/0x12', '#//', '#/activity/../../x']) {
      expect(parseHash(hash).screen).toBe('home');
    }
  });
});
