// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

interface ITip20 {
    function balanceOf(address account) external view returns (uint256);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

// TIP-20 tokens live at addresses with this 12-byte prefix.
uint256 constant TIP20_PREFIX = 0x20c000000000000000000000;
// TIP-1022 virtual addresses hold ten bytes 0xfd after a 4-byte master id. They cannot own a balance.
uint256 constant VIRTUAL_MARKER = 0xfdfdfdfdfdfdfdfdfdfd;
// TIP-1020: recover(bytes32 hash, bytes signature) returns (address), and its selector.
address constant SIGNATURE_VERIFIER = 0x5165300000000000000000000000000000000000;
uint256 constant RECOVER = 0x19045a25;
// Half of secp256k1's group order: a higher s is the same signature in another form.
uint256 constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

/// What the reserve needs of the Tempo chain itself: tokens, address kinds.
library Tempo {
    function hasTip20Prefix(address account) internal pure returns (bool) {
        return uint160(account) >> 64 == TIP20_PREFIX;
    }

    /// The prefix alone proves nothing: a token not yet created has no code.
    function isToken(address account) internal view returns (bool) {
        return hasTip20Prefix(account) && account.code.length != 0;
    }

    function isVirtual(address account) internal pure returns (bool) {
        return (uint160(account) >> 48) & type(uint80).max == VIRTUAL_MARKER;
    }

    /// Sends tokens out of this contract. False when the token refuses, for whatever reason; never reverts.
    function trySend(address token, address to, uint256 amount) internal returns (bool) {
        (bool success, bytes memory result) = token.call(abi.encodeCall(ITip20.transfer, (to, amount)));
        return success && result.length >= 32 && uint256(bytes32(result)) == 1;
    }
}
