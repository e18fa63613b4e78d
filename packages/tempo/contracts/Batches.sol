// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Calldata} from "./Calldata.sol";
import {Entries, Entry, SKIP} from "./Entries.sol";
import {Orders} from "./Orders.sol";
import {MALFORMED} from "./Outcome.sol";

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
    /// What is reported of an entry: outcome u8 | account 20 | sequence u64 | value 32.
    uint256 internal constant RECORD_BYTES = 61;
    /// What is attested of an entry (protocol section 4): account 20 | asset 20 | sequence u64 | value 32.
    uint256 private constant LISTED_BYTES = 80;

    function read(bytes calldata data) internal pure returns (Batch memory) {
        unchecked {
            uint256 start = Calldata.positionOf(data);
            uint256 end = start + data.length;
            uint256 memberCount = Calldata.unsigned8(start + COMMITTEE - 1);
            uint256 accounts = start + COMMITTEE + 8 + memberCount * MEMBER_BYTES + 2;
            uint256 accountCount = Calldata.unsigned16(accounts - 2);
            uint256 entries = accounts + accountCount * 20 + 2;
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

    /// An account of the table.
    function addressAt(Batch memory batch, uint256 index) internal pure returns (address) {
        unchecked {
            return Calldata.account(batch.accounts + index * 20);
        }
    }

    /// Computes what each entry's slot is to hold. The records name slots and values, and no outcome yet but of entries
    /// that are malformed. The other list is what a committee attests to; it stays empty unless `attested`.
    function list(Batch memory batch, bytes32 separator, bool attested)
        internal
        pure
        returns (bytes memory records, bytes memory attestable)
    {
        unchecked {
            records = new bytes(batch.entryCount * RECORD_BYTES);
            if (attested) attestable = new bytes(batch.entryCount * LISTED_BYTES);
        }
        uint256 room = Orders.createRoom(batch.asset, separator);
        (uint256 asset, uint256 accounts, uint256 count) = (batch.asset << 96, batch.accounts, batch.accountCount);
        (uint256 position, uint256 batchEnd) = (batch.entries, batch.end);
        uint256 record;
        uint256 lastRecord;
        uint256 listed;
        assembly ("memory-safe") {
            record := add(records, 0x20)
            lastRecord := add(record, mload(records))
            listed := add(attestable, 0x20)
        }
        for (; record < lastRecord;) {
            Entry entry = Entries.read(position);
            uint256 end = entry.end(position);
            if (end > batchEnd) revert MalformedBatch();
            uint256 fits;
            uint256 sender;
            uint256 recipient;
            // The compiler's own code for these few lines costs three times as much.
            assembly ("memory-safe") {
                let payerIndex := and(shr(216, entry), 0xffff)
                let recipientIndex := and(shr(136, entry), 0xffff)
                sender := shr(96, calldataload(add(accounts, mul(payerIndex, 20))))
                recipient := shr(96, calldataload(add(accounts, mul(recipientIndex, 20))))
                let parents := and(entry, 0x7f)
                let signature := add(add(position, 40), shl(5, add(and(shr(7, entry), 1), parents)))
                if iszero(attested) {
                    signature := add(add(signature, 5), mul(66, byte(4, calldataload(signature))))
                }
                // Both accounts are in the table; at most 8 parents; a payer signature of at most 2,049 bytes, which
                // number would be huge, were the signature to begin behind the end.
                fits := and(
                    and(lt(payerIndex, count), lt(recipientIndex, count)),
                    and(lt(parents, 9), lt(sub(end, signature), 2050))
                )
                if iszero(fits) { mstore8(record, MALFORMED) }
            }
            if (fits != 0) {
                uint256 value = 0;
                if (entry.kind() != SKIP) value = Orders.transactionHash(entry, position, sender, recipient, room);
                assembly ("memory-safe") {
                    let sequence := and(shr(152, entry), 0xffffffffffffffff)
                    mstore(record, or(shl(88, sender), shl(24, sequence)))
                    mstore(add(record, 29), value)
                    if attested {
                        mstore(listed, shl(96, sender))
                        mstore(add(listed, 20), asset)
                        mstore(add(listed, 40), shl(192, sequence))
                        mstore(add(listed, 48), value)
                        listed := add(listed, 80)
                    }
                }
            }
            position = end;
            unchecked {
                record += RECORD_BYTES;
            }
        }
        if (position != batchEnd) revert MalformedBatch();
    }

    function firstRecord(bytes memory records) internal pure returns (uint256 record) {
        assembly ("memory-safe") {
            record := add(records, 0x20)
        }
    }

    function outcomeOf(uint256 record) internal pure returns (uint256 outcome) {
        assembly ("memory-safe") {
            outcome := byte(0, mload(record))
        }
    }

    function setOutcome(uint256 record, uint256 outcome) internal pure {
        assembly ("memory-safe") {
            mstore8(record, outcome)
        }
    }

    function valueOf(uint256 record) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            value := mload(add(record, 29))
        }
    }
}
