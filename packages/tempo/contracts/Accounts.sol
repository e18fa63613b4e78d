// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// One account in one word: balance u128 | zero u64 | next sequence u64. Every slot below the next one is settled.
/// How settling changes it: Rules.
type Account is uint256;

/// An account in storage; a struct, so that one lookup serves reading and writing.
struct Record {
    Account account;
    /// Unix seconds; zero unless an exit stands requested.
    uint64 exitReadyAt;
}

using Accounts for Account global;

library Accounts {
    uint256 internal constant MAX_BALANCE = type(uint128).max;

    function balance(Account account) internal pure returns (uint256) {
        return Account.unwrap(account) >> 128;
    }

    function next(Account account) internal pure returns (uint64) {
        return uint64(Account.unwrap(account));
    }

    /// The caller has checked that the new balance fits.
    function withBalance(Account account, uint256 newBalance) internal pure returns (Account) {
        return Account.wrap((newBalance << 128) | uint128(Account.unwrap(account)));
    }
}
