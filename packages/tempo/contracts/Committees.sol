// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Bytes} from "./Bytes.sol";
import {Certificate, Certificates} from "./Certificates.sol";

error InvalidCommittee();

/// A committee is settlement address 20 | stake u64 for each member, in the committee's order (protocol section 2).
library Committees {
    using Bytes for bytes;

    uint256 private constant MEMBER_BYTES = 28;
    uint256 private constant MAX_MEMBERS = 128;
    /// Half of secp256k1's group order: a higher s is the same signature in another form.
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// q = ceil((W + v) / 2) with v = ceil(W / 3).
    function quorumOf(bytes memory committee) internal pure returns (uint64) {
        uint256 count = committee.length / MEMBER_BYTES;
        if (count == 0 || count > MAX_MEMBERS || committee.length % MEMBER_BYTES != 0) revert InvalidCommittee();
        address[] memory members = new address[](count);
        uint256 total = 0;
        for (uint256 index = 0; index < count; ++index) {
            uint256 word;
            assembly ("memory-safe") {
                word := mload(add(add(committee, 0x20), mul(index, MEMBER_BYTES)))
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

    /// Σ stake of the certificate's signers. Invalid when a signature is wrong or signers do not ascend.
    /// `committee` has been held against its hash.
    function committedStake(
        bytes calldata data,
        Certificate memory certificate,
        bytes32 digest,
        bytes calldata committee
    ) internal pure returns (bool valid, uint256 stake) {
        unchecked {
            uint256 offset = certificate.commitsOffset;
            uint256 end = offset + certificate.commitCount * Certificates.COMMIT_BYTES;
            uint256 members = committee.length / MEMBER_BYTES;
            uint256 lowest = 0;
            for (; offset < end; offset += Certificates.COMMIT_BYTES) {
                uint256 signer = data.unsigned8(offset);
                if (signer < lowest || signer >= members) return (false, 0);
                lowest = signer + 1;
                bytes32 s = bytes32(data.word(offset + 33));
                if (uint256(s) > HALF_ORDER) return (false, 0);
                // Whatever is no signature, v other than 27 and 28 included, recovers zero, which no member has.
                address recovered = ecrecover(digest, data.unsigned8(offset + 65), bytes32(data.word(offset + 1)), s);
                if (recovered != committee.account(signer * MEMBER_BYTES)) return (false, 0);
                stake += committee.unsigned64(signer * MEMBER_BYTES + 20);
            }
            return (true, stake);
        }
    }
}
