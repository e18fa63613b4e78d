// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {ACCOUNT_PLACE, Places} from "./Places.sol";

/// One account in one word: balance u128 | fees u64 | next sequence u64. Every slot below the next one is settled. How
/// settling changes it: Rules. The fees are those that the owner earned by settling; they are not ledger money, and stand
/// here since the word of somebody who settles its own payments is being written anyway.
type Account is uint256;

using Accounts for Account global;

library Accounts {
    uint256 internal constant MAX_BALANCE = type(uint128).max;
    uint256 internal constant MAX_FEES = type(uint64).max;
    uint256 internal constant FEES_SHIFT = 64;

    function load(address asset, address owner) internal view returns (Account) {
        return Account.wrap(Places.read(Places.ofOwner(ACCOUNT_PLACE, asset, owner)));
    }

    function store(address asset, address owner, Account account) internal {
        Places.write(Places.ofOwner(ACCOUNT_PLACE, asset, owner), Account.unwrap(account));
    }

    function balance(Account account) internal pure returns (uint256) {
        return Account.unwrap(account) >> 128;
    }

    function next(Account account) internal pure returns (uint64) {
        return uint64(Account.unwrap(account));
    }

    function fees(Account account) internal pure returns (uint256) {
        return uint64(Account.unwrap(account) >> FEES_SHIFT);
    }

    function withoutFees(Account account) internal pure returns (Account) {
        return Account.wrap(Account.unwrap(account) & ~(MAX_FEES << FEES_SHIFT));
    }

    /// The caller has checked that the new balance fits.
    function withBalance(Account account, uint256 newBalance) internal pure returns (Account) {
        return Account.wrap((newBalance << 128) | uint128(Account.unwrap(account)));
    }
}
