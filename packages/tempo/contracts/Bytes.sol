// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// Big-endian values inside calldata. The caller has checked that they lie inside `data`.
library Bytes {
    function word(bytes calldata data, uint256 offset) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := calldataload(add(data.offset, offset))
        }
    }

    function account(bytes calldata data, uint256 offset) internal pure returns (address) {
        return address(uint160(word(data, offset) >> 96));
    }

    function unsigned64(bytes calldata data, uint256 offset) internal pure returns (uint64) {
        return uint64(word(data, offset) >> 192);
    }

    function unsigned16(bytes calldata data, uint256 offset) internal pure returns (uint16) {
        return uint16(word(data, offset) >> 240);
    }

    function unsigned8(bytes calldata data, uint256 offset) internal pure returns (uint8) {
        return uint8(word(data, offset) >> 248);
    }
}
