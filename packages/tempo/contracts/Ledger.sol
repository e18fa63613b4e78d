// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {MalformedBatch} from "./Batches.sol";
import {LEDGER} from "./Memory.sol";

/// The accounts that a batch names, each read from storage once and written once, however often it pays or is paid. In
/// memory from LEDGER on, for each: its word as it is now (see Account) | its place in storage, which ends with its
/// address.
library Ledger {
    /// Gas for an account of the table: to read it, and to write it where its word was not empty.
    uint256 internal constant GAS_ACCOUNT = 6_000;

    /// Reads all accounts. The table must ascend: an account that stood in it twice would have two balances.
    /// @param position Of the table in the calldata.
    /// @param first The place of owner zero.
    /// @return end Of the ledger.
    function open(uint256 position, uint256 count, uint256 first) internal view returns (uint256 end) {
        bool ascends = true;
        assembly ("memory-safe") {
            end := add(LEDGER, shl(6, count))
            let previous := sub(first, 1)
            for { let member := LEDGER } lt(member, end) { member := add(member, 0x40) } {
                let place := or(first, shr(96, calldataload(position)))
                position := add(position, 20)
                ascends := and(ascends, gt(place, previous))
                previous := place
                mstore(member, sload(place))
                mstore(add(member, 0x20), place)
            }
        }
        if (!ascends) revert MalformedBatch();
    }

    /// The place in storage of an account of the ledger; its last 20 bytes are the account's.
    function placeOf(uint256 member) internal pure returns (uint256 place) {
        assembly ("memory-safe") {
            place := mload(add(member, 0x20))
        }
    }

    /// Writes all; where nothing changed that costs little.
    function close(uint256 end) internal {
        assembly ("memory-safe") {
            for { let member := LEDGER } lt(member, end) { member := add(member, 0x40) } {
                sstore(mload(add(member, 0x20)), mload(member))
            }
        }
    }
}
