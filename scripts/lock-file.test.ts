import { expect, test } from 'vitest';
import { completeLockFile, missingOptionalPackages } from './lock-file.ts';

const lock = {
  packages: {
    '': {},
    'node_modules/tool': {
      version: '1.0.0',
      optionalDependencies: {
        '@tool/linux-x64-gnu': '1.0.0',
        '@tool/linux-x64-musl': '1.0.0',
        '@tool/darwin-arm64': '1.0.0',
      },
    },
    'node_modules/tool/node_modules/@tool/darwin-arm64': { version: '1.0.0', optional: true },
    'node_modules/@tool/linux-x64-gnu': { version: '1.0.0', optional: true },
  },
};

test('a package that stands anywhere on the way up is not missing', () => {
  expect([...missingOptionalPackages(lock)]).toEqual([['node_modules/@tool/linux-x64-musl', '1.0.0']]);
});

test('what is missing is put in its place with the platform that its name tells', () => {
  const complete = completeLockFile(lock);
  expect(complete.packages['node_modules/@tool/linux-x64-musl']).toEqual({
    version: '1.0.0',
    cpu: ['x64'],
    libc: ['musl'],
    optional: true,
    os: ['linux'],
  });
  expect(missingOptionalPackages(complete).size).toBe(0);
  expect(Object.keys(complete.packages)).toEqual([
    '',
    'node_modules/@tool/linux-x64-gnu',
    'node_modules/@tool/linux-x64-musl',
    'node_modules/tool',
    'node_modules/tool/node_modules/@tool/darwin-arm64',
  ]);
});

test.each(['^1.0.0', 'latest'])('a range such as %s is refused: there is nothing to pin', (version) => {
  const ranged = { packages: { 'node_modules/tool': { optionalDependencies: { '@tool/linux-x64': version } } } };
  expect(() => completeLockFile(ranged)).toThrow('no exact version');
});
