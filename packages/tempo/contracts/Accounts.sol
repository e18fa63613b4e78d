// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// One account in one word: balance u128 | base sequence u64 | window bitmap u64.
/// Every slot below `base` is used; bit i of the bitmap tells whether slot base + i is. Bit 0 is always clear.
type Account is uint256;

using Accounts for Account global;

library Accounts {
    uint256 internal constant WINDOW = 64;
    uint256 internal constant MAX_BALANCE = type(uint128).max;

    function balance(Account account) internal pure returns (uint256) {
        return Account.unwrap(account) >> 128;
    }

    function base(Account account) internal pure returns (uint64) {
        return uint64(Account.unwrap(account) >> 64);
    }

    function bitmap(Account account) internal pure returns (uint64) {
        return uint64(Account.unwrap(account));
    }

    /// The caller has checked that the new balance fits.
    function withBalance(Account account, uint256 newBalance) internal pure returns (Account) {
        return Account.wrap((newBalance << 128) | uint128(Account.unwrap(account)));
    }

    function isUsed(Account account, uint256 sequence) internal pure returns (bool) {
        uint256 first = account.base();
        if (sequence < first) return true;
        unchecked {
            uint256 offset = sequence - first;
            return offset < WINDOW && (account.bitmap() >> offset) & 1 == 1;
        }
    }

    function isBeyondWindow(Account account, uint256 sequence) internal pure returns (bool) {
        return sequence >= uint256(account.base()) + WINDOW;
    }

    /// Marks an unused slot inside the window and moves the window over the used ones at its start.
    function markUsed(Account account, uint256 sequence) internal pure returns (Account) {
        unchecked {
            uint256 first = account.base();
            uint256 bits = account.bitmap() | (uint256(1) << (sequence - first));
            while (bits & 1 == 1) {
                bits >>= 1;
                ++first;
            }
            return Account.wrap((account.balance() << 128) | (first << 64) | bits);
        }
    }
}
