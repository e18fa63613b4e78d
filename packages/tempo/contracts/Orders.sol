// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Entry, SKIP} from "./Entries.sol";

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
    uint256 internal constant WITHDRAW = 1;

    bytes32 private constant TYPE_HASH = keccak256(
        "PaymentOrder(uint8 kind,address sender,address recipient,address asset,uint64 amount,uint64 fee,uint64 sequence,uint64 validUntil,bytes32 memo,bytes32[] parents)"
    );

    /// EIP-712 hashStruct.
    function structHash(PaymentOrder calldata order) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                TYPE_HASH,
                order.kind,
                order.sender,
                order.recipient,
                order.asset,
                order.amount,
                order.fee,
                order.sequence,
                order.validUntil,
                order.memo,
                keccak256(abi.encodePacked(order.parents))
            )
        );
    }

    /// keccak256 of nothing: of no parents.
    bytes32 private constant NO_PARENTS = 0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470;

    /// Room in which the orders of a batch are hashed one after the other, with what is the same for all that are plain:
    /// the eleven words of the struct (0x160), what EIP-712 puts before its hash (0x42), parents (0x100).
    function createRoom(uint256 asset, bytes32 separator) internal pure returns (uint256 room) {
        bytes32 typeHash = TYPE_HASH;
        bytes32 noParents = NO_PARENTS;
        assembly ("memory-safe") {
            room := mload(0x40)
            mstore(0x40, add(room, 0x2c0))
            mstore(room, typeHash)
            mstore(add(room, 0x20), 0)
            mstore(add(room, 0x80), asset)
            mstore(add(room, 0x120), 0)
            mstore(add(room, 0x140), noParents)
            mstore(add(room, 0x160), hex"1901")
            mstore(add(room, 0x162), separator)
        }
    }

    /// The transaction hash of the order in an entry, the EIP-712 digest that its payer signs; zero of SKIP. Assembly,
    /// since the compiler's own encoder costs three times as much, and this is most of what a payment costs beside
    /// storage and signatures.
    function transactionHash(
        Entry entry,
        bool isPlain,
        uint256 position,
        uint256 sender,
        uint256 recipient,
        uint256 room
    ) internal pure returns (uint256 digest) {
        bytes32 noParents = NO_PARENTS;
        assembly ("memory-safe") {
            mstore(add(room, 0x40), sender)
            mstore(add(room, 0x60), recipient)
            mstore(add(room, 0xa0), and(shr(72, entry), 0xffffffffffffffff))
            mstore(add(room, 0xc0), and(shr(8, entry), 0xffffffffffffffff))
            mstore(add(room, 0xe0), and(shr(152, entry), 0xffffffffffffffff))
            mstore(add(room, 0x100), shr(192, calldataload(add(position, 32))))
            switch isPlain
            case 0 {
                let hasMemo := and(shr(7, entry), 1)
                let parentBytes := shl(5, and(entry, 0x7f))
                mstore(add(room, 0x20), byte(2, entry))
                mstore(add(room, 0x120), mul(hasMemo, calldataload(add(position, 40))))
                calldatacopy(add(room, 0x1c0), add(add(position, 40), shl(5, hasMemo)), parentBytes)
                mstore(add(room, 0x140), keccak256(add(room, 0x1c0), parentBytes))
                mstore(add(room, 0x182), keccak256(room, 0x160))
                digest := mul(keccak256(add(room, 0x160), 0x42), iszero(eq(byte(2, entry), SKIP)))
                mstore(add(room, 0x20), 0)
                mstore(add(room, 0x120), 0)
                mstore(add(room, 0x140), noParents)
            }
            default {
                mstore(add(room, 0x182), keccak256(room, 0x160))
                digest := keccak256(add(room, 0x160), 0x42)
            }
        }
    }
}
