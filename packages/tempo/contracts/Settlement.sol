// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Batches, MalformedBatch} from "./Batches.sol";
import {Calldata} from "./Calldata.sol";
import {Committees} from "./Committees.sol";
import {Entries, Entry} from "./Entries.sol";
import {Epochs} from "./Epochs.sol";
import {Items} from "./Items.sol";
import {Ledger} from "./Ledger.sol";
import {
    COMMIT,
    COMMIT_ACCOUNT,
    COMMIT_ASSET,
    COMMIT_BYTES,
    COMMIT_EPOCH,
    COMMIT_ROUND,
    COMMIT_SEQUENCE,
    COMMIT_VALUE,
    DIGEST,
    DIGEST_BYTES,
    DIGEST_STRUCT,
    FEES,
    LEAST_STAKE,
    ORDER_SENDER,
    ORDER_SEQUENCE,
    RESERVED_GAS,
    WITHDRAWALS
} from "./Memory.sol";
import {Orders} from "./Orders.sol";
import {INVALID_COMMIT, MALFORMED, NOT_REACHED, NO_QUORUM, SETTLED} from "./Outcome.sol";
import {ACCOUNT_PLACE, Places} from "./Places.sol";
import {Rules} from "./Rules.sol";
import {Vault} from "./Vault.sol";

/// Moves balances by what the committee committed to (protocol section 6). One set of rules for both ways to show it:
/// commits with each entry, or one attestation of the whole batch.
abstract contract Settlement is Vault, Epochs {
    /// A batch of `asset` was settled. Its data are the items and outcomes of every entry, in order (see Items), as they
    /// are. Where the outcome is Settled, the slot (account, asset, sequence) is used up by `value`: a transaction hash,
    /// or zero for SKIP.
    event Settled(address indexed asset);

    error WrongAttestation();

    bytes32 private constant ATTESTATION_TYPE_HASH =
        keccak256("BatchAttestation(uint64 epoch,address asset,bytes32 batchHash)");
    bytes32 private constant COMMIT_TYPE_HASH =
        keccak256("Commit(uint64 epoch,address account,address asset,uint64 sequence,uint64 round,bytes32 value)");

    // Gas that must be left; see also Rules and Ledger.
    /// Computing an entry's value, and reporting its outcome.
    uint256 private constant GAS_LIST = 3_000;
    /// Checking a commit of 66 bytes: below 5,000.
    uint256 private constant GAS_PER_BYTE = 80;
    /// The fees of the batch, and the event.
    uint256 private constant GAS_TAIL = 320_000;

    /// Settles the batch that follows the selector (see Batches), up to the end of the calldata; its entries each carry
    /// their commits. Open to anyone; the fees wait in `owed` for the caller. An entry that cannot be settled is passed
    /// over with its reason and never undoes another. Stops cleanly when gas runs low. Reverts only when the batch as a
    /// whole cannot be read, or its committee is wrong. Answers the data of the event Settled, as they are; nothing when
    /// there was not even gas to begin.
    function settle() external {
        _settle();
    }

    /// The same with one attestation over the whole batch in the place of all commits, behind the entries up to the end:
    /// (signer u8 | r 32 | s 32 | v u8) each, over BatchAttestation(epoch, asset, batchHash). Reverts when it is wrong.
    function settleAttested() external {
        _settle();
    }

    function _settle() private {
        unchecked {
            // Told by the call itself, so that one piece of code serves both.
            bool attested = msg.sig == this.settleAttested.selector;
            uint256 memberCount = Batches.memberCount();
            uint256 accounts = Batches.accountsOf(memberCount);
            uint256 accountCount = Batches.countBefore(accounts);
            uint256 entries = Batches.entriesOf(accounts, accountCount);
            uint256 entryCount = Batches.countBefore(entries);
            uint256 leastStake = _quorumOf(Committees.keyOf(Batches.COMMITTEE, memberCount));
            uint256 reserved = GAS_TAIL + entryCount * GAS_LIST + accountCount * Ledger.GAS_ACCOUNT;
            if (gasleft() < reserved) return;
            address asset = Batches.asset();
            uint256 items = Ledger.open(accounts, accountCount, Places.ofAsset(ACCOUNT_PLACE, asset));
            uint256 outcomes = items + entryCount * Items.ITEM_BYTES;
            uint256 end = outcomes + entryCount;
            _prepare(asset, end, reserved + Rules.GAS_ENTRY, leastStake);

            uint256 position = _walk(entries, items, outcomes, end, attested);
            if (attested) {
                _checkAttestation(items, outcomes, position);
            } else if (position != msg.data.length) {
                revert MalformedBatch();
            }
            Ledger.close(items);
            uint256 fees;
            uint256 withdrawals;
            assembly ("memory-safe") {
                fees := mload(FEES)
                withdrawals := mload(WITHDRAWALS)
            }
            if (fees != 0) _noteFees(asset, fees);
            bytes32 topic = Settled.selector;
            assembly ("memory-safe") {
                log2(items, sub(end, items), topic, asset)
            }
            if (withdrawals != 0) _payOut(asset, entries, outcomes, end);
            assembly ("memory-safe") {
                return(items, sub(end, items))
            }
        }
    }

    function _prepare(address asset, uint256 end, uint256 reserved, uint256 leastStake) private view {
        Orders.prepare(asset, domainSeparator);
        bytes32 typeHash = COMMIT_TYPE_HASH;
        uint256 epoch_ = Batches.epoch();
        assembly ("memory-safe") {
            mstore(0x40, and(add(end, 0x1f), not(0x1f)))
            mstore(RESERVED_GAS, reserved)
            mstore(FEES, 0)
            mstore(LEAST_STAKE, leastStake)
            mstore(WITHDRAWALS, 0)
            mstore(COMMIT, typeHash)
            mstore(COMMIT_EPOCH, epoch_)
            mstore(COMMIT_ASSET, asset)
        }
    }

    /// Once over all entries, in memory only.
    function _walk(
        uint256 position,
        uint256 item,
        uint256 outcomePlace,
        uint256 end,
        bool attested
    ) private view returns (uint256) {
        unchecked {
            uint256 ledgerEnd = item;
            for (; outcomePlace < end; ++outcomePlace) {
                Entry entry = Entries.read(position);
                uint256 next = entry.end(position);
                uint256 commits = Entries.plainEnd(position);
                if (!entry.isPlain()) commits = entry.orderEnd(position);
                uint256 signature = commits;
                if (!attested) signature = Committees.commitsEnd(commits);
                uint256 payer = entry.payer();
                uint256 recipient = entry.recipient();
                uint256 outcome;
                if (Entries.isWellFormed(payer, recipient, ledgerEnd, next - signature)) {
                    uint256 value = Orders.layOut(entry, position, payer, recipient);
                    Items.write(item, Ledger.placeOf(payer), entry.sequence(), value);
                    uint256 objection = 0;
                    if (!attested) objection = _checkCommits(commits, signature, value);
                    outcome = Rules.apply_(entry, payer, recipient, value, signature, next - signature, objection);
                } else {
                    // No committee attested to such an entry.
                    Items.write(item, 0, 0, 0);
                    outcome = MALFORMED;
                }
                Items.setOutcome(outcomePlace, outcome);
                item += Items.ITEM_BYTES;
                position = next;
            }
            return position;
        }
    }

    function _leastStake() private pure returns (uint256 leastStake) {
        assembly ("memory-safe") {
            leastStake := mload(LEAST_STAKE)
        }
    }

    function _checkAttestation(uint256 items, uint256 itemsEnd, uint256 attestation) private view {
        if (attestation > msg.data.length) revert MalformedBatch();
        bytes32 structHash =
            keccak256(abi.encode(ATTESTATION_TYPE_HASH, Batches.epoch(), Batches.asset(), Items.hash(items, itemsEnd)));
        uint256 length = msg.data.length - attestation;
        if (!_isSigned(structHash, Batches.COMMITTEE, Batches.memberCount(), attestation, length, _leastStake())) {
            revert WrongAttestation();
        }
    }

    /// @param commits Position of round u32 | commit count u8 | commits, up to `commitsEnd`.
    /// @return outcome NOT_REACHED when enough of the committee committed to the entry that is laid out, or when gas
    /// runs low; then Rules finds so, too.
    function _checkCommits(uint256 commits, uint256 commitsEnd, uint256 value)
        private
        view
        returns (uint256 outcome)
    {
        unchecked {
            bytes32 digest;
            bool enough;
            assembly ("memory-safe") {
                enough := iszero(lt(gas(), add(mload(RESERVED_GAS), mul(sub(commitsEnd, commits), GAS_PER_BYTE))))
                mstore(COMMIT_ACCOUNT, mload(ORDER_SENDER))
                mstore(COMMIT_SEQUENCE, mload(ORDER_SEQUENCE))
                mstore(COMMIT_ROUND, shr(224, calldataload(commits)))
                mstore(COMMIT_VALUE, value)
                mstore(DIGEST_STRUCT, keccak256(COMMIT, COMMIT_BYTES))
                digest := keccak256(DIGEST, DIGEST_BYTES)
            }
            if (enough) {
                (bool valid, uint256 stake) = Committees.signedStake(
                    digest,
                    Batches.COMMITTEE,
                    Batches.memberCount(),
                    commits + 5,
                    Calldata.unsigned8(commits + 4)
                );
                if (stake < _leastStake()) outcome = NO_QUORUM;
                if (!valid) outcome = INVALID_COMMIT;
            } else {
                Rules.stop();
            }
        }
    }

    /// Sends the tokens of the withdrawals that were settled. Last, when nothing else is left to be written.
    function _payOut(address asset, uint256 position, uint256 outcomePlace, uint256 end) private {
        unchecked {
            for (; outcomePlace < end; ++outcomePlace) {
                Entry entry = Entries.read(position);
                if (Items.outcomeAt(outcomePlace) == SETTLED && entry.kind() == Orders.WITHDRAW) {
                    address recipient = address(uint160(Ledger.placeOf(entry.recipient())));
                    _send(asset, recipient, entry.amount());
                }
                position = entry.end(position);
            }
        }
    }
}
