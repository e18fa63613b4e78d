// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

interface ITip20 {
    function balanceOf(address account) external view returns (uint256);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// What the reserve needs of the Tempo chain itself: tokens, address kinds, signature checks.
library Tempo {
    /// TIP-20 tokens live at addresses with this 12-byte prefix.
    uint256 private constant TIP20_PREFIX = 0x20c000000000000000000000;
    /// TIP-1022 virtual addresses hold ten bytes 0xfd after a 4-byte master id.
    uint256 private constant VIRTUAL_MARKER = 0xfdfdfdfdfdfdfdfdfdfd;
    /// TIP-1020: recover(bytes32 hash, bytes signature) returns (address).
    address private constant SIGNATURE_VERIFIER = 0x5165300000000000000000000000000000000000;
    /// bytes4(keccak256("recover(bytes32,bytes)"))
    bytes4 private constant RECOVER = 0x19045a25;

    function hasTip20Prefix(address account) internal pure returns (bool) {
        return uint160(account) >> 64 == TIP20_PREFIX;
    }

    /// The prefix alone proves nothing: a token not yet created has no code.
    function isToken(address account) internal view returns (bool) {
        return hasTip20Prefix(account) && account.code.length != 0;
    }

    /// A virtual address forwards to a registered master and cannot own a balance.
    function isVirtual(address account) internal pure returns (bool) {
        return (uint160(account) >> 48) & type(uint80).max == VIRTUAL_MARKER;
    }

    /// Sends tokens out of this contract. False when the token refuses, for whatever reason; never reverts.
    function trySend(address token, address to, uint256 amount) internal returns (bool) {
        (bool success, bytes memory result) = token.call(abi.encodeCall(ITip20.transfer, (to, amount)));
        return success && result.length >= 32 && uint256(bytes32(result)) == 1;
    }

    /// Whether `signature` is a Tempo signature (secp256k1, P-256 or WebAuthn) of `digest` by `account`.
    function signedBy(address account, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        bytes4 selector = RECOVER;
        address verifier = SIGNATURE_VERIFIER;
        uint256 recovered = 0;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, selector)
            mstore(add(input, 0x04), digest)
            mstore(add(input, 0x24), 0x40)
            mstore(add(input, 0x44), signature.length)
            calldatacopy(add(input, 0x64), signature.offset, signature.length)
            // The padding of the last word must be zero.
            mstore(add(add(input, 0x64), signature.length), 0)
            let size := add(0x64, and(add(signature.length, 31), not(31)))
            // It reverts for whatever is no signature, and then nothing was recovered.
            if staticcall(gas(), verifier, input, size, 0x00, 0x20) {
                if eq(returndatasize(), 0x20) { recovered := mload(0x00) }
            }
        }
        return recovered != 0 && recovered == uint160(account);
    }
}
