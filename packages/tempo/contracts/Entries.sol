// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Calldata} from "./Calldata.sol";
import {LEDGER} from "./Memory.sol";

/// The first 32 bytes of an entry of a batch:
/// length u16 of what follows it | kind u8 | payer u16 | sequence u64 | recipient u16 | amount u64 | fee u64 | shape u8
/// Behind them: validUntil u64 | memo 32 if the shape has bit 7 | parents 32 each, as many as the shape's lower bits say
/// | (unless attested: round u32 | commit count u8 | (signer u8 | r 32 | s 32 | v u8) each)
/// | the payer's signature, up to the end.
/// Payer and recipient are indices of the batch's accounts. An entry over SKIP has kind 255, and zeros where an order
/// would say more than its slot.
type Entry is uint256;

using Entries for Entry global;

// In the place of an order's kind: the slot is used up and nobody is paid.
uint256 constant SKIP = 255;

library Entries {
    function read(uint256 position) internal pure returns (Entry) {
        return Entry.wrap(Calldata.word(position));
    }

    /// Where the entry that begins at `position` ends.
    function end(Entry entry, uint256 position) internal pure returns (uint256) {
        unchecked {
            return position + 2 + (Entry.unwrap(entry) >> 240);
        }
    }

    function kind(Entry entry) internal pure returns (uint256) {
        return uint8(bytes32(Entry.unwrap(entry))[2]);
    }

    /// Where the ledger has the payer; its index times 64 is cut out at once.
    function payer(Entry entry) internal pure returns (uint256) {
        unchecked {
            return LEDGER + ((Entry.unwrap(entry) >> 210) & 0x3fffc0);
        }
    }

    function recipient(Entry entry) internal pure returns (uint256) {
        unchecked {
            return LEDGER + ((Entry.unwrap(entry) >> 130) & 0x3fffc0);
        }
    }

    function sequence(Entry entry) internal pure returns (uint256) {
        return (Entry.unwrap(entry) >> 152) & type(uint64).max;
    }

    function amount(Entry entry) internal pure returns (uint256) {
        return (Entry.unwrap(entry) >> 72) & type(uint64).max;
    }

    function fee(Entry entry) internal pure returns (uint256) {
        return (Entry.unwrap(entry) >> 8) & type(uint64).max;
    }

    /// Most entries are plain: a transfer without memo and parents.
    function isPlain(Entry entry) internal pure returns (bool plain) {
        assembly ("memory-safe") {
            plain := iszero(and(entry, 0x0000ff00000000000000000000000000000000000000000000000000000000ff))
        }
    }

    /// Where the order's fields end, if the entry is plain: commits follow, with their round and count, or the payer's
    /// signature.
    function plainEnd(uint256 position) internal pure returns (uint256) {
        unchecked {
            return position + 40;
        }
    }

    /// Where they end in any entry. Of more than 8 parents, behind everything, so that the entry is malformed.
    function orderEnd(Entry entry, uint256 position) internal pure returns (uint256 result) {
        assembly ("memory-safe") {
            let parents := and(entry, 0x7f)
            result := add(add(position, 40), shl(5, add(and(shr(7, entry), 1), parents)))
            result := or(result, shl(128, gt(parents, 8)))
        }
    }

    /// Payer and recipient are in the ledger; a payer signature of at most 2,049 bytes, which number would be huge, were
    /// the signature to begin behind the end.
    function isWellFormed(uint256 payer_, uint256 recipient_, uint256 ledgerEnd, uint256 signatureLength)
        internal
        pure
        returns (bool fits)
    {
        assembly ("memory-safe") {
            fits := and(and(lt(payer_, ledgerEnd), lt(recipient_, ledgerEnd)), lt(signatureLength, 2050))
        }
    }
}
