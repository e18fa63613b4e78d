// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Account, Accounts} from "./Accounts.sol";
import {ITip20, Tempo} from "./Tempo.sol";
import {Vault} from "./Vault.sol";

abstract contract Deposits is Vault {
    /// `amount` base units of `asset` now belong to `account`. Indices count up from 0 without gaps.
    event Deposited(uint64 indexed index, address indexed asset, address indexed account, uint64 amount);

    error NotToken(address asset);
    error InvalidAccount(address account);
    error NothingArrived();

    uint64 public depositCount;

    /// Pulls `amount` of `asset` from the caller, who has approved it, and credits what arrived to `account`.
    function deposit(address asset, address account, uint64 amount) external nonReentrant returns (uint64 index) {
        if (!Tempo.isToken(asset)) revert NotToken(asset);
        if (
            account == address(0) || account == address(this) || Tempo.hasTip20Prefix(account)
                || Tempo.isVirtual(account)
        ) revert InvalidAccount(account);

        uint256 held = ITip20(asset).balanceOf(address(this));
        if (!ITip20(asset).transferFrom(msg.sender, address(this), amount)) revert TokenRefused();
        uint256 arrived = ITip20(asset).balanceOf(address(this)) - held;
        if (arrived == 0) revert NothingArrived();
        if (arrived > type(uint64).max) revert BalanceTooLarge();

        Account credited = Accounts.load(asset, account);
        uint256 newBalance = credited.balance() + arrived;
        if (newBalance > Accounts.MAX_BALANCE) revert BalanceTooLarge();
        Accounts.store(asset, account, credited.withBalance(newBalance));
        index = depositCount++;
        emit Deposited(index, asset, account, uint64(arrived));
    }
}
