// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Batch, MalformedBatch} from "./Batches.sol";
import {Record} from "./Accounts.sol";

/// The accounts that a batch names, each read from storage once and written once, however often it pays or is paid.
/// Rules knows the order of the members.
struct Ledger {
    /// Gas that must be left to begin another entry and to end what was begun.
    uint256 reservedGas;
    /// Memory: for each account of the batch's table the place of its word in storage, and the word as it is now.
    uint256 words;
    /// Fees of what was settled.
    uint256 fees;
    /// How many withdrawals were settled.
    uint256 withdrawals;
}

library Ledgers {
    /// Gas for an account of the table: to read it, and to write it where its word was not empty.
    uint256 internal constant GAS_ACCOUNT = 6_000;

    /// Reads all accounts. The table must ascend: an account that stood in it twice would have two balances.
    function open(Batch memory batch, mapping(address => Record) storage records, uint256 reservedGas)
        internal
        view
        returns (Ledger memory)
    {
        uint256 position = batch.accounts;
        uint256 count = batch.accountCount;
        uint256 words;
        bool ascends = true;
        assembly ("memory-safe") {
            words := mload(0x40)
            let place := words
            let end := add(words, shl(6, count))
            mstore(0x40, end)
            mstore(0x20, records.slot)
            // Signed, so that there is a number below the zero address.
            for { let previous := not(0) } lt(place, end) { place := add(place, 0x40) } {
                let owner := shr(96, calldataload(position))
                position := add(position, 20)
                ascends := and(ascends, sgt(owner, previous))
                previous := owner
                mstore(0x00, owner)
                let slot := keccak256(0x00, 0x40)
                mstore(place, slot)
                mstore(add(place, 0x20), sload(slot))
            }
        }
        if (!ascends) revert MalformedBatch();
        return Ledger(reservedGas, words, 0, 0);
    }

    /// Writes all; where nothing changed that costs little.
    function close(Ledger memory ledger, uint256 count) internal {
        uint256 place = ledger.words;
        assembly ("memory-safe") {
            for { let end := add(place, shl(6, count)) } lt(place, end) { place := add(place, 0x40) } {
                sstore(mload(place), mload(add(place, 0x20)))
            }
        }
    }
}
