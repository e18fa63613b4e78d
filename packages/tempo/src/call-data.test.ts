import { toAddress } from '@fastpay/protocol';
import { encodeFunctionData, parseAbi } from 'viem';
import { expect, it } from 'vitest';
import { encodeDeposit } from './deposit.ts';
import { encodeCancelExit, encodeExit, encodeRequestExit } from './exit.ts';
import { reserveAbi } from './gen/reserve.ts';
import { encodeRelease } from './release.ts';
import { encodeApprove, encodeTransfer } from './tip20.ts';

const address = toAddress(`0x${'a1'.repeat(20)}`);
const other = toAddress(`0x${'0b'.repeat(20)}`);
const tip20 = parseAbi(['function transfer(address, uint256)', 'function approve(address, uint256)']);

it('encodes the calls to tokens and the reserve as an ABI encoder does', () => {
  expect(encodeTransfer(address, 12n)).toBe(
    encodeFunctionData({ abi: tip20, functionName: 'transfer', args: [address, 12n] }),
  );
  expect(encodeApprove(address, (1n << 64n) - 1n)).toBe(
    encodeFunctionData({ abi: tip20, functionName: 'approve', args: [address, (1n << 64n) - 1n] }),
  );
  expect(encodeDeposit(address, other, 7n)).toBe(
    encodeFunctionData({ abi: reserveAbi, functionName: 'deposit', args: [address, other, 7n] }),
  );
  expect(encodeRelease(address, other)).toBe(
    encodeFunctionData({ abi: reserveAbi, functionName: 'release', args: [address, other] }),
  );
  for (const [encode, functionName] of [
    [encodeRequestExit, 'requestExit'],
    [encodeCancelExit, 'cancelExit'],
    [encodeExit, 'exit'],
  ] as const) {
    expect(encode(address)).toBe(encodeFunctionData({ abi: reserveAbi, functionName, args: [address] }));
  }
});
