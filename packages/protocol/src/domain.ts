import { type Address, bytesOf, type Hash, hashFromBytes } from './brand.ts';
import { concatBytes, keccak256, unsignedBytes, utf8 } from './bytes.ts';

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

/** EIP-712 domain separator. */
export function domainSeparator(domain: Domain): Hash {
  return hashFromBytes(
    keccak256(
      concatBytes(
        DOMAIN_TYPE_HASH,
        NAME_HASH,
        VERSION_HASH,
        unsignedBytes(domain.chainId, 32),
        addressWord(domain.reserve),
        bytesOf(domain.salt),
      ),
    ),
  );
}

/** EIP-712: keccak256(0x1901 ‖ domain separator ‖ struct hash). */
export function typedDataDigest(separator: Hash, structHash: Uint8Array): Hash {
  return hashFromBytes(keccak256(concatBytes(Uint8Array.of(0x19, 0x01), bytesOf(separator), structHash)));
}

export function addressWord(address: Address): Uint8Array {
  return concatBytes(new Uint8Array(12), bytesOf(address));
}
