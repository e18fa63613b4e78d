import { describe, expect, test } from 'vitest';
import { DevnetError } from './error.ts';
import { helpText, parseOptions } from './options.ts';

const parse = (...words: string[]) => parseOptions(words, '/repository');

describe('options', () => {
  test('without flags: the default ports, a block every half second, state in .devnet of the repository', () => {
    expect(parse()).toEqual({
      stateDirectory: '/repository/.devnet',
      fresh: false,
      portBase: 4700,
      blockTimeSeconds: 0.5,
      exitDelaySeconds: 604_800n,
      settle: true,
      sponsor: true,
      dev: false,
      buildWallet: true,
      stopWithInput: false,
    });
  });

  test('every flag changes what it names', () => {
    const options = parse(
      '--fresh',
      '--state-dir',
      '/srv/fastpay',
      '--port-base',
      '5700',
      '--block-time=60',
      '--exit-delay=45',
      '--no-settle',
      '--no-sponsor',
      '--no-wallet-build',
    );
    expect(options).toMatchObject({
      stateDirectory: '/srv/fastpay',
      fresh: true,
      portBase: 5700,
      blockTimeSeconds: 60,
      exitDelaySeconds: 45n,
      settle: false,
      sponsor: false,
      buildWallet: false,
    });
    expect(parse('--dev', '--stop-with-input', '--port-base', '0')).toMatchObject({
      dev: true,
      stopWithInput: true,
      portBase: 0,
    });
  });

  test('asking for help gives no options', () => {
    expect(parse('--help')).toBeUndefined();
    expect(parse('-h', '--fresh')).toBeUndefined();
  });

  test.each([
    ['--port-base', '80'],
    ['--port-base', '65530'],
    ['--port-base', '47oo'],
    ['--block-time', '0'],
    ['--block-time', '-1'],
    ['--block-time', 'fast'],
    ['--exit-delay', '5'],
    ['--exit-delay', 'a week'],
    ['--nonsense', 'x'],
    ['loose word', ''],
  ])('%s %s is refused by name', (flag, value) => {
    expect(() => parse(flag, value)).toThrow(DevnetError);
    expect(() => parse(flag, value)).toThrow(flag);
  });

  test('the help names every flag', () => {
    for (const flag of [
      '--fresh',
      '--state-dir',
      '--port-base',
      '--block-time',
      '--no-sponsor',
      '--no-wallet-build',
      '--dev',
      '--stop-with-input',
    ]) {
      expect(helpText).toContain(flag);
    }
  });
});
