// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Bytes} from "./Bytes.sol";
import {Orders, PaymentOrder} from "./Orders.sol";

/// A commit certificate. The first six members are those of the EIP-712 type Commit, in its order.
struct Certificate {
    uint64 epoch;
    address owner;
    address asset;
    uint64 sequence;
    uint64 round;
    /// The order's transaction hash, or zero for SKIP.
    bytes32 value;
    /// Where the payer's signature lies in the bytes.
    uint256 payerSignatureOffset;
    uint256 payerSignatureLength;
    /// Where the first commit lies in the bytes.
    uint256 commitsOffset;
    uint256 commitCount;
    /// Unset for SKIP.
    PaymentOrder order;
}

/// Reads commit certificates in their canonical binary form (protocol section 4):
/// version u8 = 1 | type u8 = 2 | epoch u64 | owner 20 | asset 20 | sequence u64 | round u64 | value 32
/// | (unless SKIP: order length u16 | signed order) | commit count u8 | (signer u8 | r 32 | s 32 | v u8) each
library Certificates {
    using Bytes for bytes;

    uint256 internal constant COMMIT_BYTES = 66;

    bytes32 private constant COMMIT_TYPE_HASH =
        keccak256("Commit(uint64 epoch,address account,address asset,uint64 sequence,uint64 round,bytes32 value)");

    uint256 private constant VERSION_AND_TYPE = 0x0102;
    uint256 private constant HEAD_BYTES = 98;
    uint256 private constant MAX_ROUND = type(uint32).max;

    /// Room for one certificate at a time; reading writes no memory beyond it.
    function empty() internal pure returns (Certificate memory certificate) {
        certificate.order.parents = new bytes32[](Orders.MAX_PARENTS);
    }

    /// False unless `data` is exactly one certificate. Signatures and rules are not checked here.
    function read(bytes calldata data, Certificate memory certificate) internal pure returns (bool) {
        unchecked {
            if (data.length <= HEAD_BYTES + 2 || data.unsigned16(0) != VERSION_AND_TYPE) return false;
            certificate.epoch = data.unsigned64(2);
            certificate.owner = data.account(10);
            certificate.asset = data.account(30);
            certificate.sequence = data.unsigned64(50);
            certificate.round = data.unsigned64(58);
            certificate.value = bytes32(data.word(66));
            if (certificate.round > MAX_ROUND) return false;

            uint256 offset = HEAD_BYTES;
            if (certificate.value != 0) {
                offset = HEAD_BYTES + 2 + data.unsigned16(HEAD_BYTES);
                if (data.length <= offset || !_readOrder(data, HEAD_BYTES + 2, offset, certificate)) return false;
            }
            certificate.commitCount = data.unsigned8(offset);
            certificate.commitsOffset = offset + 1;
            return data.length == offset + 1 + certificate.commitCount * COMMIT_BYTES;
        }
    }

    function _readOrder(bytes calldata data, uint256 start, uint256 end, Certificate memory certificate)
        private
        pure
        returns (bool)
    {
        PaymentOrder memory order = certificate.order;
        (bool wellFormed, uint256 signatureOffset) = Orders.readSigned(data, start, end, order);
        if (!wellFormed) return false;
        unchecked {
            certificate.payerSignatureOffset = signatureOffset;
            certificate.payerSignatureLength = end - signatureOffset;
        }
        return order.sender == certificate.owner && order.asset == certificate.asset
            && order.sequence == certificate.sequence;
    }

    function payerSignature(bytes calldata data, Certificate memory certificate)
        internal
        pure
        returns (bytes calldata)
    {
        uint256 offset = certificate.payerSignatureOffset;
        return data[offset:offset + certificate.payerSignatureLength];
    }

    /// EIP-712 hashStruct of the commit that every signer of the certificate signed.
    function commitStructHash(Certificate memory certificate) internal pure returns (bytes32 hash) {
        bytes32 typeHash = COMMIT_TYPE_HASH;
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, typeHash)
            mcopy(add(words, 0x20), certificate, 0xc0)
            hash := keccak256(words, 0xe0)
        }
    }
}
