// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Calldata} from "./Calldata.sol";

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
        return (Entry.unwrap(entry) >> 232) & 0xff;
    }

    function payer(Entry entry) internal pure returns (uint256) {
        return (Entry.unwrap(entry) >> 216) & 0xffff;
    }

    function sequence(Entry entry) internal pure returns (uint256) {
        return (Entry.unwrap(entry) >> 152) & type(uint64).max;
    }

    function recipient(Entry entry) internal pure returns (uint256) {
        return (Entry.unwrap(entry) >> 136) & 0xffff;
    }

    function amount(Entry entry) internal pure returns (uint256) {
        return (Entry.unwrap(entry) >> 72) & type(uint64).max;
    }

    /// Where the commits begin, with their round and count.
    function commits(Entry entry, uint256 position) internal pure returns (uint256) {
        unchecked {
            uint256 shape = Entry.unwrap(entry) & 0xff;
            return position + 40 + 32 * ((shape >> 7) + (shape & 0x7f));
        }
    }
}
