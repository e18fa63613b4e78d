import { domainSeparator, MAX_U64, ZERO_ADDRESS, ZERO_HASH } from '../../src/index.ts';
import { json } from '../../src/vectors.fixtures.ts';
import { domain, onesAddress, onesHash } from './samples.ts';

export function domainVectors() {
  const cases = [
    { name: 'a devnet', domain },
    { name: 'another chain', domain: { ...domain, chainId: 1n } },
    { name: 'all zero', domain: { chainId: 0n, reserve: ZERO_ADDRESS, salt: ZERO_HASH } },
    { name: 'all at their highest', domain: { chainId: MAX_U64, reserve: onesAddress, salt: onesHash } },
  ];
  return {
    description: 'EIP-712 domain separators (§3).',
    cases: cases.map(({ name, domain: each }) => ({
      name,
      domain: json.domain(each),
      separator: domainSeparator(each),
    })),
  };
}
