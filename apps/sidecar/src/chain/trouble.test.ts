import { expect, it } from 'vitest';
import { describeTrouble } from './trouble.ts';

it('hides addresses, which may hold an access key', () => {
  const error = new Error('HTTP request failed.\nURL: https://user:key@node.example/v1/secret');
  expect(describeTrouble(error)).toBe('HTTP request failed.');
  expect(describeTrouble(new Error('request to http://node.example/secret failed'))).toBe(
    'request to <address> failed',
  );
});

it('names the system error behind it', () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  expect(describeTrouble(new TypeError('fetch failed', { cause: refused }))).toBe('fetch failed (ECONNREFUSED)');
});

it('is short and takes anything', () => {
  expect(describeTrouble(new Error('x'.repeat(1_000)))).toHaveLength(200);
  expect(describeTrouble('odd')).toBe('odd');
});
