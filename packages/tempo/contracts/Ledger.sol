// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Batch, MalformedBatch} from "./Batches.sol";
import {Record} from "./Accounts.sol";

/// The accounts that a batch names, each read from storage once and written once, however often it pays or is paid.
/// Rules knows the order of the members.
struct Ledger {
    /// Position of the batch's table of addresses.
    uint256 accounts;
    /// Memory: for each account the place of its word in storage, zero until it was read, and the word as it is now.
    uint256 words;
    /// Of the mapping from owners of the batch's asset to their records.
    uint256 mappingSlot;
    /// Gas that must be left to begin another entry and to end what was begun.
    uint256 reservedGas;
    /// Fees of what was settled.
    uint256 fees;
    /// How many withdrawals were settled.
    uint256 withdrawals;
}

library Ledgers {
    /// The table must ascend: an account that stood in it twice would have two balances.
    function open(Batch memory batch, mapping(address => Record) storage records, uint256 reservedGas)
        internal
        pure
        returns (Ledger memory)
    {
        uint256 accounts = batch.accounts;
        uint256 count = batch.accountCount;
        bool ascends = true;
        uint256 slot;
        assembly ("memory-safe") {
            slot := records.slot
            let previous := 0
            let end := add(accounts, mul(count, 20))
            for { let position := accounts } lt(position, end) { position := add(position, 20) } {
                // One more than the address, so that the zero address is above none.
                let current := add(shr(96, calldataload(position)), 1)
                ascends := and(ascends, gt(current, previous))
                previous := current
            }
        }
        if (!ascends) revert MalformedBatch();
        uint256 words;
        unchecked {
            bytes memory room = new bytes(count * 64);
            assembly ("memory-safe") {
                words := add(room, 0x20)
            }
        }
        return Ledger(accounts, words, slot, reservedGas, 0, 0);
    }

    /// Writes all that was read; where nothing changed that costs little.
    function close(Ledger memory ledger, uint256 count) internal {
        uint256 place = ledger.words;
        assembly ("memory-safe") {
            for { let end := add(place, shl(6, count)) } lt(place, end) { place := add(place, 0x40) } {
                let slot := mload(place)
                if slot { sstore(slot, mload(add(place, 0x20))) }
            }
        }
    }
}
