import { type Address, keccak256, RejectError, toAddress, toHex, utf8 } from '@fastpay/protocol';

/**
 * Reads an address as people pass it around. Mixed case carries a checksum (ERC-55), and a wrong one means a typo.
 * @throws RejectError INVALID_FORMAT.
 */
export function parseAddress(text: string): Address {
  const address = toAddress(text.trim());
  const digits = text.trim().slice(2);
  const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  if (isMixed && checksummed(address) !== `0x${digits}`) {
    throw new RejectError('INVALID_FORMAT', 'the capital letters of this address do not fit it: it is mistyped');
  }
  return address;
}

/** The address in mixed case with its checksum (ERC-55): how it is shown and copied. */
export function checksummed(address: Address): string {
  const digits = address.slice(2);
  const hash = toHex(keccak256(utf8(digits))).slice(2);
  const cased = [...digits].map((digit, index) =>
    Number.parseInt(hash[index] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit,
  );
  return `0x${cased.join('')}`;
}
