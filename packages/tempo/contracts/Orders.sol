// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Bytes} from "./Bytes.sol";
import {Tempo} from "./Tempo.sol";

/// What a payer signs, as EIP-712 typed data (protocol section 3).
struct PaymentOrder {
    uint8 kind;
    address sender;
    address recipient;
    address asset;
    uint64 amount;
    uint64 fee;
    uint64 sequence;
    uint64 validUntil;
    bytes32 memo;
    bytes32[] parents;
}

library Orders {
    using Bytes for bytes;

    uint256 internal constant TRANSFER = 0;
    uint256 internal constant WITHDRAW = 1;

    bytes32 private constant TYPE_HASH = keccak256(
        "PaymentOrder(uint8 kind,address sender,address recipient,address asset,uint64 amount,uint64 fee,uint64 sequence,uint64 validUntil,bytes32 memo,bytes32[] parents)"
    );

    /// The part before the parents, and the signature's length after them.
    uint256 private constant HEAD_BYTES = 126;
    uint256 internal constant MAX_PARENTS = 8;
    uint256 private constant MAX_SIGNATURE_BYTES = 2_049;

    /// Reads a signed order from `data[start:end]`, whose last part is the payer's signature:
    /// kind u8 | sender 20 | recipient 20 | asset 20 | amount u64 | fee u64 | sequence u64 | validUntil u64 | memo 32
    /// | parent count u8 | parents 32 each | signature length u16 | payer signature
    function readSigned(bytes calldata data, uint256 start, uint256 end, PaymentOrder memory order)
        internal
        pure
        returns (bool wellFormed, uint256 signatureOffset)
    {
        unchecked {
            if (end - start < HEAD_BYTES + 2) return (false, 0);
            uint256 parentCount = data.unsigned8(start + 125);
            signatureOffset = start + HEAD_BYTES + 32 * parentCount + 2;
            if (parentCount > MAX_PARENTS || signatureOffset > end) return (false, 0);
            uint256 signatureLength = data.unsigned16(signatureOffset - 2);
            if (signatureLength > MAX_SIGNATURE_BYTES || signatureOffset + signatureLength != end) return (false, 0);

            order.kind = data.unsigned8(start);
            order.sender = data.account(start + 1);
            order.recipient = data.account(start + 21);
            order.asset = data.account(start + 41);
            order.amount = data.unsigned64(start + 61);
            order.fee = data.unsigned64(start + 69);
            order.sequence = data.unsigned64(start + 77);
            order.validUntil = data.unsigned64(start + 85);
            order.memo = bytes32(data.word(start + 93));
            // The array has room for the most parents that there may be.
            bytes32[] memory parents = order.parents;
            uint256 parentsOffset = start + HEAD_BYTES;
            assembly ("memory-safe") {
                mstore(parents, parentCount)
                calldatacopy(add(parents, 0x20), add(data.offset, parentsOffset), shl(5, parentCount))
            }
            return (true, signatureOffset);
        }
    }

    /// EIP-712 hashStruct. A struct in memory is its members as words in order, the last one a pointer to the array.
    function structHash(PaymentOrder memory order) internal pure returns (bytes32 hash) {
        bytes32 typeHash = TYPE_HASH;
        bytes32[] memory parents = order.parents;
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, typeHash)
            mcopy(add(words, 0x20), order, 0x120)
            mstore(add(words, 0x140), keccak256(add(parents, 0x20), shl(5, mload(parents))))
            hash := keccak256(words, 0x160)
        }
    }

    /// The rules of section 3 that need nothing but the order. Never stricter than what validators sign:
    /// an order that has a certificate and is refused here could never be settled.
    function isAllowed(PaymentOrder memory order, address reserve) internal pure returns (bool) {
        address recipient = order.recipient;
        return order.kind <= WITHDRAW
            && order.amount != 0
            && uint256(order.amount) + order.fee <= type(uint64).max
            && order.sequence != type(uint64).max
            && order.sender != address(0)
            && recipient != address(0)
            && recipient != reserve
            && !Tempo.hasTip20Prefix(recipient)
            && !Tempo.isVirtual(recipient)
            && (order.kind == WITHDRAW || recipient != order.sender);
    }
}
