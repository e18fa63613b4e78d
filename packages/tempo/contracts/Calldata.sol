// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// Big-endian values at absolute positions of the calldata. Positions behind its end read as zeros, so whoever reads
/// has checked the ends first.
library Calldata {
    function word(uint256 position) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := calldataload(position)
        }
    }

    function account(uint256 position) internal pure returns (address) {
        return address(uint160(word(position) >> 96));
    }

    function unsigned64(uint256 position) internal pure returns (uint256) {
        return word(position) >> 192;
    }

    function unsigned32(uint256 position) internal pure returns (uint256) {
        return word(position) >> 224;
    }

    function unsigned16(uint256 position) internal pure returns (uint256) {
        return word(position) >> 240;
    }

    function unsigned8(uint256 position) internal pure returns (uint256) {
        return word(position) >> 248;
    }

    /// keccak256 of `length` bytes.
    function hash(uint256 position, uint256 length) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let input := mload(0x40)
            calldatacopy(input, position, length)
            result := keccak256(input, length)
        }
    }

    function positionOf(bytes calldata data) internal pure returns (uint256 position) {
        assembly ("memory-safe") {
            position := data.offset
        }
    }
}
