// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// EIP-712.
library TypedData {
    bytes32 private constant DOMAIN_TYPE_HASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)"
    );

    function separatorOf(bytes32 salt) internal view returns (bytes32) {
        return keccak256(
            abi.encode(DOMAIN_TYPE_HASH, keccak256("FastPay"), keccak256("1"), block.chainid, address(this), salt)
        );
    }

    function digest(bytes32 separator, bytes32 structHash) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, hex"1901")
            mstore(add(input, 0x02), separator)
            mstore(add(input, 0x22), structHash)
            result := keccak256(input, 0x42)
        }
    }
}
