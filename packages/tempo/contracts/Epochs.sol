// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Calldata} from "./Calldata.sol";
import {Committees} from "./Committees.sol";
import {LEDGER} from "./Memory.sol";
import {Places} from "./Places.sol";
import {TypedData} from "./TypedData.sol";

/// Which committees the reserve believes: the present one, and those before for as long as an exit takes.
abstract contract Epochs {
    event Rotated(uint64 indexed epoch, bytes32 committeeHash);

    error WrongCommittee();
    error CommitteeRetired(uint64 settledUntil);
    error WrongEpoch(uint64 expected);
    error NotSignedByQuorum();

    struct Term {
        /// The least stake that commits: q of protocol section 2. Zero for a committee that never was.
        uint64 quorum;
        /// Unix seconds; the present committee's is the highest number.
        uint64 settlesUntil;
    }

    bytes32 private constant ROTATE_TYPE_HASH = keccak256("Rotate(uint64 epoch,bytes32 committeeHash)");

    bytes32 public immutable salt;
    bytes32 public immutable domainSeparator;

    /// With the identities of its members, as wallets pin it (protocol section 2).
    bytes32 public committeeHash;
    uint64 public epoch;
    uint64 public quorum;

    constructor(bytes memory committee, bytes32 identityHash, bytes32 randomness) {
        salt = keccak256(
            abi.encode(randomness, block.chainid, address(this), blockhash(block.number - 1), block.timestamp)
        );
        domainSeparator = TypedData.separatorOf(salt);
        _install(committee, identityHash);
    }

    /// Hands over to the committee of the next epoch, by signatures of the present one's quorum. What the present one
    /// certified settles for `exitDelay` from now.
    /// @param committee epoch u64 | (settlement address 20 | stake u64) for each member.
    /// @param present The present committee, in the same form.
    /// @param signatures (signer u8 | r 32 | s 32 | v u8) each, over Rotate(epoch, committeeHash) of the new committee.
    function rotate(bytes calldata committee, bytes32 identityHash, bytes calldata present, bytes calldata signatures)
        external
    {
        // The places of Memory are taken from what is handed out.
        assembly ("memory-safe") {
            mstore(0x40, LEDGER)
        }
        bytes32 presentKey = keccak256(present);
        if (_termOf(presentKey).settlesUntil != type(uint64).max) revert WrongCommittee();
        if (epoch == type(uint64).max || Committees.epochOf(committee) != epoch + 1) revert WrongEpoch(epoch + 1);
        uint64 leastStake = quorum;
        _termOf(presentKey).settlesUntil = uint64(block.timestamp) + _retirementDelay();
        _install(committee, identityHash);

        bytes32 structHash = keccak256(abi.encode(ROTATE_TYPE_HASH, epoch, committeeHash));
        if (!_isSigned(structHash, present, signatures, leastStake)) revert NotSignedByQuorum();
        emit Rotated(epoch, committeeHash);
    }

    function _isSigned(bytes32 structHash, bytes calldata committee, bytes calldata signatures, uint256 leastStake)
        private
        view
        returns (bool)
    {
        return _isSigned(
            structHash,
            Calldata.positionOf(committee),
            Committees.membersIn(committee.length),
            Calldata.positionOf(signatures),
            signatures.length,
            leastStake
        );
    }

    /// Whether members of the committee at that position, with at least `leastStake`, signed; and nobody else.
    function _isSigned(
        bytes32 structHash,
        uint256 committee,
        uint256 memberCount,
        uint256 signatures,
        uint256 signaturesLength,
        uint256 leastStake
    ) internal view returns (bool) {
        if (signaturesLength % Committees.SIGNATURE_BYTES != 0) return false;
        (bool valid, uint256 stake) = Committees.signedStake(
            TypedData.digest(domainSeparator, structHash),
            committee,
            memberCount,
            signatures,
            signaturesLength / Committees.SIGNATURE_BYTES
        );
        return valid && stake >= leastStake;
    }

    /// The quorum of a committee whose certificates settle now.
    function _quorumOf(bytes32 committeeKey) internal view returns (uint256) {
        Term storage term = _termOf(committeeKey);
        (uint64 leastStake, uint64 settlesUntil) = (term.quorum, term.settlesUntil);
        if (leastStake == 0) revert WrongCommittee();
        if (settlesUntil < block.timestamp) revert CommitteeRetired(settlesUntil);
        return leastStake;
    }

    /// @param committeeKey keccak256 of the committee as Committees reads it.
    function _termOf(bytes32 committeeKey) private pure returns (Term storage term) {
        uint256 place = Places.ofTerm(committeeKey);
        assembly ("memory-safe") {
            term.slot := place
        }
    }

    /// Seconds for which certificates of a committee settle after it handed over.
    function _retirementDelay() internal view virtual returns (uint64);

    function _install(bytes memory committee, bytes32 identityHash) private {
        uint64 leastStake = Committees.quorumOf(committee);
        Term storage term = _termOf(keccak256(committee));
        (term.quorum, term.settlesUntil) = (leastStake, type(uint64).max);
        committeeHash = Committees.hashWithIdentity(committee, identityHash);
        epoch = Committees.epochOf(committee);
        quorum = leastStake;
    }
}
