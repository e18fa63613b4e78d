// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Batch, Batches, MalformedBatch} from "./Batches.sol";
import {Calldata} from "./Calldata.sol";
import {Committees} from "./Committees.sol";
import {Entries, Entry} from "./Entries.sol";
import {Epochs} from "./Epochs.sol";
import {Ledger, Ledgers} from "./Ledger.sol";
import {Orders} from "./Orders.sol";
import {INVALID_COMMIT, MALFORMED, NOT_REACHED, NO_QUORUM, SETTLED} from "./Outcome.sol";
import {Reports} from "./Reports.sol";
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

    // Gas that must be left; see also Rules and Ledgers.
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
        // Told by the call itself, so that one piece of code serves both.
        bool attested = msg.sig == this.settleAttested.selector;
        Ledger memory ledger;
        unchecked {
            uint256 reserved =
                GAS_TAIL + batch.entryCount * GAS_LIST + batch.accountCount * Ledgers.GAS_ACCOUNT;
            if (gasleft() < reserved) return records;
            ledger = Ledgers.open(batch, _records[address(uint160(batch.asset))], reserved + Rules.GAS_ENTRY);
        }
        bytes32 batchHash;
        (records, batchHash) = _walk(batch, ledger, attested, leastStake);
        if (attested) _checkAttestation(batch, batchHash, attestation, leastStake);

        address asset = address(uint160(batch.asset));
        Ledgers.close(ledger, batch.accountCount);
        if (ledger.fees != 0) owed[asset][msg.sender] += ledger.fees;
        emit Settled(asset, records);
        if (ledger.withdrawals != 0) _payOut(batch, records);
    }

    /// Once over all entries, in memory only. The list that a committee attests to is hashed only if `attested`.
    function _walk(Batch memory batch, Ledger memory ledger, bool attested, uint256 leastStake)
        private
        view
        returns (bytes memory records, bytes32 batchHash)
    {
        unchecked {
            records = Reports.allocate(batch.entryCount, Reports.RECORD_BYTES);
            bytes memory attestable;
            // Where the list goes on; zero when there is none.
            uint256 listed = 0;
            if (attested) {
                attestable = Reports.allocate(batch.entryCount, Reports.LISTED_BYTES);
                listed = Reports.firstOf(attestable);
            }
            uint256 room = Orders.createRoom(batch.asset, domainSeparator);
            uint256 record = Reports.firstOf(records);
            uint256 last = record + records.length;
            (uint256 accounts, uint256 accountCount, uint256 asset) = (batch.accounts, batch.accountCount, batch.asset);
            // Positions only grow: it is enough to compare the last with the batch's end.
            uint256 position = batch.entries;
            for (; record < last; record += Reports.RECORD_BYTES) {
                uint256 start = position;
                Entry entry = Entries.read(start);
                position = entry.end(start);
                bool isPlain = entry.isPlain();
                uint256 signature = Entries.plainEnd(start);
                if (!isPlain) signature = entry.orderEnd(start);
                uint256 commits = signature;
                if (listed == 0) signature = Committees.commitsEnd(commits);
                if (!entry.isWellFormed(accountCount, position - signature)) {
                    Reports.name(record, 0, 0, 0);
                    Reports.setOutcome(record, MALFORMED);
                    // No committee attested to such an entry.
                    if (listed != 0) {
                        Reports.list(listed, 0, 0, 0, 0);
                        listed += Reports.LISTED_BYTES;
                    }
                    continue;
                }
                uint256 sender = Batches.accountAt(accounts, entry.payer());
                uint256 recipient = Batches.accountAt(accounts, entry.recipient());
                uint256 value = Orders.transactionHash(entry, isPlain, start, sender, recipient, room);
                Reports.name(record, sender, entry.sequence(), value);
                uint256 outcome;
                if (listed != 0) {
                    Reports.list(listed, sender, asset, entry.sequence(), value);
                    listed += Reports.LISTED_BYTES;
                    outcome =
                        Rules.apply_(ledger, entry, sender, recipient, value, signature, position - signature);
                } else if (gasleft() < ledger.reservedGas + (signature - commits) * GAS_PER_BYTE) {
                    ledger.reservedGas = Rules.STOPPED;
                } else {
                    outcome = _checkCommits(batch, entry, sender, commits, value, leastStake);
                    if (outcome == NOT_REACHED) {
                        outcome =
                            Rules.apply_(ledger, entry, sender, recipient, value, signature, position - signature);
                    }
                }
                Reports.setOutcome(record, outcome);
            }
            if (position != batch.end) revert MalformedBatch();
            if (attested) batchHash = keccak256(attestable);
        }
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

    /// @param commits Position of round u32 | commit count u8 | commits.
    /// @return outcome NOT_REACHED when enough of the committee committed to the entry.
    function _checkCommits(
        Batch memory batch,
        Entry entry,
        uint256 account,
        uint256 commits,
        uint256 value,
        uint256 leastStake
    ) private view returns (uint256 outcome) {
        bytes32 structHash = keccak256(
            abi.encode(
                COMMIT_TYPE_HASH,
                batch.epoch,
                account,
                batch.asset,
                entry.sequence(),
                Calldata.unsigned32(commits),
                value
            )
        );
        (bool valid, uint256 stake) = Committees.signedStake(
            TypedData.digest(domainSeparator, structHash),
            batch.committee,
            batch.memberCount,
            commits + 5,
            Calldata.unsigned8(commits + 4)
        );
        if (!valid) return INVALID_COMMIT;
        if (stake < leastStake) return NO_QUORUM;
    }

    /// Sends the tokens of the withdrawals that were settled. Last, when nothing else is left to be written.
    function _payOut(Batch memory batch, bytes memory records) private {
        uint256 position = batch.entries;
        uint256 record = Reports.firstOf(records);
        unchecked {
            for (uint256 left = batch.entryCount; left != 0; --left) {
                Entry entry = Entries.read(position);
                if (Reports.outcomeOf(record) == SETTLED && entry.kind() == Orders.WITHDRAW) {
                    address recipient = address(uint160(Batches.accountAt(batch.accounts, entry.recipient())));
                    _send(address(uint160(batch.asset)), recipient, entry.amount());
                }
                position = entry.end(position);
                record += Reports.RECORD_BYTES;
            }
        }
    }
}
