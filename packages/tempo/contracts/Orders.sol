// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Entry, SKIP} from "./Entries.sol";
import {
    DIGEST,
    DIGEST_BYTES,
    DIGEST_SEPARATOR,
    DIGEST_STRUCT,
    ORDER,
    ORDER_AMOUNT,
    ORDER_ASSET,
    ORDER_BYTES,
    ORDER_FEE,
    ORDER_KIND,
    ORDER_MEMO,
    ORDER_PARENTS,
    ORDER_RECIPIENT,
    ORDER_SENDER,
    ORDER_SEQUENCE,
    ORDER_VALID_UNTIL
} from "./Memory.sol";

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

    /// Writes to memory what is the same for all orders of a batch, and for all that are plain.
    function prepare(address asset, bytes32 separator) internal pure {
        bytes32 typeHash = TYPE_HASH;
        bytes32 noParents = NO_PARENTS;
        assembly ("memory-safe") {
            mstore(ORDER, typeHash)
            mstore(ORDER_KIND, 0)
            mstore(ORDER_ASSET, asset)
            mstore(ORDER_MEMO, 0)
            mstore(ORDER_PARENTS, noParents)
            mstore(DIGEST, hex"1901")
            mstore(DIGEST_SEPARATOR, separator)
        }
    }

    /// Lays out the order of an entry in memory, where Rules looks at it too.
    /// @param position Of the entry in the calldata; `payer` and `recipient` in the ledger.
    /// @return digest The order's transaction hash, the EIP-712 digest that its payer signs; zero of SKIP.
    function layOut(Entry entry, uint256 position, uint256 payer, uint256 recipient)
        internal
        pure
        returns (uint256 digest)
    {
        bytes32 noParents = NO_PARENTS;
        bool isPlain = entry.isPlain();
        assembly ("memory-safe") {
            mstore(ORDER_SENDER, and(mload(add(payer, 0x20)), 0xffffffffffffffffffffffffffffffffffffffff))
            mstore(ORDER_RECIPIENT, and(mload(add(recipient, 0x20)), 0xffffffffffffffffffffffffffffffffffffffff))
            mstore(ORDER_AMOUNT, and(shr(72, entry), 0xffffffffffffffff))
            mstore(ORDER_FEE, and(shr(8, entry), 0xffffffffffffffff))
            mstore(ORDER_SEQUENCE, and(shr(152, entry), 0xffffffffffffffff))
            mstore(ORDER_VALID_UNTIL, shr(192, calldataload(add(position, 32))))
            switch isPlain
            case 0 {
                let hasMemo := and(shr(7, entry), 1)
                let parentBytes := shl(5, and(entry, 0x7f))
                let parents := mload(0x40)
                calldatacopy(parents, add(add(position, 40), shl(5, hasMemo)), parentBytes)
                mstore(ORDER_KIND, byte(2, entry))
                mstore(ORDER_MEMO, mul(hasMemo, calldataload(add(position, 40))))
                mstore(ORDER_PARENTS, keccak256(parents, parentBytes))
                mstore(DIGEST_STRUCT, keccak256(ORDER, ORDER_BYTES))
                digest := mul(keccak256(DIGEST, DIGEST_BYTES), iszero(eq(byte(2, entry), SKIP)))
                mstore(ORDER_KIND, 0)
                mstore(ORDER_MEMO, 0)
                mstore(ORDER_PARENTS, noParents)
            }
            default {
                mstore(DIGEST_STRUCT, keccak256(ORDER, ORDER_BYTES))
                digest := keccak256(DIGEST, DIGEST_BYTES)
            }
        }
    }
}
