// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {TIP20_PREFIX} from "./Tempo.sol";

// What is kept at a place; none is zero, so that no place is that of a plain variable.
// The word of an account: see Account.
uint256 constant ACCOUNT_PLACE = 1;
// When the exit of an account can be executed, in unix seconds; zero unless one stands requested.
uint256 constant EXIT_PLACE = 2;
// What has left the ledger and waits for an owner.
uint256 constant OWED_PLACE = 3;
// The term of a committee.
uint256 constant TERM_PLACE = 4;

// Added to the kind where the asset is no token.
uint256 constant NO_TOKEN = 0x80000000;

/// Where in storage the reserve keeps what belongs to an owner of an asset: at kind u32 | token u64 | owner 20, these 32
/// bytes themselves. No two meet, and none has to be hashed as the places of mappings are, which costs 60 gas for each
/// account that settling touches.
library Places {
    /// The place of owner zero, which is the sum of what else there is to a place.
    /// @param asset A TIP-20 token: the last eight bytes tell all of them apart, whose addresses begin alike. What is no
    /// token has other places, where no deposit ever brings anything.
    function ofAsset(uint256 kind, address asset) internal pure returns (uint256) {
        if (uint160(asset) >> 64 != TIP20_PREFIX) kind |= NO_TOKEN;
        return (kind << 224) | (uint256(uint64(uint160(asset))) << 160);
    }

    function ofOwner(uint256 kind, address asset, address owner) internal pure returns (uint256) {
        return ofAsset(kind, asset) | uint160(owner);
    }

    /// Of the term of a committee, by 224 bits of its hash.
    function ofTerm(bytes32 committeeKey) internal pure returns (uint256) {
        return (TERM_PLACE << 224) | ((uint256(committeeKey) << 32) >> 32);
    }

    function read(uint256 place) internal view returns (uint256 word) {
        assembly ("memory-safe") {
            word := sload(place)
        }
    }

    function write(uint256 place, uint256 word) internal {
        assembly ("memory-safe") {
            sstore(place, word)
        }
    }
}
