// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// What is written down of every entry of a batch, first all items, then all outcomes:
/// (account 20 | sequence u64 | value 32) each | outcome u8 each
/// A committee attests to the items (protocol section 4); the event `Settled` tells all of it.
library Items {
    uint256 internal constant ITEM_BYTES = 60;

    /// @param account A place in storage: its last 20 bytes are the account's.
    function write(uint256 item, uint256 account, uint256 sequence, uint256 value) internal pure {
        assembly ("memory-safe") {
            mstore(item, or(shl(96, account), shl(32, sequence)))
            mstore(add(item, 28), value)
        }
    }

    /// What a committee attests to.
    function hash(uint256 items, uint256 end) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            result := keccak256(items, sub(end, items))
        }
    }

    function setOutcome(uint256 place, uint256 outcome) internal pure {
        assembly ("memory-safe") {
            mstore8(place, outcome)
        }
    }

    function outcomeAt(uint256 place) internal pure returns (uint256 outcome) {
        assembly ("memory-safe") {
            outcome := byte(0, mload(place))
        }
    }
}
