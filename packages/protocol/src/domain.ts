import { type Address, type Hash, hashFromBytes } from './brand.ts';
import { ByteWriter } from './byte-writer.ts';
import { keccak256, utf8 } from './bytes.ts';

/** Names one deployed reserve; no two networks share a domain (§3). */
export interface Domain {
  readonly chainId: bigint;
  readonly reserve: Address;
  readonly salt: Hash;
}

export const DOMAIN_NAME = 'FastPay';
export const DOMAIN_VERSION = '1';

const DOMAIN_TYPE_HASH = keccak256(
  utf8('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)'),
);
const NAME_HASH = keccak256(utf8(DOMAIN_NAME));
const VERSION_HASH = keccak256(utf8(DOMAIN_VERSION));

/**
 * EIP-712 domain separator.
 * @throws RejectError INVALID_FORMAT when the chain id does not fit in 64 bits.
 */
export function domainSeparator(domain: Domain): Hash {
  const fields = new ByteWriter(6 * 32)
    .raw(DOMAIN_TYPE_HASH)
    .raw(NAME_HASH)
    .raw(VERSION_HASH)
    .u64Word(domain.chainId)
    .addressWord(domain.reserve)
    .hash(domain.salt)
    .finish();
  return hashFromBytes(keccak256(fields));
}

/** EIP-712: keccak256(0x1901 ‖ domain separator ‖ struct hash). */
export function typedDataDigest(separator: Hash, structHash: Uint8Array): Hash {
  const bytes = new ByteWriter(2 + 2 * 32).u8(0x19).u8(0x01).hash(separator).raw(structHash).finish();
  return hashFromBytes(keccak256(bytes));
}
