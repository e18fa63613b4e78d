// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Calldata} from "./Calldata.sol";

error MalformedBatch();

/// Where the parts of a batch lie in the calldata.
struct Batch {
    uint256 asset;
    uint256 epoch;
    /// The committee as Committees reads it: epoch u64 | members.
    uint256 committee;
    uint256 memberCount;
    uint256 accounts;
    uint256 accountCount;
    uint256 entries;
    uint256 entryCount;
    uint256 end;
}

using Batches for Batch global;

/// A batch of entries of one asset and epoch, packed:
/// asset 20 | member count u8 | epoch u64 | members 28 each | account count u16 | accounts 20 each, strictly ascending
/// | entry count u16 | entries
/// Entries name accounts by their index in the table, which is shorter, and lets balances be netted without a search.
library Batches {
    uint256 private constant MEMBER_BYTES = 28;
    uint256 private constant COMMITTEE = 21;
    uint256 private constant ACCOUNT_BYTES = 20;

    function read(bytes calldata data) internal pure returns (Batch memory) {
        unchecked {
            uint256 start = Calldata.positionOf(data);
            uint256 end = start + data.length;
            uint256 memberCount = Calldata.unsigned8(start + COMMITTEE - 1);
            uint256 accounts = start + COMMITTEE + 8 + memberCount * MEMBER_BYTES + 2;
            uint256 accountCount = Calldata.unsigned16(accounts - 2);
            uint256 entries = accounts + accountCount * ACCOUNT_BYTES + 2;
            if (entries > end) revert MalformedBatch();
            return Batch({
                asset: Calldata.word(start) >> 96,
                epoch: Calldata.unsigned64(start + COMMITTEE),
                committee: start + COMMITTEE,
                memberCount: memberCount,
                accounts: accounts,
                accountCount: accountCount,
                entries: entries,
                entryCount: Calldata.unsigned16(entries - 2),
                end: end
            });
        }
    }

    /// An account of the table at `accounts`.
    function accountAt(uint256 accounts, uint256 index) internal pure returns (uint256) {
        unchecked {
            return Calldata.word(accounts + index * ACCOUNT_BYTES) >> 96;
        }
    }
}
