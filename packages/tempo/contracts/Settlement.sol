// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Batch, Batches} from "./Batches.sol";
import {Calldata} from "./Calldata.sol";
import {Committees} from "./Committees.sol";
import {Entries, Entry} from "./Entries.sol";
import {Epochs} from "./Epochs.sol";
import {Ledger, Ledgers} from "./Ledger.sol";
import {Orders} from "./Orders.sol";
import {INVALID_COMMIT, NO_QUORUM, NOT_REACHED, SETTLED} from "./Outcome.sol";
import {Rules} from "./Rules.sol";
import {TypedData} from "./TypedData.sol";
import {Vault} from "./Vault.sol";

/// Moves balances by what the committee committed to (protocol section 6). One set of rules for both ways to show it:
/// commits with each entry, or one attestation of the whole batch.
abstract contract Settlement is Vault, Epochs {
    /// Every entry of a batch of `asset`, in order: outcome u8 | account 20 | sequence u64 | value 32. Where the outcome
    /// is Settled, the slot (account, asset, sequence) is used up by `value`: a transaction hash, or zero for SKIP.
    event Settled(address indexed asset, bytes entries);

    error WrongAttestation();

    bytes32 private constant ATTESTATION_TYPE_HASH = keccak256("BatchAttestation(uint64 epoch,bytes32 batchHash)");
    bytes32 private constant COMMIT_TYPE_HASH =
        keccak256("Commit(uint64 epoch,address account,address asset,uint64 sequence,uint64 round,bytes32 value)");

    // Gas that must be left; see also Rules.
    /// Computing an entry's value, and reporting its outcome.
    uint256 private constant GAS_LIST = 3_000;
    /// Checking a commit of 66 bytes: below 5,000.
    uint256 private constant GAS_PER_BYTE = 80;
    /// The fees of the batch, and the event.
    uint256 private constant GAS_TAIL = 320_000;

    /// Settles a batch (see Batches) whose entries each carry their commits. Open to anyone; the fees wait in `owed`
    /// for the caller. An entry that cannot be settled is passed over with its reason and never undoes another. Stops
    /// cleanly when gas runs low. Reverts only when the batch as a whole cannot be read, or its committee is wrong.
    /// @return records What the event Settled reports; empty when there was not even gas to begin.
    function settle(bytes calldata batch) external returns (bytes memory records) {
        return _settle(batch, batch);
    }

    /// The same with one attestation over the whole batch in the place of all commits:
    /// (signer u8 | r 32 | s 32 | v u8) each, over BatchAttestation(epoch, batchHash). Reverts when it is wrong.
    function settleAttested(bytes calldata batch, bytes calldata attestation) external returns (bytes memory records) {
        return _settle(batch, attestation);
    }

    function _settle(bytes calldata data, bytes calldata attestation) private returns (bytes memory records) {
        Batch memory batch = Batches.read(data);
        uint256 leastStake = _quorumOf(Committees.keyOf(batch.committee, batch.memberCount));
        uint256 reserved;
        unchecked {
            reserved = GAS_TAIL + batch.entryCount * GAS_LIST;
        }
        if (gasleft() < reserved) return records;
        // Told by the call itself, so that one piece of code serves both.
        bool attested = msg.sig == this.settleAttested.selector;
        bytes memory attestable;
        (records, attestable) = Batches.list(batch, domainSeparator, attested);
        uint256 first = Batches.firstRecord(records);
        uint256 last = first + records.length;
        if (attested) _checkAttestation(batch, keccak256(attestable), attestation, leastStake);
        else last = _checkCommits(batch, first, last, leastStake, reserved);

        address asset = address(uint160(batch.asset));
        Ledger memory ledger = Ledgers.open(batch, _records[asset], reserved + Rules.GAS_ENTRY);
        Rules.apply_(ledger, batch.entries, first, last, attested);
        Ledgers.close(ledger, batch.accountCount);
        if (ledger.fees != 0) owed[asset][msg.sender] += ledger.fees;
        emit Settled(asset, records);
        if (ledger.withdrawals != 0) _payOut(batch, records);
    }

    function _checkAttestation(Batch memory batch, bytes32 batchHash, bytes calldata attestation, uint256 leastStake)
        private
        view
    {
        bytes32 structHash = keccak256(abi.encode(ATTESTATION_TYPE_HASH, batch.epoch, batchHash));
        if (!_isSigned(structHash, batch.committee, batch.memberCount, attestation, leastStake)) {
            revert WrongAttestation();
        }
    }

    /// Gives those entries their outcome that not enough of the committee committed to.
    /// @return Where records begin that were not looked at because gas ran low; `last` when there are none.
    function _checkCommits(Batch memory batch, uint256 record, uint256 last, uint256 leastStake, uint256 reserved)
        private
        view
        returns (uint256)
    {
        uint256 position = batch.entries;
        unchecked {
            for (; record < last; record += Batches.RECORD_BYTES) {
                Entry entry = Entries.read(position);
                uint256 end = entry.end(position);
                if (Batches.outcomeOf(record) == NOT_REACHED) {
                    if (gasleft() < reserved + Rules.GAS_ENTRY + (end - position) * GAS_PER_BYTE) break;
                    uint256 commits = entry.commits(position);
                    bytes32 digest = _commitDigest(batch, entry, Calldata.unsigned32(commits), Batches.valueOf(record));
                    (bool valid, uint256 stake) = Committees.signedStake(
                        digest, batch.committee, batch.memberCount, commits + 5, Calldata.unsigned8(commits + 4)
                    );
                    if (!valid) Batches.setOutcome(record, INVALID_COMMIT);
                    else if (stake < leastStake) Batches.setOutcome(record, NO_QUORUM);
                }
                position = end;
            }
        }
        return record;
    }

    function _commitDigest(Batch memory batch, Entry entry, uint256 round, bytes32 value)
        private
        view
        returns (bytes32)
    {
        address account = batch.addressAt(entry.payer());
        bytes32 structHash = keccak256(
            abi.encode(COMMIT_TYPE_HASH, batch.epoch, account, batch.asset, entry.sequence(), round, value)
        );
        return TypedData.digest(domainSeparator, structHash);
    }

    /// Sends the tokens of the withdrawals that were settled. Last, when nothing else is left to be written.
    function _payOut(Batch memory batch, bytes memory records) private {
        uint256 position = batch.entries;
        uint256 record = Batches.firstRecord(records);
        unchecked {
            for (uint256 left = batch.entryCount; left != 0; --left) {
                Entry entry = Entries.read(position);
                if (Batches.outcomeOf(record) == SETTLED && entry.kind() == Orders.WITHDRAW) {
                    _send(address(uint160(batch.asset)), batch.addressAt(entry.recipient()), entry.amount());
                }
                position = entry.end(position);
                record += Batches.RECORD_BYTES;
            }
        }
    }
}
