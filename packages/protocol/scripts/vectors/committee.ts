import {
  addressFromBytes,
  bytesOf,
  type Committee,
  committeeHash,
  committeeIdentityHash,
  limits,
  MAX_U64,
  packedCommittee,
  quorumStake,
  toHex,
  totalStake,
  validityStake,
} from '../../src/index.ts';
import { json } from '../../src/vectors.fixtures.ts';
import { hashOf } from './samples.ts';

/** The voting keys here are no curve points: hashing a committee does not look at that. */
export function committeeVectors() {
  const cases: (readonly [string, Committee])[] = [
    ['one validator', committeeOf(0n, ['Dave'], [1n])],
    ['four equal validators', committeeOf(0n, ['Dave', 'Edgar', 'Frank', 'Grace'], [1n, 1n, 1n, 1n])],
    ['unequal stakes', committeeOf(1n, ['a', 'b', 'c', 'd', 'e', 'f', 'g'], [5n, 1n, 1n, 2n, 8n, 1n, 3n])],
    ['names beyond ASCII', committeeOf(2n, ['Zürich', '東京', 'x'.repeat(32)], [1n, 2n, 3n])],
    ['the highest epoch and stake', committeeOf(MAX_U64, ['Dave', 'Edgar'], [MAX_U64 - 1n, 1n])],
    [
      'the largest committee',
      committeeOf(
        3n,
        Array.from({ length: limits.committeeSize }, (_, index) => `validator ${index}`),
        Array.from({ length: limits.committeeSize }, (_, index) => BigInt(index + 1)),
      ),
    ],
  ];
  return {
    description: 'Committee hashes and thresholds (§2).',
    cases: cases.map(([name, committee]) => ({
      name,
      committee: json.committee(committee),
      identityHash: committeeIdentityHash(committee),
      packed: toHex(packedCommittee(committee)),
      committeeHash: committeeHash(committee),
      totalStake: String(totalStake(committee)),
      validityStake: String(validityStake(committee)),
      quorumStake: String(quorumStake(committee)),
    })),
  };
}

function committeeOf(epoch: bigint, names: readonly string[], stakes: readonly bigint[]): Committee {
  const members = names.map((name, index) => ({
    name,
    votingKey: hashOf(`voting key ${index}`),
    settlementAddress: addressFromBytes(bytesOf(hashOf(`settlement address ${index}`)).subarray(12)),
    stake: stakes[index] ?? 1n,
  }));
  return { epoch, members };
}
