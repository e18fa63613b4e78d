// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// What is written down of every entry of a batch while it is settled, by places in memory that ascend.
library Reports {
    /// For the event `Settled`: outcome u8 | account 20 | sequence u64 | value 32.
    uint256 internal constant RECORD_BYTES = 61;
    /// What a committee attests to (protocol section 4): account 20 | asset 20 | sequence u64 | value 32.
    uint256 internal constant LISTED_BYTES = 80;

    /// Room for `count` of them, all of which are to be written.
    function allocate(uint256 count, uint256 size) internal pure returns (bytes memory list_) {
        assembly ("memory-safe") {
            list_ := mload(0x40)
            let length := mul(count, size)
            mstore(list_, length)
            // Writing the last one may touch the word behind it.
            mstore(0x40, add(list_, and(add(length, 0x5f), not(0x1f))))
        }
    }

    function firstOf(bytes memory list_) internal pure returns (uint256 position) {
        assembly ("memory-safe") {
            position := add(list_, 0x20)
        }
    }

    /// Names the slot and what it is to hold; the outcome stays NOT_REACHED.
    function name(uint256 record, uint256 account, uint256 sequence, uint256 value) internal pure {
        assembly ("memory-safe") {
            mstore(record, or(shl(88, account), shl(24, sequence)))
            mstore(add(record, 29), value)
        }
    }

    function setOutcome(uint256 record, uint256 outcome) internal pure {
        assembly ("memory-safe") {
            mstore8(record, outcome)
        }
    }

    function outcomeOf(uint256 record) internal pure returns (uint256 outcome) {
        assembly ("memory-safe") {
            outcome := byte(0, mload(record))
        }
    }

    function list(uint256 listed, uint256 account, uint256 asset, uint256 sequence, uint256 value) internal pure {
        assembly ("memory-safe") {
            mstore(listed, shl(96, account))
            mstore(add(listed, 20), shl(96, asset))
            mstore(add(listed, 40), shl(192, sequence))
            mstore(add(listed, 48), value)
        }
    }
}
