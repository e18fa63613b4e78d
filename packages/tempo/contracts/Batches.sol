// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Calldata} from "./Calldata.sol";

error MalformedBatch();

/// A batch of entries of one asset and epoch, packed, directly behind the selector of the call:
/// asset 20 | member count u8 | epoch u64 | members 28 each | account count u16 | accounts 20 each, strictly ascending
/// | entry count u16 | entries
/// Entries name accounts by their index in the table, which is shorter, and lets balances be netted without a search.
library Batches {
    uint256 private constant MEMBER_BYTES = 28;
    uint256 private constant ACCOUNT_BYTES = 20;
    uint256 private constant BATCH = 4;
    /// Position of the committee as Committees reads it: epoch u64 | members.
    uint256 internal constant COMMITTEE = 25;

    function asset() internal pure returns (address) {
        return Calldata.account(BATCH);
    }

    function memberCount() internal pure returns (uint256) {
        return Calldata.unsigned8(BATCH + 20);
    }

    function epoch() internal pure returns (uint256) {
        return Calldata.unsigned64(COMMITTEE);
    }

    /// Position of the table of accounts.
    function accountsOf(uint256 members) internal pure returns (uint256) {
        unchecked {
            return COMMITTEE + 8 + members * MEMBER_BYTES + 2;
        }
    }

    /// Position of the entries.
    function entriesOf(uint256 accounts, uint256 accountCount) internal pure returns (uint256 entries) {
        unchecked {
            entries = accounts + accountCount * ACCOUNT_BYTES + 2;
        }
        if (entries > msg.data.length) revert MalformedBatch();
    }

    /// The count that stands before the table or the entries at `position`.
    function countBefore(uint256 position) internal pure returns (uint256) {
        unchecked {
            return Calldata.unsigned16(position - 2);
        }
    }
}
