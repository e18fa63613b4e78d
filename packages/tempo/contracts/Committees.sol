// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Calldata} from "./Calldata.sol";
import {RECOVERY, RECOVERY_R, RECOVERY_S, RECOVERY_V} from "./Memory.sol";
import {HALF_ORDER} from "./Tempo.sol";

error InvalidCommittee();

/// A committee is epoch u64 | (settlement address 20 | stake u64) for each member, in the committee's order (protocol
/// section 2). Its members sign by index.
library Committees {
    uint256 private constant EPOCH_BYTES = 8;
    uint256 private constant MEMBER_BYTES = 28;
    uint256 private constant MAX_MEMBERS = 128;
    /// signer u8 | r 32 | s 32 | v u8
    uint256 internal constant SIGNATURE_BYTES = 66;

    function membersIn(uint256 committeeLength) internal pure returns (uint256) {
        return committeeLength / MEMBER_BYTES;
    }

    /// keccak256 of the committee at that position of the calldata.
    function keyOf(uint256 committee, uint256 members) internal pure returns (bytes32) {
        unchecked {
            return Calldata.hash(committee, EPOCH_BYTES + members * MEMBER_BYTES);
        }
    }

    function epochOf(bytes memory committee) internal pure returns (uint64 epoch) {
        if (committee.length < EPOCH_BYTES) revert InvalidCommittee();
        assembly ("memory-safe") {
            epoch := shr(192, mload(add(committee, 0x20)))
        }
    }

    /// What wallets pin (protocol section 2): keccak256(epoch u64 | identity hash | members).
    function hashWithIdentity(bytes memory committee, bytes32 identityHash) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let length := mload(committee)
            let input := mload(0x40)
            mcopy(input, add(committee, 0x20), 8)
            mstore(add(input, 8), identityHash)
            mcopy(add(input, 40), add(committee, 0x28), sub(length, 8))
            hash := keccak256(input, add(length, 32))
        }
    }

    /// q = ceil((W + v) / 2) with v = ceil(W / 3).
    function quorumOf(bytes memory committee) internal pure returns (uint64) {
        if (committee.length < EPOCH_BYTES) revert InvalidCommittee();
        uint256 length = committee.length - EPOCH_BYTES;
        uint256 count = length / MEMBER_BYTES;
        if (count == 0 || count > MAX_MEMBERS || length % MEMBER_BYTES != 0) revert InvalidCommittee();
        address[] memory members = new address[](count);
        uint256 total = 0;
        for (uint256 index = 0; index < count; ++index) {
            uint256 word;
            assembly ("memory-safe") {
                word := mload(add(add(committee, 0x28), mul(index, MEMBER_BYTES)))
            }
            address member = address(uint160(word >> 96));
            uint64 stake = uint64(word >> 32);
            if (member == address(0) || stake == 0) revert InvalidCommittee();
            for (uint256 other = 0; other < index; ++other) {
                if (members[other] == member) revert InvalidCommittee();
            }
            members[index] = member;
            total += stake;
        }
        if (total > type(uint64).max) revert InvalidCommittee();
        uint256 validity = (total + 2) / 3;
        return uint64((total + validity + 1) / 2);
    }

    /// Where commits end whose round u32 and count u8 begin at `commits`.
    function commitsEnd(uint256 commits) internal pure returns (uint256) {
        unchecked {
            return commits + 5 + SIGNATURE_BYTES * Calldata.unsigned8(commits + 4);
        }
    }

    /// Σ stake of the signers of `digest`. Invalid when a signature is wrong or signers do not ascend.
    /// @param committee Its position in the calldata; it is known to be right.
    /// @param signatures Position of the first of `count`.
    function signedStake(
        bytes32 digest,
        uint256 committee,
        uint256 memberCount,
        uint256 signatures,
        uint256 count
    ) internal view returns (bool valid, uint256 stake) {
        assembly ("memory-safe") {
            mstore(RECOVERY, digest)
            let members := add(committee, EPOCH_BYTES)
            let lowest := 0
            valid := 1
            for { let end := add(signatures, mul(count, SIGNATURE_BYTES)) } lt(signatures, end) {
                signatures := add(signatures, SIGNATURE_BYTES)
            } {
                let signer := byte(0, calldataload(signatures))
                let member := calldataload(add(members, mul(signer, MEMBER_BYTES)))
                mstore(RECOVERY_V, byte(0, calldataload(add(signatures, 65))))
                calldatacopy(RECOVERY_R, add(signatures, 1), 0x40)
                mstore(0x00, 0)
                pop(staticcall(gas(), 1, RECOVERY, 0x80, 0x00, 0x20))
                // Whatever is no signature, v other than 27 and 28 included, recovers zero, which no member has.
                let wrong := or(sub(mload(0x00), shr(96, member)), gt(mload(RECOVERY_S), HALF_ORDER))
                if or(wrong, or(lt(signer, lowest), iszero(lt(signer, memberCount)))) {
                    valid := 0
                    break
                }
                lowest := add(signer, 1)
                stake := add(stake, and(shr(32, member), 0xffffffffffffffff))
            }
        }
    }
}
